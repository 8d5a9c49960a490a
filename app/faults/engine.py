"""From committed records to alarms: rules find, delays and life cycle follow, causes are put together.

Everything happens in the time of the records. Timers fire at their own times, in order, before the
next record is heard, so the same records give the same faults whether watched or replayed.
"""

import logging
from collections.abc import Hashable, Sequence
from typing import Any

from app.domain.fact import changed
from app.domain.records import EntryRecord, Record, SessionRecord, StationRecord
from app.domain.status import Admission
from app.faults import timeouts
from app.faults.alarm import FLEETING_MS, WINDOW_MS, Alarm, Key, placed_at
from app.faults.catalogue import Catalogue
from app.faults.codes import Codes
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
EVIDENCE_MS = 60_000
"""New evidence of a standing fault is kept at most so often."""
GRACE_MS = 300_000
"""After blind time, so long for stations to come back."""
BACK_MS = 300_000
"""A clock set back by more than this is a jump, and running spans keep their length."""


class Engine:
    """Hears committed records and keeps the faults that follow from them.

    Args:
        rules: what is looked for.
        catalogue: how alarms are treated.
        next_fault: the number of the next fault.
        codes: the vocabulary that the rules share, which learns what the operator names.
    """

    def __init__(
        self, rules: Sequence[Rule], catalogue: Catalogue, next_fault: int = 1, codes: Codes | None = None
    ) -> None:
        self.catalogue = catalogue
        self.codes = codes
        self.timers = Timers()
        self.scene = LiveScene(self)
        self.rows = Rows(next_fault)
        self.alarms: dict[Key, Alarm] = {}
        self.groups = Groups(self)
        self.failed: dict[str, int] = {}
        """How often each rule failed, which is a fault of Forecourt's own."""
        self.rules = {rule.name: rule for rule in rules}
        self._hearing: dict[type, list[Rule]] = {}
        self._sampling: list[Rule] = []
        """Those that want a session's row also where its meter alone moved, which most rows are."""
        for rule in rules:
            for kind in rule.hears:
                self._hearing.setdefault(kind, []).append(rule)
            if SessionRecord in rule.hears and getattr(rule, "samples", False):
                self._sampling.append(rule)
        self._order = 0
        self.at_station: dict[str, dict[Key, Alarm]] = {}
        """The newest alarm of each condition by station, also those that wait for their delay."""
        self.quiet: dict[Key, Finding] | None = None
        """While the past is heard again: what it says of each condition in the end."""

    # -- what happens --------------------------------------------------------------------------

    def hear(self, record: Record | Any, at_ms: int) -> None:
        """A record was committed; `at_ms` is when what it tells reached us."""
        scene = self.scene
        if at_ms > scene.now:
            if at_ms >= self.timers.next_ms:
                self.tick(at_ms)
            scene.now = at_ms
        kind = type(record)
        hearing = self._hearing.get(kind, ()) if scene.apply(record) else self._sampling
        if kind is StationRecord or kind is EntryRecord:
            self._registered(record)
        for rule in hearing:
            try:
                told = rule.hear(record, scene)
                if told:
                    for finding in told:
                        self.found(finding)
            except Exception:
                self._broken(rule)

    def tick(self, now_ms: int) -> None:
        """Let time pass: what is due fires at its own time, in order."""
        timers, scene = self.timers, self.scene
        if now_ms < scene.now - BACK_MS:
            self.jumped(now_ms - scene.now, now_ms)
        while timers.next_ms <= now_ms:
            due = timers.pop(now_ms)
            if due is None:
                break
            scene.now = max(scene.now, due[0])
            self._fire(due[1])
        scene.now = max(scene.now, now_ms)

    def jumped(self, delta_ms: int, now_ms: int) -> None:
        """The clock was set by so much and shows `now_ms`: spans that run keep their length."""
        self.timers.shift(delta_ms)
        self.scene.now = now_ms

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
                rule = self.rules.get(rest[0])
                if rule is not None:
                    self._wake(rule, rest[1])
            case "on":
                self._announce(self.alarms[rest[0]])
            case "off":
                self._clear(self.alarms[rest[0]])
            case "past":
                self._let_go(self.alarms[rest[0]])
            case "work" | "flood":
                self.groups.fire(what)
            case _:
                timeouts.fire(self, what, rest[0])

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
        if self.quiet is not None:
            self.quiet[key] = finding
            return
        alarm = self.alarms.get(key)
        if finding.held:
            if self.scene.normal(finding.rule, finding.subject):
                return
            if finding.subject.station and not finding.subject.site:
                site = self.scene.site_of(finding.subject.station)  # type: ignore[arg-type]
                finding = changed(finding, subject=finding.subject._replace(site=site))
            self._holds(alarm or self.made(key, finding), finding)
        elif alarm is not None and alarm.held:
            self._ends(alarm, finding.at_ms)

    def made(self, key: Key, finding: Finding) -> Alarm:
        """A new alarm of a condition, which takes the place of an older one."""
        self._order += 1
        kind = self.catalogue.of(key.rule, key.code)
        alarm = self.alarms[key] = Alarm(key, kind, finding, self._order)
        self.at_station.setdefault(alarm.station, {})[key] = alarm
        return alarm

    def _let_go(self, alarm: Alarm) -> None:
        """Hold an alarm no longer that was over before it was announced."""
        if alarm.row is None and not alarm.held:
            del self.alarms[alarm.key]
            self.at_station[alarm.station].pop(alarm.key, None)

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
        self.timers.drop(("past", alarm.key))
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
            if alarm.row is None:
                # It may still prove restless; after that nothing is left to know of it.
                self.timers.set(("past", alarm.key), now + WINDOW_MS)
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
        alarm = self.alarms.get(key) or self.made(key, finding)
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
        timeouts.watch(self, alarm)

    def _occurrence(self, alarm: Alarm) -> Alarm:
        """The alarm with an occurrence to announce: the one it has, unless that is over for good."""
        now, row = self.scene.now, alarm.row
        if row is not None and (row.closed_ms is None or now - row.closed_ms <= REPEAT_MS):
            self.timers.drop(("forget", row.fault))
            return alarm
        if row is not None:
            fresh = self.made(alarm.key, alarm.finding)
            fresh.held, fresh.since_ms, fresh.starts = True, alarm.since_ms, alarm.starts
            alarm = fresh
        self.rows.open(alarm, now)
        self.groups.know(alarm)
        said = alarm.finding.raw
        actor = (STATION, alarm.station) if said and alarm.station else (SERVER, alarm.key.rule)
        self.rows.tell(alarm, alarm.since_ms, *actor, "began", said or alarm.finding.title)
        return alarm

    def _clear(self, alarm: Alarm) -> None:
        now, row = self.scene.now, alarm.row
        assert row is not None
        alarm.active = False
        if alarm.ended_ms - row.opened_ms < FLEETING_MS and row.acknowledged_ms is None:
            alarm.fleeting += 1
        self.settle(alarm, now, SERVER, row.rule, cleared_ms=alarm.ended_ms)
        timeouts.watch(self, alarm)
        self.groups.cleared(alarm)

    def read_again(self, alarm: Alarm) -> None:
        """What is over but for its off-delay is over at once: its condition is read again."""
        if alarm.active and not alarm.held:
            self.timers.drop(("off", alarm.key))
            self._clear(alarm)

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
            timeouts.end(self, alarm)

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
        elif record.kind == "code-name" and self.codes is not None:
            self.codes.learn(record)

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
