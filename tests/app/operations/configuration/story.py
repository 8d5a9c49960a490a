"""Stations and settings as they are read, short to write down."""

from app.domain.ids import StationId
from app.domain.operations import Variable
from app.domain.records import VariableRecord
from app.domain.told import SettingTold
from app.operations.configuration.keeping import kept
from app.operations.configuration.naming import read
from app.operations.configuration.template import Template, assemble, parse

READ_MS = 1_767_600_000_000


def template(text: str, name: str = "mine") -> Template:
    """A template of one text."""
    return assemble({name: (parse(text, name), "file", 0)})[name]


def rows(station: str, **values: str | None) -> list[VariableRecord]:
    """Settings of a 1.6 station."""
    return kept(station, [SettingTold(Variable(key), value) for key, value in values.items()], [], READ_MS)


def named(station: str, values: dict[str, str | None], *, readonly: bool = False) -> list[VariableRecord]:
    """Settings by their written names."""
    told = [SettingTold(read(name), value, readonly) for name, value in values.items()]
    return kept(station, told, [], READ_MS)


S7 = StationId("DEPOT-7")
