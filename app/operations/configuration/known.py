"""Settings that have a name in both generations: key, variable, kind, unit and meaning."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, NamedTuple

import msgspec

from app.domain.operations import Variable
from app.operations.configuration.naming import Key, key_of, read


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One known setting; "" where a generation has none."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    kind: Literal["integer", "number", "boolean", "list", "text"]
    key: str = ""
    variable: str = ""
    unit: str = ""
    restart: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    setting: list[Setting]


class Known(NamedTuple):
    """Known settings, by the key that tells a setting from others."""

    settings: dict[Key, Setting]

    def of(self, variable: Variable) -> Setting | None:
        """What is known of a setting of either generation; an EVSE's is that of the station."""
        found = key_of(variable)
        return self.settings.get((found[0], "", 0, 0, found[4], found[5], "Actual"))

    def by_key(self, key: str) -> Setting | None:
        """What is known of a 1.6 key."""
        return self.of(Variable(key))

    def by_variable(self, variable: str) -> Setting | None:
        """What is known of a 2.x variable, by its name as written."""
        return self.of(read(variable))

    def twin(self, variable: Variable) -> Variable | None:
        """The setting of the other generation that means the same."""
        found = self.of(variable)
        if found is None:
            return None
        if variable.component:
            return Variable(found.key) if found.key else None
        return read(found.variable) if found.variable else None


@cache
def known_settings() -> Known:
    """The shipped list."""
    text = files("resources").joinpath("configuration/known.toml").read_text(encoding="utf-8")
    found: dict[Key, Setting] = {}
    for setting in msgspec.toml.decode(text, type=_File).setting:
        for name in (setting.key, setting.variable):
            if name:
                found[key_of(read(name))] = setting
    return Known(found)
