"""What a start shows of faults before the past is read. Rules, prices and what they compute with are not
loaded for it: that takes a fifth of a start, and no station waits for them.
"""

from pathlib import Path

from sqlalchemy import Connection

from app.faults import catalogue
from app.faults.engine import Engine
from app.faults.priming import recall
from app.faults.timeouts import REMEMBER_MS
from app.store.readers.faults import standing_faults
from app.store.readers.links import last_mark_ms
from app.store.readers.stations import all_stations


def standing_of(connection: Connection, now_ms: int, data_dir: Path | None = None) -> Engine:
    """An engine that finds nothing and has the faults of the store, to be shown until the past is read.

    Raises:
        ForecourtError: a file of the data directory's alarms, codes or rules cannot be used by `engine_of`
            either, which is read too late to stop a start.
    """
    if data_dir is not None and any((data_dir / name).is_dir() for name in ("codes", "rules")):
        from app.faults.start import files_of

        kinds, _, _ = files_of(data_dir)
    else:
        kinds = catalogue.load(data_dir / "alarms" if data_dir is not None else None)
    engine = Engine((), kinds)
    engine.scene.now = now_ms
    for row, seq in standing_faults(connection, now_ms - REMEMBER_MS):
        recall(engine, row, seq)
    return engine


def looked_until_ms(connection: Connection) -> int | None:
    """Until when somebody looked: the newest run's mark, or a station's last word, as after a log was
    replayed, where no run marked. None in an empty store.
    """
    seen = [last_mark_ms(connection) or 0, *(s.last_seen_ms for s in all_stations(connection))]
    return max(seen) or None
