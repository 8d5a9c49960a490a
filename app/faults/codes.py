"""One vocabulary for faults: MREC CX001–CX026, 1.6's own words, and what Forecourt finds itself.

Read from resources/codes, overridable in the data directory. The raw words of a station are never
changed: a code is what they mean under a version of the mapping.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from app import toml_files
from app.domain.entries import body_of
from app.domain.errors import ForecourtError
from app.domain.records import EntryRecord

VERSION = 1
"""Rises when shipped data means something else for what a station said."""
UNMAPPED = "Unmapped"
FAULTED = "Faulted"
OTHER = "OtherError"
_MREC = re.compile(r"(?<![A-Za-z0-9])CX0(?:0[1-9]|1\d|2[0-6])(?![A-Za-z0-9])")


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of fault.

    `safety`: "listed" in a published operator code set, "ours" where Forecourt treats it so.
    `out_first`: "take out of service" is offered first, and automatic resets are refused.
    """

    code: str
    name: str
    title: str
    meaning: str
    native: str = ""
    safety: Literal["", "listed", "ours"] = ""
    driver: bool = False
    out_first: bool = False


class Named(NamedTuple):
    """What words of a station mean. `how` tells which step of the mapping knew it.

    `mark` tells apart codes that nobody has named yet. `reading` is what was sent beside the code.
    """

    code: str
    title: str
    raw: str
    safety: bool
    how: Literal["mrec", "set", "operator", "native", "component", "unmapped"]
    mark: str = ""
    reading: str = ""


class Words(NamedTuple):
    """What a station said of a fault, and who it is."""

    error: str = ""
    vendor_error: str = ""
    info: str = ""
    vendor_id: str = ""
    vendor: str = ""
    model: str = ""
    firmware: str = ""


