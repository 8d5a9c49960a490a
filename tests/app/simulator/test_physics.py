"""What no simulated meter or battery may ever do."""

import random
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.simulator.demand import PROFILES, Arrivals, hour_of_week
from app.simulator.drivers import plan_visit
from app.simulator.life import Life
from app.simulator.network import Plug, load_network
from app.simulator.speech import Message, Tx
from app.simulator.vehicles import AC_EFFICIENCY, DC_EFFICIENCY, VEHICLES, Charge

NOW = 1_770_000_000_000
steps = st.lists(
    st.tuples(
        st.floats(0, 7200),
        st.one_of(st.none(), st.floats(0, 400_000)),
        st.floats(-20, 48),
    ),
    max_size=20,
)


@settings(max_examples=150, deadline=None)
@given(
    vehicle=st.sampled_from(VEHICLES),
    kind=st.sampled_from(["Type 2", "CCS", "CHAdeMO"]),
    power=st.sampled_from([11_000, 22_000, 50_000, 150_000, 300_000]),
    soc=st.floats(0, 1),
    target=st.floats(0, 1),
    pace=st.sampled_from([1.0, 60.0]),
    steps=steps,
)
def test_a_charge_obeys_battery_plug_limit_and_time(
    vehicle: object, kind: str, power: int, soc: float, target: float, pace: float, steps: list[tuple]
) -> None:
    """Energy <= power x time, power <= plug and limit, SoC within 0..1 and never above the wish."""
    charge = Charge(vehicle, Plug(1, kind, power, "0.5"), soc, max(soc, target), pace)
    efficiency = DC_EFFICIENCY if charge.plug.dc else AC_EFFICIENCY
    for seconds, limit, ambient in steps:
        before = charge.soc
        allowed = power if limit is None else min(power, limit)
        assert 0 <= charge.power_w(limit, ambient) <= allowed
        energy = charge.advance(seconds, limit, ambient)
        assert 0 <= energy <= allowed * seconds / 3600 + 1e-6
        assert before <= charge.soc <= max(soc, target) <= 1
    stored = (charge.soc - soc) * charge.vehicle.battery_wh / pace
    assert abs(charge.delivered_wh * efficiency - stored) < 1e-3 * max(1.0, stored)


@given(
    kind=st.sampled_from(["Type 2", "CCS"]),
    soc=st.floats(0, 0.95),
    wish=st.floats(0.01, 1),
    limit=st.one_of(st.none(), st.floats(3_000, 400_000)),
)
@example(kind="Type 2", soc=0.9499999999999998, wish=0.01171875, limit=None)
def test_the_time_to_the_wish_is_foreseen(kind: str, soc: float, wish: float, limit: float | None) -> None:
    """After that time the battery is where the driver wants it, within a slice."""
    charge = Charge(VEHICLES[3], Plug(1, kind, 150_000, "0.5"), soc, min(1.0, soc + wish))
    left = charge.seconds_left(limit)
    assert left is not None
    charge.advance(left * 0.9 - 180, limit)
    assert left < 200 or not charge.full
    charge.advance(left * 0.2 + 360, limit)
    assert charge.full
    charge.target = 1.0
    assert charge.seconds_left(0) is None or charge.full


class Ear:
    """An uplink that only listens."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, Message]] = []

    def say(self, at_ms: int, message: Message, tx: Tx | None = None) -> None:
        self.heard.append((at_ms, message))

    def drop(self, at_ms: int, cause: str) -> None:
        pass

    def connect(self, at_ms: int) -> bool:
        return True

    def flush(self, at_ms: int) -> None:
        pass


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), place=st.integers(0, 47), pace=st.sampled_from([1.0, 60.0]))
def test_the_register_never_falls_and_never_outruns_the_plugs(seed: int, place: int, pace: float) -> None:
    """Whatever happens at a station, each look at its meters shows at least the last one."""
    plan = load_network().stations[place]
    life = Life(plan, Ear(), random.Random(seed), pace=pace, floor=0.5)
    life.at(NOW, life.begin)
    hour = int(3_600_000 / pace)
    last = [o.register_wh for o in life.outlets]
    for step in range(1, 49):
        now = NOW + step * hour
        life.run(now)
        for place_, outlet in enumerate(life.outlets):
            outlet.flow(now)
            grown = outlet.register_wh - last[place_]
            assert 0 <= grown <= outlet.plug.power_w * hour / 3_600_000 + 1e-6
            last[place_] = outlet.register_wh
            if outlet.stay is not None:
                assert 0 <= outlet.stay.visit.charge.soc <= 1


def test_the_same_seed_lives_the_same_day() -> None:
    """All messages of a day are equal for equal seeds."""

    def day(seed: int) -> list[tuple[int, Message]]:
        ear = Ear()
        life = Life(load_network().stations[0], ear, random.Random(seed))
        life.at(NOW, life.begin)
        life.run(NOW + 86_400_000)
        return ear.heard

    assert day(5) == day(5)
    assert day(5) != day(6)
    assert len(day(5)) > 20


def test_arrivals_follow_the_hours() -> None:
    """Nobody comes to work at night; the floor keeps a demo awake; pace brings more."""
    rng = random.Random(1)
    work = Arrivals(PROFILES["work"], "Europe/Lisbon", dc=False)
    times = [NOW]
    for _ in range(300):
        times.append(work.next_ms(times[-1], rng))
    assert all(a < b for a, b in pairwise(times))
    assert all(5 <= hour_of_week("Europe/Lisbon", t) % 24 <= 19 for t in times[1:])
    quick = Arrivals(PROFILES["work"], "Europe/Lisbon", dc=False, pace=60, floor=0.4)
    assert quick.next_ms(NOW, random.Random(2)) - NOW < 3_600_000


def test_visits_suit_their_plug() -> None:
    """Each visitor fits the plug and wants something."""
    rng = random.Random(3)
    for kind in ("Type 2", "CCS", "CHAdeMO"):
        for _ in range(200):
            visit = plan_visit(Plug(1, kind, 50_000, "0.5"), PROFILES["retail"], "Gent", rng)
            assert kind in visit.charge.vehicle.plugs
            assert visit.charge.target > visit.charge.soc
            assert len(visit.token) <= 20
