"""Periods by local days, checks in words, curves with their gaps."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.analytics.results import CurvePoint, SessionDetail, SessionLine
from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.prices import Prices
from app.domain.records import EntryRecord, Flag, SessionRecord, SessionState
from app.domain.status import Shown
from tests.ui.histories import curve as samples
from ui.models.session_facts import headline, remarks, rows
from ui.models.session_list import (
    Period,
    Segment,
    Wanted,
    check,
    columns,
    curve,
    plug_text,
    price_of,
    question,
    span,
)
from ui.models.words import ERROR, FLAG, STOP, error_words, flag_name, flag_sentence, pseudonym, stop_reason

ZONE = ZoneInfo("Europe/Amsterdam")


def ms(text: str) -> int:
    """An instant in ms."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def session(**values: object) -> SessionRecord:
    """A session that ended well."""
    base: dict[str, object] = {
        "session": SessionId(7),
        "station": StationId("UTM-01"),
        "evse": 1,
        "connector": 1,
        "transaction": TransactionId("7"),
        "token": "04A2B3C4",
        "started_ms": ms("2026-10-15T09:20"),
        "ended_ms": ms("2026-10-15T10:15"),
        "meter_start_wh": 18_204_300,
        "meter_stop_wh": 18_251_900,
        "energy_wh": 47_600,
        "stop_reason": "Local",
        "state": SessionState.CLOSED,
    }
    return SessionRecord(**{**base, **values})  # type: ignore[arg-type]


def test_a_day_is_the_operators_day_over_the_clock_change() -> None:
    """25 October 2026 has 25 hours in Amsterdam: yesterday is all of it."""
    start, end = span(Period.YESTERDAY, ms("2026-10-26T12:00"), ZONE)
    assert start == ms("2026-10-24T22:00")
    assert end == ms("2026-10-25T23:00")


def test_all_time_is_open() -> None:
    """No bound at either end."""
    assert span(Period.ALL, ms("2026-10-26T12:00"), ZONE) == (None, None)


def test_needs_a_look_asks_for_flags_that_matter() -> None:
    """Signed values or a repeated start ask nobody; a meter gap does."""
    asked = question(Wanted(segment=Segment.LOOK), ms("2026-10-26T12:00"), ZONE)
    assert Flag.METER_GAP.value in asked.any_flag
    assert Flag.SIGNED.value not in asked.any_flag


@pytest.mark.parametrize(
    ("values", "said", "shown"),
    [
        ({}, "Matches", ()),
        ({"state": SessionState.OPEN, "ended_ms": None}, "Running", (Shown.CHARGING,)),
        ({"flags": (Flag.METER_GAP,)}, "Meter gap", (Shown.DEGRADED,)),
        ({"flags": (Flag.SIGNED,)}, "Matches", ()),
        ({"flags": (Flag.METER_GAP, Flag.ORPHAN_STOP)}, "Stop without a start", (Shown.FAULTED,)),
        ({"state": SessionState.REVIEW}, "Waits for a person", (Shown.FAULTED,)),
    ],
)
def test_the_check_says_the_gravest_in_words(
    values: dict[str, object], said: str, shown: tuple[Shown, ...]
) -> None:
    """A shape and two or three words; the worst flag speaks."""
    cell = check(session(**values))
    assert cell.text == said
    assert cell.shapes == shown


def test_energy_that_is_not_proved_is_a_dash() -> None:
    """None is never zero, and says so."""
    figures = dict((what, figure) for figure, what in headline(session(energy_wh=None), 0, ZONE))
    assert figures["not proved"] == "–"


def test_energy_is_priced_as_it_was_written_down_at_the_start() -> None:
    """Energy alone, as the word says: what time or a start cost stands beside, and is not added."""
    line = SessionLine(session(energy_wh=47_600), "", "Depot")
    begun = line.session.started_ms
    body = {
        "site": "Depot", "from_ms": begun - 1, "currency": "EUR", "per_kwh": "0.495",
        "per_minute": "0.05", "per_session": "0.35",
    }  # fmt: skip
    later = {**body, "from_ms": begun + 1, "per_kwh": "9.00"}
    prices = Prices(
        [EntryRecord("price", name, 1, 0, "ann", "", json.dumps(one)) for name, one in
         (("a", body), ("b", later))], ZONE,
    )  # fmt: skip
    price = price_of(line, prices)
    told = dict(rows(SessionDetail(line, (), ()), price))
    assert told["Price at its start"] == "€0.495 a kWh, €0.05 a minute, €0.35 a session"
    assert told["Price × energy"] == "€23.56"
    cells = {c.key: c for c in columns(lambda: ZONE, lambda: 0, lambda: prices)}
    assert cells["worth"].cell(line).text == "€23.56"
    assert (
        cells["worth"].cell(SessionLine(session(energy_wh=None), "", "Depot")).spoken == "no energy is known"
    )
    assert cells["worth"].cell(SessionLine(session(), "", "Elsewhere")).spoken == "no price is known"
    assert price_of(line, None) is None


