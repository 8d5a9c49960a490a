"""The costs of a data directory as it was last: read from the cache, the rest computed for it."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.analytics.costs.books import Book, Books
from app.analytics.costs.kept import books_of, known_months
from app.analytics.costs.statements import Statement
from app.cost_room import CostWatch, Preview, preview_of
from app.domain.errors import ForecourtError
from app.reports.pseudonyms import Pseudonyms

Ask = Callable[..., Awaitable[Any]]


class StillCosts:
    """Answers like `Costs` and keeps nothing.

    Args:
        ask: runs `fn(connection, *args)` in a reader.
        now_ms: the last thing heard.
        zone: the operator's.
        data_dir: where the key of the pseudonyms lies.
    """

    def __init__(self, ask: Ask, now_ms: int, zone: ZoneInfo, data_dir: Path) -> None:
        self._ask, self._now_ms, self._zone = ask, now_ms, zone
        self._data_dir = data_dir
        self._books: dict[int, Books] = {}

    async def books(self, months: int = 12, lines: int = 2) -> Books:
        """The last months, the newest `lines` with their evidence."""
        found = self._books.get(months)
        if found is None:
            known = (await self._ask(known_months, self._zone, self._now_ms))[-months:]
            names = Pseudonyms.of(self._data_dir)
            found = await self._ask(books_of, known, self._zone, self._now_ms, names)
            self._books[months] = found
        bare = max(0, len(found.months) - lines)
        return Books((*(one.lines_apart() for one in found.months[:bare]), *found.months[bare:]))

    async def month(self, period: str) -> Book:
        """A month with its evidence. ForecourtError: there is no history of it."""
        known = await self._ask(known_months, self._zone, self._now_ms)
        if period not in known:
            raise ForecourtError(f"There is no history of {period}.")
        names = Pseudonyms.of(self._data_dir)
        found: Books = await self._ask(books_of, [period], self._zone, self._now_ms, names)
        return found.months[0]

    async def preview(self, changes: Mapping[str, str], months: int = 12) -> Preview:
        """Cached months as they are and as they would be with other rates."""
        found: Preview = await self._ask(preview_of, dict(changes), months, self._zone, self._now_ms)
        return found

    async def issue(self, period: str, by: str, why: str = "") -> Statement:
        """Refused: a picture keeps nothing."""
        raise ForecourtError("The server does not run for a picture, so nothing can be issued.")

    def subscribe(self) -> CostWatch:
        """Nothing is computed in the background here, so it never tells anything."""
        return CostWatch(lambda _watch: None)

    def refresh(self, months: int = 12) -> None:
        """What is read next is read anew."""
        self._books.clear()

    def cancel(self) -> None:
        """Nothing runs that could be ended."""
