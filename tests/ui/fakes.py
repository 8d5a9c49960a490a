"""A bridge that answers from memory, so that pages can be clicked through without a server."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from app.fleet.views import MessageView
from tests.ui.pictures import NOW_MS


class Following:
    """A subscription to live messages."""

    def __init__(self, bridge: "FakeBridge", callback: Callable[[list[MessageView]], None]) -> None:
        self._bridge, self._callback = bridge, callback

    def stop(self) -> None:
        """Hear no more."""
        self._bridge.followers.remove(self._callback)


class FakeBridge:
    """Answers at once: `answers` by the question's name; a str answer is a failure in one sentence."""

    def __init__(self, answers: dict[str, Any] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        self.done: list[tuple[Any, str]] = []
        self.refuse = ""
        self.went: list[tuple[str, str | None]] = []
        self.told: list[str] = []
        self.followers: list[Callable[[list[MessageView]], None]] = []
        self.now = NOW_MS
        self.zone = ZoneInfo("Europe/Amsterdam")

    def now_ms(self) -> int:
        return self.now

    def query(
        self, key: str, fn: Callable[..., Any], *args: Any, done: Callable[[Any], None], failed: Any = None
    ) -> None:
        self._answer(fn, args, done, failed)

    def run(
        self, key: str, fn: Callable[..., Any], *args: Any, done: Callable[[Any], None], failed: Any = None
    ) -> None:
        self._answer(fn, args, done, failed)

    def _answer(self, fn: Callable[..., Any], args: tuple[Any, ...], done: Any, failed: Any) -> None:
        name = fn.__name__
        self.asked.append((name, args))
        if name not in self.answers:
            return
        answer = self.answers[name]
        if callable(answer):
            answer = answer(*args)
        if isinstance(answer, str):
            if failed is not None:
                failed(answer)
        else:
            done(answer)

    def do(self, intent: Any, why: str = "", done: Any = None, failed: Any = None) -> None:
        if self.refuse:
            if failed is not None:
                failed(self.refuse)
            return
        self.done.append((intent, why))
        if done is not None:
            done(None)

    def go(self, page: str, argument: str | None = None) -> None:
        self.went.append((page, argument))

    def tell(self, text: str, undo: Any = None) -> None:
        self.told.append(text)

    def follow(self, callback: Callable[[list[MessageView]], None]) -> Following:
        self.followers.append(callback)
        return Following(self, callback)

    def say(self, views: list[MessageView]) -> None:
        """Stations sent these messages."""
        for callback in list(self.followers):
            callback(views)
