"""What may be typed next, for filters and for messages written by hand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Replace the text from `start` to `end` by `insert`.

    `title` is what the list shows, `hint` what stands beside it.
    """

    insert: str
    start: int
    end: int
    title: str
    hint: str = ""
