"""Files of stations as the store gives them back."""

from pathlib import Path
from typing import Any

from app.domain.ids import StationId
from app.domain.records import FileRecord
from app.store.open import Store
from app.store.readers.files import files, files_to_delete, next_file, standing_files


def row(number: int, asked_ms: int, **more: Any) -> FileRecord:
    """A file of A, asked then."""
    return FileRecord(number, StationId("A"), "log", asked_ms, asked_ms + 100, f"hash {number}", **more)


def test_files_come_newest_first_and_only_the_old_are_deleted(tmp_path: Path) -> None:
    kept = [
        row(1, 10, path="a/1.log", state="received"),
        row(2, 20, path="firmware/x.bin", state="received"),
        row(3, 1_000, path="firmware/x.bin", state="received"),
        row(4, 30, state="receiving"),
        FileRecord(5, StationId("B"), "log", 2_000, 2_100, "hash 5"),
    ]
    store = Store.open(tmp_path)
    try:
        writer = store.writer(lambda outcomes: None, now_ms=lambda: 0)
        writer.submit((), kept)
        writer.flush()
        assert store.read(files, "A") == [kept[2], kept[3], kept[1], kept[0]]
        assert store.read(files, limit=1) == [kept[4]]
        assert [f.file for f in store.read(standing_files, 1_050)] == [3, 4, 5]
        assert [f.file for f in store.read(files_to_delete, 500)] == [1]
        assert store.read(next_file) == 6
    finally:
        store.close()
