"""The money of open faults, from records to minor units."""

import json
from zoneinfo import ZoneInfo

import pytest

from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.records import ConnectorPlan, EntryRecord, FaultRecord
from app.faults.limits import Limits
from app.faults.money import Pricer
from app.faults.rules import all_rules
from tests.app.faults.rules.stage import DAY, HOUR, MINUTE, START, Stage


class Till(Stage):
    """A stage whose faults are made by hand and priced."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.pricer = Pricer(ZoneInfo("UTC"), limits)
        super().__init__(self.pricer)
        self.rows: dict[int, FaultRecord] = {}

    def fault(self, number: int, rule: str = "silence", **facts) -> FaultRecord:
        row = FaultRecord(
            number, rule, "X", "", StationId(facts.pop("station", "A")), facts.pop("site", "Depot"),
            onset_ms=facts.pop("onset_ms", self.now_ms), opened_ms=self.now_ms, **facts,
        )  # fmt: skip
        self.rows[number] = row
        return row

    def money(self):
        return self.pricer(self.rows, self.now_ms)

    def entry(self, kind: str, name: str, **body) -> None:
        self.tell(EntryRecord(kind, name, 1, self.now_ms, "me", "", json.dumps(body)))

    def weeks(self, count: int = 3, connectors: int = 2, name: str = "A") -> None:
        """Every connector charges every second hour of the day, half an hour, 12 kWh."""
        for connector in range(1, connectors + 1):
            self.status_is("Available", evse=connector, name=name)
        for _ in range(count * 7):
            for _ in range(8):
                for connector in range(1, connectors + 1):
                    self.visit(30, 12_000, name=name, evse=connector, token=f"T{self.now_ms}")
                self.pass_time(2 * HOUR - connectors * 30 * MINUTE)
            self.pass_time(8 * HOUR)


@pytest.fixture
def till() -> Till:
    stage = Till()
    stage.add(connectors=2)
    stage.link_is("online")
    stage.entry("organisation", "own", currency="EUR")
    stage.weeks()
    return stage


def test_a_rule_of_the_engine(till):
    """It listens as rules do, and finds nothing itself."""
    assert till.pricer.name == "money"
    assert not till.findings
    assert till.pricer in all_rules(pricer=till.pricer)


def test_an_outage_loses_and_a_second_one_loses_more(till):
    """The pool is priced as a whole: mending one of two saves more than one alone lost."""
    till.fault(1, evse=1, connector=1)
    till.pass_time(20 * MINUTE)
    alone = till.money()[1]
    assert alone.currency == "EUR"
    assert alone.losing > 0
    assert alone.saves == alone.losing
    till.fault(2, evse=2, connector=1)
    both = till.money()
    assert both[1].losing + both[2].losing == till.pricer.losing()
    assert both[1].saves > alone.saves
    assert till.pricer.losing() > 2 * alone.losing


def test_the_clock_runs_on_and_its_shares_add_up(till):
    """Whether it is asked each minute or once."""
    till.fault(1, evse=1, connector=1)
    till.pass_time(20 * MINUTE)
    till.money()
    till.fault(2, evse=2, connector=1)
    for _ in range(90):
        till.pass_time(MINUTE)
        found = till.money()
    assert found[1].lost + found[2].lost == sum(till.pricer.pool_losses().values())
    once = Pricer(ZoneInfo("UTC"))
    once.demand, once.pools, once.prices = till.pricer.demand, till.pricer.pools, till.pricer.prices
    once._reach = till.pricer._reach
    assert once(till.rows, till.now_ms)[1].lost == pytest.approx(found[1].lost, abs=1)
    assert found[1].lost > found[2].lost


def test_the_workings_hold_the_numbers(till):
    """λ, what it stands on, the load, Erlang-B, the price, the usual repair."""
    till.fault(1, evse=1, connector=1)
    money = till.money()[1]
    (pool,) = money.workings["pools"]
    assert pool["connectors"] == 2
    assert pool["stay_h"] == pytest.approx(0.5)
    assert pool["kwh_per_session"] == pytest.approx(12)
    assert pool["per_kwh"] == "0.49"
    assert pool["per_kwh_is"] == "price"
    assert pool["offered_load"] == pytest.approx(pool["starts_per_hour"] * 0.5, rel=0.01)
    assert 0 < pool["turned_away_healthy"] < pool["turned_away_now"] < 1
    assert money.basis in ("measured", "thin")
    assert money.expected > money.losing
    assert money.workings["usual_repair_of"] == 0


def test_the_margin_counts_once_the_energy_cost_is_known(till):
    """And a price that was written down beats the import's; tax is taken out."""
    till.fault(1, evse=1, connector=1)
    before = till.money()[1].losing
    till.entry("energy-cost", "e", site="Depot", per_kwh="0.245", from_ms=START)
    assert till.money()[1].losing == pytest.approx(before / 2, abs=1)
    till.entry("price", "p", site="Depot", per_kwh="0.595", from_ms=START, tax_percent="19", currency="EUR")
    (pool,) = till.money()[1].workings["pools"]
    assert (pool["per_kwh"], pool["per_kwh_is"], pool["per_kwh_from"]) == ("0.255", "margin", "entry")