class Security(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A security event that a person must judge."""

    type: str
    code: str
    title: str
    hours: float = 24


class _Set(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    vendor_id: str
    codes: dict[str, str]


class _Component(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    component: str
    variable: str
    code: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    code: list[Code] = []
    set: list[_Set] = []
    component: list[_Component] = []
    security: list[Security] = []


class _Given(NamedTuple):
    """A code that the operator named."""

    vendor: str
    model: str
    firmware: str
    code: str
    means: str
    title: str


class Codes:
    """The vocabulary, with what the operator named.

    Args:
        own: a directory with further TOML files of the same form; the same code replaces ours.

    Raises:
        ForecourtError: such a file cannot be read.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._codes: dict[str, Code] = {}
        self._sets: dict[str, dict[str, str]] = {}
        self._components: dict[tuple[str, str], str] = {}
        self._security: dict[str, Security] = {}
        self._given: dict[str, _Given] = {}
        self._changes = 0
        for read in _read(own):
            self._codes.update({c.code: c for c in read.code})
            self._sets.update({s.vendor_id.casefold(): s.codes for s in read.set})
            self._components.update(
                {(c.component.casefold(), c.variable.casefold()): c.code for c in read.component}
            )
            self._security.update({s.type.casefold(): s for s in read.security})
        self._native = {c.native: c for c in self._codes.values() if c.native}

    @property
    def version(self) -> str:
        """The mapping version: the shipped one, and how often the operator changed it."""
        return f"{VERSION}.{self._changes}"

    def __getitem__(self, code: str) -> Code:
        """A kind of fault; one that is not in the vocabulary stands for itself."""
        return self._codes.get(code) or Code(code, code, code, code)

    def __iter__(self) -> Iterator[Code]:
        """All kinds."""
        return iter(self._codes.values())

    def learn(self, record: EntryRecord) -> None:
        """Take in a `code-name` entry of the operator.

        Its body: `vendor`, `model` and `firmware` (shell patterns, "" for any), `code` (the
        station's), `means` (a code of the vocabulary, or ""), `title` (the operator's words).
        """
        if record.kind != "code-name":
            return
        self._changes += 1
        body = body_of(record)
        if record.gone or not body.get("code"):
            self._given.pop(record.entry, None)
            return
        texts = (
            str(body.get(key) or "") for key in ("vendor", "model", "firmware", "code", "means", "title")
        )
        self._given[record.entry] = _Given(*texts)

    def name(self, words: Words) -> tuple[Named, ...]:
        """What a station's words mean, one for each code in them; at least one.

        The first that fits decides: a MREC code in the vendor's code or as a word of `info`; the
        code set of its vendorId; the operator's own table; the 1.6 word with a MREC or a meaning
        of its own; else it is unmapped and shown raw.
        """
        raw = " · ".join(part for part in (words.error, words.vendor_error, words.info) if part)
        words = self._with_set(words)
        found = _MREC.findall(words.vendor_error) or _MREC.findall(words.info)
        if found:
            told = _MREC.findall(words.vendor_error) != []
            readings = words.info.split(",") if told and len(found) > 1 else [words.info if told else ""]
            return tuple(
                self._named(code, raw, "mrec", reading=readings[n].strip() if n < len(readings) else "")
                for n, code in enumerate(dict.fromkeys(found))
            )
        from_set = self._of_set(words, raw)
        if from_set:
            return from_set
        given = self._of_operator(words)
        if given is not None:
            return (self._given_as(given, raw),)
        return (self._of_native(words, raw),)

    def of_event(self, component: str, variable: str, words: Words) -> Named:
        """What an event of a 2.x component means: its code first, then its component."""
        code = self._components.get((component.casefold(), variable.casefold()))
        if words.vendor_error or words.info:
            named = self.name(words._replace(error=""))[0]
            if named.how not in ("unmapped", "native"):
                return named
        raw = " · ".join(p for p in (f"{component}.{variable}", words.vendor_error, words.info) if p)
        if code is None:
            native = self._native.get(words.info)
            code = native.code if native is not None else None
        if code is not None:
            return self._named(code, raw, "component")
        if words.vendor_error:
            return self._unmapped(words, raw)
        return self._named(
            "Problem", raw, "component", mark=f"{component}.{variable}", title=f"{component}: {variable}"
        )

    def security(self, kind: str) -> Security | None:
        """A security event a person must judge, by its type in any case and spacing; None for others."""
        return self._security.get(kind.replace(" ", "").casefold())

    def _named(
        self, code: str, raw: str, how: Any, *, reading: str = "", mark: str = "", title: str = ""
    ) -> Named:
        kind = self[code]
        return Named(code, title or kind.title, raw, bool(kind.safety), how, mark, reading)

    def _with_set(self, words: Words) -> Words:
        """A status keeps the vendorId of a code set at the end of `info`: "12 V, 3 V [com.evgo.mrec]"."""
        head, bracket, tail = words.info.rpartition("[")
        if bracket and tail.endswith("]") and tail[:-1].casefold() in self._sets:
            return words._replace(info=head.strip(), vendor_id=tail[:-1])
        return words

    def _of_set(self, words: Words, raw: str) -> tuple[Named, ...]:
        table = self._sets.get(words.vendor_id.casefold()) if words.vendor_id else None
        if table is None:
            return ()
        said = [part.strip() for part in words.vendor_error.split(",") if part.strip()]
        readings = [part.strip() for part in words.info.split(",")]
        pairs = {
            code: readings[n] if n < len(readings) else ""
            for n, code in reversed(list(enumerate(table.get(part.upper(), "") for part in said)))
            if code
        }
        return tuple(self._named(code, raw, "set", reading=pairs[code]) for code in reversed(pairs))

    def _of_operator(self, words: Words) -> _Given | None:
        said = {words.vendor_error.casefold(), *(p.strip().casefold() for p in words.vendor_error.split(","))}
        for given in self._given.values():
            station = (
                (words.vendor, given.vendor),
                (words.model, given.model),
                (words.firmware, given.firmware),
            )
            if given.code.casefold() in said and all(
                not pattern or fnmatchcase(text.casefold(), pattern.casefold()) for text, pattern in station
            ):
                return given
        return None

    def _given_as(self, given: _Given, raw: str) -> Named:
        if given.means:
            return self._named(given.means, raw, "operator", title=given.title)
        return Named(UNMAPPED, given.title or given.code, raw, False, "operator", given.code)

    def _of_native(self, words: Words, raw: str) -> Named:
        kind = self._native.get(words.error)
        if kind is not None and kind.code != OTHER:
            return self._named(kind.code, raw, "native")
        if words.vendor_error:
            return self._unmapped(words, raw)
        return self._named(words.error or FAULTED, raw, "native")

    def _unmapped(self, words: Words, raw: str) -> Named:
        title = " ".join(part for part in (words.vendor, words.vendor_error) if part)
        return Named(UNMAPPED, title, raw, False, "unmapped", words.vendor_error)


def _read(own: Path | None) -> Iterator[_File]:
    yield from _shipped()
    for path, text in toml_files.own(own, "The fault codes in"):
        try:
            yield _parsed(text)
        except ValueError as error:
            raise ForecourtError(f"The fault codes in {path} cannot be read: {error}.") from error


@cache
def _shipped() -> tuple[_File, ...]:
    return tuple(_parsed(text) for _, text in toml_files.shipped("codes"))


def _parsed(text: str) -> _File:
    found: Mapping[str, Any] = tomllib.loads(text)
    return msgspec.convert(found, _File)
