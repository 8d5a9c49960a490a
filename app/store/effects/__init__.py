"""What each kind of record writes: one file per subject, one table of them all."""

from app.domain.records import (
    CommandRecord,
    EntryRecord,
    FaultEventRecord,
    FaultRecord,
    FileRecord,
    LinkRecord,
    NoticeRecord,
    ReadingRecord,
    RefusalRecord,
    SessionRecord,
    StationRecord,
    StatusRecord,
    VariableRecord,
)
from app.store.effects import links, others, readings, records_as_rows, sessions, stations, statuses
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
    FileRecord: records_as_rows.FILE,
    VariableRecord: records_as_rows.VARIABLE,
    EntryRecord: records_as_rows.ENTRY,
    FaultRecord: records_as_rows.FAULT,
    FaultEventRecord: records_as_rows.FAULT_EVENT,
}

__all__ = ["EFFECTS", "Effect"]
