"""What is done on the page of Maintenance: each a version of an entry, an act on a fault, or a file."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from app.domain.care_plans import Purchase, purchase_body, purchases_from_csv
from app.domain.errors import ForecourtError
from app.domain.intents import ActOnFault, RemoveEntry, SaveEntry
from app.domain.records import FaultRecord
from app.domain.work_orders import KIND, Visit, WorkOrder, body_for, closed
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.widgets.file_asking import text_of

Done = Callable[[object], None]
Failed = Callable[[str], None]


class Deeds:
    """Keeps orders and what belongs to them.

    Args:
        workspace: the core behind its bridge.
        changed: called when something was kept, so that the page reads again.
    """

    def __init__(self, workspace: Workspace, changed: Callable[[], None]) -> None:
        self._workspace = workspace
        self._changed = changed

    def keep(
        self, order: WorkOrder, why: str, done: Done | None = None, failed: Failed | None = None
    ) -> None:
        """Keep an order as it is now."""
        self._save(KIND, order.number, body_for(order), why, done, failed)

    def keep_all(self, orders: Iterable[WorkOrder], why: str) -> None:
        """Keep several, one after the other; nothing more after one that is refused."""
        self._save_all([SaveEntry(KIND, order.number, body_for(order)) for order in orders], why, self._told)

    def undo(self, before: Sequence[WorkOrder], text: str) -> None:
        """Say what was done, with a way back."""
        self._workspace.toast(text, undo=lambda: self.keep_all(before, "Taken back"))

    def close(
        self, order: WorkOrder, visit: Visit | None, proof: str, faults: Sequence[FaultRecord], test: str,
        done: Done, failed: Failed,
    ) -> None:  # fmt: skip
        """Close an order, first its faults: one that is refused leaves the order open."""
        now = self._workspace.now_ms()
        try:
            after = closed(order, visit, now, proof)
        except ForecourtError as error:
            failed(str(error))
            return
        acts = [act for fault in faults for act in acts_for(fault, order, visit, proof, test, now)]

        def acted(_: object) -> None:
            self.keep(after, proof or "Closed", done, failed)

        self._workspace.bridge.do_all(acts, f"{order.number} closed", acted, failed)

    def announce(self, name: str, body: dict[str, Any], done: Done, failed: Failed) -> None:
        """Announce work."""
        self._save("planned-work", name, body, "Announced", done, failed)

    def take_back(self, kind: str, name: str) -> None:
        """Take back announced work or a purchase; its versions stay."""
        self._workspace.bridge.do(
            RemoveEntry(kind, name), "Taken back", done=self._told, failed=self._workspace.toast
        )

    def purchase(self, made: tuple[str, dict[str, Any]], done: Done, failed: Failed) -> None:
        """Keep a purchase."""
        self._save("purchase", made[0], made[1], "", done, failed)

    def import_purchases(self, path: Path, stations: Sequence[str], currency: str) -> None:
        """Read a CSV file of purchases and keep each."""
        self._workspace.bridge.work(
            read_purchases, path, stations, currency, done=self._keep_purchases, failed=self._workspace.toast
        )

    def _keep_purchases(self, found: list[Purchase]) -> None:
        def kept(_: object) -> None:
            self._changed()
            self._workspace.toast(f"{count(len(found), 'purchase')} kept.")

        self._save_all(
            [SaveEntry("purchase", one.station, purchase_body(one)) for one in found], "Imported", kept
        )

    def _save_all(self, entries: Sequence[SaveEntry], why: str, kept: Done) -> None:
        def failed(sentence: str) -> None:
            # Those before the one that was refused are kept.
            self._changed()
            self._workspace.toast(sentence)

        self._workspace.bridge.do_all(entries, why, kept, failed)

    def _save(
        self, kind: str, name: str, body: dict[str, Any], why: str, done: Done | None, failed: Failed | None
    ) -> None:
        def kept(result: object) -> None:
            self._told(result)
            if done is not None:
                done(result)

        self._workspace.bridge.do(
            SaveEntry(kind, name, body), why, done=kept, failed=failed or self._workspace.toast
        )

    def _told(self, _result: object) -> None:
        self._changed()


def acts_for(
    fault: FaultRecord, order: WorkOrder, visit: Visit | None, proof: str, test: str, now_ms: int
) -> list[ActOnFault]:
    """How a fault ends with its order: back in service with what was measured, or closed with why."""
    if fault.closed_ms is not None:
        return []
    who = visit.who if visit is not None else ""
    if fault.state == "OOSRV":
        at = min(now_ms, visit.until_ms) if visit is not None else now_ms
        fields = {"test_value": test or proof, "tested_by": who, "tested_ms": at}
        return [ActOnFault(fault.fault, "back-in-service", fields)]
    if fault.latched:
        return [ActOnFault(fault.fault, "reset-latch")]
    reason = f"{order.number}: {proof or (visit.result if visit is not None else '') or 'done'}"
    return [ActOnFault(fault.fault, "close", {"reason": reason})]


def read_purchases(path: Path, stations: Sequence[str], currency: str) -> list[Purchase]:
    """The purchases of a file.

    Raises:
        ForecourtError: it cannot be read; the sentence names the line.
    """
    return purchases_from_csv(text_of(path, "a list of purchases"), stations, currency)
