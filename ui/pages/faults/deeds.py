"""Which deed a key or button means for the faults in hand, and the sheet it opens."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from app.domain.intents import SaveEntry
from app.faults.views import FaultView
from ui.models.fault_words import owner
from ui.pages.faults.acts import SHELVABLE, FaultActs
from ui.pages.faults.detail import FaultPanel
from ui.pages.faults.service import ask_back_in_service, ask_out_of_service
from ui.pages.faults.sheets import (
    AssignSheet,
    MergeSheet,
    ShelveSheet,
    close_sheet,
    confirm_sheet,
    day_check,
    day_end,
    needed,
    normal_sheet,
    note_sheet,
)
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count
from ui.widgets.ask_sheet import AskSheet, Field
from ui.widgets.sheet import Sheet

MOST_NAMES = 8


class Deeds:
    """What can be done to faults from the page."""

    def __init__(
        self, workspace: Workspace, acts: FaultActs, detail: FaultPanel, chosen: Callable[[], list[int]]
    ) -> None:
        self._workspace, self._acts, self._detail, self._chosen = workspace, acts, detail, chosen
        self._one: Mapping[str, Callable[[FaultView], object]] = {
            "recover": lambda _view: self._detail.playbook.take(),
            "note": self._note,
            "call": self._detail.call.toggle,
            "service": self._service,
            "out-of-service": lambda view: ask_out_of_service(self._workspace, view, self._names()),
            "back-in-service": lambda view: ask_back_in_service(self._workspace, view),
            "unshelve": lambda view: self._acts.unshelve([view.record.fault]),
            "order": lambda _view: self._workspace.go("faults/maintenance", self._detail.order()),
            "due": self._due,
            "merge": self._merge,
            "split": lambda view: self._acts.simply(view.record.fault, "split", "Stands for itself"),
            "normal": self._normal,
            "confirm": self._confirm,
            "unconfirm": lambda view: self._acts.simply(
                view.record.fault, "unconfirm", "Confirmation taken back"
            ),
            "name": self._name_code,
            "close": self._close,
            "latch": lambda view: self._acts.simply(view.record.fault, "reset-latch", "Latch reset"),
        }

    def hits(self) -> tuple[Hit, ...]:
        """What the command palette offers for the fault in hand."""
        view = self._detail.view
        if view is None:
            return ()
        words = (
            ("acknowledge", "Acknowledge", "check", "A"), ("assign", "Assign…", "user", "G"),
            ("shelve", "Shelve…", "clock", "S"), ("recover", "Next step of the playbook", "wrench", "R"),
            ("service", "Take out of service, or put back…", "ban", "T"),
            ("note", "Add a note…", "message-square", "N"),
            ("call", "Start a call about it, or end it", "smartphone", "C"),
        )  # fmt: skip
        found = [
            Hit(title, owner(view.record), "This fault", icon, keys=keys, run=partial(self.do, key))
            for key, title, icon, keys in words
        ]
        found += [
            Hit(
                title.split("   ")[0],
                owner(view.record),
                "This fault",
                icon,
                run=partial(self.do, key),
            )
            for key, title, icon in self._detail.head.offered()
            if key != "note"
        ]
        found.append(
            Hit(
                "Stop or allow automatic recovery…",
                "",
                "This fault",
                "power",
                run=self._detail.playbook.ask_kill,
            )
        )
        return tuple(found)

    def do(self, deed: str, faults: Sequence[int] | None = None) -> None:
        """Do it to these faults, else to those in hand."""
        if deed == "call" and self._detail.call.running:
            self._detail.call.toggle(None)
            return
        numbers = list(faults) if faults is not None else self._chosen()
        views = [view for n in numbers if (view := self._view(n)) is not None]
        if not views:
            self._workspace.toast("No open fault is chosen.")
            return
        if deed == "acknowledge":
            self._acts.acknowledge([view.record.fault for view in views])
        elif deed == "assign":
            self._assign(views)
        elif deed == "shelve":
            self._shelve(views)
        elif len(views) > 1:
            self._workspace.toast("This is done to one fault at a time.")
        elif deed in self._one:
            self._one[deed](views[0])

    def _view(self, fault: int) -> FaultView | None:
        found = self._acts.view(fault)
        shown = self._detail.view
        return found if found is not None else shown if shown and shown.record.fault == fault else None

    def _host(self) -> Any:
        return self._workspace.sheet_host or self._detail

    def _names(self) -> list[str]:
        """Who has faults now, and who acts here."""
        found = {self._workspace.bridge.operator: None}
        for view in self._workspace.faults.faults.values():
            if view.record.assigned:
                found[view.record.assigned] = None
        return list(found)[:MOST_NAMES]

    def _open(self, sheet: Sheet, took: Callable[[Any], object]) -> None:
        sheet.finished.connect(lambda result: took(result) if result is not None else None)
        sheet.open()

    def _shelve(self, views: Sequence[FaultView]) -> None:
        if len(views) == 1 and views[0].record.state == "SHLVD":
            self._acts.unshelve([views[0].record.fault])
            return
        fitting = [view for view in views if view.record.state in SHELVABLE]
        if not fitting:
            self._workspace.toast("A fault that is over or set aside cannot be shelved.")
            return
        sheet = ShelveSheet(self._workspace, fitting, self._host())
        faults = [view.record.fault for view in fitting]
        self._open(sheet, lambda told: self._acts.shelve(faults, told[0], told[1]))

    def _assign(self, views: Sequence[FaultView]) -> None:
        what = views[0].record.title if len(views) == 1 else count(len(views), "fault")
        now = views[0].record.assigned if len(views) == 1 else ""
        faults = [view.record.fault for view in views]
        sheet = AssignSheet(self._names(), now, what, self._host())
        self._open(sheet, lambda name: self._acts.assign(faults, name))

    def _note(self, view: FaultView) -> None:
        fault = view.record.fault
        note_sheet(self._host(), view.record.title, lambda text: self._acts.note(fault, text)).open()

    def _service(self, view: FaultView) -> None:
        if view.record.state == "OOSRV":
            ask_back_in_service(self._workspace, view)
        else:
            ask_out_of_service(self._workspace, view, self._names())

    def _due(self, view: FaultView) -> None:
        zone, now = self._workspace.zone, self._workspace.now_ms()
        check = day_check(now, zone)
        field = Field(
            "day", "By (empty: no due time)", "", "2026-12-31", check=lambda t: check(t) if t.strip() else ""
        )

        def submit(values: Mapping[str, str], done: Any, _failed: Any) -> None:
            due = day_end(values["day"], zone) if values["day"] else None
            done(None)
            self._acts.simply(
                view.record.fault, "due", "Due time set" if due else "No due time", {"due_ms": due}
            )

        AskSheet(self._host(), "Due time", view.record.title, "", "Set", submit, (field,)).open()

    def _merge(self, view: FaultView) -> None:
        others = [
            other
            for other in self._workspace.faults.queue.values()
            if other.record.fault != view.record.fault and other.open
        ]
        record = view.record
        near = sorted(
            others, key=lambda o: (o.record.station != record.station, o.record.site != record.site)
        )
        fault = record.fault
        self._open(
            MergeSheet(view, near, self._host()),
            lambda into: self._acts.simply(fault, "merge", "Put under another fault", {"into": into}),
        )

    def _normal(self, view: FaultView) -> None:
        def submit(values: Mapping[str, str], done: Any, _failed: Any) -> None:
            until = day_end(values["until"], self._workspace.zone) if values["until"] else None
            done(None)
            fields = {"until_ms": until, "reason": values["reason"]}
            self._acts.simply(
                view.record.fault, "mark-normal", "Normal from now on", fields, values["reason"]
            )

        normal_sheet(self._workspace, view, self._host(), submit).open()

    def _confirm(self, view: FaultView) -> None:
        def confirmed(how: str, text: str) -> None:
            self._acts.simply(view.record.fault, "confirm", "Confirmed", {"how": how, "text": text})

        confirm_sheet(view, self._host(), confirmed).open()

    def _close(self, view: FaultView) -> None:
        def submit(values: Mapping[str, str], done: Any, _failed: Any) -> None:
            done(None)
            reason = values["reason"]
            self._acts.simply(view.record.fault, "close", "Closed", {"reason": reason}, reason)

        close_sheet(view, self._host(), submit).open()

    def _name_code(self, view: FaultView) -> None:
        """Keep what a maker's code means, for this make from now on."""
        record = view.record
        station = self._workspace.picture.stations.get(record.station)
        code = str(view.evidence.get("vendor_error") or record.raw)
        fields = (
            Field(
                "title", "What it means", "", "Lock motor stalled", check=needed("Say what the code means.")
            ),
            Field("means", "Code of the vocabulary (may be empty)", "", "CX003"),
        )

        def submit(values: Mapping[str, str], done: Any, failed: Any) -> None:
            vendor = station.vendor if station is not None else ""
            body = {
                "vendor": vendor, "model": "", "firmware": "", "code": code, "means": values["means"],
                "title": values["title"],
            }  # fmt: skip
            entry = f"{vendor} {code}".strip()[:120]
            self._workspace.bridge.do(SaveEntry("code-name", entry, body), "", done, failed)

        maker = station.vendor if station is not None and station.vendor else "every maker"
        AskSheet(self._host(), "Name this code", f"{code}, {maker}", "", "Keep", submit, fields).open()
