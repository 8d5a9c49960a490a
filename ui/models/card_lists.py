"""What card list a station holds, read from its command log, and what it lacks of ours. No Qt."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from app.analytics.care import ListedCard
from app.domain.operations import ListedToken
from app.domain.records import CommandRecord
from ui.models.command_words import operation_of
from ui.models.reservations import GIVEN


@dataclass(frozen=True, slots=True)
class HeldList:
    """`version` None: never told; `cards` None: not known what it holds. `read_ms`: when it was told."""

    version: int | None
    read_ms: int | None
    cards: dict[str, ListedToken] | None

    @property
    def next_version(self) -> int:
        """The version a list sent now would have."""
        return max(self.version or 0, 0) + 1


def listed(card: ListedCard) -> ListedToken:
    """A card as it is sent."""
    return ListedToken(card.token, card.kind, card.status, card.expires_ms, card.group)


def held(records: Iterable[CommandRecord]) -> HeldList:
    """What a station holds, from the lists it took and the versions it told; `records` newest first."""
    version: int | None = None
    read_ms: int | None = None
    cards: dict[str, ListedToken] | None = None
    sent = -1
    for record in sorted(records, key=lambda r: (r.asked_ms, r.command)):
        if record.outcome not in GIVEN:
            continue
        told = operation_of(record)
        if record.operation == "SendLocalList" and isinstance(told.get("version"), int):
            tokens = [_token(entry) for entry in told.get("tokens") or () if isinstance(entry, dict)]
            if told.get("full", True):
                cards = {}
            if cards is not None:
                for token in tokens:
                    if token.status is None:
                        cards.pop(token.token, None)
                    else:
                        cards[token.token] = token
            version = sent = int(told["version"])
            read_ms = record.answered_ms
        elif record.operation == "ReadLocalListVersion":
            found = _version(record.answer)
            if found is not None:
                version, read_ms = found, record.answered_ms
                if found != sent:
                    cards = {} if found == 0 else None
    return HeldList(version, read_ms, cards)


def difference(cards: Iterable[ListedCard], station: HeldList) -> tuple[ListedToken, ...] | None:
    """What to send so that the station holds `cards`; None where only the whole list will do."""
    if station.cards is None or not station.version:
        return None
    wanted = {card.token: listed(card) for card in cards}
    changes = [token for name, token in wanted.items() if station.cards.get(name) != token]
    gone = [ListedToken(name, kept.kind, None) for name, kept in station.cards.items() if name not in wanted]
    return (*changes, *gone)


def stands(card: ListedCard, station: HeldList) -> str:
    """Whether the station holds a card: "held", "differs", "missing" or "unknown"."""
    if station.cards is None:
        return "unknown"
    kept = station.cards.get(card.token)
    if kept is None:
        return "missing"
    return "held" if kept == listed(card) else "differs"


def _token(entry: dict[str, object]) -> ListedToken:
    status, expires = entry.get("status", "Accepted"), entry.get("expires_ms")
    return ListedToken(
        str(entry.get("token") or ""),
        str(entry.get("kind") or "ISO14443"),
        None if status is None else str(status),
        expires if isinstance(expires, int) else None,
        str(entry.get("group") or ""),
    )


def _version(answer: str) -> int | None:
    try:
        found = json.loads(answer or "{}")
    except ValueError:
        return None
    if isinstance(found, list):
        found = next((part for part in found if isinstance(part, dict)), {})
    if not isinstance(found, dict):
        return None
    value = found.get("listVersion", found.get("versionNumber"))
    return value if isinstance(value, int) else None
