"""Messages written by hand: those kept under a name, and those sent. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.entries import body_of
from app.domain.records import CommandRecord, EntryRecord
from ui.models.messages import pretty

KIND = "command-style"
FILTER, MESSAGE = "filter", "message"


@dataclass(frozen=True, slots=True)
class Saved:
    """A filter (`text`) or a message (`action` and its payload as `text`), kept under a name."""

    name: str
    what: str
    text: str
    action: str = ""
    version: str = ""

    @property
    def entry(self) -> str:
        """What the entry is called."""
        return f"{self.what}:{self.name}"

    def body(self) -> dict[str, str]:
        """What the entry holds."""
        return {"what": self.what, "text": self.text, "action": self.action, "version": self.version}


def saved_of(records: Iterable[EntryRecord], what: str) -> list[Saved]:
    """The filters, or the messages, that stand, by name."""
    found = []
    for record in records:
        body = body_of(record)
        if record.kind == KIND and not record.gone and body.get("what") == what:
            name = record.entry.removeprefix(f"{what}:")
            found.append(
                Saved(
                    name, what, str(body.get("text", "")), str(body.get("action", "")),
                    str(body.get("version", "")),
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: one.name.casefold())


@dataclass(frozen=True, slots=True)
class SentByHand:
    """A message that was sent by hand before."""

    command: int
    station: str
    action: str
    text: str
    asked_ms: int
    state: str


def sent_by_hand(records: Iterable[CommandRecord], most: int = 20) -> list[SentByHand]:
    """The newest messages sent by hand, newest first, each text once."""
    found: dict[tuple[str, str, str], SentByHand] = {}
    for record in sorted(records, key=lambda r: -r.command):
        if record.operation != "Message":
            continue
        text = pretty(record.payload)
        one = SentByHand(
            record.command, str(record.station), record.action, text, record.asked_ms, record.outcome
        )
        found.setdefault((one.station, one.action, text), one)
        if len(found) >= most:
            break
    return list(found.values())
