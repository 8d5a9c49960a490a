"""Runs commissionings: watches the station, lets the desk act, keeps every step as it ends."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from app.clock import Clock
from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.intents import Asked, SaveEntry
from app.domain.operations import (
    CommandState,
    Operation,
    Reset,
    StartSession,
    StopSession,
    Trigger,
    Wish,
)
from app.domain.records import CommandRecord, ReadingRecord, Record, SessionRecord
from app.domain.status import Admission
from app.onboarding.commissioning import (
    ENDED,
    advance,
    after_restart,
    could_not,
    done_for,
    go,
    retry,
    skip,
)
from app.onboarding.judging import Seen, cut_ms
from app.onboarding.steps import KINDS, Run, RunState, body_of, run_of
from app.operations.configuration.plan import wish
from app.tasks import spawn

log = logging.getLogger("forecourt.onboarding")

WHY = "commissioning"
CONFIGURATION = [kind.key for kind in KINDS].index("configuration")
"""The step that asks for a template; those before it may pass in the same moment."""
KEPT = 50
"""Commissionings kept in memory; all of them stay in the store."""


class Room(Protocol):
    """What commissionings need of the control room."""

    clock: Clock
    configuration: Any
    desk: Any
    fleet: Any
    turns: Any
    front: Any
    server: Any
    entries: Any

    async def do(self, asked: Asked) -> None:
        """Carry out an intent."""


class Commissions:
    """All commissionings of this room. For the core's loop.

    Args:
        room: the control room; its desk and configuration are used once a step needs them.
    """

    hears: tuple[type, ...] = (SessionRecord, CommandRecord, ReadingRecord)

    def __init__(self, room: Room) -> None:
        self.room = room
        self._runs: dict[str, Run] = {}
        self._sessions: dict[str, SessionRecord] = {}
        self._commands: dict[int, CommandRecord] = {}
        self._late: dict[str, int] = {}
        self._kept: dict[str, Run] = {}
        self._busy: set[str] = set()
        now = room.clock.now_ms()
        for body in room.entries.all("commissioning").values():
            run = run_of(body)
            if run is not None:
                self._kept[run.key] = run
                self._runs[run.key] = after_restart(run, now)
        for key in sorted(self._runs, key=lambda k: self._runs[k].started_ms)[:-KEPT]:
            del self._runs[key]

    # -- what people ask for -------------------------------------------------------------------

    def all(self) -> tuple[Run, ...]:
        """The commissionings, newest first."""
        return tuple(sorted(self._runs.values(), key=lambda run: -run.started_ms))

    async def start(self, station: str, by: str, evse: int = 1) -> str:
        """Begin a commissioning; its key.

        Raises:
            ForecourtError: the station is not registered, or one runs already.
        """
        book = self.room.turns.books.get(StationId(station))
        if book is None or book.record is None or book.record.admission is not Admission.ACCEPTED:
            raise ForecourtError(f"{station} is not let in yet; accept it first.")
        if any(run.station == station and run.state not in ENDED for run in self._runs.values()):
            raise ForecourtError(f"{station} is being commissioned already.")
        run = Run(station, self.room.clock.now_ms(), by, evse)
        self._runs[run.key] = run
        self._look(run.key)
        await self._keep(run.key)
        return run.key

    async def retry(self, key: str) -> None:
        """Try the step it stopped at again. Raises ForecourtError where there is none."""
        await self._change(key, retry)

    async def skip(self, key: str, why: str, by: str) -> None:
        """Leave the step it stands at, with the reason. Raises ForecourtError without one."""
        now = self.room.clock.now_ms()
        await self._change(key, lambda run: skip(run, why, by, now))

    async def go(self, key: str) -> None:
        """Start the test charge before anything is plugged in. Raises ForecourtError at another step."""
        await self._change(key, go)

    async def pause(self, key: str, paused: bool = True) -> None:
        """Hold it, or let it go on. Raises ForecourtError where it has ended."""

        def change(run: Run) -> Run:
            if run.state not in (RunState.RUNNING, RunState.PAUSED):
                raise ForecourtError("It does not run, so it cannot be held.")
            return replace(run, state=RunState.PAUSED if paused else RunState.RUNNING)

        await self._change(key, change)

    async def give_up(self, key: str) -> None:
        """End it as it stands; its protocol says so. Raises ForecourtError where it has ended."""
        now = self.room.clock.now_ms()

        def change(run: Run) -> Run:
            if run.state in ENDED:
                raise ForecourtError("It has ended already.")
            return replace(run, state=RunState.GIVEN_UP, ended_ms=now)

        await self._change(key, change)

    # -- what the core tells -------------------------------------------------------------------

    def hear(self, record: Record, at_ms: int) -> None:
        """A record was committed."""
        if not self._runs:
            return
        runs = [r for r in self._runs.values() if r.station == record.station and r.state not in ENDED]  # type: ignore[union-attr]
        for run in runs:
            if isinstance(record, SessionRecord):
                if record.evse in (None, run.evse) and record.received_start_ms >= run.started_ms:
                    before = self._sessions.get(run.key)
                    if before is None or record.session >= before.session:
                        self._sessions[run.key] = record
                    self._count_late(run, record.ended_ms, record.received_end_ms)
            elif isinstance(record, CommandRecord):
                if any(step.command == record.command for step in run.steps):
                    self._commands[record.command] = record
            elif isinstance(record, ReadingRecord) and record.session is not None:
                self._count_late(run, record.reading.at_ms, record.received_ms)

    def tick(self, now_ms: int) -> None:
        """A second has passed: every commissioning under way is judged again."""
        for key, run in list(self._runs.items()):
            if run.state is RunState.RUNNING and key not in self._busy:
                self._look(key)

    # -- inside --------------------------------------------------------------------------------

    def _count_late(self, run: Run, at_ms: int | None, received_ms: int | None) -> None:
        if run.cut_from_ms is None or run.cut_to_ms is None or at_ms is None or received_ms is None:
            return
        if run.cut_from_ms < at_ms < run.cut_to_ms <= received_ms:
            self._late[run.key] = self._late.get(run.key, 0) + 1

    def _look(self, key: str) -> None:
        run, now = self._runs[key], self.room.clock.now_ms()
        after, act = advance(run, self._seen(run), now)
        self._runs[key] = after
        step = after.current
        if act and step is not None:
            self._busy.add(key)
            spawn(self._do(key, step.key, act), name=f"commissioning {after.station} {act}")
        elif _marks(after) != _marks(self._kept.get(key)):
            spawn(self._keep(key), name=f"keep commissioning {after.station}")

    def _seen(self, run: Run) -> Seen:
        book = self.room.turns.books.get(StationId(run.station))
        step = run.current
        command = self._commands.get(step.command) if step is not None and step.command is not None else None
        view = self.room.fleet.station(StationId(run.station))
        record = book.record if book is not None else None
        template = ""
        if view is not None and run.place <= CONFIGURATION:
            followed = self.room.configuration.followed(view)
            template = followed.name if followed is not None else ""
        late = self._late.get(run.key, 0)
        gap = book.watch.candidate_ms if book is not None and book.watch.agreed else None
        return Seen(view, record, command, self._sessions.get(run.key), late, template, gap)

    async def _do(self, key: str, step: str, act: str) -> None:
        try:
            await self._keep(key)
            command = await _ACTS[act](self, self._runs[key])
            if command is not None:
                self._runs[key] = done_for(self._runs[key], step, command)
                self._commands[command] = await self.room.desk.answered(command)
        except ForecourtError as error:
            self._runs[key] = could_not(self._runs[key], step, str(error), self.room.clock.now_ms())
        except Exception:
            log.exception("commissioning %s: %s failed", key, act)
            why = "Something in Forecourt failed; the log has the details."
            self._runs[key] = could_not(self._runs[key], step, why, self.room.clock.now_ms())
        finally:
            self._busy.discard(key)
        self._look(key)

    async def _ask(self, run: Run, operation: Operation) -> int:
        """Have the desk do it. What it would cut was agreed to with the commissioning itself."""
        asked = Wish(run.station, operation, run.by, WHY)
        found = self.room.desk.consequences(asked)
        blocked = next((one.text for one in found if one.blocks), "")
        if blocked:
            raise ForecourtError(blocked)
        number: int = await self.room.desk.ask(replace(asked, agreed=tuple(one.key for one in found)))
        return number

    async def _start(self, run: Run) -> int:
        return await self._ask(run, StartSession(run.evse, run.token))

    async def _stop(self, run: Run) -> int:
        session = self._sessions.get(run.key)
        if session is None:
            raise ForecourtError("There is no test session to stop.")
        return await self._ask(run, StopSession(str(session.transaction), int(session.session)))

    async def _template(self, run: Run) -> int:
        """Read what the template names, then write what differs; the number of what proves it."""
        view = self.room.fleet.station(StationId(run.station))
        template = self.room.configuration.followed(view) if view is not None else None
        if view is None or template is None:
            raise ForecourtError("No template fits it any more.")
        read = self.room.configuration.reading(template.name, view)
        if read is None:
            raise ForecourtError(f"“{template.name}” names nothing that OCPP {view.version} knows.")
        number = await self._ask(run, read)
        told = await self.room.desk.ended(number)
        if told.outcome not in (CommandState.DONE, CommandState.PROVED):
            return number
        made = await self.room.configuration.plans(template.name, (), (run.station,))
        return await self._ask(run, wish(made[0], run.by).operation) if made else number

    async def _cut(self, run: Run) -> None:
        link = self.room.server.links.get(StationId(run.station))
        if link is None:
            raise ForecourtError("It has no link that could be cut.")
        view = self.room.fleet.station(StationId(run.station))
        plug = next((p for p in view.connectors if p.evse == run.evse), None) if view is not None else None
        now, for_ms = self.room.clock.now_ms(), cut_ms(plug)
        self._late.pop(run.key, None)
        self._runs[run.key] = replace(self._runs[run.key], cut_from_ms=now, cut_to_ms=now + for_ms)
        self.room.front.cut(link, for_ms)

    async def _change(self, key: str, change: Callable[[Run], Run]) -> None:
        run = self._runs.get(key)
        if run is None:
            raise ForecourtError("There is no such commissioning.")
        self._runs[key] = change(run)
        if key not in self._busy:
            self._look(key)
        await self._keep(key)

    async def _keep(self, key: str) -> None:
        """Write it down where it has changed since."""
        run = self._runs[key]
        if self._kept.get(key) == run:
            return
        self._kept[key] = run
        await self.room.do(Asked(SaveEntry("commissioning", key, body_of(run)), run.by, WHY))


def _marks(run: Run | None) -> object:
    """What is worth keeping at once: not the words of a wait."""
    return None if run is None else (run.state, tuple((s.stand, s.acts, s.command) for s in run.steps))


def _trigger(message: str) -> Callable[[Commissions, Run], Any]:
    async def ask(runs: Commissions, run: Run) -> int:
        return await runs._ask(run, Trigger(message))

    return ask


_ACTS: Mapping[str, Callable[[Commissions, Run], Any]] = {
    "boot": _trigger("BootNotification"),
    "heartbeat": _trigger("Heartbeat"),
    "status": _trigger("StatusNotification"),
    "template": Commissions._template,
    "start": Commissions._start,
    "cut": Commissions._cut,
    "stop": Commissions._stop,
    "reset": lambda runs, run: runs._ask(run, Reset()),
}
