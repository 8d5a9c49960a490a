"""Which oddities a session's new flags stand for, so that each is counted once against its station."""

from app.domain.records import Flag, SessionRecord

_QUIRKS: dict[Flag, str] = {
    Flag.FALSE_ZERO: "Q49",
    Flag.METER_BACKWARDS: "Q50",
    Flag.METER_RESET: "Q51",
    Flag.UNIT_DOUBTFUL: "Q52",
    Flag.SEQ_GAP: "Q71",
    Flag.EVSE_UNKNOWN: "Q72",
}


def oddities(before: SessionRecord | None, after: SessionRecord) -> tuple[str, ...]:
    """Ids of the quirks that `after` shows and `before` did not."""
    known = before.flags if before is not None else ()
    if after.flags == known:
        return ()
    return tuple(_QUIRKS[flag] for flag in after.flags if flag in _QUIRKS and flag not in known)
