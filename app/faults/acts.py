"""What persons do to faults: each act checked against the alarm's life, each a line of its history."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.records import EntryRecord, FaultRecord, Record
from app.faults import timeouts
from app.faults.alarm import Alarm, Key, key_of, placed_at
from app.faults.engine import Engine
from app.faults.lifecycle import IllegalMove, State, Trigger, may_undo, move, shelved_until
from app.faults.rows import AUTOMATIC, PERSON
from app.faults.rule import Subject

Fields = Mapping[str, Any]
CONFIRMS = ("remote test", "site check", "driver report")
"""What confirms a silence (reference F.1): a remote test that failed, a look at the site, a driver's word."""


class Act:
    """One act on one fault: the verb's fields, who, why and when."""

    def __init__(self, engine: Engine, alarm: Alarm, fields: Fields, by: str, why: str, at_ms: int) -> None:
        row = alarm.row
        assert row is not None
        self.engine = engine
        self.alarm = alarm
        self.row: FaultRecord = row
        self.fields = fields
        self.by = by
        self.why = why
        self.at_ms = at_ms
        self.also: list[Record] = []
        """What is kept beside the fault."""

    def move(self, trigger: Trigger, text: str = "", **fields: Any) -> None:
        """Move the alarm, by this person."""
        rows = self.engine.rows
        rows.move(self.alarm, trigger, self.at_ms, PERSON, self.by, text or self.why, **fields)
        self.engine.closed(self.alarm)
        timeouts.watch(self.engine, self.alarm)

    def save(self, verb: str, text: str, **fields: Any) -> None:
        """Change what does not move it."""
        self.engine.rows.save(self.alarm, self.at_ms, **fields)
        self.engine.rows.tell(self.alarm, self.at_ms, PERSON, self.by, verb, text)

    def text(self, name: str, what: str, *, needed: bool = True) -> str:
        """A field that is a text.

        Raises:
            ForecourtError: it is needed and empty.
        """
        found = str(self.fields.get(name) or "").strip()
        if needed and not found:
            raise ForecourtError(f"This needs {what}.")
        return found

    def time(self, name: str, what: str) -> int:
        """A field that is a time (ms UTC).

        Raises:
            ForecourtError: it is missing.
        """
        found = self.fields.get(name)
        if not isinstance(found, int) or isinstance(found, bool):
            raise ForecourtError(f"This needs {what}.")
        return found

    @property
    def reason(self) -> str:
        """Why, as given in the field or with the intent."""
        return str(self.fields.get("reason") or "").strip() or self.why


def acknowledge(act: Act) -> None:
    """Somebody saw it. Fields: `note`."""
    act.move(Trigger.ACKNOWLEDGE, act.text("note", "", needed=False), acknowledged_ms=act.at_ms, by=act.by)


def unacknowledge(act: Act) -> None:
    """Take an acknowledgement back, within ten minutes."""
    may_undo(act.row.acknowledged_ms, act.at_ms)
    act.move(Trigger.UNACKNOWLEDGE, act.why, acknowledged_ms=None)


def shelve(act: Act) -> None:
    """Put it aside until a time. Fields: `until_ms`, `reason`."""
    until = shelved_until(act.at_ms, act.time("until_ms", "the end of the shelving"), safety=act.row.safety)
    if not act.reason:
        raise ForecourtError("Shelving needs a reason.")
    act.move(Trigger.SHELVE, f"until {_stamp(until)}: {act.reason}", until_ms=until)


def unshelve(act: Act) -> None:
    """Take it from the shelf before its time."""
    act.move(Trigger.UNSHELVE)
    if act.alarm.stands:
        act.engine.groups.announced(act.alarm)


def assign(act: Act) -> None:
    """Give it to somebody; to nobody where `to` is empty. Fields: `to`."""
    to = act.text("to", "", needed=False)
    act.save("assign", f"to {to}" if to else "to nobody", assigned=to)
    timeouts.watch(act.engine, act.alarm)


def note(act: Act) -> None:
    """Write something down. Fields: `text`."""
    act.engine.rows.tell(act.alarm, act.at_ms, PERSON, act.by, "note", act.text("text", "a text"))


def due(act: Act) -> None:
    """Say by when it is to be done; never again where `due_ms` is None. Fields: `due_ms`."""
    if act.fields.get("due_ms") is None:
        act.save("due", "no due time", due_ms=None)
        return
    due_ms = act.time("due_ms", "a time")
    act.save("due", f"by {_stamp(due_ms)}", due_ms=due_ms)


def out_of_service(act: Act) -> None:
    """Take it out of service under a work order. Fields: `work_order`, `review_ms`, `reason`."""
    order = act.text("work_order", "a work order")
    review = act.time("review_ms", "a review date")
    if review <= act.at_ms:
        raise ForecourtError("The review date has to lie in the future.")
    text = f"work order {order}, review {_stamp(review)}" + (f": {act.reason}" if act.reason else "")
    act.move(Trigger.OUT_OF_SERVICE, text, due_ms=review)


