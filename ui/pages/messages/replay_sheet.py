"""The sheet that turns messages into a scenario for simulated stations, and follows it while it plays."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.domain.errors import ForecourtError
from app.fleet.views import MessageView
from app.operations.scenario_file import Recording, read, record, write
from ui.shell.page import Workspace
from ui.simulated import replay, replay_state, stop_replay
from ui.theme.formats import count, duration, percent
from ui.widgets.buttons import Button
from ui.widgets.file_asking import ask_where, ask_which
from ui.widgets.labels import Label
from ui.widgets.segments import Segments
from ui.widgets.sheet import Sheet

POLL_MS = 500
FORM = "Scenario (*.jsonl)"


class ReplaySheet(Sheet):
    """Says what would be played, asks how fast, begins, and shows how far it is. It may be closed."""

    def __init__(self, host: QWidget, workspace: Workspace, views: Sequence[MessageView]) -> None:
        super().__init__(host, "Replay as a scenario", "for simulated stations only, never real ones", 480)
        self._workspace = workspace
        self.recording: Recording | None = None
        self.pace = Segments((("1", "As it was"), ("10", "10 times as fast"), ("60", "60 times")), "Pace")
        self._text = Label("", "body", "text2", wrap=True)
        self._state = Label("", "small", "text2", wrap=True)
        for widget in (self._text, self.pace, self._state):
            self.body_layout.addWidget(widget)
        self.open_file = Button("Open…", "quiet", "folder-open")
        self.keep = Button("Save…", "quiet", "save")
        self.add_note(self.keep)
        self.add_note(self.open_file)
        self.cancel = self.add_button(Button("Close", keys="Esc"), default=True)
        self.stop = self.add_button(Button("Stop"))
        self.confirm = self.add_button(Button("Replay", "primary", "play"))
        self.stop.hide()
        self.cancel.clicked.connect(lambda: self.finish(None))
        self.confirm.clicked.connect(self.begin)
        self.stop.clicked.connect(lambda: workspace.bridge.run(stop_replay, lambda _: self._look()))
        self.keep.clicked.connect(self._ask_save)
        self.open_file.clicked.connect(self._ask_open)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look)
        versions = {name: view.version for name, view in workspace.picture.stations.items()}
        try:
            self._take(record(views, versions, "From the message log"))
        except ForecourtError as error:
            self._text.setText(str(error))
            self._allow()
        self._look()

    def begin(self) -> None:
        """Have it played."""
        recording, pace = self.recording, float(self.pace.value)
        if recording is None:
            return
        self.confirm.setEnabled(False)
        self.hide_refusal()
        self._workspace.bridge.run(
            lambda room: replay(room, recording, pace), self._begun, self._refused, key="messages/replay"
        )

    def save_to(self, path: Path) -> None:
        """Write the scenario, so that it can be played again and by `forecourt simulate`."""
        self._workspace.bridge.work(
            write, self.recording, path,
            done=lambda _done: self._workspace.toast(f"The scenario is written to {path}."),
            failed=self._refused,
        )  # fmt: skip

    def read_from(self, path: Path) -> None:
        """Take a scenario that was saved."""
        self._workspace.bridge.work(read, path, done=self._take, failed=self._refused)

    def _take(self, recording: Recording) -> None:
        self.recording = recording
        said = sum(step.does in ("says", "sends") for step in recording.steps)
        names = recording.head.stations
        self._text.setText(
            f"{count(said, 'message')} that {count(len(names), 'station')} sent over "
            f"{duration(recording.seconds * 1000)} are said again by simulated stations, named REPLAY- and "
            "the old identity. Times move to now, and nothing is sent to a real station. What they report "
            "stands in lists and reports under these names, at the site Simulated."
        )
        self._allow()
        self.relayout()

    def _allow(self) -> None:
        self.confirm.setEnabled(self.recording is not None)
        self.keep.setEnabled(self.recording is not None)

    def _begun(self, names: tuple[str, ...] | None) -> None:
        self._workspace.toast(f"The scenario plays on {', '.join((names or ())[:3])}.")
        self._poll.start()
        self._look()

    def _look(self) -> None:
        self._workspace.bridge.run(
            replay_state, self._show, lambda _sentence: None, key="messages/replay-state"
        )

    def _show(self, state: Any) -> None:
        share, told = state or (0.0, "")
        plays = share > 0 and not told
        self.stop.setVisible(plays)
        if plays:
            self._poll.start()
        else:
            self._poll.stop()
            self._allow()
        self._state.setText(f"Plays, {percent(share, 0)} of its time has passed." if plays else told)
        self.relayout()

    def _refused(self, sentence: str) -> None:
        self._allow()
        self.show_refusal(sentence)

    def _ask_save(self) -> None:
        ask_where(self.window(), "Save the scenario", "scenario.jsonl", FORM, self.save_to)

    def _ask_open(self) -> None:
        ask_which(self.window(), "Open a scenario", FORM, self.read_from)
