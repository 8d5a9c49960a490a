"""Work on many stations: its waves with a bar each, who asked, and the way to stop it."""

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.operations import BatchView
from ui.models.bulk import WAVES
from ui.models.desk_words import RUNNING, batch_words, wave_done
from ui.shell.page import Workspace
from ui.theme.formats import clock, number
from ui.theme.icons import paint_icon
from ui.theme.theme import px
from ui.widgets.ask_sheet import AskSheet
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.painting import CENTRE, draw_text, fill_round, upright
from ui.widgets.panel import Panel


class WaveBars(QWidget):
    """A cell a wave: its number, how many of how many, and a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waves: tuple[tuple[int, int], ...] = ()
        self._now, self._failed, self._running = 1, 0, True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_batch(self, batch: BatchView) -> None:
        """Show how each wave stands."""
        self._waves = wave_done(batch, WAVES if batch.waves > 1 else ())
        self._now, self._failed = batch.wave, batch.failed
        self._running = batch.state in RUNNING
        told = [f"wave {i}: {done} of {size}" for i, (done, size) in enumerate(self._waves, 1)]
        self.setAccessibleName("; ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(50))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(50))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._waves:
            painter.end()
            return
        wide = self.width() / len(self._waves)
        for place, (done, size) in enumerate(self._waves):
            self._paint_wave(painter, QRectF(place * wide, 0, wide, self.height()), place, done, size)
            if place:
                upright(painter, place * wide, 0, self.height())
        painter.end()

    def _paint_wave(self, painter: QPainter, area: QRectF, place: int, done: int, size: int) -> None:
        inside = area.adjusted(px(12), px(7), -px(12), -px(8))
        side = px(20)
        ring = QRectF(inside.left(), inside.top(), side, side)
        now = self._running and place + 1 == self._now
        full = done >= size
        fill_round(painter, ring, side / 2, None, "accent" if now else "lineControl")
        if full:
            paint_icon(painter, ring.x() + px(4), ring.y() + px(4), "check", px(12), "text1")
        else:
            draw_text(
                painter, ring, str(place + 1), "caption", "text1" if now else "text3", CENTRE, elide=False
            )
        name = f"First {number(size)}" if place == 0 else f"Next {number(size)}"
        if place and place == len(self._waves) - 1:
            name = f"Remaining {number(size)}"
        line = QRectF(inside.left() + side + px(8), inside.top(), inside.width() - side - px(8), side)
        used = draw_text(painter, line, name, "small", "text1", weight=600)
        line.setLeft(line.left() + used + px(8))
        told = f"{number(done)} of {number(size)} ended" if done or now else "waits"
        draw_text(
            painter, line, told, "small", "text3", Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        track = QRectF(inside.left(), inside.bottom() - px(5), inside.width(), px(5))
        fill_round(painter, track, 2, "surface3")
        if done:
            track.setWidth(max(px(5), track.width() * done / size))
            fill_round(painter, track, 2, "accent")


class BatchPanel(Panel):
    """One batch: title and words in the header, Stop while it runs, and its waves below."""

    show_asked = Signal(int)

    def __init__(
        self, workspace: Workspace, *, with_list: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(" ", parent=parent)
        self._workspace = workspace
        self.batch: BatchView | None = None
        self.bars = WaveBars()
        self.list = Button("Show its commands", "quiet", "list-filter")
        self.stop = Button("Stop…")
        self.add_action(self.list)
        self.add_action(self.stop)
        self.list.setVisible(with_list)
        self._why = Label("", "small", "text2", wrap=True)
        self._why.setContentsMargins(12, 0, 12, 10)
        self.body_layout.addWidget(self.bars)
        self.body_layout.addWidget(self._why)
        self.list.clicked.connect(lambda: self.show_asked.emit(self.batch.batch if self.batch else 0))
        self.stop.clicked.connect(self.ask_stop)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_batch(self, batch: BatchView) -> None:
        """Show a batch as it stands."""
        self.batch = batch
        began = f", since {clock(batch.started_ms, self._workspace.zone)}" if batch.started_ms else ""
        running = batch.state in RUNNING
        self.set_title(f"{'Running: ' if running else ''}{batch.title}")
        self.set_subtitle(f"{batch_words(batch)}{began}{f' by {batch.by}' if batch.by else ''}")
        self.bars.show_batch(batch)
        self.stop.setVisible(batch.state == "running")
        self._why.setText(batch.stopped_why)
        self._why.setVisible(bool(batch.stopped_why))

    def ask_stop(self) -> None:
        """Ask before the rest is taken back."""
        if self.batch is not None:
            stop_sheet(self._workspace, self.batch, self).open()


def stop_sheet(workspace: Workspace, batch: BatchView, near: QWidget) -> AskSheet:
    """Take back what was not sent yet of a batch."""
    number_, by = batch.batch, workspace.bridge.operator

    def submit(_values: Any, done: Any, failed: Any) -> None:
        async def stop(room: Any) -> None:
            await room.desk.stop_bulk(number_, by)

        workspace.bridge.run(stop, done, failed, key="bulk/stop")

    return AskSheet(
        workspace.sheet_host or near.window(),
        f"Stop: {batch.title}?",
        batch_words(batch),
        "What was sent already goes on to its end and is proved as usual. What still waits is taken back "
        "and never sent.",
        "Stop the rest",
        submit,
    )


class Batches(QWidget):
    """The batches under way, and the one that ended last until it is put away; hidden without any."""

    show_asked = Signal(int)

    def __init__(self, workspace: Workspace, only: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._only = workspace, only
        self._panels: dict[int, BatchPanel] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.hide()

    def refresh(self) -> None:
        """Show what the desk's book says now."""
        book = self._workspace.desk
        wanted = [b for b in book.running() if self._fits(b)]
        if not wanted:
            ended = [b for b in book.batches.values() if self._fits(b)]
            wanted = sorted(ended, key=lambda b: b.ended_ms or 0)[-1:]
        for gone in set(self._panels) - {b.batch for b in wanted}:
            panel = self._panels.pop(gone)
            self._column.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
        for batch in wanted[-2:]:
            known = self._panels.get(batch.batch)
            if known is None:
                known = self._panels[batch.batch] = BatchPanel(self._workspace)
                known.show_asked.connect(self.show_asked)
                self._column.addWidget(known)
            known.show_batch(batch)
        self.setVisible(bool(self._panels))

    def _fits(self, batch: BatchView) -> bool:
        return not self._only or batch.title.startswith(self._only)
