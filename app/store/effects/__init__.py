"""What each kind of record writes: one file per subject, one table of them all."""

from app.domain.records import (
    CommandRecord,
    LinkRecord,
    NoticeRecord,
    ReadingRecord,
    RefusalRecord,
    SessionRecord,
    StationRecord,
    StatusRecord,
)
from app.store.effects import links, others, readings, sessions, stations, statuses
from app.store.effects.effect import Effect

EFFECTS: dict[type, Effect] = {
    StationRecord: stations.EFFECT,
    StatusRecord: statuses.EFFECT,
    LinkRecord: links.EFFECT,
    SessionRecord: sessions.EFFECT,
    ReadingRecord: readings.EFFECT,
    NoticeRecord: others.NOTICE,
    RefusalRecord: others.REFUSAL,
    CommandRecord: others.COMMAND,
}

__all__ = ["EFFECTS", "Effect"]