def back_in_service(act: Act) -> None:
    """Put it back. Fields: `test_value`, `tested_by`, `tested_ms`, which a safety alarm needs."""
    if not act.row.safety:
        act.move(Trigger.BACK_IN_SERVICE, act.text("test_value", "", needed=False), due_ms=None)
        return
    value = act.text("test_value", "the value that was measured in the test")
    name = act.text("tested_by", "the name of who tested it")
    tested = act.time("tested_ms", "the time of the test")
    if tested > act.at_ms:
        raise ForecourtError("The test cannot lie in the future.")
    act.alarm.active = act.alarm.held
    act.move(
        Trigger.BACK_IN_SERVICE, f"tested by {name} at {_stamp(tested)}: {value}",
        due_ms=None, latched=act.alarm.held and act.row.latched,
    )  # fmt: skip


def reset_latch(act: Act) -> None:
    """Reset a latched alarm whose condition is over."""
    if not act.row.latched:
        raise IllegalMove("The fault is not latched, so there is nothing to reset.")
    if act.alarm.active:
        raise IllegalMove("The condition still holds, so the latch cannot be reset.")
    if act.row.state in (State.SHLVD, State.DSUPR, State.OOSRV):
        act.save("reset-latch", act.why, latched=False)
        return
    act.engine.rows.save(act.alarm, act.at_ms, latched=False)
    act.engine.rows.tell(act.alarm, act.at_ms, PERSON, act.by, "reset-latch", act.why)
    act.move(Trigger.CLEAR)


def close(act: Act) -> None:
    """Say that it is over though nothing tells so. Fields: `reason`."""
    if act.row.latched:
        raise IllegalMove("A safety alarm is closed by resetting it once its condition is over.")
    if not act.reason:
        raise ForecourtError("Closing by hand needs a reason.")
    if act.row.state == State.OOSRV:
        raise IllegalMove("The fault is out of service; put it back in service first.")
    move(State(act.row.state), Trigger.CLOSE, active=act.alarm.stands)
    act.engine.dismiss(act.alarm, PERSON, act.by, act.reason)


def mark_normal(act: Act) -> None:
    """Teach that this is normal here until a date. Fields: `until_ms` (None: for good), `reason`."""
    if act.row.safety:
        raise IllegalMove("A safety alarm is never normal.")
    until = act.fields.get("until_ms")
    if until is not None and act.time("until_ms", "a date") <= act.at_ms:
        raise ForecourtError("The end has to lie in the future.")
    if not act.reason:
        raise ForecourtError("Marking as normal needs a reason.")
    body = {
        "rule": act.row.rule, "code": act.row.code, "site": act.row.site, "station": act.row.station,
        "evse": act.row.evse, "connector": act.row.connector, "until_ms": until, "fault": act.row.fault,
    }  # fmt: skip
    name = f"{act.row.fault}-{act.at_ms}"
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    act.also.append(EntryRecord("normal", name, 1, act.at_ms, act.by, act.reason, text))
    if act.row.closed_ms is None:
        words = "for good" if until is None else f"until {_stamp(until)}"
        act.engine.dismiss(act.alarm, PERSON, act.by, f"Normal here {words}: {act.reason}")


def confirm(act: Act) -> None:
    """Confirm that a connector that looks available is out of use, from when on uptime counts it as down.
    Fields: `how` (one of CONFIRMS), `text` (what was seen, by whom)."""
    if act.row.rule != "silence":
        raise IllegalMove("Only a silence is confirmed; what a station says itself needs no proof.")
    if act.alarm.confirmed:
        raise IllegalMove("The silence is confirmed already.")
    how, text = act.text("how", "what confirms it"), act.text("text", "what was seen, and by whom")
    if how not in CONFIRMS:
        raise ForecourtError(f"A silence is confirmed by {', '.join(CONFIRMS)}, not by {how!r}.")
    act.engine.rows.remember(act.alarm)
    act.alarm.confirmed = {"how": how, "text": text, "by": act.by, "at_ms": act.at_ms}
    act.save("confirm", f"{how}: {text}")


def unconfirm(act: Act) -> None:
    """Take a confirmation back, which was a mistake."""
    if not act.alarm.confirmed:
        raise IllegalMove("The silence is not confirmed.")
    act.engine.rows.remember(act.alarm)
    act.alarm.confirmed = {}
    act.save("unconfirm", act.reason)


