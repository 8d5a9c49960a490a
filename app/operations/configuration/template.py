"""Templates: how stations of a make should be set, as TOML that a person can read.

Shipped ones are in resources/templates; files of the data directory's `templates/` go before them by
name, and what was changed in the window (entries of the kind "template") goes before both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from app import toml_files
from app.domain.errors import ForecourtError
from app.domain.operations import Variable
from app.operations.configuration.known import Known, known_settings
from app.operations.configuration.naming import Key, key_of, read, written
from app.operations.configuration.values import Kind, as_text, check, kind_of

Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.-]{0,59}$")]
Words = Annotated[str, msgspec.Meta(max_length=500)]


class LineFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line as it is written. `key` is 1.6's, `variable` 2.x's; a known one brings the other."""

    value: bool | int | float | str | list[str]
    key: Annotated[str, msgspec.Meta(max_length=50)] = ""
    variable: Words = ""
    kind: Literal["", "integer", "number", "boolean", "list", "text"] = ""
    unit: Annotated[str, msgspec.Meta(max_length=20)] = ""
    title: Words = ""
    restart: bool = False
    """It takes effect only after a restart."""
    why: Words = ""


class Fit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Stations that follow a template by themselves: shell patterns, compared without case."""

    vendor: str = "*"
    model: str = "*"
    firmware: str = "*"
    versions: tuple[Literal["1.6", "2.0.1", "2.1"], ...] = ()
    """Versions of OCPP; none named means all."""

    def weight(self, about: "Make") -> int | None:
        """How closely it fits, by the letters it names; None where it does not."""
        if self.versions and about.version not in self.versions:
            return None
        said = ((about.vendor, self.vendor), (about.model, self.model), (about.firmware, self.firmware))
        if not all(fnmatchcase(text.casefold(), pattern.casefold()) for text, pattern in said):
            return None
        return sum(sum(c not in "*?" for c in pattern) for _, pattern in said) + bool(self.versions)


class TemplateFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A template as it is written."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    about: Words = ""
    includes: tuple[str, ...] = ()
    """Templates whose lines come first; a line here goes before theirs."""
    fits: tuple[Fit, ...] = ()
    line: tuple[LineFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Make:
    """What decides which template a station follows."""

    version: str
    vendor: str = ""
    model: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """How one setting should be.

    `key` is the setting in 1.6, `variable` in 2.x; None where that generation has none.
    """

    key: Variable | None
    variable: Variable | None
    kind: Kind
    value: str
    unit: str = ""
    title: str = ""
    restart: bool = False
    why: str = ""

    def of(self, version: str) -> Variable | None:
        """The setting in a version."""
        return self.key if version == "1.6" else self.variable

    @property
    def name(self) -> str:
        """What the line is called: the 1.6 key, else the 2.x variable."""
        found = self.key or self.variable
        return written(found) if found else ""


@dataclass(frozen=True, slots=True)
class Template:
    """A template with the lines of those it includes. `source` is "shipped", "file" or "entry"."""

    name: str
    title: str
    about: str
    fits: tuple[Fit, ...]
    lines: tuple[Line, ...]
    source: str
    version: int = 0
    """Of the entry; 0 for files."""
    raw: TemplateFile | None = None

    def weight(self, make: Make) -> int | None:
        """How closely it fits a station, None where it does not."""
        found = [weight for fit in self.fits if (weight := fit.weight(make)) is not None]
        return max(found, default=None)

    def line(self, name: str) -> Line | None:
        """The line of this name, by either generation's."""
        for line in self.lines:
            if name in {written(v) for v in (line.key, line.variable) if v}:
                return line
        return None


Templates = Mapping[str, Template]


def parse(text: str, name: str) -> TemplateFile:
    """A template from TOML.

    Raises:
        ForecourtError: no TOML, or not as a template is; the sentence names it and what is wrong.
    """
    try:
        return msgspec.toml.decode(text, type=TemplateFile)
    except msgspec.MsgspecError as error:
        raise ForecourtError(f"The template {name!r} cannot be read: {error}.") from None


def from_body(body: Mapping[str, Any], name: str) -> TemplateFile:
    """A template from an entry's body.

    Raises:
        ForecourtError: not as a template is.
    """
    try:
        return msgspec.convert(dict(body), TemplateFile)
    except msgspec.MsgspecError as error:
        raise ForecourtError(f"The template {name!r} cannot be read: {error}.") from None


