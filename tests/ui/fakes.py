"""A bridge without a core: pages are fed by hand and their questions answered at once or later."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.errors import ForecourtError
from app.domain.intents import Intent
from app.fleet.views import Changes, MessageView, Picture
from ui.awaiting import Awaiting
from ui.picture import after, whole


class FakeBridge(Awaiting, QObject):
    """Looks like ui.bridge.Bridge.

    `answers` maps a question's key, or the name of the function it would run, to a result, an
    exception, or a callable taking the question's arguments. A question without an answer waits
    in `asked` until `answer(key, result)`.
    """

    changed = Signal(object)
    heard = Signal(object)
    commanded = Signal(object)
    faulted = Signal(object)
    started = Signal()
    failed = Signal(str)
    stopped = Signal()
    progressed = Signal(float, str)
    stop_asked = Signal()

    def __init__(self, picture: Picture | None = None) -> None:
        super().__init__()
        self.picture = picture or Picture(at_ms=0)
        self.answers: dict[str, Any] = {}
        self.asked: dict[str, tuple[Any, ...]] = {}
        self.intents: list[tuple[Intent, str]] = []
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.runs: list[Callable[..., Any]] = []
        self.room: Any = None
        """What `run` asks, where a test gives one; its coroutines must not wait for anything."""
        self.running = True
        self.following = 0
        self.refuse = ""
        self.listen: tuple[str, ...] = ()
        self.done_with = False
        self.operator = "operator"

    def start(self) -> None:
        self.started.emit()
        self.changed.emit(whole(self.picture))

    def stop(self) -> None:
        self.done_with = True
        self.stopped.emit()

    def feed(self, changes: Changes) -> None:
        """As if the core had told these changes."""
        self.picture = after(self.picture, changes)
        self.changed.emit(changes)

    def tell(self, *messages: MessageView) -> None:
        """As if these messages had passed."""
        if self.following:
            self.heard.emit(tuple(messages))

    def query(
        self,
        key: str,
        fn: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], None],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        name = getattr(fn, "__name__", "")
        for known in (key, name):
            if known in self.answers:
                self._tell(self.answers[known], args, done, failed)
                return
        self.asked[key] = (fn, args, done, failed)

    def answer(self, key: str, result: Any) -> None:
        """Answer a question that waits."""
        _fn, args, done, failed = self.asked.pop(key)
        self._tell(result, args, done, failed)

    def _tell(self, result: Any, args: tuple[Any, ...], done: Any, failed: Any) -> None:
        if callable(result) and not isinstance(result, type):
            result = result(*args)
        if isinstance(result, Exception):
            if failed is not None:
                failed(str(result))
        else:
            done(result)

    def drop(self, prefix: str) -> None:
        self.asked = {key: value for key, value in self.asked.items() if not key.startswith(prefix)}

    def do(
        self,
        intent: Intent,
        why: str = "",
        done: Callable[[Any], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        if self.refuse:
            if failed is not None:
                failed(self.refuse)
            return
        self.intents.append((intent, why))
        if done is not None:
            done(None)

    def call(
        self,
        station: str,
        action: str,
        payload: dict[str, Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[str], None] | None = None,
        timeout_s: float = 30,
    ) -> None:
        self.calls.append((station, action, payload))

    def run(
        self,
        ask: Callable[[Any], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[str], None] | None = None,
        key: str = "",
    ) -> None:
        self.runs.append(ask)
        if key in self.answers:
            self._tell(self.answers[key], (), done or (lambda _: None), failed)
            return
        if self.refuse and failed is not None:
            failed(self.refuse)
        elif self.room is not None:
            self._run(ask(self.room), done, failed)
        elif done is not None:
            done(None)

    def _run(self, coroutine: Any, done: Any, failed: Any) -> None:
        try:
            coroutine.send(None)
        except StopIteration as end:
            if done is not None:
                done(end.value)
        except ForecourtError as error:
            if failed is not None:
                failed(str(error))
        else:
            raise AssertionError("a room of a test must not wait")

    def work(
        self,
        fn: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        try:
            value = fn(*args)
        except Exception as error:
            if failed is not None:
                failed(str(error))
        else:
            if done is not None:
                done(value)

    def follow_messages(self, on: bool) -> None:
        self.following = max(0, self.following + (1 if on else -1))
