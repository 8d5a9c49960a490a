"""From committed records to alarms: rules find, delays and life cycle follow, causes are put together.

Everything happens in the time of the records. Timers fire at their own times, in order, before the
next record is heard, so the same records give the same faults whether watched or replayed.
"""

import logging
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from app.domain.fact import changed
from app.domain.records import EntryRecord, FaultRecord, Record, StationRecord
from app.domain.status import Admission
from app.faults.alarm import FLEETING_MS, Alarm, Key, finding_of, key_of, placed_at
from app.faults.catalogue import Catalogue
from app.faults.grouping import Groups
from app.faults.lifecycle import State, Trigger
from app.faults.rows import SERVER, STATION, Rows
from app.faults.rule import Finding, Rule
from app.faults.scene import LiveScene
from app.faults.timers import Timers

log = logging.getLogger("forecourt.faults")

REPEAT_MS = 900_000
"""What comes back within 15 min is the same fault."""
CHATTER_QUIET_MS = 600_000
"""A chattering alarm is over once it was quiet for so long."""
STALE_MS = 86_400_000
REMEMBER_MS = 86_400_000
"""A fault that is over can be noted and opened so long without the store."""
EVIDENCE_MS = 60_000
"""New evidence of a standing fault is kept at most so often."""
GRACE_MS = 300_000
"""After blind time, so long for stations to come back."""
BACK_MS = 300_000
"""A clock set back by more than this is a jump, and running spans keep their length."""
_RAISED = {"P3": "P2", "P2": "P1"}