def test_the_operator_says_from_when_a_price_counts_as_measured(tmp_path):
    """As few starts as one hour of the week has had are thin, unless the operator thinks otherwise."""
    (tmp_path / "mine.toml").write_text("[demand]\nmeasured_from = 1\nthin_from = 0.5\n", "utf-8")
    found = []
    for limits in (Limits(), Limits(tmp_path)):
        stage = Till(limits)
        stage.add(connectors=2)
        stage.link_is("online")
        stage.weeks(2)
        stage.fault(1, evse=1, connector=1)
        found.append(stage.money()[1].basis)
    assert found == ["thin", "measured"]


def test_without_a_price_there_is_no_money_but_an_order():
    """What mending saves is told in kWh."""
    stage = Till()
    stage.add(plan=(ConnectorPlan(1, 1, "CCS", 50_000),))
    stage.link_is("online")
    stage.weeks(2, 1)
    stage.fault(1, evse=1, connector=1)
    money = stage.money()[1]
    assert (money.lost, money.losing, money.saves, money.expected) == (None, None, None, None)
    assert money.workings["saves_kwh_per_hour"] > 0
    assert "not known yet" in money.workings["no_price"]


def test_two_faults_of_one_connector_share_and_neither_alone_mends_it(till):
    """The floor still ranks them."""
    till.fault(1, evse=1, connector=1)
    alone = till.money()[1].losing
    till.fault(2, rule="stuck_state", evse=1, connector=1)
    both = till.money()
    assert both[1].losing + both[2].losing == alone
    assert both[1].saves == both[2].saves == 10
    assert both[1].workings["at_least_by_floor"]


def test_what_takes_nothing_out_of_use_costs_nothing(till):
    """A wrong clock loses no driver."""
    till.fault(1, rule="clock_drift")
    money = till.money()[1]
    assert (money.lost, money.losing, money.saves) == (0, 0, 0)


def test_a_status_decides_for_what_it_tells(till):
    """A warning beside a usable status takes nothing; Faulted takes all; then the lost stays lost."""
    till.fault(1, rule="connector_fault", evse=1, connector=1)
    assert till.money()[1].losing == 0
    till.status_is("Faulted", "OtherError", evse=1)
    till.pass_time(MINUTE)
    assert till.money()[1].losing > 0
    till.pass_time(HOUR)
    lost = till.money()[1].lost
    till.status_is("Available", evse=1)
    till.pass_time(HOUR)
    assert till.money()[1].losing == 0
    assert lost > 0
    assert till.money()[1].lost == pytest.approx(lost, abs=1)


def test_a_whole_station_takes_all_its_connectors_and_the_site_answers_for_its_children(till):
    """One cause, one price."""
    till.fault(1, rule="offline")
    whole = till.money()[1]
    assert whole.workings["pools"][0]["down"] == 2
    assert "range" in whole.workings
    till.fault(9, rule="site_together", station="")
    till.rows[1] = changed(till.rows[1], parent=9)
    found = till.money()
    assert found[9].losing == whole.losing
    assert found[1].workings["counted_with"] == 9
    assert found[1].losing is None


