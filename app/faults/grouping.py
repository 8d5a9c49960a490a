"""One cause, one row: which alarms lie under which, and what suppresses them by design.

A safety alarm is never suppressed. Everything else can be: by announced work, by a fault of
Forecourt's own, by the site's supply or router, by its station, by the first fault of its EVSE, by a
firmware version, by a person, and, of the lowest priority only, by a flood.
"""

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.domain.ids import StationId
from app.faults import timeouts
from app.faults.alarm import GROUP, Alarm, Key, Reason
from app.faults.catalogue import CLASSES
from app.faults.lifecycle import State, Trigger
from app.faults.rows import SERVER
from app.faults.rule import Finding, Subject

if TYPE_CHECKING:
    from app.faults.engine import Engine

FIRST_OUT_MS = 5_000
TOGETHER_MS = 180_000
"""Stations of a site that fail within so long of each other fail together."""
BEFORE_MS = 60_000
"""What a cause explains may have been noticed so long before it."""
MAKE_STATIONS = 3
NEW_FIRMWARE_MS = 14 * 86_400_000
FLOOD_MS = 600_000
FLOOD_BEGINS = 10
FLOOD_ENDS = 5

SITE_TOGETHER = "SiteTogether"
"""The code under which the rule of the same name tells of a site that is lost as a whole."""
SITE_POWER = "SitePower"
FIRMWARE = "Firmware"
FLOOD = "AlarmFlood"


