"""A process that is killed has lost nothing it acknowledged, and its next start finds all sound."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from app.store import tables
from app.store.open import Store

WRITING = """
import sys, threading
from pathlib import Path
from app.domain.records import JournalKind, JournalRow, SessionRecord
from app.store.open import Store

out = sys.stdout

def deliver(batch):
    out.write("".join(f"{done()}\\n" for done, error in batch if error is None))
    out.flush()

store = Store.open(Path(sys.argv[1]))
writer = store.writer(deliver, now_ms=lambda: 0, group_ms=2)
start = int(sys.argv[2])
number = start
while True:
    number += 1
    row = JournalRow(number, "S1", JournalKind.IN, message_id=str(number))
    session = SessionRecord(number, "S1", 1, 1, str(number), energy_wh=number)
    writer.submit([row], [session], lambda error=None, number=number: number)
    while writer.depth > 200:
        threading.Event().wait(0.001)
"""


def test_what_was_acknowledged_is_there_after_sigkill(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    for round_ in range(4):
        start = max(acknowledged, default=0) + 1_000_000
        process = subprocess.Popen(
            [sys.executable, "-c", WRITING, str(tmp_path), str(start)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(300 * (round_ + 1)):
            acknowledged.append(int(process.stdout.readline()))
        process.kill()
        # What was written to the pipe before the end was acknowledged too; the last line may be cut.
        rest = process.stdout.read().splitlines(keepends=True)
        acknowledged += [int(line) for line in rest if line.endswith("\n")]
        process.wait()
        process.stdout.close()
    store = Store.open(tmp_path)
    with store.connect() as connection:
        sessions = connection.execute(select(tables.session.c.session)).scalars().all()
        messages = connection.execute(select(tables.journal.c.message_id)).scalars().all()
    store.close()
    assert set(acknowledged) <= set(sessions)
    assert len(acknowledged) == len(set(acknowledged)) >= 3000
    assert sorted(map(int, messages)) == sorted(sessions)
