"""A restart neither loses nor doubles a fault, wherever in its life it comes."""

import pytest

from app.domain.ids import StationId
from app.domain.records import FaultEventRecord, FaultRecord
from app.faults.engine import Engine
from app.faults.priming import prime
from app.faults.rule import Finding, Subject
from tests.app.faults.stage import CATALOGUE, START, H, Parrot, S, Said, Stage

SUBJECT = Subject("Depot", "A", 1, 1)


def told(code: str, at_s: float, held: bool = True) -> tuple[Said, int]:
    at = START + round(at_s * S)
    return Said(Finding("parrot", code, SUBJECT, at, held, raw=code)), at


def restarted(before: Stage, heard: list[tuple[Said, int]], at_s: float) -> Stage:
    """The same history with a fresh engine that heard `heard` again."""
    after = Stage()
    after.kept = list(before.kept)
    lines: dict[int, int] = {}
    for record in before.kept:
        if isinstance(record, FaultEventRecord):
            lines[record.fault] = record.seq
    rows = before.rows
    engine = Engine((Parrot(),), CATALOGUE, max(rows, default=0) + 1)
    prime(engine, [(row, lines[n]) for n, row in sorted(rows.items())], heard, START + round(at_s * S))
    after.engine = engine
    after.faults.begin(engine, after._submit)
    return after


HEARD = [told("CX001", 0), told("CX001", 300, False), told("CX001", 2_000)]


@pytest.mark.parametrize("cut_s", [1, 9, 11, 250, 301, 330, 361, 500, 1_999, 2_005, 2_011, 3_000])
def test_wherever_it_is_cut_the_end_is_the_same(cut_s: float) -> None:
    whole, before = Stage(), Stage()
    heard = [(record, at) for record, at in HEARD if at <= START + cut_s * S]
    for record, at in HEARD:
        whole.engine.hear(record, at)
        whole.faults.keep()
    for record, at in heard:
        before.engine.hear(record, at)
        before.faults.keep()
    before.at(cut_s)
    after = restarted(before, heard, cut_s)
    for record, at in HEARD[len(heard) :]:
        after.engine.hear(record, at)
        after.faults.keep()
    whole.at(4_000)
    after.at(4_000)

    def said(stage: Stage) -> list[tuple[object, ...]]:
        return [(r.fault, r.code, r.state, r.onset_ms, r.cleared_ms, r.alarms) for r in stage.rows.values()]

    assert said(after) == said(whole)
    assert after.verbs() == whole.verbs()


def test_what_began_while_we_were_away_is_announced() -> None:
    after = restarted(Stage(), [told("CX001", 0)], 600)
    assert after.state() == "UNACK"
    assert after.rows[1].onset_ms == START


def test_what_ended_while_we_were_away_is_over() -> None:
    before = Stage()
    before.engine.hear(*told("CX001", 0))
    before.at(60)
    after = restarted(before, [told("CX001", 0), told("CX001", 100, False)], 600)
    assert (after.state(), after.rows[1].cleared_ms) == ("RTNUN", START + 100 * S)


def test_what_a_person_closed_is_not_opened_by_reading_the_past_again() -> None:
    before = Stage()
    before.engine.hear(*told("CX001", 0))
    before.at(60)
    before.act(1, "close", 100, reason="seen on site")
    after = restarted(before, [told("CX001", 0)], 600)
    assert [(r.fault, r.state) for r in after.rows.values()] == [(1, "NORM")]


def test_a_shelf_and_an_escalation_go_on() -> None:
    before = Stage()
    before.engine.hear(*told("CX001", 0))
    before.at(60)
    before.act(1, "shelve", 100, until_ms=START + H, reason="parts")
    after = restarted(before, [told("CX001", 0)], 600)
    assert after.state() == "SHLVD"
    after.at(3_601)
    assert after.state() == "UNACK"
    assert after.lines()[-1].seq == len(after.lines())


def test_a_rule_that_wants_to_is_told_what_stood_before() -> None:
    stood: list[Finding] = []

    class Remembers(Parrot):
        def resume(self, finding: Finding, scene: object) -> None:
            stood.append(finding)

    row = FaultRecord(
        7, "parrot", "CX001", "Lock", StationId("A"), "Depot", 1, 1, state="ACKED",
        onset_ms=START - H, opened_ms=START - H,
    )  # fmt: skip
    engine = Engine((Remembers(),), CATALOGUE, 8)
    prime(engine, [(row, 3)], [], START)
    assert [(f.code, f.subject, f.at_ms) for f in stood] == [("CX001", SUBJECT, START - H)]
