"""By what a start, a stop and a driver's tag are known again."""

from functools import lru_cache

from app.domain.events import TransactionReported

EARLIEST_MS = 1_230_768_000_000
"""2009-01-01 (security reference T7): an earlier time is a clock that was never set, and no key."""


def start_key(event: TransactionReported) -> str:
    """The natural key of a 1.6 start: connector, tag, time, meter (CONTRACTS decision 3)."""
    token = event.token.value if event.token else ""
    said = event.said_ms if event.said_ms is not None else ""
    return f"{event.connector if event.evse is None else event.evse}|{token}|{said}|{event.meter_wh}"


def lasting(event: TransactionReported) -> bool:
    """Whether the start's key still names it after its session closed.

    A station without a clock begins each session in 1970: its key names the open session at most.
    """
    return event.said_ms is not None and event.said_ms >= EARLIEST_MS


def stop_key(event: TransactionReported) -> str:
    """What a stop says: transaction, time, meter, tag, reason. Two that differ are two stops (Q39)."""
    token = event.token.value if event.token else ""
    said = event.said_ms if event.said_ms is not None else ""
    return f"{event.transaction}|{said}|{event.meter_wh}|{token}|{event.reason}"


_SEPARATORS = str.maketrans("", "", " :-\x00\t")


@lru_cache(maxsize=4096)
def tag_key(token: str) -> str:
    """A tag as it is matched: upper case, without separators (Q27, Q47)."""
    return token.translate(_SEPARATORS).upper()
