"""Numbers for what rows repeat by the million, kept in memory and in their tables."""

from typing import Any

import msgspec

from app.store import tables

_LAYOUTS_KEPT = 20_000


class Dictionaries:
    """Knows every outlet and the layouts in use, and the next number of insert-only tables.

    New ones are handed to the writer with `fresh()`, which writes them in the transaction that
    first needs them; `forget()` takes them back when that transaction fails.
    """

    def __init__(self, cursor: Any) -> None:
        self._outlets: dict[tuple[str, int, int], int] = {}
        self._layouts: dict[tuple[Any, ...], int] = {}
        self._cursor = cursor
        self._new_outlets: list[tuple[int, str, int, int]] = []
        self._new_layouts: dict[tuple[Any, ...], tuple[int, str]] = {}
        self._written = (0, 0)
        self._fetch = f"SELECT layout FROM layout WHERE channels = {_mark(cursor)}"
        for number, station, evse, connector in self._rows(
            "SELECT outlet, station, evse, connector FROM outlet"
        ):
            self._outlets[station, evse, connector] = number
        self._next_outlet = max(self._outlets.values(), default=0) + 1
        self._next_layout = self._highest("layout", "layout") + 1
        self._next = {
            "link": self._highest("link", "seq") + 1,
            "notice": self._highest("notice", "seq") + 1,
            "journal": max(self._highest("journal", "seq"), self._packed()) + 1,
        }

    def _rows(self, text: str) -> list[Any]:
        self._cursor.execute(text)
        return list(self._cursor.fetchall())

    def _highest(self, table: str, column: str) -> int:
        known = tables.metadata.tables[table].c[column]
        return int(self._rows(f"SELECT max({known.name}) FROM {known.table.name}")[0][0] or 0)

    def _packed(self) -> int:
        newest = self._rows("SELECT last_seq FROM segment ORDER BY first_seq DESC LIMIT 1")
        return int(newest[0][0]) if newest else 0

    def outlet(self, station: str, evse: int, connector: int) -> int:
        """The number of a plug."""
        key = (station, evse, connector)
        number = self._outlets.get(key)
        if number is None:
            number = self._next_outlet
            self._next_outlet += 1
            self._outlets[key] = number
            self._new_outlets.append((number, *key))
        return number

    def layout(self, layout: tuple[Any, ...]) -> int:
        """The number of a layout: (context, signed, channel, channel, …)."""
        number = self._layouts.get(layout)
        if number is None:
            if len(self._layouts) >= _LAYOUTS_KEPT:
                self._layouts = {fresh: self._layouts[fresh] for fresh in self._new_layouts}
            channels = _text_of(layout)
            self._cursor.execute(self._fetch, (channels,))
            row = self._cursor.fetchone()
            if row is None:
                number = self._next_layout
                self._next_layout += 1
                self._new_layouts[layout] = (number, channels)
            else:
                number = int(row[0])
            self._layouts[layout] = number
        return number

    def next_seq(self, table: str) -> int:
        """The next number of an insert-only table; gaps after a failed group are harmless."""
        number = self._next[table]
        self._next[table] = number + 1
        return number

    def fresh(self) -> tuple[list[tuple[int, str, int, int]], list[tuple[int, str]]]:
        """Outlets and layouts not yet written in this transaction; counts as written from now."""
        outlets = self._new_outlets[self._written[0] :]
        layouts = list(self._new_layouts.values())[self._written[1] :]
        self._written = self.mark()
        return outlets, layouts

    def mark(self) -> tuple[int, int]:
        """Where the new ones end now, for `forget`."""
        return len(self._new_outlets), len(self._new_layouts)

    def keep(self) -> None:
        """The transaction is committed."""
        self._new_outlets, self._new_layouts, self._written = [], {}, (0, 0)

    def forget(self, since: tuple[int, int] = (0, 0)) -> None:
        """What came after `since` was rolled back."""
        for _, station, evse, connector in self._new_outlets[since[0] :]:
            self._outlets.pop((station, evse, connector), None)
        for layout in list(self._new_layouts)[since[1] :]:
            self._layouts.pop(layout, None)
            del self._new_layouts[layout]
        del self._new_outlets[since[0] :]
        self._written = (min(self._written[0], since[0]), min(self._written[1], since[1]))


def _text_of(layout: tuple[Any, ...]) -> str:
    context, signed, *channels = layout
    return msgspec.json.encode([context, signed, channels]).decode()


def _mark(cursor: Any) -> str:
    return "?" if type(cursor).__module__.startswith("sqlite3") else "%s"