class Engine:
    """Hears committed records and keeps the faults that follow from them.

    Args:
        rules: what is looked for.
        catalogue: how alarms are treated.
        next_fault: the number of the next fault.
    """

    def __init__(self, rules: Sequence[Rule], catalogue: Catalogue, next_fault: int = 1) -> None:
        self.catalogue = catalogue
        self.timers = Timers()
        self.scene = LiveScene(self)
        self.rows = Rows(next_fault)
        self.alarms: dict[Key, Alarm] = {}
        self.groups = Groups(self)
        self.failed: dict[str, int] = {}
        """How often each rule failed, which is a fault of Forecourt's own."""
        self._rules = {rule.name: rule for rule in rules}
        self._hearing: dict[type, list[Rule]] = {}
        for rule in rules:
            for kind in rule.hears:
                self._hearing.setdefault(kind, []).append(rule)
        self._order = 0
        self._at: dict[str, dict[Key, Alarm]] = {}
        self._quiet: dict[Key, Finding] | None = None

    # -- what happens --------------------------------------------------------------------------

    def hear(self, record: Record | Any, at_ms: int) -> None:
        """A record was committed; `at_ms` is when what it tells reached us."""
        scene = self.scene
        if at_ms > scene.now:
            if at_ms >= self.timers.next_ms:
                self.tick(at_ms)
            scene.now = at_ms
        kind = type(record)
        scene.apply(record)
        if kind is StationRecord or kind is EntryRecord:
            self._registered(record)
        for rule in self._hearing.get(kind, ()):
            self._run(rule, record)

    def tick(self, now_ms: int) -> None:
        """Let time pass: what is due fires at its own time, in order."""
        timers, scene = self.timers, self.scene
        if now_ms < scene.now - BACK_MS:
            self.jumped(now_ms - scene.now)
        while timers.next_ms <= now_ms:
            due = timers.pop(now_ms)
            if due is None:
                break
            scene.now = max(scene.now, due[0])
            self._fire(due[1])
        scene.now = max(scene.now, now_ms)

    def jumped(self, delta_ms: int) -> None:
        """The clock was set by so much: spans that run keep their length."""
        self.timers.shift(delta_ms)
        self.scene.now += delta_ms

    def blind(self, start_ms: int, end_ms: int) -> None:
        """Nobody was looking in [start, end): nothing that began there is believed at once."""
        self.scene.blind(start_ms, end_ms)

    # -- wishes of rules -----------------------------------------------------------------------

    def wake(self, rule: str, key: Hashable, at_ms: int) -> None:
        """Note that a rule wants to be woken."""
        self.timers.set(("rule", rule, key), at_ms)

    def sleep(self, rule: str, key: Hashable) -> None:
        """Take that back."""
        self.timers.drop(("rule", rule, key))

    def _fire(self, due: Any) -> None:
        what, *rest = due
        match what:
            case "rule":
                rule = self._rules.get(rest[0])
                if rule is not None:
                    self._wake(rule, rest[1])
            case "on":
                self._announce(self.alarms[rest[0]])
            case "off":
                self._clear(self.alarms[rest[0]])
            case "shelf":
                self._unshelve(rest[0])
            case "stale":
                self._stale(rest[0])
            case "act":
                self._escalate(rest[0])
            case "forget":
                self._forget(rest[0])
            case _:
                self.groups.fire(what, *rest)

    def _run(self, rule: Rule, record: Record) -> None:
        try:
            for finding in rule.hear(record, self.scene):
                self.found(finding)
        except Exception:
            self._broken(rule)

    def _wake(self, rule: Rule, key: Hashable) -> None:
        try:
            for finding in rule.wake(key, self.scene):
                self.found(finding)
        except Exception:
            self._broken(rule)

    def _broken(self, rule: Rule) -> None:
        # One rule that fails must not stop the intake or blind the others.
        self.failed[rule.name] = self.failed.get(rule.name, 0) + 1
        log.exception("the rule %s failed", rule.name)

    # -- findings ------------------------------------------------------------------------------

    def found(self, finding: Finding) -> None:
        """A rule says that a condition began, changed or ended."""
        key = Key(finding.rule, finding.code, placed_at(finding.subject), finding.mark)
        if self._quiet is not None:
            self._quiet[key] = finding
            return
        alarm = self.alarms.get(key)
        if finding.held:
            if self.scene.normal(finding.rule, finding.subject):
                return
            if finding.subject.station and not finding.subject.site:
                site = self.scene.site_of(finding.subject.station)  # type: ignore[arg-type]
                finding = changed(finding, subject=finding.subject._replace(site=site))
            self._holds(alarm or self._made(key, finding), finding)
        elif alarm is not None and alarm.held:
            self._ends(alarm, finding.at_ms)

    def _made(self, key: Key, finding: Finding) -> Alarm:
        self._order += 1
        kind = self.catalogue.of(key.rule, key.code)
        alarm = self.alarms[key] = Alarm(key, kind, finding, self._order)
        self._at.setdefault(alarm.station, {})[key] = alarm
        return alarm

    def at(self, station: str) -> Iterable[Alarm]:
        """The newest alarms of a station, also those that wait for their delay."""
        return self._at.get(station, {}).values()

    def _holds(self, alarm: Alarm, finding: Finding) -> None:
        now, before = self.scene.now, alarm.finding
        if alarm.held:
            alarm.finding = changed(finding, at_ms=before.at_ms)
            said = (before.title, before.raw) != (finding.title, finding.raw)
            due = now - alarm.saved_ms >= EVIDENCE_MS and before.evidence != finding.evidence
            if alarm.row is not None and alarm.row.closed_ms is None and (said or due):
                self.rows.save(alarm, now, title=finding.title or alarm.kind.title, raw=finding.raw)
            return
        alarm.held, alarm.finding = True, finding
        alarm.begins(finding.at_ms)
        self.timers.drop(("off", alarm.key))
        if alarm.active:
            return
        alarm.since_ms = finding.at_ms
        due_ms = finding.at_ms + alarm.kind.on_delay_s * 1000
        if alarm.kind.group == "connectivity":
            due_ms = max(due_ms, self.scene.blind_until_ms + GRACE_MS)
        elif alarm.chatters(now):
            due_ms = now
        if due_ms <= now:
            self._announce(alarm)
        else:
            self.timers.set(("on", alarm.key), due_ms)

    def _ends(self, alarm: Alarm, at_ms: int) -> None:
        now = self.scene.now
        alarm.held, alarm.ended_ms = False, at_ms
        self.timers.drop(("on", alarm.key))
        if not alarm.active:
            return
        quiet_ms = alarm.kind.off_delay_s * 1000
        if alarm.chatters(now):
            quiet_ms = max(quiet_ms, CHATTER_QUIET_MS)
        if at_ms + quiet_ms <= now:
            self._clear(alarm)
        else:
            self.timers.set(("off", alarm.key), at_ms + quiet_ms)

    def cause(self, finding: Finding) -> Alarm:
        """Announce a cause that stands for several alarms, at once; the alarm."""
        key = Key(finding.rule, finding.code, placed_at(finding.subject), finding.mark)
        alarm = self.alarms.get(key) or self._made(key, finding)
        self._holds(alarm, finding)
        return self.alarms[key]

    def over(self, alarm: Alarm) -> None:
        """Such a cause ended."""
        if alarm.held:
            self._ends(alarm, self.scene.now)

    # -- announced and over --------------------------------------------------------------------

    def _announce(self, alarm: Alarm) -> None:
        now, rows = self.scene.now, self.rows
        alarm = self._occurrence(alarm)
        alarm.active = True
        row = alarm.row
        assert row is not None
        again = alarm.placed
        alarm.placed = True
        told: dict[str, Any] = {"cleared_ms": None, "latched": alarm.kind.latched}
        if again:
            told["alarms"] = row.alarms + 1
        text = "came back" if again else ""
        state = State(row.state)
        if state in (State.NORM, State.RTNUN):
            reason = self.groups.reason(alarm)
            if reason is not None:
                self.groups.suppress(alarm, reason, **told)
            else:
                rows.move(alarm, Trigger.ANNOUNCE, now, SERVER, row.rule, text, **told)
                self.groups.announced(alarm)
        else:
            rows.save(alarm, now, **told)
            rows.tell(alarm, now, SERVER, row.rule, "came back")
        self.watch(alarm)

    def _occurrence(self, alarm: Alarm) -> Alarm:
        """The alarm with an occurrence to announce: the one it has, unless that is over for good."""
        now, row = self.scene.now, alarm.row
        if row is not None and (row.closed_ms is None or now - row.closed_ms <= REPEAT_MS):
            self.timers.drop(("forget", row.fault))
            return alarm
        if row is not None:
            fresh = self._made(alarm.key, alarm.finding)
            fresh.held, fresh.since_ms, fresh.starts = True, alarm.since_ms, alarm.starts
            alarm = fresh
        self.rows.open(alarm, now)
        self.groups.know(alarm)
        said = alarm.finding.raw
        actor = (STATION, alarm.station) if said and alarm.station else (SERVER, alarm.key.rule)
        self.rows.tell(alarm, alarm.since_ms, *actor, "began", said or alarm.finding.title)
        return alarm

    def watch(self, alarm: Alarm) -> None:
        """Set the timers of a standing occurrence."""
        row = alarm.row
        assert row is not None
        if alarm.active and not alarm.stale:
            self.timers.set(("stale", row.fault), row.opened_ms + STALE_MS)
        if row.state == State.UNACK and not alarm.escalated:
            self.timers.set(("act", row.fault), row.opened_ms + alarm.kind.act_within_ms)
        if row.state == State.SHLVD and row.until_ms is not None:
            self.timers.set(("shelf", row.fault), row.until_ms)
        if row.closed_ms is not None:
            self.timers.set(("forget", row.fault), row.closed_ms + REMEMBER_MS)

    def _clear(self, alarm: Alarm) -> None:
        now, row = self.scene.now, alarm.row
        assert row is not None
        alarm.active = False
        if alarm.ended_ms - row.opened_ms < FLEETING_MS and row.acknowledged_ms is None:
            alarm.fleeting += 1
        self.settle(alarm, now, SERVER, row.rule, cleared_ms=alarm.ended_ms)
        self.groups.cleared(alarm)

    def settle(self, alarm: Alarm, now: int, kind: str, actor: str, text: str = "", **fields: Any) -> None:
        """Move an alarm whose condition ended, as far as its state and its latch allow."""
        row = alarm.row
        assert row is not None
        if not alarm.stands and row.state in (State.UNACK, State.ACKED):
            self.rows.move(alarm, Trigger.CLEAR, now, kind, actor, text, **fields)
        else:
            self.rows.save(alarm, now, **fields)
            self.rows.tell(alarm, now, kind, actor, "ended", text or ("latched" if alarm.stands else ""))
        self.closed(alarm)

    def closed(self, alarm: Alarm) -> None:
        """Note that an occurrence is over, if it is."""
        row = alarm.row
        if row is not None and row.closed_ms is not None:
            for what in ("stale", "act", "shelf"):
                self.timers.drop((what, row.fault))
            self.watch(alarm)

    # -- timers of occurrences -----------------------------------------------------------------

    def _standing(self, fault: int) -> tuple[Alarm, FaultRecord] | None:
        alarm = self.rows.by_fault.get(fault)
        row = alarm.row if alarm is not None else None
        return None if alarm is None or row is None or row.fault != fault else (alarm, row)

    def _unshelve(self, fault: int) -> None:
        found = self._standing(fault)
        if found is not None and found[1].state == State.SHLVD:
            self.rows.move(found[0], Trigger.UNSHELVE, self.scene.now, SERVER, "time over")
            self.closed(found[0])
            self.watch(found[0])

    def _stale(self, fault: int) -> None:
        found = self._standing(fault)
        if found is not None and found[0].active:
            alarm, _ = found
            alarm.stale = True
            self.rows.save(alarm, self.scene.now)
            self.rows.tell(alarm, self.scene.now, SERVER, "watch", "stale", "It has stood for a day.")

    def _escalate(self, fault: int) -> None:
        found = self._standing(fault)
        if found is None or found[1].state != State.UNACK or found[1].assigned:
            return
        alarm, row = found
        alarm.escalated = True
        priority = _RAISED.get(row.priority, row.priority)
        minutes = alarm.kind.act_within_min
        text = f"Nobody acted within {minutes} min" + (
            "" if priority == row.priority else f", now {priority}"
        )
        self.rows.save(alarm, self.scene.now, priority=priority)
        self.rows.tell(alarm, self.scene.now, SERVER, "watch", "escalated", text)

    def _forget(self, fault: int) -> None:
        found = self._standing(fault)
        if found is None or found[1].closed_ms is None:
            return
        alarm = found[0]
        self.rows.forget(fault)
        self.groups.forget(alarm)
        if self.alarms.get(alarm.key) is alarm and not alarm.held:
            del self.alarms[alarm.key]
            self._at[alarm.station].pop(alarm.key, None)

    # -- what persons registered or wrote ------------------------------------------------------

    def _registered(self, record: Any) -> None:
        if type(record) is StationRecord:
            if record.admission is not Admission.ACCEPTED:
                for alarm in self.groups.at_station(record.station):
                    self.dismiss(alarm, SERVER, "registry", "The station is no longer part of the network.")
        elif record.kind == "normal":
            for alarm in list(self.alarms.values()):
                if alarm.held and self.scene.normal(alarm.key.rule, alarm.finding.subject):
                    self.dismiss(alarm, SERVER, "normal", f"Marked as normal here by {record.by}.")
        elif record.kind == "planned-work":
            self.groups.works_changed()

    def dismiss(self, alarm: Alarm, kind: str, actor: str, text: str) -> None:
        """End an occurrence because it is none (any more), whatever its state."""
        now, row = self.scene.now, alarm.row
        alarm.held = alarm.active = False
        self.timers.drop(("on", alarm.key))
        self.timers.drop(("off", alarm.key))
        if row is None or row.closed_ms is not None:
            return
        if row.state == State.OOSRV:
            self.rows.move(alarm, Trigger.BACK_IN_SERVICE, now, kind, actor, text, latched=False)
        cleared = row.cleared_ms if row.cleared_ms is not None else now
        if alarm.row is not None and alarm.row.closed_ms is None:
            self.rows.move(alarm, Trigger.CLOSE, now, kind, actor, text, latched=False, cleared_ms=cleared)
        self.closed(alarm)
        self.groups.cleared(alarm)

    # -- a start -------------------------------------------------------------------------------

    def prime(
        self,
        kept: Iterable[tuple[FaultRecord, int]],
        recent: Iterable[tuple[Record, int]],
        now_ms: int,
        blind_from_ms: int | None = None,
    ) -> None:
        """Take up what the store knows, so that a restart neither loses nor doubles a fault.

        Args:
            kept: faults that are open or ended within a day, with their last line's number.
            recent: the recent past in order, with when it was heard; rules hear it again, quietly.
            now_ms: the start.
            blind_from_ms: since when nobody looked.
        """
        for row, seq in kept:
            key = key_of(row)
            other = self.alarms.get(key)
            alarm = self._made(key, finding_of(row))
            alarm.recall(row, seq)
            alarm.placed = True
            if other is not None and other.row is not None and other.row.fault > row.fault:
                self.alarms[key] = self._at[alarm.station][key] = other
            self.rows.by_fault[row.fault] = alarm
            self.groups.know(alarm)
        self._quiet = {}
        for record, at_ms in recent:
            self.hear(record, at_ms)
        self.tick(now_ms)
        if blind_from_ms is not None:
            self.blind(blind_from_ms, now_ms)
        quiet, self._quiet = self._quiet, None
        for alarm in list(self.rows.by_fault.values()):
            self.watch(alarm)
            self._resume(alarm, quiet)
        for key, finding in quiet.items():
            last = self.alarms[key].row if key in self.alarms else None
            over = last is not None and last.closed_ms is not None and last.closed_ms >= finding.at_ms
            if not (finding.held and over):
                self.found(finding)
        self.groups.take_up()

    def _resume(self, alarm: Alarm, quiet: dict[Key, Finding]) -> None:
        """Tell a rule of a condition that began before what it heard again."""
        rule: Any = self._rules.get(alarm.key.rule)
        if alarm.held and alarm.key not in quiet and hasattr(rule, "resume"):
            rule.resume(alarm.finding, self.scene)
