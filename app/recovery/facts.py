"""The facts about a fault before a step is taken, read off the live picture and what is configured."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from app.domain.ids import SessionId, StationId
from app.domain.operations import WriteConfiguration
from app.domain.records import FaultRecord
from app.domain.status import ConnectorStatus, LinkState
from app.fleet.views import StationView
from app.operations.configuration.plan import wish as wish_of
from app.recovery.parts import Room
from app.recovery.plan import Place
from app.recovery.playbooks import Step
from app.recovery.situation import PATIENCE_MS, Situation, Tried
from app.recovery.steps import Aim, listed

STUCK_MS = 1_800_000
"""A session that took nothing for so long is stuck."""
_FLOWING = (ConnectorStatus.CHARGING, ConnectorStatus.SUSPENDED_EV, ConnectorStatus.SUSPENDED_EVSE)


class Facts:
    """Reads off what matters; everything is as of now.

    Args:
        room: the control room's parts.
        zone: where quiet hours are.
    """

    def __init__(self, room: Room, zone: tzinfo) -> None:
        self._room = room
        self._zone = zone

    def situation(
        self,
        row: FaultRecord,
        tried: tuple[Tried, ...] = (),
        working: Container[int] = (),
        restarts: Sequence[Tried] = (),
    ) -> Situation:
        """What matters about a fault and its station.

        Args:
            row: the fault.
            tried: the steps that were taken for it.
            working: faults at which recovery is at work.
            restarts: those of its station, for whichever fault they were taken.
        """
        now = self._room.clock.now_ms()
        station = self._station(row)
        local = datetime.fromtimestamp(now / 1000, self._zone)
        charging, plug_free, stuck = self._sessions(station, row.evse, now)
        return Situation(
            now_ms=now,
            safety=row.safety or self._unsafe(row.station),
            state=row.state,
            standing=row.cleared_ms is None and row.closed_ms is None,
            online=station is not None and station.link is LinkState.ONLINE,
            doubtful=station is not None and station.link is LinkState.DOUBTFUL,
            evse=row.evse,
            charging=charging,
            plug_free=plug_free,
            stuck=stuck,
            template=station is not None and self._room.configuration.followed(station) is not None,
            site=row.site,
            busy_in_group=self._busy(row, working),
            tried=tried,
            restarts=tuple(restarts),
            local_minute=local.hour * 60 + local.minute,
            opened_ms=max(row.opened_ms, self._room.faults.since_ms(row.fault)),
            patience_ms=max(PATIENCE_MS, self._room.faults.act_within_ms(row.fault)),
        )

    def place(self, row: FaultRecord) -> Place:
        """What the station is, for what was learnt of such ones."""
        station = self._station(row)
        return Place(row.code, station.vendor if station else "", station.firmware if station else "")

    async def aim(self, row: FaultRecord, step: Step) -> Aim:
        """What a step is aimed at."""
        station = self._station(row)
        aim = Aim(row.evse)
        if station is None:
            return aim
        match step.do:
            case "free-session":
                return replace(aim, transaction=self._transaction(station, row.evse))
            case "send-configuration":
                return replace(aim, settings=await self._settings(station))
            case "set-clock":
                wrong = await self._room.configuration.wrong_clocks()
                mine = next((w for w in wrong if w.station == row.station and w.mends), None)
                return replace(aim, clock=mine.mends[0].operation if mine is not None else None)
            case "send-list":
                tokens = listed(sorted(self._room.entries.all("local-token").items()))
                # Minutes since 1970 rise with every sending and stay below 2^31 (1.6 section 6.41).
                return replace(aim, tokens=tokens, list_version=self._room.clock.now_ms() // 60_000)
        return aim

    def _station(self, row: FaultRecord) -> StationView | None:
        found: StationView | None = self._room.fleet.station(StationId(row.station)) if row.station else None
        return found

    @staticmethod
    def _sessions(station: StationView | None, evse: int | None, now: int) -> tuple[int, bool, bool]:
        """(sessions on the station, whether the faulty plug is free, whether its session is stuck)."""
        charging, plug_free, stuck = 0, True, False
        for plug in station.connectors if station is not None else ():
            if plug.session is None and plug.status not in _FLOWING:
                continue
            charging += 1
            if plug.evse == evse:
                plug_free = False
                quiet = min(now - (plug.session_started_ms or now), now - (plug.since_ms or now))
                stuck = plug.session is not None and not plug.power_w and quiet >= STUCK_MS
        return charging, plug_free, stuck

    def _unsafe(self, station: str) -> bool:
        return bool(station) and any(
            row.safety and row.station == station for row in self._room.faults.open()
        )

    def _busy(self, row: FaultRecord, working: Container[int]) -> str:
        for other in self._room.faults.open():
            if other.fault == row.fault or other.fault not in working:
                continue
            if other.station == row.station or (other.site == row.site and other.code == row.code):
                return str(other.station)
        return ""

    def _transaction(self, station: StationView, evse: int | None) -> str:
        book = self._room.desk.turns.books.get(StationId(station.station))
        for plug in station.connectors:
            if plug.evse == evse and plug.session is not None and book is not None:
                session = book.sessions.by_number(SessionId(plug.session))
                if session is not None:
                    return str(session.transaction)
        return ""

    async def _settings(self, station: StationView) -> WriteConfiguration | None:
        template = self._room.configuration.followed(station)
        if template is None:
            return None
        for one in await self._room.configuration.plans(template.name, (), (station.station,)):
            operation = wish_of(one, "recovery").operation
            if isinstance(operation, WriteConfiguration):
                return operation
        return None