def test_the_register_and_the_reason_are_told() -> None:
    """From what to what, and why it ended, in words."""
    told = dict(rows(SessionDetail(SessionLine(session(), "", ""), (), ())))
    assert told["Meter register"] == "18,204.3 to 18,251.9 kWh"
    assert told["Ended because"] == "Driver stopped"
    assert told["Values received"] == "none"
    running = dict(
        rows(SessionDetail(SessionLine(session(meter_stop_wh=None, last_wh=None), "", ""), (), ()))
    )
    assert running["Meter register"] == "from 18,204.3 kWh"


def test_each_flag_is_explained_gravest_first() -> None:
    """Name and sentence; mere remarks come last."""
    told = remarks(session(flags=(Flag.SIGNED, Flag.METER_GAP)))
    assert [remark.name for remark in told] == ["Meter gap", "Signed values"]


def test_a_curve_breaks_where_values_are_missing() -> None:
    """A gap is shaded and never bridged; energy counts from the start's register."""
    record = session()
    made = curve(tuple(samples(record)), record.meter_start_wh)
    assert len(made.gaps) == 1
    assert None in made.power_kw
    assert made.energy_kwh[0] is not None
    assert made.energy_kwh[0] < 1


def test_untrusted_readings_are_not_drawn() -> None:
    """A reading that was judged wrong is left out of the line."""
    points = (
        CurvePoint(0, 1000, 5000, None, True, ""),
        CurvePoint(30_000, 0, 5000, None, False, ""),
        CurvePoint(60_000, 1100, 5000, None, True, ""),
    )
    assert len(curve(points, 1000).at_s) == 2


def test_every_code_has_words() -> None:
    """Each flag a name and a sentence; errors and reasons we do not know are shown as they came."""
    assert set(FLAG) == set(Flag)
    for flag in Flag:
        assert flag_name(flag)
        assert flag_sentence(flag).endswith(".")
    assert error_words("ConnectorLockFailure") == ERROR["ConnectorLockFailure"]
    assert error_words("PumpBroken") == "Pump broken"
    assert error_words("") == ""
    assert stop_reason("Aliens") == "Aliens"
    assert stop_reason("") == "–"
    assert stop_reason("inferred") == "No end received"
    assert stop_reason("by hand") == "By hand"
    assert len(STOP) >= 20


def test_a_card_shows_its_last_four() -> None:
    """Lists show pseudonyms (CONTRACTS decision 18)."""
    assert pseudonym("04A2B3C4") == "Card ···B3C4"
    assert pseudonym("") == "No card"


@pytest.mark.parametrize(("evse", "connector", "said"), [(1, 1, "1"), (2, 2, "2.2"), (None, None, "?")])
def test_a_plug_is_one_number_where_one_is_enough(evse: int | None, connector: int | None, said: str) -> None:
    """EVSE alone, unless it has several plugs; a question mark where it was not said."""
    assert plug_text(session(evse=evse, connector=connector)) == said


def test_the_energy_curve_runs_from_the_register_at_the_start_to_the_one_at_the_stop() -> None:
    points = tuple(CurvePoint(60_000 * n, 1000 + 100 * n, 6000, None, True, "") for n in range(1, 5))
    made = curve(points, 1000, 1_000, 1450, 270_000)
    assert (made.at_s[0], made.energy_kwh[0], made.power_kw[0]) == (1.0, 0.0, None)
    assert (made.at_s[-1], made.energy_kwh[-1]) == (270.0, 0.45)
    assert made.gaps == ()


def test_a_long_silence_before_the_stop_is_a_gap_too() -> None:
    points = tuple(CurvePoint(60_000 * n, 1000 + 100 * n, 6000, None, True, "") for n in range(1, 5))
    made = curve(points, 1000, 1_000, 2450, 900_000)
    assert made.gaps == ((240.0, 900.0),)