def to_body(template: TemplateFile) -> dict[str, Any]:
    """What an entry keeps of a template; `from_body` reads it back."""
    found = msgspec.to_builtins(template)
    assert isinstance(found, dict)
    return found


def to_toml(template: TemplateFile) -> str:
    """A template as text; `parse` reads it back."""
    from app.operations.configuration.toml import dump

    return dump(to_body(template))


def assemble(
    written_down: Mapping[str, tuple[TemplateFile, str, int]], known: Known | None = None
) -> dict[str, Template]:
    """Templates with what they include, by name.

    Args:
        written_down: by name, each with its source and version.
        known: settings that have a name in both generations.

    Raises:
        ForecourtError: a line that cannot be, an include that is missing or goes in a circle.
    """
    known = known_settings() if known is None else known
    return {
        name: Template(
            name, raw.title, raw.about, raw.fits, _lines(name, written_down, known, ()), source, version, raw
        )
        for name, (raw, source, version) in sorted(written_down.items())
    }


def _lines(
    name: str, all_of: Mapping[str, tuple[TemplateFile, str, int]], known: Known, above: tuple[str, ...]
) -> tuple[Line, ...]:
    if name in above:
        raise ForecourtError(f"The templates {' and '.join((*above, name))} include each other in a circle.")
    raw = all_of[name][0]
    found: dict[Key, Line] = {}
    for other in raw.includes:
        if other not in all_of:
            raise ForecourtError(f"The template {name!r} includes {other!r}, and there is none of that name.")
        for line in _lines(other, all_of, known, (*above, name)):
            found[_place(line)] = line
    own: set[Key] = set()
    for told in raw.line:
        line = line_of(told, name, known)
        if _place(line) in own:
            raise ForecourtError(f"The template {name!r} names {line.name} twice.")
        own.add(_place(line))
        found[_place(line)] = line
    return tuple(found.values())


def _place(line: Line) -> Key:
    setting = line.key or line.variable
    assert setting is not None
    return key_of(setting)


def line_of(told: LineFile, template: str, known: Known | None = None) -> Line:
    """A line with what is known of its setting filled in.

    Raises:
        ForecourtError: it names no setting, or its value is not of its kind.
    """
    known = known_settings() if known is None else known
    if not told.key and not told.variable:
        raise ForecourtError(f"A line of the template {template!r} names neither a key nor a variable.")
    match = known.by_key(told.key) if told.key else known.by_variable(told.variable)
    key = told.key or (match.key if match else "")
    variable = told.variable or (match.variable if match else "")
    if variable and not read(variable).component:
        raise ForecourtError(
            f"The template {template!r} names the variable {variable} without its component; write it like "
            "OCPPCommCtrlr.HeartbeatInterval."
        )
    kind: Kind = told.kind or (match.kind if match else kind_of(told.value))
    value = check(kind, as_text(told.value), told.key or told.variable)
    return Line(
        Variable(key) if key else None,
        read(variable) if variable else None,
        kind,
        value,
        told.unit or (match.unit if match else ""),
        told.title or (match.title if match else ""),
        told.restart or bool(match and match.restart),
        told.why,
    )


def load_templates(
    folder: Path | None, entries: Mapping[str, tuple[Mapping[str, Any], int]] | None = None
) -> dict[str, Template]:
    """All templates: shipped, then the data directory's, then those changed in the window.

    Args:
        folder: the data directory's `templates`; it need not exist.
        entries: bodies and versions of the entries of the kind "template", by name.

    Raises:
        ForecourtError: one of them is wrong; the sentence names it.
    """
    found: dict[str, tuple[TemplateFile, str, int]] = {}
    for file, text in toml_files.shipped("templates"):
        name = file.removesuffix(".toml")
        found[name] = (parse(text, name), "shipped", 0)
    for path, text in toml_files.own(folder, "The template"):
        found[path.stem] = (parse(text, path.stem), "file", 0)
    for name, (body, version) in (entries or {}).items():
        found[name] = (from_body(body, name), "entry", version)
    return assemble(found)


def followed(templates: Templates, make: Make, chosen: str = "") -> Template | None:
    """The template a station follows: the one chosen for it, else the one that fits most closely.

    Of two that fit alike, one that was written here goes before a shipped one, then the first by name.
    """
    if chosen in templates:
        return templates[chosen]
    fitting = [
        (weight, template.source != "shipped", template)
        for template in templates.values()
        if (weight := template.weight(make)) is not None
    ]
    best: Sequence[Any] | None = max(fitting, key=lambda found: found[:2], default=None)
    return best[2] if best else None
