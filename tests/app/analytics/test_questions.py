"""What the window asks of history, on small pasts whose answers are known."""

from pathlib import Path

import pytest

from app.analytics import questions
from app.analytics.results import MessageFilter, SessionFilter, SessionOrder
from app.analytics.uptime import truncated
from app.domain.errors import ForecourtError
from app.domain.records import ConnectorPlan, Flag, LinkRecord, SessionState
from app.domain.status import Admission, ConnectorStatus, LinkState, Shown
from app.store import runs
from tests.app.analytics.past import DAY, HOUR, MIDNIGHT, MINUTE, a_past

AVAILABLE, CHARGING, FAULTED = ConnectorStatus.AVAILABLE, ConnectorStatus.CHARGING, ConnectorStatus.FAULTED


def test_uptime_joins_statuses_links_and_our_own_absence(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        past.ran((MIDNIGHT, MIDNIGHT + 20 * HOUR), (MIDNIGHT + 21 * HOUR, MIDNIGHT + 24 * HOUR))
        past.link("S1", MIDNIGHT, LinkState.ONLINE)
        past.status("S1", MIDNIGHT, AVAILABLE)
        past.status("S1", MIDNIGHT + 2 * HOUR, FAULTED)
        past.status("S1", MIDNIGHT + 3 * HOUR, AVAILABLE)
        past.link("S1", MIDNIGHT + 10 * HOUR, LinkState.OFFLINE)
        past.link("S1", MIDNIGHT + 12 * HOUR, LinkState.ONLINE)
        past.link("S1", MIDNIGHT + 21 * HOUR + MINUTE, LinkState.ONLINE)
        past.status("S1", MIDNIGHT + 21 * HOUR + MINUTE, AVAILABLE)
        (only,) = past.ask(questions.uptime, MIDNIGHT, MIDNIGHT + DAY)
        assert (only.station, only.evse) == ("S1", 1)
        assert only.uptime.down_ms == 3 * HOUR
        assert only.uptime.unmeasured_ms == HOUR + MINUTE
        assert only.uptime.up_ms == 20 * HOUR - MINUTE
        assert truncated(only.uptime.best) == "86.94"
        assert truncated(only.uptime.low) == "83.26"
        assert truncated(only.uptime.high) == "87.50"


def test_a_station_that_never_called_has_no_uptime_good_or_bad(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", plan=(ConnectorPlan(1, 1), ConnectorPlan(2, 1)))
        past.station("S2", admission=Admission.WAITING)
        assert past.ask(questions.uptime, MIDNIGHT, MIDNIGHT + DAY) == ()
        assert past.ask(questions.uptime, MIDNIGHT, MIDNIGHT + DAY, "S1") == ()
        strip = past.ask(questions.strip, "S1", MIDNIGHT, "Europe/Berlin", 30)
        assert len(strip.days) == 30
        assert strip.uptime.total_ms == 0


def test_uptime_begins_with_the_first_contact(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", plan=(ConnectorPlan(1, 1), ConnectorPlan(2, 1)))
        past.station("S2")
        past.link("S2", MIDNIGHT - 90 * DAY, LinkState.ONLINE)
        past.link("S1", MIDNIGHT + 10 * HOUR, LinkState.ONLINE)
        past.status("S1", MIDNIGHT + 10 * HOUR + MINUTE, AVAILABLE, 1)
        # Told late, of a time before anybody could have charged here.
        past.status("S1", MIDNIGHT - 5 * DAY, FAULTED, 2)
        past.status("S1", MIDNIGHT + 10 * HOUR + MINUTE, AVAILABLE, 2)
        now = MIDNIGHT + 12 * HOUR
        of_s1 = [u for u in past.ask(questions.uptime, now - 365 * DAY, now) if u.station == "S1"]
        assert [(u.evse, u.from_ms, u.uptime.total_ms) for u in of_s1] == [
            (1, MIDNIGHT + 10 * HOUR, 2 * HOUR),
            (2, MIDNIGHT + 10 * HOUR, 2 * HOUR),
        ]
        assert of_s1[0].uptime.unmeasured_ms == MINUTE
        assert past.ask(questions.uptime, now - 365 * DAY, now, "S1") == tuple(of_s1)
        for strip in (
            past.ask(questions.strip, "S1", now, "Europe/Berlin", 90),
            past.ask(questions.strips, now, "Europe/Berlin", 90)[0],
        ):
            assert strip.uptime.total_ms == 2 * 2 * HOUR
            assert strip.uptime.unmeasured_ms == MINUTE
            assert [day.state_ms for day in strip.days[:-1]] == [()] * 89
        assert past.ask(questions.uptime, now - 2 * DAY, MIDNIGHT, "S1") == ()


def test_the_strip_shows_each_day_by_its_worst_minute_and_today_to_now(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        start = MIDNIGHT - HOUR
        past.link("S1", start + DAY, LinkState.ONLINE)
        past.status("S1", start + DAY, AVAILABLE)
        past.status("S1", start + DAY + HOUR, FAULTED)
        past.status("S1", start + DAY + HOUR + MINUTE // 2, AVAILABLE)
        past.status("S1", start + 2 * DAY + HOUR, FAULTED)
        past.status("S1", start + 2 * DAY + 3 * HOUR, CHARGING)
        now = start + 3 * DAY + 6 * HOUR
        strip = past.ask(questions.strip, "S1", now, "Europe/Berlin", 4)
        assert [day.day for day in strip.days] == ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]
        assert [day.worst for day in strip.days] == [
            Shown.UNKNOWN, Shown.AVAILABLE, Shown.FAULTED, Shown.CHARGING,
        ]  # fmt: skip
        assert dict(strip.days[2].state_ms) == {
            Shown.FAULTED: 2 * HOUR, Shown.CHARGING: 21 * HOUR, Shown.AVAILABLE: HOUR,
        }  # fmt: skip
        assert dict(strip.days[1].state_ms)[Shown.FAULTED] == MINUTE // 2
        assert strip.days[3].end_ms == now
        assert strip.uptime.down_ms == 2 * HOUR + MINUTE // 2
        assert strip.uptime.total_ms == 2 * DAY + 6 * HOUR
        assert past.ask(questions.strips, now, "Europe/Berlin", 4) == (strip,)
        with pytest.raises(ForecourtError, match="no time zone 'Mars"):
            past.ask(questions.strip, "S1", now, "Mars/Base", 4)


def test_power_is_held_until_it_is_stale_and_blind_time_is_a_gap(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.ran((MIDNIGHT, MIDNIGHT + 2 * HOUR), (MIDNIGHT + 3 * HOUR, MIDNIGHT + 4 * HOUR))
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + 25 * MINUTE, 5000)
        for minute in range(0, 21, 5):
            past.reading(1, "S1", MIDNIGHT + minute * MINUTE, power=12_000)
        past.session(2, "S2", MIDNIGHT, None, 5000)
        for minute in range(0, 11, 5):
            past.reading(2, "S2", MIDNIGHT + minute * MINUTE, power=6_000)
        series = past.ask(questions.power_24h, MIDNIGHT + 4 * HOUR, 300_000)
        zero = (MIDNIGHT - series.start_ms) // 300_000
        assert len(series.values) == 288
        assert series.values[zero - 1] is None
        assert series.values[zero : zero + 6] == (18_000, 18_000, 18_000, 18_000, 15_000, 0)
        assert series.values[zero + 30] is None
        assert series.values[zero + 37] == 0
        assert series.peak_w == 18_000


def test_a_session_s_own_interval_says_when_its_power_is_stale(tmp_path: Path) -> None:
    """Many quick readings of today make the few of yesterday no staler."""
    with a_past(tmp_path) as past:
        past.ran((MIDNIGHT, MIDNIGHT + 4 * HOUR))
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + HOUR, 5000)
        for minute in range(0, 60, 15):
            past.reading(1, "S1", MIDNIGHT + minute * MINUTE, power=12_000)
        past.session(2, "S1", MIDNIGHT + 2 * HOUR, MIDNIGHT + 3 * HOUR, 5000)
        for second in range(0, 600, 10):
            past.reading(2, "S1", MIDNIGHT + 2 * HOUR + second * 1000, power=6_000)
        series = past.ask(questions.station_power, "S1", MIDNIGHT, MIDNIGHT + 4 * HOUR, 300_000)
        assert set(series.values[:12]) == {12_000}


def test_each_evse_has_a_line_of_its_own(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.ran((MIDNIGHT, MIDNIGHT + 4 * HOUR))
        for number, evse, watts in ((1, 1, 12_000), (2, 3, 6_000)):
            past.session(number, "S1", MIDNIGHT, MIDNIGHT + HOUR, 5000)
            for minute in range(0, 60, 5):
                past.reading(number, "S1", MIDNIGHT + minute * MINUTE, power=watts, evse=evse)
        asked = (MIDNIGHT, MIDNIGHT + 2 * HOUR, 600_000)
        powers = dict(past.ask(questions.evse_powers, "S1", *asked))
        assert {evse: line.values[0] for evse, line in powers.items()} == {1: 12_000, 3: 6_000}
        whole = past.ask(questions.station_power, "S1", *asked)
        added = [sum(step) for step in zip(*(line.values for line in powers.values()), strict=True)]
        assert list(whole.values) == added
        ((evse, quiet),) = past.ask(questions.evse_powers, "S2", *asked)
        assert (evse, set(quiet.values)) == (0, {0.0})


def test_a_session_over_midnight_is_parted_by_its_own_meter(tmp_path: Path) -> None:
    local_midnight = MIDNIGHT - HOUR + DAY
    with a_past(tmp_path) as past:
        past.session(1, "S1", local_midnight - 2 * HOUR, local_midnight + HOUR, 9001)
        past.reading(1, "S1", local_midnight - HOUR, 1000 + 6000)
        past.reading(1, "S1", local_midnight + HOUR // 2, 1000 + 7500)
        past.session(2, "S1", local_midnight + 3 * HOUR, local_midnight + 4 * HOUR, 500)
        past.session(3, "S2", local_midnight + 3 * HOUR, local_midnight + 4 * HOUR, None)
        now = local_midnight + 6 * HOUR
        days = past.ask(questions.energy_per_day, now, "Europe/Berlin", 3)
        assert [(d.day, d.energy_wh, d.sessions) for d in days] == [
            ("2025-12-31", 0, 0), ("2026-01-01", 7000, 1), ("2026-01-02", 2501, 2),
        ]  # fmt: skip
        today = past.ask(questions.energy_today, now, "Europe/Berlin")
        assert (today.total_wh, today.by_station, today.unproven) == (2501, (("S1", 2501),), 1)
        yesterday = past.ask(questions.energy_between, local_midnight - DAY, local_midnight)
        assert yesterday.total_wh == 7000
        one_day = past.ask(questions.energy_per_day, now, "Europe/Berlin", 1, "S1")
        assert [d.energy_wh for d in one_day] == [2501]


def test_energy_of_long_and_open_sessions_reaches_every_day_and_adds_up(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + 3 * DAY, 10_001)
        past.session(
            2, "S1", MIDNIGHT, None, 999, last_sample_ms=MIDNIGHT + 2 * DAY, flags=(Flag.METER_RESET,)
        )
        days = past.ask(questions.energy_per_day, MIDNIGHT + 4 * DAY, "UTC", 6)
        assert sum(d.energy_wh for d in days) == 11_000
        assert [d.energy_wh for d in days][1:] == [3333 + 499, 3334 + 500, 3334, 0, 0]
        part = past.ask(questions.energy_between, MIDNIGHT + DAY, MIDNIGHT + 2 * DAY)
        assert part.total_wh == 3334 + 500


def test_pages_of_sessions_carry_the_totals_of_the_whole_filter(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", name="Venlo North", site="Venlo")
        past.station("S2", name="Gent", site="Gent")
        for n in range(1, 26):
            past.session(
                n, "S1" if n % 2 else "S2", MIDNIGHT + (n // 3) * HOUR, MIDNIGHT + n * HOUR + HOUR,
                None if n == 7 else n * 100, token=f"TAG{n:03d}", flags=(Flag.OFFLINE,) if n % 5 == 0 else (),
            )  # fmt: skip
        seen, cursor = [], None
        while True:
            page = past.ask(questions.sessions_page, SessionFilter(), cursor, 4)
            assert (page.total, page.energy_wh, page.unproven) == (25, sum(range(1, 26)) * 100 - 700, 1)
            seen += [(line.session.started_ms, line.session.session) for line in page.rows]
            cursor = page.cursor
            if cursor is None:
                break
        assert len(seen) == 25
        assert seen == sorted(seen, reverse=True)
        now = MIDNIGHT + 40 * HOUR
        for by, value in (
            ("start", lambda s: s.started_ms),
            ("station", lambda s: s.station),
            ("duration", lambda s: (s.ended_ms or now) - s.started_ms),
            ("energy", lambda s: -1 if s.energy_wh is None else s.energy_wh),
        ):
            for descending in (True, False):
                order = SessionOrder(by, descending, now)
                got, cursor = [], None
                while True:
                    page = past.ask(questions.sessions_page, SessionFilter(), cursor, 4, order)
                    got += [(value(line.session), line.session.session) for line in page.rows]
                    cursor = page.cursor
                    if cursor is None:
                        break
                assert len(got) == 25
                assert got == sorted(got, reverse=descending), (by, descending)
        ask = lambda **wish: past.ask(questions.sessions_page, SessionFilter(**wish))  # noqa: E731
        assert ask(site="Gent").total == 12
        assert {line.site for line in ask(site="Gent").rows} == {"Gent"}
        assert ask(text="tag007").rows[0].session.session == 7
        assert ask(text="venlo").total == 13
        assert ask(text="T25").total == 1
        assert ask(text="100%").total == 0
        assert ask(flag="offline").total == 5
        assert ask(flag="off").total == 0
        assert ask(station="S2", from_ms=MIDNIGHT + 2 * HOUR, to_ms=MIDNIGHT + 4 * HOUR).total == 3
        assert ask(states=(SessionState.OPEN,)).total == 0


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "_", "\\", '"', "'; DROP TABLE session; --", "ü€"])
def test_hostile_text_in_a_filter_is_only_text(tmp_path: Path, text: str) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", name=f"Site {text}")
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + HOUR, 1)
        past.session(2, "S9", MIDNIGHT, MIDNIGHT + HOUR, 1)
        past.message("S1", MIDNIGHT, f'[2,"1","X",{{"t":{text!r}}}]')
        found = past.ask(questions.sessions_page, SessionFilter(text=text))
        assert [line.session.session for line in found.rows] == [1]
        for field in ("site", "station", "flag"):
            assert past.ask(questions.sessions_page, SessionFilter(**{field: text})).total == 0
        assert past.ask(questions.messages_page, MessageFilter(station=text)).lines == ()
        past.ask(questions.messages_page, MessageFilter(text=text))
        assert past.ask(questions.counts).sessions == 2


def test_a_session_shows_its_curve_and_what_its_connector_said(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1", name="N", site="P")
        past.status("S1", MIDNIGHT - HOUR, AVAILABLE)
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + HOUR, 800)
        past.status("S1", MIDNIGHT, CHARGING)
        past.status("S1", MIDNIGHT + HOUR, ConnectorStatus.FINISHING)
        past.status("S1", MIDNIGHT, FAULTED, evse=2)
        for minute in (0, 30, 60):
            past.reading(1, "S1", MIDNIGHT + minute * MINUTE, 1000 + minute * 10, 7000)
        detail = past.ask(questions.session_detail, 1)
        assert (detail.line.name, detail.line.site) == ("N", "P")
        assert [(p.at_ms, p.energy_wh) for p in detail.curve] == [
            (MIDNIGHT, 1000), (MIDNIGHT + 30 * MINUTE, 1300), (MIDNIGHT + HOUR, 1600),
        ]  # fmt: skip
        assert [s.status for s in detail.statuses] == [CHARGING, ConnectorStatus.FINISHING]
        assert past.ask(questions.session_detail, 99) is None


def test_intervals_are_closed_and_a_repeated_status_does_not_cut(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        for minute, word in (
            (0, AVAILABLE),
            (10, AVAILABLE),
            (20, CHARGING),
            (30, CHARGING),
            (40, AVAILABLE),
        ):
            past.status("S1", MIDNIGHT + minute * MINUTE, word)
        past.status("S1", MIDNIGHT, FAULTED, evse=0, connector=0)
        spans = past.ask(questions.status_spans, "S1")
        assert [(s.evse, s.status, s.start_ms, s.end_ms) for s in spans] == [
            (0, FAULTED, MIDNIGHT, None),
            (1, AVAILABLE, MIDNIGHT, MIDNIGHT + 20 * MINUTE),
            (1, CHARGING, MIDNIGHT + 20 * MINUTE, MIDNIGHT + 40 * MINUTE),
            (1, AVAILABLE, MIDNIGHT + 40 * MINUTE, None),
        ]
        cut = past.ask(questions.status_spans, "S1", MIDNIGHT + 25 * MINUTE, MIDNIGHT + 45 * MINUTE)
        assert [(s.start_ms - MIDNIGHT, (s.end_ms or 0) - MIDNIGHT) for s in cut if s.evse == 1] == [
            (25 * MINUTE, 40 * MINUTE), (40 * MINUTE, 45 * MINUTE),
        ]  # fmt: skip
        assert past.ask(lambda c: list(questions.all_status_spans(c))) == list(spans)


def test_links_show_our_own_absence_and_a_back_dated_point_overrules(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.ran((MIDNIGHT, MIDNIGHT + 5 * HOUR), (MIDNIGHT + 6 * HOUR, MIDNIGHT + 9 * HOUR))
        past.link("S1", MIDNIGHT + HOUR, LinkState.ONLINE)
        past.link("S1", MIDNIGHT + 2 * HOUR + 5 * MINUTE, LinkState.DOUBTFUL)
        past.link("S1", MIDNIGHT + 2 * HOUR, LinkState.OFFLINE, "silence")
        past.link("S1", MIDNIGHT + 3 * HOUR, LinkState.ONLINE)
        past.link("S1", MIDNIGHT + 7 * HOUR, LinkState.DOUBTFUL)
        spans = past.ask(questions.link_spans, "S1")
        assert [(s.word, s.start_ms - MIDNIGHT, s.end_ms and s.end_ms - MIDNIGHT) for s in spans] == [
            ("online", HOUR, 2 * HOUR),
            ("offline", 2 * HOUR, 3 * HOUR),
            ("online", 3 * HOUR, 5 * HOUR),
            ("blind", 5 * HOUR, 6 * HOUR),
            ("online", 6 * HOUR, 7 * HOUR),
            ("doubtful", 7 * HOUR, None),
        ]
        exported = past.ask(lambda c: list(questions.all_link_spans(c)))
        assert [s.word for s in exported] == ["online", "offline", "online", "blind", "online"]
        inside = past.ask(questions.link_spans, "S1", MIDNIGHT + 2 * HOUR + MINUTE, MIDNIGHT + 3 * HOUR)
        assert [(s.word, s.reason) for s in inside] == [("offline", "silence")]


def test_a_stop_of_the_computer_is_blind_time_and_a_short_one_is_not(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        number = past.writer.call(lambda group: runs.begin(group, MIDNIGHT, "0.1.0"))
        for at in (30, 119, 240):
            past.writer.call(lambda group, at=at: runs.alive(group, number, MIDNIGHT + at * 1000))
        past.add(LinkRecord("S1", MIDNIGHT, LinkState.ONLINE))  # type: ignore[arg-type]
        spans = past.ask(questions.link_spans, "S1")
        assert [(s.word, (s.start_ms - MIDNIGHT) // 1000) for s in spans] == [
            ("online", 0), ("blind", 119), ("online", 240),
        ]  # fmt: skip
        past.writer.call(lambda group: runs.begin(group, MIDNIGHT + 300_000, "0.1.0"))
        spans = past.ask(questions.link_spans, "S1")
        assert [s.reason for s in spans if s.word == "blind"] == [runs.STOOD_STILL, runs.NOT_RUNNING]


def test_the_kept_log_parts_a_call_and_its_answer(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.message("S1", MIDNIGHT, '[2,"1","Heartbeat",{}]', '[3,"1",{"currentTime":"x"}]', "Heartbeat")
        past.message("S1", MIDNIGHT + 1, "rubbish", '[4,"-1","FormationViolation","",{}]')
        past.message("S2", MIDNIGHT + 2, '[6,"2","NotifyPeriodicEventStream",{}]')
        page = past.ask(questions.messages_page, MessageFilter())
        assert [(m.station, m.direction, m.kind) for m in page.lines] == [
            ("S2", "in", "send"), ("S1", "out", "error"), ("S1", "in", "note"),
            ("S1", "out", "result"), ("S1", "in", "call"),
        ]  # fmt: skip
        assert page.before is None
        out = past.ask(questions.messages_page, MessageFilter(station="S1", directions=("out",)))
        assert [m.kind for m in out.lines] == ["error", "result"]
        assert len(past.ask(questions.messages_page, MessageFilter(text="CURRENTtime")).lines) == 2
        first = past.ask(questions.messages_page, MessageFilter(), None, 1)
        assert first.before is not None
        assert past.ask(questions.messages_page, MessageFilter(), first.before, 1).lines[0].station == "S1"


def test_the_station_page_gets_its_whole_past_in_one_answer(tmp_path: Path) -> None:
    with a_past(tmp_path) as past:
        past.station("S1")
        past.session(1, "S1", MIDNIGHT, MIDNIGHT + HOUR, 800)
        history = past.ask(questions.station_history, "S1", MIDNIGHT + DAY, "UTC")
        assert len(history.strip.days) == len(history.energy) == 90
        assert history.energy[-2].energy_wh == 800
        assert [line.session.session for line in history.sessions] == [1]
        counts = past.ask(questions.counts)
        assert (counts.stations, counts.sessions, counts.open_sessions) == (1, 1, 0)
