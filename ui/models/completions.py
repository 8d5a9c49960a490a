"""What may be written next: the words a field or an editor offers, and what each puts in. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.operations.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Offer:
    """One completion: `insert` takes the place of the text from `start` to `end` (None: the cursor).

    `says` tells what it means, `hint` gives an example or a count, `then` where the cursor stands
    afterwards (None: behind what was put in).
    """

    word: str
    insert: str
    start: int
    says: str = ""
    hint: str = ""
    end: int | None = None


def taken(text: str, cursor: int, offer: Offer) -> tuple[str, int]:
    """The text after an offer was taken, and where the cursor then stands."""
    before = text[: offer.start] + offer.insert
    rest = text[cursor if offer.end is None else offer.end :]
    return before + rest, len(before)


def offers_of(suggestions: Iterable[Suggestion]) -> list[Offer]:
    """What the core suggests, as the lists show it."""
    return [Offer(s.title, s.insert, s.start, s.hint, "", s.end) for s in suggestions]


def word_start(text: str, cursor: int, stops: str = " \t\n") -> int:
    """Where the word that ends at the cursor begins."""
    start = cursor
    while start > 0 and text[start - 1] not in stops:
        start -= 1
    return start


def starting_with(words: Iterable[tuple[str, str, str]], text: str, cursor: int) -> list[Offer]:
    """Of (word, meaning, hint) those that the word at the cursor may become; those it is in come last."""
    start = word_start(text, cursor)
    typed = text[start:cursor].casefold()
    heads, inside = [], []
    for word, says, hint in words:
        known = word.casefold()
        if known == typed:
            continue
        offer = Offer(word, word, start, says, hint)
        if known.startswith(typed):
            heads.append(offer)
        elif typed and typed in known:
            inside.append(offer)
    return heads + inside
