"""Makes planned reports when they are due, while the window runs: files in a folder, or sent."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer

from app.clock import Clock
from app.domain.entries import standing
from app.domain.errors import ForecourtError
from app.domain.intents import SaveEntry
from app.domain.records import EntryRecord

log = logging.getLogger("forecourt.ui.reports")

LOOK_MS = 60_000
EVIDENCE = "uptime"
"""The kind of document that regulators and hosts read by program."""


class ReportRuns(QObject):
    """Looks once a minute for what is due, and makes one report at a time.

    Args:
        bridge: the core.
        clock: time.
        zone: of times of the day.
        folder: where files are written that are only sent.
    """

    def __init__(
        self, bridge: Any, clock: Clock, zone: ZoneInfo, folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._clock, self._zone, self._folder = bridge, clock, zone, folder
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Ask for the plans, and make the first that is due."""
        if not self._busy and self._bridge.running:
            from app.analytics.questions import current_entries

            self._bridge.query("report-runs/plans", current_entries, "report-plan", done=self._take)

    def _take(self, records: list[EntryRecord]) -> None:
        from app.reports.run import is_due, plan_of, wanted_of

        now = self._clock.now_ms()
        for name, body in sorted(standing(records, "report-plan").items()):
            try:
                plan = plan_of(name, body)
            except (ForecourtError, TypeError, ValueError):
                continue
            if is_due(plan, self._zone, now) and not self._busy:
                self._busy = True
                demo = self._bridge.picture.server.demo
                self._make(name, body, plan.folder, plan.channel, wanted_of(plan, self._zone, now, demo=demo))

    def _make(self, name: str, body: Mapping[str, Any], folder: str, channel: str, wanted: Any) -> None:
        from app.reports.run import made

        now = self._clock.now_ms()
        self._bridge.run(
            lambda room: made(room, wanted, self._zone, now),
            done=lambda document: self._write(name, body, folder, channel, document),
            failed=lambda sentence: self._ended(name, body, sentence),
        )

    def _write(self, name: str, body: Mapping[str, Any], folder: str, channel: str, document: Any) -> None:
        where = Path(folder).expanduser() if folder else self._folder

        def send(files: list[Path]) -> None:
            if not channel:
                self._ended(name, body, "")
                return
            self._bridge.run(
                lambda room: room.post.send_files(channel, document.title, files),
                done=lambda cause: self._ended(name, body, str(cause)),
                failed=lambda sentence: self._ended(name, body, sentence),
            )

        self._bridge.work(
            write_files, document, self._zone, where,
            done=send, failed=lambda sentence: self._ended(name, body, sentence),
        )  # fmt: skip

    def _ended(self, name: str, body: Mapping[str, Any], cause: str) -> None:
        """Write down how it went, so that it is made once."""
        told = {**body, "last_ms": self._clock.now_ms(), "last": cause}
        if cause:
            log.warning("the planned report %s was not saved: %s", name, cause)

        def over(_: Any) -> None:
            self._busy = False

        self._bridge.do(
            SaveEntry("report-plan", name, told), "run of a planned report", done=over, failed=over
        )


def write_files(document: Any, zone: ZoneInfo, folder: Path) -> list[Path]:
    """Write a report as PDF and as a workbook into a folder, beside what is there, evidence as CSV too.

    Raises:
        ForecourtError: it cannot be written there.
    """
    from app.reports.csv_report import write_report_csv
    from app.reports.workbook import write_workbook
    from ui.printing.files import write_pdf
    from ui.printing.report_paper import file_name, paper_of

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ForecourtError(f"{folder} cannot be written: {error.strerror or error}.") from error
    pdf, xlsx = file_name(document, folder, "pdf"), file_name(document, folder, "xlsx")
    write_pdf(paper_of(document, zone), pdf, document.title)
    write_workbook(document, xlsx)
    if document.kind != EVIDENCE:
        return [pdf, xlsx]
    table = file_name(document, folder, "csv")
    write_report_csv(document, table)
    return [pdf, xlsx, table]
