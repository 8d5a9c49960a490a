"""A room without a core: its desk keeps what is wished, and says what a test tells it to."""

from types import SimpleNamespace
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.ids import StationId
from app.domain.operations import CommandState, Consequence, Wish
from app.domain.records import CommandRecord
from tests.ui.pictures import NOW_MS


class FakeDesk:
    """Looks like app.operations.desk.Desk; `cuts` and `cannot` say what a test wants said."""

    def __init__(self) -> None:
        self.wishes: list[Wish] = []
        self.looked: list[Wish] = []
        self.cancelled: list[int] = []
        self.cuts: dict[str, tuple[Consequence, ...]] = {}
        self.cannot: dict[str, str] = {}
        self.refuse = ""
        self.sent = False

    def consequences(self, wish: Wish) -> tuple[Consequence, ...]:
        self.looked.append(wish)
        return self.cuts.get(type(wish.operation).__name__, ())

    def can(self, station: str, operation_kind: str) -> str:
        return self.cannot.get(operation_kind, "")

    async def ask(self, wish: Wish) -> int:
        if self.refuse:
            raise ForecourtError(self.refuse)
        self.wishes.append(wish)
        return len(self.wishes)

    async def cancel(self, command: int, by: str, why: str = "") -> None:
        if self.sent:
            raise ForecourtError("It was sent already.")
        self.cancelled.append(command)


def fake_room(**parts: Any) -> Any:
    """A room with a desk."""
    return SimpleNamespace(desk=FakeDesk(), **parts)


def command(number: int, operation: str = "Reset", state: str = CommandState.PROVED, **values: Any) -> Any:
    """A record of the command log, asked five minutes ago by SV."""
    usual: dict[str, Any] = {
        "station": StationId("UTM-02"), "action": "Reset", "asked_by": "SV", "reason": "",
        "asked_ms": NOW_MS - 300_000 + number, "sent_ms": NOW_MS - 299_000, "answered_ms": NOW_MS - 298_620,
        "payload": '{"type":"Soft"}', "answer": '{"status":"Accepted"}', "wish": '{"hard":false,"evse":null}',
    }  # fmt: skip
    return CommandRecord(number, operation=operation, outcome=str(state), **{**usual, **values})
