"""A server runs for months: what it remembers of drivers, codes and faults does not pile up."""

import json
from itertools import count

import pytest

from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.records import ConnectorPlan, NoticeRecord, SessionRecord, SessionState, StatusRecord
from app.domain.status import ConnectorStatus, LinkState
from app.faults import clock, drivers, money
from app.faults.codes import Codes
from app.faults.rules import all_rules
from tests.app.faults.stage import M, S, Stage
from tests.helpers.weighing import held

DAY_S = 86_400
A = StationId("A")


class Months:
    """A site at which every day brings drivers, cards and codes that were never seen before."""

    def __init__(self) -> None:
        self.stage = Stage(*all_rules(Codes()))
        plan = tuple(ConnectorPlan(evse, 1, "CCS", 50_000, "0.49") for evse in (1, 2))
        self.stage.station("A", plan=plan, booted=True, vendor="Axle", protocol="ocpp1.6")
        self.stage.station("B", plan=plan, booted=True, vendor="Axle", protocol="ocpp1.6")
        for name in ("A", "B"):
            self.stage.link(name, LinkState.ONLINE, 0)
        self._fresh = count(1)
        self._day = 0

    def hear(self, record: object, at_ms: int) -> None:
        self.stage.engine.hear(record, at_ms)  # type: ignore[arg-type]

    def pass_days(self, days: int) -> None:
        for _ in range(days):
            self._day += 1
            self._visit(self._day * DAY_S)
            self.stage.at(self._day * DAY_S + 5 * 3_600)
            self.stage.faults.publish(self.stage.engine.scene.now)
            self.stage.kept.clear()

    def _visit(self, at_s: int) -> None:
        number = next(self._fresh)
        at, token = self.stage.engine.scene.now, f"card {number}"
        at = max(at, 1_767_225_600_000 + at_s * S)
        detail = json.dumps({"token": token})
        self.hear(NoticeRecord(A, at, at, "token", "Accepted", detail), at)
        begun = SessionRecord(
            SessionId(number), A, 1, 1, TransactionId(str(number)), token, started_ms=at, received_start_ms=at
        )
        self.hear(begun, at)
        ended = at + 20 * M
        self.hear(
            SessionRecord(
                SessionId(number), A, 1, 1, TransactionId(str(number)), token, started_ms=at,
                received_start_ms=at, ended_ms=ended, received_end_ms=ended,
                energy_wh=0 if number % 3 else 9_000, stop_reason="Local", state=SessionState.CLOSED,
            ),
            ended,
        )  # fmt: skip
        self.hear(NoticeRecord(StationId("B"), ended, ended, "token", "Invalid", detail), ended)
        for word, minute in (("E", 25), ("F", 27)):
            at = ended + (minute - 20) * M
            vendor = f"{word}{number}"
            broken = StatusRecord(A, 2, 1, at, at, ConnectorStatus.FAULTED, "OtherError", vendor)
            self.hear(broken, at)
            # One lasts until it is told, one is over before.
            at += 30 * S if word == "E" else S
            self.hear(StatusRecord(A, 2, 1, at, at, ConnectorStatus.AVAILABLE), at)


def test_months_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eighty more days bring as many drivers and cards, and twice as many codes and faults."""
    for module, name in ((money, "REMEMBERED"), (clock, "SEEN"), (drivers, "RECENT")):
        monkeypatch.setattr(module, name, 10)
    months = Months()
    months.pass_days(60)
    before = held(months.stage.faults)
    months.pass_days(80)
    assert held(months.stage.faults) - before < 160