class Groups:
    """Puts alarms under their causes.

    Args:
        engine: whose alarms they are.
    """

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._stations: dict[str, dict[int, Alarm]] = {}
        self._sites: dict[str, dict[int, Alarm]] = {}
        self._children: dict[int, dict[int, None]] = {}
        self._announced: deque[int] = deque()
        self._flood: Alarm | None = None

    # -- who is there --------------------------------------------------------------------------

    def know(self, alarm: Alarm) -> None:
        """Hold an occurrence."""
        row = alarm.row
        assert row is not None
        self._stations.setdefault(row.station, {})[row.fault] = alarm
        if row.site:
            self._sites.setdefault(row.site, {})[row.fault] = alarm
        if row.parent is not None:
            self._children.setdefault(row.parent, {})[row.fault] = None

    def forget(self, alarm: Alarm) -> None:
        """Hold it no longer."""
        row = alarm.row
        assert row is not None
        self._stations.get(row.station, {}).pop(row.fault, None)
        self._sites.get(row.site, {}).pop(row.fault, None)
        self._children.pop(row.fault, None)
        if row.parent is not None:
            self._children.get(row.parent, {}).pop(row.fault, None)

    def at_station(self, station: str) -> list[Alarm]:
        """The occurrences of a station, held or over lately, oldest first."""
        return list(self._stations.get(station, {}).values())

    def children(self, fault: int) -> list[Alarm]:
        """What lies under a fault, oldest first."""
        found = self._engine.rows.by_fault
        numbers = sorted(self._children.get(fault, ()))
        return [a for n in numbers if (a := found.get(n)) is not None and a.row and a.row.parent == fault]

    # -- suppression ---------------------------------------------------------------------------

    def suppress(self, alarm: Alarm, reason: Reason, **fields: Any) -> None:
        """Put an alarm under its cause."""
        row = alarm.row
        assert row is not None
        parent = reason.parent.row.fault if reason.parent is not None and reason.parent.row else None
        alarm.suppressed = {"rule": reason.rule, "text": reason.text}
        detail = {"rule": reason.rule, "parent": parent}
        now = self._engine.scene.now
        if row.state == State.DSUPR:
            self._engine.rows.save(alarm, now, parent=parent, **fields)
            self._engine.rows.tell(alarm, now, SERVER, reason.rule, "regrouped", reason.text, detail=detail)
        else:
            self._engine.rows.move(
                alarm,
                Trigger.SUPPRESS,
                now,
                SERVER,
                reason.rule,
                reason.text,
                detail,
                parent=parent,
                **fields,
            )
        if parent is not None:
            self._children.setdefault(parent, {})[row.fault] = None
            self._engine.rows.changed.add(parent)

    def release(self, alarm: Alarm) -> None:
        """The cause above an alarm is gone: it finds another, stands for itself, or is over."""
        row = alarm.row
        if row is None or row.state != State.DSUPR:
            return
        engine, now = self._engine, self._engine.scene.now
        alarm.by_hand = False
        engine.read_again(alarm)
        reason = self.reason(alarm) if alarm.stands else None
        if reason is not None:
            self.suppress(alarm, reason)
            return
        was = row.parent
        engine.rows.move(
            alarm, Trigger.RELEASE, now, SERVER, "grouping", "What it was suppressed by is over."
        )
        if was is not None:
            self._children.get(was, {}).pop(row.fault, None)
            engine.rows.changed.add(was)
        engine.closed(alarm)
        if alarm.stands:
            self.announced(alarm)
            timeouts.watch(engine, alarm)

    # -- causes --------------------------------------------------------------------------------

    def reason(self, alarm: Alarm) -> Reason | None:
        """Why an alarm is not announced for itself; None where it is."""
        if alarm.kind.safety:
            return None
        work = self._engine.scene.planned_work(alarm.finding.subject)
        if work:
            return Reason("planned-work", f"Announced work: {work}")
        if alarm.apart:
            return None
        found = self._own(alarm) or self._site(alarm) or self._station(alarm)
        found = found or self._first_out(alarm) or self._make(alarm)
        if found is not None and self._under(found.parent, alarm):
            found = None
        return found or self._flooded(alarm)

    def _own(self, alarm: Alarm) -> Reason | None:
        if alarm.kind.group != "connectivity":
            return None
        for other in self._active(self._stations.get("", {})):
            if other.kind.group == "own" and other.kind.covers:
                return Reason("own", f"Forecourt itself: {_title(other)}", other)
        return None

    def _site(self, alarm: Alarm) -> Reason | None:
        site, group = alarm.finding.subject.site, alarm.kind.group
        if not site or not alarm.station or group not in ("connectivity", "power"):
            return None
        power = self._power_cause(site, alarm)
        if power is not None and alarm.since_ms >= power.since_ms - BEFORE_MS:
            return Reason("site-power", f"The supply of {site} failed", power)
        whole = self._engine.alarms.get(Key("site_together", SITE_TOGETHER, Subject(site=site), ""))
        if group == "connectivity" and whole is not None and whole.active:
            return Reason("site-offline", f"{site} as a whole cannot be reached", whole)
        return None

    def _power_cause(self, site: str, alarm: Alarm) -> Alarm | None:
        """The standing failure of a site's supply, begun here if two of its stations told it together."""
        standing = self._cause(Subject(site=site), SITE_POWER)
        if standing is not None:
            return standing
        held = self._held_at(site, "power")
        if alarm.kind.group == "power":
            held.setdefault(alarm.station, alarm)
        newest = max((a.since_ms for a in held.values()), default=0)
        recent = {name: a for name, a in held.items() if a.since_ms >= newest - TOGETHER_MS}
        if len(recent) < 2:
            return None
        began = min(a.since_ms for a in recent.values())
        finding = Finding(
            GROUP, SITE_POWER, Subject(site=site), began, True, f"Supply failed at {len(recent)} stations",
            evidence={"stations": sorted(recent), "within_s": TOGETHER_MS // 1000},
        )  # fmt: skip
        cause = self._engine.cause(finding)
        self._gather(cause, recent.values())
        self._recheck(self._at_site(site), cause)
        return cause

    def _at_site(self, site: str) -> list[Alarm]:
        return list(self._sites.get(site, {}).values())

    def _held_at(self, site: str, group: str) -> dict[str, Alarm]:
        """Of each station of a site its alarm of a group, where the condition holds, announced or not."""
        found: dict[str, Alarm] = {}
        for record in self._engine.scene.stations_of(site):
            for alarm in self._engine.at_station.get(record.station, {}).values():
                if alarm.kind.group == group and alarm.held and not alarm.apart:
                    found.setdefault(record.station, alarm)
        return found

    def _station(self, alarm: Alarm) -> Reason | None:
        if not alarm.station:
            return None
        for other in self._active(self._stations.get(alarm.station, {})):
            if other is alarm or other.key.subject.evse or other.since_ms - FIRST_OUT_MS > alarm.since_ms:
                continue
            if other.kind.covers and alarm.key.subject.evse:
                return Reason("station", f"Its station: {_title(other)}", other)
            if other.kind.group == "power" and alarm.kind.group == "connectivity":
                return Reason("station", f"Its supply: {_title(other)}", other)
        return None

    def _first_out(self, alarm: Alarm) -> Reason | None:
        """Within one EVSE and 5 s the earliest is the cause; ties by class, then by arrival."""
        near = self._near(alarm)
        first = min([alarm, *near], key=_precedence)
        if first is alarm:
            return None
        return Reason("first-out", f"Followed on {_title(first)} within 5 s", first)

    def _near(self, alarm: Alarm) -> list[Alarm]:
        evse = alarm.key.subject.evse
        if not evse:
            return []
        return [
            other
            for other in self._active(self._stations.get(alarm.station, {}))
            if other is not alarm
            and other.key.subject.evse == evse
            and abs(other.since_ms - alarm.since_ms) <= FIRST_OUT_MS
            and not other.apart
            and (other.row is None or other.row.state != State.DSUPR)
        ]

    def _make(self, alarm: Alarm) -> Reason | None:
        """A firmware version that shows the same fault on several stations soon after it came."""
        engine, scene = self._engine, self._engine.scene
        record = scene.station(StationId(alarm.station))
        if record is None or not record.firmware or alarm.kind.group in ("connectivity", "power", "own"):
            return None
        make = (record.vendor, record.model, record.firmware)
        if not self._made_so(alarm, make):
            return None
        mark = " ".join(filter(None, (*make, alarm.key.code)))
        standing = self._cause(Subject(), FIRMWARE, mark)
        if standing is None:
            same = {a.station: a for a in self._same_code(alarm.key.code) if self._made_so(a, make)}
            same.setdefault(alarm.station, alarm)
            if len(same) < MAKE_STATIONS:
                return None
            title = f"{_title(alarm)} on {len(same)} stations with firmware {record.firmware}"
            finding = Finding(
                GROUP, FIRMWARE, Subject(), min(a.since_ms for a in same.values()), True, title, mark=mark,
                evidence={
                    "vendor": record.vendor, "model": record.model, "firmware": record.firmware,
                    "code": alarm.key.code, "stations": sorted(same),
                },
            )  # fmt: skip
            standing = engine.cause(finding)
            self._gather(standing, same.values())
        return Reason("firmware", f"Firmware {record.firmware} of {record.vendor} {record.model}", standing)

    def _same_code(self, code: str) -> Iterable[Alarm]:
        return [a for a in self._engine.alarms.values() if a.active and a.key.code == code and not a.apart]

    def _made_so(self, alarm: Alarm, make: tuple[str, str, str]) -> bool:
        scene = self._engine.scene
        record = scene.station(StationId(alarm.station))
        if record is None or (record.vendor, record.model, record.firmware) != make or alarm.apart:
            return False
        since = scene.firmware_since.get(record.station)
        return since is not None and since <= alarm.since_ms <= since + NEW_FIRMWARE_MS

    # -- what follows --------------------------------------------------------------------------

    def announced(self, alarm: Alarm) -> None:
        """An alarm stands for itself: what follows from it lies under it, and it counts for a flood."""
        if alarm.kind.covers or alarm.kind.group == "power":
            self._recheck(self.at_station(alarm.station), alarm)
        if alarm.kind.group == "own" and alarm.kind.covers:
            self._recheck([a for a in self._engine.alarms.values() if a.kind.group == "connectivity"], alarm)
        if alarm.key.code == SITE_TOGETHER:
            self._recheck(self._at_site(alarm.finding.subject.site), alarm)
        for other in self._near(alarm):
            if not other.kind.safety and _precedence(alarm) < _precedence(other):
                self.suppress(other, Reason("first-out", f"Followed on {_title(alarm)} within 5 s", alarm))
        if alarm.key.rule != GROUP:
            self._count(alarm)

    def _recheck(self, alarms: Iterable[Alarm], cause: Alarm) -> None:
        for alarm in alarms:
            if alarm is cause or not _shown(alarm):
                continue
            reason = self.reason(alarm)
            if reason is not None and reason.parent is cause:
                self.suppress(alarm, reason)

    def _gather(self, cause: Alarm, members: Iterable[Alarm]) -> None:
        for member in members:
            if _shown(member) and not member.kind.safety and not self._under(cause, member):
                self.suppress(member, Reason(_RULE_OF[cause.key.code], f"One cause: {_title(cause)}", cause))

    def cleared(self, alarm: Alarm) -> None:
        """An alarm's condition ended: what lay under it is judged anew, and so is what it lay under."""
        row = alarm.row
        if row is not None and not alarm.stands:
            for child in self.children(row.fault):
                self.release(child)
        parent = self._engine.rows.by_fault.get(row.parent) if row is not None and row.parent else None
        if parent is not None and parent.key.rule == GROUP and parent.held:
            self._weigh(parent)

    def _weigh(self, cause: Alarm) -> None:
        """A cause stands while half of what it explained still holds."""
        if cause.row is None or cause.key.code == FLOOD:
            return
        under = self.children(cause.row.fault)
        holding = sum(child.held or child.active for child in under)
        if holding < max(1, (len(under) + 1) // 2):
            self._engine.over(cause)

    def take_up(self) -> None:
        """After a start: causes whose members ended meanwhile end too; announced work is seen to."""
        for alarm in list(self._engine.rows.by_fault.values()):
            if alarm.key.rule == GROUP and alarm.held:
                if alarm.key.code == FLOOD:
                    self._flood = alarm
                    self._engine.timers.set(("flood",), self._engine.scene.now + FLOOD_MS)
                else:
                    self._weigh(alarm)
        self.works_changed()

    # -- announced work, floods ----------------------------------------------------------------

    def works_changed(self) -> None:
        """Works were announced or taken back, or one begins or ends."""
        engine = self._engine
        for alarm in list(engine.rows.by_fault.values()):
            row = alarm.row
            if row is None or row.closed_ms is not None or alarm.kind.safety:
                continue
            work = engine.scene.planned_work(alarm.finding.subject)
            if alarm.suppressed.get("rule") == "planned-work":
                if not work:
                    self.release(alarm)
            elif work and _shown(alarm):
                self.suppress(alarm, Reason("planned-work", f"Announced work: {work}"))
        edge = min(engine.scene.work_edges(), default=None)
        if edge is not None:
            engine.timers.set(("work",), edge)

    def fire(self, what: str) -> None:
        """A timer of this module is due."""
        if what == "work":
            self.works_changed()
        elif what == "flood":
            self._flood_over()

    def _count(self, alarm: Alarm) -> None:
        now, times = self._engine.scene.now, self._announced
        times.append(now)
        while times[0] <= now - FLOOD_MS:
            times.popleft()
        if self._flood is None and len(times) > FLOOD_BEGINS:
            finding = Finding(
                GROUP, FLOOD, Subject(), times[0], True, "More alarms than a person can take in",
                evidence={"alarms": len(times), "within_min": FLOOD_MS // 60_000},
            )  # fmt: skip
            self._flood = self._engine.cause(finding)
            self._engine.timers.set(("flood",), now + FLOOD_MS)

    def _flooded(self, alarm: Alarm) -> Reason | None:
        if self._flood is None or alarm.kind.priority != "P3" or alarm.key.rule == GROUP:
            return None
        self._announced.append(self._engine.scene.now)
        return Reason("flood", "Many alarms at once; this one can wait", self._flood)

    def _flood_over(self) -> None:
        now, times = self._engine.scene.now, self._announced
        while times and times[0] <= now - FLOOD_MS:
            times.popleft()
        if len(times) >= FLOOD_ENDS:
            self._engine.timers.set(("flood",), now + FLOOD_MS)
            return
        flood, self._flood = self._flood, None
        if flood is not None:
            self._engine.over(flood)

    # -- small questions -----------------------------------------------------------------------

    def _cause(self, subject: Subject, code: str, mark: str = "") -> Alarm | None:
        found = self._engine.alarms.get(Key(GROUP, code, subject, mark))
        return found if found is not None and found.active else None

    def _active(self, found: dict[int, Alarm]) -> list[Alarm]:
        return [a for a in found.values() if a.active and a.row is not None and a.row.closed_ms is None]

    def _under(self, one: Alarm | None, other: Alarm) -> bool:
        """Whether `one` lies, in the end, under `other`: then `other` cannot lie under it."""
        seen = 0
        while one is not None and seen < 20:
            if one is other:
                return True
            parent = one.row.parent if one.row is not None else None
            one = self._engine.rows.by_fault.get(parent) if parent is not None else None
            seen += 1
        return False


_RULE_OF = {SITE_POWER: "site-power", FIRMWARE: "firmware"}


def _precedence(alarm: Alarm) -> tuple[int, int, int]:
    return alarm.since_ms, CLASSES[alarm.kind.kind], alarm.order


def _shown(alarm: Alarm) -> bool:
    row = alarm.row
    return row is not None and row.state in (State.UNACK, State.ACKED, State.RTNUN)


def _title(alarm: Alarm) -> str:
    title = alarm.row.title if alarm.row is not None else alarm.finding.title or alarm.kind.title
    return title[:1].lower() + title[1:] if title[:2].istitle() else title
