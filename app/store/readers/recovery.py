"""What steps of recovery were taken, and what became of each, from the histories of faults."""

import json
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.store.tables import fault_event


class TakenStep(NamedTuple):
    """A step that was taken once. `proved` None: not known, or it mended nothing."""

    playbook: str
    do: str
    code: str
    vendor: str
    firmware: str
    result: str
    proved: bool | None


def learned_steps(connection: Connection) -> list[TakenStep]:
    """Each step that was ever taken, in its last word, oldest first."""
    c = fault_event.c
    query = select(c.fault, c.detail).where(c.verb == "recovery").order_by(c.fault, c.seq)
    last: dict[tuple[int, int], dict[str, object]] = {}
    for fault, detail in connection.execute(query):
        told = json.loads(detail)
        if "taken" in told:
            last[fault, int(told["taken"])] = told
    found = []
    for told in last.values():
        proved = told.get("proved")
        found.append(
            TakenStep(
                str(told["playbook"]), str(told["do"]), str(told["code"]), str(told.get("vendor", "")),
                str(told.get("firmware", "")), str(told["result"]), None if proved is None else bool(proved),
            )
        )  # fmt: skip
    return found
