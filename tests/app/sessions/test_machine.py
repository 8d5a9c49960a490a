"""Whatever a station says in whatever order, these hold (ISSUE section 3; field rules D and E)."""

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.events import (
    Booted,
    Event,
    MeterSampled,
    Phase,
    StatusReported,
    Token,
    TransactionReported,
)
from app.domain.ids import StationId, TransactionId
from app.domain.meter import Reading
from app.domain.status import ConnectorStatus
from app.sessions.states import MAY_GROW
from tests.app.sessions.story import MINUTE, STATION, T0, Story

PLUGS = st.sampled_from([1, 2])
DRIVERS = {1: ("ANNA", "BERT"), 2: ("CARL", "DORA")}
"""A driver keeps to one plug: with a foreign id, tag and meter are all that tells two cars apart."""
STATUSES = st.sampled_from(
    [
        ConnectorStatus.AVAILABLE,
        ConnectorStatus.CHARGING,
        ConnectorStatus.SUSPENDED_EV,
        ConnectorStatus.FINISHING,
        ConnectorStatus.FAULTED,
    ]
)


class Station(RuleBasedStateMachine):
    """A station with two plugs, each with a register of its own, that tells what it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.now = T0
        self.register = {1: 10_000, 2: 500_000}
        self.first = dict(self.register)
        self.rise = {1: 0, 2: 0}
        """All that each register ever went up."""
        self.told: list[Event] = []

    def tell(self, event: Event) -> None:
        self.told.append(event)
        self.story.tell(event)

    @rule(minutes=st.integers(1, 30), plug=PLUGS, watts=st.integers(0, 22_000))
    def time_passes_and_energy_flows(self, minutes: int, plug: int, watts: int) -> None:
        self.now += minutes * MINUTE
        wh = watts * minutes // 60
        self.register[plug] += wh
        self.rise[plug] += wh

    @rule(plug=PLUGS, status=STATUSES)
    def status(self, plug: int, status: ConnectorStatus) -> None:
        self.tell(StatusReported(STATION, self.now, self.now, plug, 1, status))

    @rule()
    def boot(self) -> None:
        self.tell(Booted(STATION, self.now, self.now))

    @rule(plug=PLUGS)
    def the_register_begins_anew(self, plug: int) -> None:
        self.register[plug] = 0

    @rule()
    def the_program_restarts(self) -> None:
        self.story.restart()

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def a_duplicate_changes_nothing(self, data: st.DataObject) -> None:
        again = [e for e in self.told if isinstance(e, TransactionReported | MeterSampled)]
        if not again:
            return
        event = data.draw(st.sampled_from(again))
        before = dict(self.story.sessions)
        self.story.tell(event)
        assert self.story.sessions == before

    @invariant()
    def no_plug_has_two_sessions(self) -> None:
        held = [(s.evse, s.connector) for s in self.story.sessions.values() if s.state in MAY_GROW]
        assert len(held) == len(set(held))
        assert {s.session for s in self.story.state.open} == {
            n for n, s in self.story.sessions.items() if s.state in MAY_GROW
        }

    @invariant()
    def energy_is_never_invented(self) -> None:
        for plug in (1, 2):
            mine = [s for s in self.story.sessions.values() if s.evse == plug]
            known = [s.energy_wh for s in mine if s.energy_wh is not None]
            assert all(0 <= energy <= self.rise[plug] for energy in known)
            # What waits for a person is not billed, and may tell of the same energy.
            assert sum(s.energy_wh or 0 for s in mine if s.state.value != "review") <= self.rise[plug]

    @invariant()
    def ends_do_not_come_before_starts(self) -> None:
        for s in self.story.sessions.values():
            assert s.ended_ms is None or s.ended_ms >= s.started_ms
            assert (s.state in MAY_GROW) == (s.ended_ms is None)

    def teardown(self) -> None:
        fresh = Story()
        for event in self.story.events:
            fresh.tell(event)
        assert fresh.sessions == self.story.sessions
        assert fresh.records == self.story.records


class Station16(Station):
    """It speaks OCPP 1.6."""

    def __init__(self) -> None:
        super().__init__()
        self.running: dict[int, tuple[str, str]] = {}
        self.unsaid: list[TransactionReported] = []
        """Stops that the station has in its queue."""

    @rule(plug=PLUGS, driver=st.integers(0, 1))
    def start(self, plug: int, driver: int) -> None:
        tag = DRIVERS[plug][driver]
        if plug in self.running:
            self.unsaid.append(self.stop_of(plug, ""))
            self.now += 1000
        event = TransactionReported(
            STATION, self.now, self.now, Phase.STARTED, None, evse=plug, connector=1,
            token=Token(tag), meter_wh=self.register[plug], said_ms=self.now,
        )  # fmt: skip
        self.tell(event)
        answer = self.story.decisions[-1].transaction
        assert answer is not None
        self.running[plug] = (answer, tag)
        # One plug does not start twice at one instant.
        self.now += 1000

    @precondition(lambda self: self.running)
    @rule(data=st.data(), foreign=st.sampled_from(["", "", "", "-1", "0", "77"]))
    def stop(self, data: st.DataObject, foreign: str) -> None:
        plug = data.draw(st.sampled_from(sorted(self.running)))
        self.tell(self.stop_of(plug, foreign))

    def stop_of(self, plug: int, foreign: str) -> TransactionReported:
        transaction, tag = self.running.pop(plug)
        return TransactionReported(
            STATION, self.now, self.now, Phase.ENDED, TransactionId(foreign or transaction),
            token=Token(tag), meter_wh=self.register[plug], said_ms=self.now, reason="Local",
        )  # fmt: skip

    @precondition(lambda self: self.unsaid)
    @rule()
    def a_stop_arrives_late(self) -> None:
        self.tell(replace(self.unsaid.pop(0), received_ms=self.now, live=False))

    @rule(
        plug=PLUGS,
        spelled=st.sampled_from(["right", "right", "none", "0", "-1", "99"]),
        glitch=st.sampled_from([None, None, None, "low", "high"]),
    )
    def sample(self, plug: int, spelled: str, glitch: str | None) -> None:
        right = self.running.get(plug, ("", ""))[0]
        transaction = {"right": right, "none": ""}.get(spelled, spelled)
        wh = {"low": 0, "high": 2_000_000_000}.get(glitch or "", self.register[plug])
        self.tell(
            MeterSampled(
                STATION, self.now, self.now, plug, 1,
                TransactionId(transaction) if transaction else None,
                (Reading(self.now, energy_wh=wh),),
            )
        )  # fmt: skip
        # No two readings of one instant, so that a repeat is a repeat.
        self.now += 1000

    @precondition(lambda self: self.running)
    @rule(plug=PLUGS)
    def the_car_leaves_unsaid(self, plug: int) -> None:
        if plug in self.running:
            self.unsaid.append(self.stop_of(plug, ""))


class Station2x(Station):
    """It speaks OCPP 2.x, and some of its events are late."""

    def __init__(self) -> None:
        super().__init__()
        self.running: dict[int, tuple[str, int]] = {}
        self.count = 0
        self.late: list[TransactionReported] = []

    @initialize()
    def places(self) -> None:
        self.story.station = StationId(STATION)

    def say(self, event: TransactionReported, late: bool) -> None:
        if late:
            self.late.append(event)
        else:
            self.tell(event)
        self.now += 1000

    def event(
        self, phase: Phase, plug: int, transaction: str, seq: int, metered: bool
    ) -> TransactionReported:
        readings = (Reading(self.now, energy_wh=self.register[plug]),) if metered else ()
        return TransactionReported(
            STATION, self.now, self.now, phase, TransactionId(transaction), evse=plug, connector=1,
            said_ms=self.now, seq_no=seq, readings=readings, charging_state="Charging",
        )  # fmt: skip

    @rule(plug=PLUGS, late=st.booleans(), metered=st.booleans())
    def start(self, plug: int, late: bool, metered: bool) -> None:
        self.count += 1
        transaction = f"tx-{self.count}"
        self.running[plug] = (transaction, 1)
        self.say(self.event(Phase.STARTED, plug, transaction, 0, metered), late)

    @precondition(lambda self: self.running)
    @rule(data=st.data(), late=st.booleans(), ends=st.booleans(), metered=st.booleans())
    def go_on(self, data: st.DataObject, late: bool, ends: bool, metered: bool) -> None:
        plug = data.draw(st.sampled_from(sorted(self.running)))
        transaction, seq = self.running[plug]
        self.running[plug] = (transaction, seq + 1)
        if ends:
            del self.running[plug]
        self.say(self.event(Phase.ENDED if ends else Phase.UPDATED, plug, transaction, seq, metered), late)

    @precondition(lambda self: self.late)
    @rule(data=st.data())
    def a_late_event_arrives(self, data: st.DataObject) -> None:
        event = self.late.pop(data.draw(st.integers(0, len(self.late) - 1)))
        self.tell(replace(event, received_ms=self.now, live=False, offline=True))


SETTINGS = settings(
    max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStation16 = Station16.TestCase
TestStation16.settings = SETTINGS
TestStation2x = Station2x.TestCase
TestStation2x.settings = SETTINGS
