"""What would hurt a driver when a command is about to leave, and was not agreed to when it was asked. Pure.

A command may wait for hours: for its turn, for its time, for the station's return. Who agreed to cut one
driver's session has not agreed to cut the next one's, so the facts are looked at again as it leaves.
"""

from collections.abc import Iterable

from app.domain.operations import Consequence, StopSession, Urgency, Wish
from app.operations.consequences import meaning


def sessions_of(found: Iterable[Consequence]) -> frozenset[int]:
    """The sessions that somebody saw named, and agreed to."""
    return frozenset(session for one in found for session in one.sessions)


def unagreed(wish: Wish, seen: frozenset[int], now: Iterable[Consequence]) -> Consequence | None:
    """The first thing that hurts now and was not agreed to; None where the command may go.

    What only waits for a driver hurts nobody, a stop is meant for the very session it names, and what
    keeps people safe is never held back.

    Args:
        wish: as it was asked.
        seen: the sessions that were named to who agreed.
        now: what the command would cut now.
    """
    if wish.urgency is Urgency.SAFETY or isinstance(meaning(wish.operation), StopSession):
        return None
    for one in now:
        if one.asks_why and not (one.key in wish.agreed and seen.issuperset(one.sessions)):
            return one
    return None


def held(why: Consequence) -> str:
    """What the log says while it is held back."""
    return (
        f"Held back, because nobody agreed to this: {why.text} It goes once that is over; "
        "to send it now, take it back and ask again."
    )


def never_sent(text: str) -> str:
    """What the log says when its wait ended so."""
    return f"It was held back until its wait ended, because nobody agreed to this: {text}"
