"""The thresholds of rules and of money, as data: read from resources/rules, overridable.

A file is TOML with one table a rule. A file of the data directory's `rules` replaces single values.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from app import toml_files
from app.domain.errors import ForecourtError

T = TypeVar("T", bound=msgspec.Struct)


class Limits:
    """What the shipped files say, and over it what the operator's say.

    Args:
        own: a directory of further TOML files.

    Raises:
        ForecourtError: such a file cannot be read.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._tables: dict[str, dict[str, Any]] = {}
        self._from: dict[str, str] = {}
        for name, tables in [*_shipped(), *_owned(own)]:
            for rule, table in tables.items():
                if not isinstance(table, Mapping):
                    raise ForecourtError(f"{name}: {rule} stands outside a table.")
                self._tables.setdefault(rule, {}).update(table)
                self._from[rule] = name

    def of(self, rule: str, kind: type[T]) -> T:
        """The thresholds of a rule.

        Raises:
            ForecourtError: a value is missing, unknown or out of bounds; the sentence names the file.
        """
        try:
            return msgspec.convert(self._tables.get(rule, {}), kind)
        except msgspec.ValidationError as error:
            raise ForecourtError(
                f"{self._from.get(rule, rule)}: the limits of {rule} do not hold: {error}."
            ) from error


def _owned(own: Path | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, text in toml_files.own(own, "The limits in"):
        try:
            yield str(path), tomllib.loads(text)
        except ValueError as error:
            raise ForecourtError(f"The limits in {path} cannot be read: {error}.") from error


@cache
def _shipped() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return tuple((name, tomllib.loads(text)) for name, text in toml_files.shipped("rules"))
