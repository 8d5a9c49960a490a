"""A station's settings as rows to search, compare and change. No Qt."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.operations import Variable
from app.domain.records import VariableRecord
from app.domain.told import UNKNOWN
from app.operations.configuration.known import known_settings
from app.operations.configuration.naming import Key, key_of_record, variable_of
from app.operations.configuration.values import Kind, check, equal, parts
from ui.models.command_fields import number_of

KINDS: Mapping[str, Kind] = {
    "string": "text", "datetime": "text", "optionlist": "text", "decimal": "number", "integer": "integer",
    "boolean": "boolean", "memberlist": "list", "sequencelist": "list",
}  # fmt: skip
"""What a station calls a variable's type (OCPP 2.0.1, DataEnumType) → the kind of its values."""


STATUS: Mapping[str, str] = {"RebootRequired": "takes effect after a restart", "Rejected": "refused to tell"}
"""A station's word beside a setting → its meaning."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row; `heading` names a component over its rows. `wanted` is what the template says (None:
    nothing); `draft` what is to be written (None: nothing); `result` how the last writing ended."""

    key: Key
    name: str = ""
    component: str = ""
    value: str | None = None
    readonly: bool = False
    read_ms: int = 0
    before: str | None = None
    changed_ms: int | None = None
    unit: str = ""
    kind: Kind = "text"
    typed: bool = False
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] = ()
    wanted: str | None = None
    draft: str | None = None
    result: str = ""
    heading: bool = False
    folded: bool = False
    title: str = ""
    restart: bool = False
    note: str = ""
    variable: Variable = field(default_factory=lambda: Variable(""))

    @property
    def differs(self) -> bool:
        """Whether a template wants another value than the one read."""
        if self.wanted is None:
            return False
        return self.value is None or not equal(self.kind, self.wanted, self.value)

    @property
    def choices(self) -> tuple[str, ...]:
        """The values it may have, where they are few and known."""
        return ("true", "false") if self.kind == "boolean" else self.allowed if self.kind != "list" else ()

    @property
    def shown(self) -> str:
        """The value as it stands in the table."""
        return "–" if self.value is None else self.value


def setting(record: VariableRecord, wanted: str | None, draft: str | None, result: str) -> Setting:
    """A record as its row."""
    detail = _detail(record.detail)
    known = known_settings().of(variable_of(record))
    told = str(detail.get("dataType") or "").lower()
    kind: Kind = KINDS.get(told, "text")
    if known is not None and told in ("", "string"):
        kind = known.kind  # many stations call every value a string
    status = str(detail.get("status") or "")
    allowed = detail.get("valuesList") or ()
    if isinstance(allowed, str):
        allowed = parts(allowed)
    unit = str(detail.get("unit") or "") or (known.unit if known is not None else "")
    where = f"{record.component}{f' {record.component_instance}' if record.component_instance else ''}"
    place = f" {record.evse}" if record.evse else ""
    name = f"{record.name}[{record.instance}]" if record.instance else record.name
    return Setting(
        key_of_record(record),
        name if record.attribute in ("", "Actual") else f"{name} ({record.attribute})",
        f"{where}{place}",
        record.value, record.readonly, record.read_ms, record.before, record.changed_ms,
        unit, kind, bool(told or known), _number(detail.get("minLimit")), _number(detail.get("maxLimit")),
        tuple(map(str, allowed)), wanted, draft, result, title=known.title if known is not None else "",
        restart=bool(detail.get("restart")) or (known is not None and known.restart),
        note=STATUS.get(status, status), variable=variable_of(record),
    )  # fmt: skip


def _detail(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def is_there(record: VariableRecord) -> bool:
    """Whether the station has such a setting at all."""
    return _detail(record.detail).get("status") not in UNKNOWN


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def wrong(row: Setting, text: str) -> str:
    """What is wrong with `text` as its new value; "" where it will do."""
    said = text.strip()
    if row.readonly:
        return "The station allows nobody to change this."
    if row.choices and said not in row.choices:
        return f"It may be {', '.join(row.choices[:-1])} or {row.choices[-1]}."
    if row.kind == "list" and row.allowed:
        strange = sorted(set(parts(said)) - set(row.allowed))
        return f"{strange[0]} is not among what it may hold: {', '.join(row.allowed)}." if strange else ""
    try:
        check(row.kind, said, row.name)
    except ForecourtError as error:
        return str(error)
    if row.kind in ("integer", "number"):
        value = number_of(said)
        if row.low is not None and value < row.low:
            return f"It is at least {row.low:g}."
        if row.high is not None and value > row.high:
            return f"It is at most {row.high:g}."
    elif row.high is not None and row.kind == "text" and row.typed and len(text) > row.high:
        return f"It has at most {row.high:g} characters."
    return ""


def found(rows: Iterable[Setting], text: str, show: str) -> list[Setting]:
    """The rows that fit a search ("meter interval") and what is to be shown: all, differs, changed."""
    words = text.lower().split()
    kept = []
    for row in rows:
        if show == "differs" and not row.differs:
            continue
        if show == "changed" and row.draft is None and not row.result:
            continue
        hay = f"{row.component} {row.name} {row.value or ''}".lower()
        if all(word in hay for word in words):
            kept.append(row)
    return kept


def grouped(rows: Sequence[Setting], folded: frozenset[str]) -> list[Setting]:
    """Rows under headings of their components; 1.6 keys, which have none, stand alone."""
    made: list[Setting] = []
    heads = {row.component for row in rows}
    if heads <= {""}:
        return sorted(rows, key=lambda row: row.name.lower())
    for head in sorted(heads, key=str.lower):
        mine = sorted((row for row in rows if row.component == head), key=lambda row: row.name.lower())
        if head:
            made.append(
                Setting((head, "", 0, 0, "", "", "heading"), head, head, str(len(mine)), heading=True,
                        folded=head in folded)
            )  # fmt: skip
        if head not in folded:
            made.extend(mine)
    return made


def allowed_words(row: Setting) -> str:
    """What it may be, in words."""
    said = []
    if row.choices:
        said.append(f"{', '.join(row.choices)}")
    elif row.allowed:
        said.append(f"any of {', '.join(row.allowed)}")
    elif row.kind == "integer":
        said.append("a whole number")
    elif row.typed:
        said.append({"number": "a number", "list": "a list", "text": "a text"}[row.kind])
    if row.kind in ("integer", "number") and (row.low is not None or row.high is not None):
        low = "" if row.low is None else f"from {row.low:g} "
        said.append(f"{low}{'' if row.high is None else f'to {row.high:g}'}".strip())
    return ", ".join(said)
