"""What makers call the fields for the address, as hints read from resources/onboarding."""

import tomllib
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from app.onboarding.addresses import address_for

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=160)]


class Vendor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One maker's way. `match` are patterns of what its chargers report as vendor."""

    name: Text
    where: Text
    form: Literal["whole", "base", "bare", "parts"]
    address_field: Text
    identity_field: Text
    password_field: Text
    match: tuple[str, ...] = ()
    note: str = ""

    def fits(self, reported: str) -> bool:
        """Whether a charger that reports this vendor is meant."""
        return any(fnmatchcase(reported.casefold(), pattern.casefold()) for pattern in self.match)

    def address(self, url: str, identity: str) -> str:
        """The address in the form this maker wants."""
        base = address_for(url)
        match self.form:
            case "whole":
                return address_for(url, identity)
            case "base":
                return base
            case "bare":
                return base.rstrip("/")
        parts = urlsplit(base)
        return f"{parts.hostname}  {parts.port}  {parts.path}"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    vendor: list[Vendor]


@cache
def vendors() -> tuple[Vendor, ...]:
    """All of them; the first suits any charger."""
    text = (files("resources") / "onboarding" / "vendors.toml").read_text("utf-8")
    return tuple(msgspec.convert(tomllib.loads(text), _File).vendor)


def vendor_of(reported: str) -> Vendor:
    """The maker a charger reports, else the entry for any charger."""
    return next((vendor for vendor in vendors() if vendor.fits(reported)), vendors()[0])