def test_closed_hours_cost_nothing(till):
    """A site that opens at 22 o'clock."""
    hours = {day: ["22:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    till.entry("site", "Depot", hours=hours)
    till.fault(1, evse=1, connector=1)
    till.pass_time(2 * HOUR)
    money = till.money()[1]
    assert (money.lost, money.losing) == (0, 0)


def test_a_cut_session_and_who_was_hit(till):
    """[D3]'s formula with what sessions usually take here; a card in vain counts too."""
    session = till.start(evse=1, token="CUT")
    till.status_is("Charging", evse=1)
    till.pass_time(10 * MINUTE)
    till.status_is("Faulted", "OtherError", evse=1)
    till.fault(1, rule="connector_fault", evse=1, connector=1)
    till.stop(session, 2_000, stop_reason="PowerLoss")
    till.pass_time(MINUTE)
    till.notice("token", "Accepted", {"token": "VAIN"})
    till.pass_time(5 * MINUTE)
    money = till.money()[1]
    (cut,) = money.workings["cut_sessions"]
    assert cut["lost"] == round((cut["expected_kwh"] - 2.0) * 49 * 0.75)
    assert money.lost >= cut["lost"]
    assert money.workings["drivers_hit"] == 2
    assert till.pricer.hit(1) == 2


def test_a_cut_session_is_lost_once(till):
    """Two faults of one connector began with it; one that takes nothing out of use has no part in it."""
    session = till.start(evse=1, token="CUT")
    till.pass_time(10 * MINUTE)
    till.fault(1, rule="clock_drift")
    till.fault(2, evse=1, connector=1)
    till.fault(3, rule="stuck_state", evse=1, connector=1)
    till.stop(session, 2_000, stop_reason="PowerLoss")
    till.pass_time(MINUTE)
    found = till.money()
    assert ["cut_sessions" in found[n].workings for n in (1, 2, 3)] == [False, True, False]


def test_a_closed_fault_is_settled_and_teaches_the_usual_repair(till):
    """The clock freezes at its end; later faults of its kind are expected to last as long."""
    till.status_is("Faulted", "OtherError", evse=1)
    for number in range(1, 7):
        till.fault(number, rule="connector_fault", evse=1, connector=1)
        till.pass_time(2 * HOUR)
        lost = till.money()[number].lost
        row = changed(till.rows.pop(number), cleared_ms=till.now_ms, closed_ms=till.now_ms + DAY)
        settled = till.pricer.settle(row)
        assert settled.lost_minor == pytest.approx(lost, abs=1)
        assert settled.currency == "EUR"
        till.pass_time(HOUR)
    till.fault(9, rule="connector_fault", evse=1, connector=1)
    assert till.money()[9].workings["usual_repair_h"] == 2
    till.pass_time(4 * HOUR)
    late = till.money()[9]
    assert late.overdue
    assert late.expected is None


def test_a_cleared_fault_loses_no_more_while_it_waits_for_a_person(till):
    """Returned, unacknowledged: the condition is over."""
    till.fault(1, evse=1, connector=1)
    till.pass_time(HOUR)
    lost = till.money()[1].lost
    till.rows[1] = changed(till.rows[1], cleared_ms=till.now_ms)
    till.pass_time(HOUR)
    money = till.money()[1]
    assert (money.lost, money.losing) == (pytest.approx(lost, abs=1), 0)


@pytest.mark.parametrize("watched", [True, False])
def test_what_came_back_lost_nothing_in_between(till, watched):
    """The same fault within a quarter of an hour, whether it is priced meanwhile or by nobody."""
    row = till.fault(1, evse=1, connector=1)
    till.pass_time(20 * MINUTE)
    before = till.money()[1].lost
    till.rows.clear()
    till.pricer.settle(changed(row, cleared_ms=till.now_ms, closed_ms=till.now_ms))
    for _ in range(10):
        till.pass_time(MINUTE)
        if watched:
            till.money()
    till.rows[1] = row
    assert till.money()[1].lost == pytest.approx(before, abs=1)
    till.pass_time(20 * MINUTE)
    assert till.money()[1].lost == pytest.approx(2 * before, abs=2)


def test_what_is_settled_late_leaves_the_others_their_loss(till):
    """One was over long before a person closed it; another began in between, all within one hour."""
    row = till.fault(1, evse=1, connector=1)
    till.fault(3, rule="stuck_state", evse=1, connector=1)
    till.pass_time(10 * MINUTE)
    till.rows[1] = changed(row, cleared_ms=till.now_ms)
    till.pass_time(10 * MINUTE)
    till.fault(2, evse=2, connector=1)
    till.pass_time(10 * MINUTE)
    till.money()
    till.pricer.settle(changed(till.rows.pop(1), closed_ms=till.now_ms))
    before = till.money()[2].lost
    till.pass_time(10 * MINUTE)
    assert before > 0
    assert till.money()[2].lost == pytest.approx(2 * before, abs=1)


def test_a_fault_nobody_priced_while_it_stood_is_settled_all_the_same(till):
    """As in a replay: what the connector said meanwhile was heard."""
    till.status_is("Faulted", "OtherError", evse=1)
    row = till.fault(1, rule="connector_fault", evse=1, connector=1)
    till.pricer.opened(row, till.now_ms)
    till.pass_time(2 * HOUR)
    till.status_is("Available", evse=1)
    over = till.now_ms
    till.pass_time(3 * HOUR)
    settled = till.pricer.settle(changed(row, cleared_ms=over, closed_ms=till.now_ms))
    assert settled.lost_minor > 0


def test_pricing_fifty_connectors_again_is_little_work():
    """Ten outages of days in a pool of fifty: counted in operations, not in time on the wall."""
    stage = Till()
    stage.add(connectors=50)
    stage.link_is("online")
    stage.weeks(1, 2)
    for n in range(1, 51):
        stage.status_is("Available", evse=n)
    for n in range(1, 11):
        stage.fault(n, evse=n, connector=1, onset_ms=stage.now_ms - n * DAY)
    stage.money()
    state = stage.pricer._states
    (key,) = state
    before = stage.pricer._clocks[key]._state
    stage.pass_time(MINUTE)
    stage.fault(99, evse=20, connector=1)
    stage.money()
    after = stage.pricer._clocks[key]._state
    assert before is not None
    assert after is not None
    # Carried on from the minute before, not priced anew from ten days ago.
    assert all(after.lost[n] == pytest.approx(before.lost[n], rel=1e-3) for n in range(1, 11))
    assert set(after.lost) == {*range(1, 11), 99} - ({99} if 99 not in after.lost else set())


def test_what_ends_beside_an_outage_of_months_is_little_work(till, monkeypatch):
    """That it was over is told some minutes later; the months before are not priced anew for that."""
    till.fault(1, evse=1, connector=1, onset_ms=till.now_ms - 90 * DAY)
    till.money()
    priced: list[int] = []
    worth = till.pricer.prices.worth

    def asked(site, places, at_ms):
        priced.append(at_ms)
        return worth(site, places, at_ms)

    monkeypatch.setattr(till.pricer.prices, "worth", asked)
    lost: list[int | None] = []
    for number in range(2, 12):
        row = till.fault(number, evse=2, connector=1)
        for _ in range(20):
            till.pass_time(MINUTE)
            till.money()
        till.rows[number] = row = changed(row, cleared_ms=till.now_ms - 5 * MINUTE)
        till.money()
        priced.clear()
        settled = till.pricer.settle(changed(till.rows.pop(number), closed_ms=till.now_ms))
        lost.append(settled.lost_minor)
        # A week is looked ahead, hour by hour; ninety days back would be 2,160.
        assert len(priced) < 250
        till.pass_time(MINUTE)
    # In the hours in which nobody comes a quarter of an hour rounds to nothing.
    assert None not in lost
    assert sum(one > 0 for one in lost if one is not None) >= 5
