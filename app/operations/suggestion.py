"""What may be typed next, for filters and for messages written by hand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Replace the text from `start` to `end` by `insert`; then the cursor stands at `cursor`.

    `title` is what the list shows, `hint` what stands beside it.
    """

    insert: str
    start: int
    end: int
    title: str
    hint: str = ""
    cursor: int = -1

    @property
    def then(self) -> int:
        """Where the cursor stands afterwards."""
        return self.start + (len(self.insert) if self.cursor < 0 else self.cursor)
