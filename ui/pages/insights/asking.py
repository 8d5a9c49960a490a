"""Questions with their answers kept: each is read once for what is chosen, in a reader's thread."""

from collections.abc import Callable
from typing import Any

from app.analytics.insights.answers import hours, makes, offered, starts
from app.analytics.insights.behaviour import behaviour
from app.analytics.insights.chosen import Chosen
from app.analytics.insights.supply import supply
from ui.shell.page import Workspace

STARTS, HOURS, MAKES, DRIVERS, SUPPLY = "starts", "hours", "makes", "drivers", "supply"
KEPT_MS = 10 * 60_000
"""So long an answer is kept: history may still come late."""
FIRST, SECOND = 0, 1
Took = Callable[[Any], None]
Failed = Callable[[str], None]


class Questions:
    """Asks, and keeps what was answered."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept: dict[tuple[str, Chosen], tuple[int, Any]] = {}

    def offered(self, took: Took, failed: Failed) -> None:
        """What there is to choose from."""
        self._workspace.bridge.query("insights/offered", offered, done=took, failed=failed)

    def ask(self, question: str, which: int, chosen: Chosen, took: Took, failed: Failed) -> None:
        """Answer at once what is known; else ask. A newer question of the same panel overtakes an older."""
        now = self._workspace.now_ms()
        key = (question, chosen)
        found = self._kept.get(key)
        if found is not None and now - found[0] < KEPT_MS:
            took(found[1])
            return

        def keep(answer: Any) -> None:
            self._kept[key] = (now, answer)
            took(answer)

        fn, more = self._reader(question, now)
        self._workspace.bridge.query(
            f"insights/{question}/{which}", fn, chosen, *more, done=keep, failed=failed
        )  # fmt: skip

    def forget(self) -> None:
        """Ask anew from now on."""
        self._kept.clear()

    def drop(self, question: str = "") -> None:
        """Ask no more for what is under way: one question, or all."""
        self._workspace.bridge.drop(f"insights/{question}/" if question else "insights/")

    def _reader(self, question: str, now_ms: int) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        zone = self._workspace.zone.key
        readers: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
            STARTS: (starts, (zone,)),
            HOURS: (hours, (zone, now_ms)),
            MAKES: (makes, ()),
            DRIVERS: (behaviour, (zone,)),
            SUPPLY: (supply, (zone,)),
        }
        return readers[question]