def recovery(act: Act) -> None:
    """A step of recovery, or its proof. Fields: `text`, `word` (what stands as the fault's recovery),
    `step` (what was taken, as a mapping), `automatic`, `recovered` (whether it is proved now)."""
    step = act.fields.get("step")
    automatic = bool(act.fields.get("automatic"))
    row: dict[str, Any] = {"recovery": act.text("word", "what became of the recovery")}
    if act.fields.get("recovered"):
        row["recovered_ms"] = act.at_ms
    act.engine.rows.save(act.alarm, act.at_ms, **row)
    act.engine.rows.tell(
        act.alarm, act.at_ms, AUTOMATIC if automatic else PERSON, act.by, "recovery",
        act.text("text", "a text"), detail=step if isinstance(step, dict) else None,
    )  # fmt: skip


def notified(act: Act) -> None:
    """Somebody was told of it. Fields: `text`, `rule`, `kind`."""
    told = {"rule": act.text("rule", "a rule"), "kind": act.text("kind", "a kind")}
    act.engine.rows.tell(
        act.alarm, act.at_ms, AUTOMATIC, act.by, "notified", act.text("text", "a text"), detail=told
    )


def split(act: Act) -> None:
    """Take it out from under its cause; it is not put there again."""
    if act.row.parent is None or act.row.state != State.DSUPR:
        raise IllegalMove("The fault lies under no other, so it cannot be split off.")
    parent = act.row.parent
    act.alarm.apart, act.alarm.by_hand = True, False
    act.move(Trigger.RELEASE, act.why or f"split off from fault {parent}")
    act.engine.rows.changed.add(parent)
    if (cause := act.engine.rows.by_fault.get(parent)) is not None and cause.row is not None:
        act.engine.rows.tell(
            cause, act.at_ms, PERSON, act.by, "split", f"Fault {act.row.fault} was split off"
        )


def merge(act: Act) -> None:
    """Put it under another fault. Fields: `into`, the other's number."""
    if act.row.safety:
        raise IllegalMove("A safety alarm always stands for itself.")
    into = act.fields.get("into")
    cause = act.engine.rows.by_fault.get(into) if isinstance(into, int) else None
    if cause is None or cause.row is None or cause.row.closed_ms is not None:
        raise ForecourtError(f"There is no open fault {into} to put it under.")
    if cause is act.alarm:
        raise IllegalMove("A fault cannot lie under itself.")
    above, seen = cause.row.parent, 0
    while above is not None and seen < 20:
        if above == act.row.fault:
            raise IllegalMove(f"Fault {into} lies under this one already.")
        higher = act.engine.rows.by_fault.get(above)
        above, seen = (higher.row.parent if higher is not None and higher.row else None), seen + 1
    if act.row.state not in (State.UNACK, State.ACKED, State.RTNUN, State.DSUPR):
        move(State(act.row.state), Trigger.SUPPRESS, active=act.alarm.stands)
    act.alarm.by_hand, act.alarm.apart = True, False
    text = act.why or f"put under fault {into} by hand"
    if act.row.state == State.DSUPR:
        act.alarm.suppressed = {"rule": "hand", "text": text}
        act.save("merge", text, parent=into)
    else:
        act.alarm.suppressed = {"rule": "hand", "text": text}
        act.move(Trigger.SUPPRESS, text, parent=into)
    act.engine.groups.know(act.alarm)
    act.engine.rows.changed.add(cause.row.fault)
    act.engine.rows.tell(cause, act.at_ms, PERSON, act.by, "merge", f"Fault {act.row.fault} was put under it")


VERBS: Mapping[str, Callable[[Act], None]] = {
    "acknowledge": acknowledge,
    "unacknowledge": unacknowledge,
    "shelve": shelve,
    "unshelve": unshelve,
    "assign": assign,
    "note": note,
    "due": due,
    "out-of-service": out_of_service,
    "back-in-service": back_in_service,
    "reset-latch": reset_latch,
    "close": close,
    "mark-normal": mark_normal,
    "confirm": confirm,
    "unconfirm": unconfirm,
    "recovery": recovery,
    "notified": notified,
    "split": split,
    "merge": merge,
}
"""What can be done, by the verb of `ActOnFault`; each function's docstring names its fields."""


def perform(engine: Engine, alarm: Alarm, verb: str, fields: Fields, by: str, why: str, at_ms: int) -> Act:
    """Do it. Nothing changed where it raises.

    Raises:
        ForecourtError: there is no such act, a field is missing, or the alarm's state does not allow it.
    """
    done = VERBS.get(verb)
    if done is None:
        raise ForecourtError(f"Forecourt does not know the act {verb!r} on a fault.")
    act = Act(engine, alarm, fields, by, why, at_ms)
    done(act)
    return act


def place_of(row: FaultRecord) -> list[Any]:
    """What names a fault on another machine or in a replay, where numbers may differ."""
    key = key_of(row)
    return [key.rule, key.code, list(key.subject), key.mark, row.opened_ms]


def key_at(place: Any) -> Key:
    """The key in what `place_of` gave."""
    rule, code, subject, mark = place[:4]
    return Key(rule, code, placed_at(Subject(*subject)), mark)


def _stamp(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
