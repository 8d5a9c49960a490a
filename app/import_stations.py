"""Stations from a table: read the CSV, say what would change, and the intents that make it so.

Columns `identity,name,site,latitude,longitude,connector,kind,power_kw,price_per_kwh`, one row a connector.
A column that is missing, or a cell that is empty, leaves what is known as it is.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from app.domain.errors import ForecourtError
from app.domain.intents import AddStation, DescribeStation, Intent
from app.domain.records import ConnectorPlan, StationRecord

COLUMNS = (
    "identity", "name", "site", "latitude", "longitude", "connector", "kind", "power_kw", "price_per_kwh",
)  # fmt: skip
LARGEST_FILE = 20_000_000
MOST_ROWS = 100_000
LONGEST_TEXT = 200
ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789*-_.:+@=|")
MOST_ERRORS_SHOWN = 20


class BadTable(ForecourtError):
    """The table cannot be taken; each of `problems` is a sentence with a line number. Nothing is applied."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        shown = list(problems[:MOST_ERRORS_SHOWN])
        if len(problems) > len(shown):
            shown.append(f"and {len(problems) - len(shown)} more.")
        super().__init__(f"Nothing was imported from {name}: " + " ".join(shown))
        self.problems = tuple(problems)


class Line(NamedTuple):
    """One row as read; None and "" where the table says nothing."""

    number: int
    identity: str
    name: str
    site: str
    latitude: float | None
    longitude: float | None
    connector: tuple[int, int] | None
    """(EVSE, connector)."""
    kind: str
    power_w: int | None
    price_per_kwh: str


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one station. `fields` are (name, old, new) in words; none of them: unchanged."""

    station: str
    new: bool
    fields: tuple[tuple[str, str, str], ...]
    intents: tuple[Intent, ...] = field(default=(), repr=False)


def read_table(path: Path) -> list[Line]:
    """
    Read a table.

    Raises:
        BadTable: anything in it that is wrong, all of it at once, by line.
        ForecourtError: there is no such file, or it is no table.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ForecourtError(f"{path} is larger than {LARGEST_FILE // 1_000_000} MB; split it.")
        data = path.read_bytes()
    except OSError as exc:
        raise ForecourtError(f"{path} cannot be read: {exc.strerror}.") from exc
    return parse_table(data, path.name)


def parse_table(data: bytes, name: str = "the table") -> list[Line]:
    """The same, from bytes: UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab."""
    text = _decoded(data)
    head, _, _ = text.lstrip("\r\n").partition("\n")
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[Line] = []
    problems: list[str] = []
    try:
        columns = _columns(reader, name)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(lines) >= MOST_ROWS:
                raise ForecourtError(f"{name} has more than {MOST_ROWS} rows; split it.")
            line = _line(reader.line_num, dict(zip(columns, cells, strict=False)), problems, separator)
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                problems.append(f"Line {reader.line_num}: more cells than the head has columns.")
            lines.append(line)
    except csv.Error as exc:
        problems.append(f"Line {reader.line_num}: {exc}.")
    _agree(lines, problems)
    if problems:
        raise BadTable(name, problems)
    if not lines:
        raise ForecourtError(f"{name} has no rows below its head.")
    return lines


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _columns(reader: "Iterator[list[str]]", name: str) -> list[str]:
    for cells in reader:
        if any(cell.strip() for cell in cells):
            columns = [cell.strip().lower().replace(" ", "_") for cell in cells]
            break
    else:
        raise ForecourtError(f"{name} is empty.")
    if "identity" not in columns:
        raise ForecourtError(f"{name} has no column identity; its head must be {','.join(COLUMNS)}.")
    twice = sorted({c for c in columns if c in COLUMNS and columns.count(c) > 1})
    if twice:
        raise ForecourtError(f"{name} has the column {twice[0]} twice.")
    return columns


def _line(number: int, cells: Mapping[str, str], problems: list[str], separator: str) -> Line:
    def cell(column: str) -> str:
        return cells.get(column, "").strip()

    def wrong(text: str) -> None:
        problems.append(f"Line {number}: {text}.")

    def decimal(column: str, low: int, high: int) -> Decimal | None:
        said = cell(column)
        if not said:
            return None
        # Where the comma does not part the cells, it is a decimal comma.
        plain = said.replace(",", ".") if separator != "," or "." not in said else said
        try:
            value = Decimal(plain)
        except InvalidOperation:
            wrong(f"{column} must be a number, not {said!r}")
            return None
        if not value.is_finite() or not low <= value <= high:
            wrong(f"{column} must be from {low} to {high}, not {said}")
            return None
        return value

    identity = cell("identity")
    if not identity:
        wrong("the identity is missing")
    elif len(identity) > 48 or identity.startswith(".") or not set(identity) <= ALLOWED:
        wrong(f"the identity {identity!r} has a character no identity can have, or more than 48")
    for column in ("name", "site", "kind"):
        if len(cell(column)) > LONGEST_TEXT or not cell(column).isprintable():
            wrong(f"{column} must be text of at most {LONGEST_TEXT} characters on one line")
    latitude, longitude = decimal("latitude", -90, 90), decimal("longitude", -180, 180)
    if bool(cell("latitude")) != bool(cell("longitude")):
        wrong("latitude and longitude belong together")
    power = decimal("power_kw", 0, 10_000)
    price = decimal("price_per_kwh", 0, 1_000_000)
    connector = _connector(cell("connector"))
    if cell("connector") and connector is None:
        wrong(f"connector must be a number from 1 to 999 (or EVSE.connector), not {cell('connector')!r}")
    elif not cell("connector") and (cell("kind") or power is not None or price is not None):
        wrong("kind, power and price need a connector")
    return Line(
        number=number,
        identity=identity,
        name=cell("name"),
        site=cell("site"),
        latitude=None if latitude is None else float(latitude),
        longitude=None if longitude is None else float(longitude),
        connector=connector,
        kind=cell("kind"),
        power_w=None if power is None else int(power * 1000),
        price_per_kwh="" if price is None else f"{price.normalize():f}",
    )


