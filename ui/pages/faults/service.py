"""Taking a fault's place out of service under a work order, and putting it back after a test."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.intents import ActOnFault, SaveEntry
from app.domain.operations import SetAvailability, Wish
from app.faults.views import FaultView
from ui.pages.faults.sheets import BackInServiceSheet, OutOfServiceSheet, day_end, time_today
from ui.shell.page import Workspace

Done = Callable[[object], None]
Failed = Callable[[str], None]


def order_name(fault: int, now_ms: int) -> str:
    """A name for the work order of a fault that no other has."""
    return f"WO-{fault}-{now_ms // 1000 % 100_000:05}"


def ask_out_of_service(workspace: Workspace, view: FaultView, names: list[str]) -> OutOfServiceSheet:
    """Ask for the work order; then keep it, and move the fault; then close the charger to drivers."""
    record = view.record
    bridge = workspace.bridge

    def submit(values: Mapping[str, str], done: Done, failed: Failed) -> None:
        now = workspace.now_ms()
        review = day_end(values["due"], workspace.zone)
        name = order_name(record.fault, now)
        body = {
            "station": str(record.station), "site": record.site, "evse": record.evse,
            "faults": [record.fault], "title": values["title"], "who": values["who"], "due_ms": review,
            "state": "open", "created_ms": now,
        }  # fmt: skip
        fields = {"work_order": name, "review_ms": review, "reason": values["reason"]}
        close = sheet.close_charger.isChecked() and bool(record.station)

        def ordered(_: object) -> None:
            act = ActOnFault(record.fault, "out-of-service", fields)
            bridge.do(act, values["reason"], moved, failed)

        def moved(result: object) -> None:
            done(result)
            workspace.toast(f"Out of service under {name}: {record.title}")
            if close:
                _set_availability(workspace, view, False, f"Out of service under {name}")

        bridge.do(SaveEntry("work-order", name, body), values["reason"], ordered, failed)

    sheet = OutOfServiceSheet(workspace, view, _host(workspace), submit, names)
    sheet.open()
    return sheet


def ask_back_in_service(workspace: Workspace, view: FaultView) -> BackInServiceSheet:
    """Ask for the test; then move the fault, and open the charger again."""
    record = view.record

    def submit(values: Mapping[str, str], done: Done, failed: Failed) -> None:
        fields: dict[str, Any] = {"test_value": values["test_value"]}
        if record.safety:
            tested = time_today(values["tested"], workspace.now_ms(), workspace.zone)
            fields |= {"tested_by": values["tested_by"], "tested_ms": tested}

        def moved(result: object) -> None:
            done(result)
            workspace.toast(f"Back in service: {record.title}")
            if record.station:
                _set_availability(workspace, view, True, "Back in service after a test")

        workspace.bridge.do(ActOnFault(record.fault, "back-in-service", fields), "", moved, failed)

    sheet = BackInServiceSheet(workspace, view, _host(workspace), submit)
    sheet.open()
    return sheet


def _set_availability(workspace: Workspace, view: FaultView, operative: bool, why: str) -> None:
    """Have the station let drivers in, or not; what is charging ends first, as OCPP has it."""
    record, by = view.record, workspace.bridge.operator

    async def ask(room: Any) -> int:
        operation = SetAvailability(operative, record.evse)
        wish = Wish(str(record.station), operation, by, why, wait_until_ms=room.clock.now_ms() + 86_400_000)
        agreed = tuple(c.key for c in room.desk.consequences(wish) if not c.blocks)
        kept: int = await room.desk.ask(
            Wish(wish.station, operation, by, why, wait_until_ms=wish.wait_until_ms, agreed=agreed)
        )
        return kept

    def failed(sentence: str) -> None:
        words = "closed to drivers" if not operative else "opened to drivers"
        workspace.toast(f"The charger was not {words}: {sentence}")

    workspace.bridge.run(ask, lambda _: None, failed)


def _host(workspace: Workspace) -> Any:
    return workspace.sheet_host
