"""Knows what a charging session is: open, sample, close, reconcile, ghosts. Pure: no clock, no I/O."""

from app.sessions.change import change, flagged
from app.sessions.closing import close_by_hand, close_ghosts
from app.sessions.decide import decide, needed
from app.sessions.decision import NOTHING, Decision, Issue, Lookup
from app.sessions.keys import tag_key
from app.sessions.state import StationSessions

__all__ = [
    "NOTHING",
    "Decision",
    "Issue",
    "Lookup",
    "StationSessions",
    "change",
    "close_by_hand",
    "close_ghosts",
    "decide",
    "flagged",
    "needed",
    "tag_key",
]
