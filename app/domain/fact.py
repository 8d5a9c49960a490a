"""What facts are made of: frozen values that cost a twentieth of a frozen dataclass to make.

A message makes ten of them, and a frozen dataclass sets each field through a call of its own. To
readers a fact is as a frozen dataclass: fields by position or by name, equality by type and value,
`dataclasses.replace` and `dataclasses.fields`.
"""

from dataclasses import Field, field, make_dataclass
from functools import cache
from typing import Any, ClassVar

import msgspec


class _Fields:
    """Tells the dataclasses module about a fact's fields, made when it first asks."""

    def __get__(self, fact: object, kind: type["Fact"]) -> dict[str, Field[Any]]:
        return _fields(kind)


@cache
def _fields(kind: type["Fact"]) -> dict[str, Field[Any]]:
    twin = make_dataclass(
        kind.__name__, [(name, Any, field(default=None)) for name in kind.__struct_fields__], frozen=True
    )
    return twin.__dataclass_fields__  # type: ignore[attr-defined,no-any-return]


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A frozen value. It must not hold what holds it: the garbage collector does not look inside."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]] = _Fields()  # type: ignore[assignment]


changed = msgspec.structs.replace
"""A fact with some fields changed; ten times as quick as `dataclasses.replace`."""