def _connector(text: str) -> tuple[int, int] | None:
    """ "2" is EVSE 2, connector 1; "2.1" says both."""
    evse, dot, connector = text.partition(".")
    numbers = evse, connector if dot else "1"
    if not all(n.isascii() and n.isdecimal() and len(n) <= 3 and int(n) for n in numbers):
        return None
    return int(numbers[0]), int(numbers[1])


def _agree(lines: Sequence[Line], problems: list[str]) -> None:
    """Rows of one station must not contradict each other."""
    first: dict[tuple[str, str], tuple[int, object]] = {}
    plugs: dict[tuple[str, tuple[int, int]], int] = {}
    for line in lines:
        for column in ("name", "site", "latitude", "longitude"):
            value = getattr(line, column)
            if value in ("", None):
                continue
            number, earlier = first.setdefault((line.identity, column), (line.number, value))
            if earlier != value:
                both = f"{column} of {line.identity} is {value}, but {earlier} on line {number}"
                problems.append(f"Line {line.number}: {both}.")
        if line.connector is not None:
            number = plugs.setdefault((line.identity, line.connector), line.number)
            if number != line.number:
                problems.append(
                    f"Line {line.number}: this connector of {line.identity} is on line {number} too."
                )


def plan(current: Mapping[str, StationRecord], lines: Sequence[Line]) -> list[Change]:
    """What the table would change, station by station in its order. Pure; nothing is applied."""
    by_station: dict[str, list[Line]] = {}
    for line in lines:
        by_station.setdefault(line.identity, []).append(line)
    return [_change(current.get(identity), rows) for identity, rows in by_station.items()]


def _change(known: StationRecord | None, rows: Sequence[Line]) -> Change:
    identity = rows[0].identity
    name = next((r.name for r in rows if r.name), "")
    site = next((r.site for r in rows if r.site), "")
    latitude = next((r.latitude for r in rows if r.latitude is not None), None)
    longitude = next((r.longitude for r in rows if r.longitude is not None), None)
    before = {(p.evse, p.connector): p for p in (known.plan if known else ())}
    after = dict(before)
    for row in rows:
        if row.connector is not None:
            after[row.connector] = _plug(before.get(row.connector), row)
    fields = [
        (label, _word(old), _word(new))
        for label, old, new in (
            ("name", known.name if known else "", name),
            ("site", known.site if known else "", site),
            ("latitude", known.latitude if known else None, latitude),
            ("longitude", known.longitude if known else None, longitude),
        )
        if new not in ("", None) and new != old
    ]
    for key in sorted(after):
        if after[key] != before.get(key):
            fields.append(
                (f"connector {_plug_name(key)}", _plug_words(before.get(key)), _plug_words(after[key]))
            )
    ordered = tuple(after[key] for key in sorted(after))
    intents: list[Intent] = []
    if known is None:
        intents.append(AddStation(identity, name, site, latitude, longitude))
        if ordered:
            intents.append(DescribeStation(identity, plan=ordered))
    elif fields:
        intents.append(
            DescribeStation(
                identity,
                name or None,
                site or None,
                latitude,
                longitude,
                ordered if after != before else None,
            )
        )
    return Change(identity, known is None, tuple(fields), tuple(intents))


def _plug(known: ConnectorPlan | None, row: Line) -> ConnectorPlan:
    assert row.connector is not None
    known = known or ConnectorPlan(*row.connector)
    return ConnectorPlan(
        evse=known.evse,
        connector=known.connector,
        kind=row.kind or known.kind,
        rated_power_w=known.rated_power_w if row.power_w is None else row.power_w,
        price_per_kwh=row.price_per_kwh or known.price_per_kwh,
    )


def _plug_name(key: tuple[int, int]) -> str:
    return str(key[0]) if key[1] == 1 else f"{key[0]}.{key[1]}"


def _plug_words(plug: ConnectorPlan | None) -> str:
    if plug is None:
        return "–"
    power = "" if plug.rated_power_w is None else f"{plug.rated_power_w / 1000:g} kW"
    price = plug.price_per_kwh and f"{plug.price_per_kwh} per kWh"
    return ", ".join(word for word in (plug.kind, power, price) if word) or "known"


def _word(value: object) -> str:
    return "–" if value in ("", None) else str(value)


def in_words(changes: Sequence[Change]) -> str:
    """The plan for a person: a line for each field that changes, and the sums."""
    lines = []
    for change in changes:
        if change.fields or change.new:
            lines.append(f"{'new' if change.new else 'changed'}  {change.station}")
            lines += [f"    {label}: {old} → {new}" for label, old, new in change.fields]
    new = sum(c.new for c in changes)
    changed = sum(bool(c.fields) and not c.new for c in changes)
    lines.append(f"{new} new, {changed} changed, {len(changes) - new - changed} unchanged.")
    return "\n".join(lines)
