"""The sheets that change a station: each says what it does, and asks why when it can hurt."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.intents import (
    AddStation,
    AdmitStation,
    CloseSession,
    DescribeStation,
    Intent,
    RefuseStation,
    ReplaceHardware,
    RetireStation,
    SetPassword,
    SetStationSwitch,
)
from app.fleet.views import StationView
from ui.models.sites import coordinates
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.widgets.ask_sheet import WHY, AskSheet, Field, Submit, reason_field

MAX_IDENTITY = 255
MIN_PASSWORD, MAX_PASSWORD = 8, 64


def admit(workspace: Workspace, station: str) -> None:
    """Let a waiting station in, at once."""
    workspace.bridge.do(
        AdmitStation(station),
        "accepted at the door",
        done=lambda _=None: workspace.toast(f"{station} is let in. It will introduce itself now."),
        failed=workspace.toast,
    )


def assume_16(workspace: Workspace, station: str) -> None:
    """Take a station that names no known protocol for an OCPP 1.6 one."""
    workspace.bridge.do(
        SetStationSwitch(station, "assume_1.6", "true"),
        "remedy at the door",
        done=lambda _=None: workspace.toast(f"{station} is taken for OCPP 1.6 when it calls again."),
        failed=workspace.toast,
    )


def refuse_sheet(workspace: Workspace, station: str) -> AskSheet:
    """Turn a station away for good."""
    return AskSheet(
        _host(workspace),
        f"Refuse {station}?",
        "",
        "It is turned away whenever it calls. What it has sent so far is kept, and you can accept it later.",
        "Refuse",
        _doing(workspace, lambda values: RefuseStation(station)),
        (reason_field(),),
    )


def add_sheet(workspace: Workspace, sites: tuple[str, ...] = ()) -> AskSheet:
    """Register a station before it calls."""
    hint = f"For example {sites[0]}" if sites else "For example Utrecht Merwede"

    def make(values: Mapping[str, str]) -> AddStation:
        where = coordinates(values["place"])
        latitude, longitude = where if where is not None else (None, None)
        return AddStation(values["station"], values["name"], values["site"], latitude, longitude)

    return AskSheet(
        _host(workspace),
        "Add a station",
        "",
        "It may connect as soon as it is added. Its identity is the last part of the address it calls.",
        "Add station",
        _doing(workspace, make),
        (
            Field(
                "station", "Identity", placeholder="Exactly as set in the charger", check=_identity, mono=True
            ),
            Field("name", "Name", placeholder="What people call it"),
            Field("site", "Site", placeholder=hint),
            Field(
                "place",
                "Coordinates",
                placeholder="52.0907, 5.1214 (or place it on the map later)",
                check=_place,
            ),
        ),
    )


def rename_sheet(workspace: Workspace, view: StationView) -> AskSheet:
    """Change the name; the identity stays."""
    return AskSheet(
        _host(workspace),
        f"Rename {view.station}",
        view.site,
        "The name is for people. The identity that the charger calls with stays the same.",
        "Rename",
        _doing(workspace, lambda values: DescribeStation(view.station, name=values["name"])),
        (Field("name", "Name", view.name),),
    )


def site_sheet(workspace: Workspace, view: StationView) -> AskSheet:
    """Move to another site."""
    return AskSheet(
        _host(workspace),
        f"Move {view.station} to a site",
        view.name,
        "Its past moves with it: lists and reports will count all of it under the new site.",
        "Move",
        _doing(workspace, lambda values: DescribeStation(view.station, site=values["site"])),
        (Field("site", "Site", view.site, "Name of the site"),),
    )


def place_sheet(workspace: Workspace, view: StationView) -> AskSheet:
    """Set coordinates by hand."""
    known = view.latitude is not None and view.longitude is not None
    now = f"{view.latitude:.6f}, {view.longitude:.6f}" if known else ""

    def make(values: Mapping[str, str]) -> DescribeStation:
        where = coordinates(values["place"])
        assert where is not None
        return DescribeStation(view.station, latitude=where[0], longitude=where[1])

    return AskSheet(
        _host(workspace),
        f"Place {view.station} on the map",
        view.site,
        "Latitude and longitude in degrees, as map services show them.",
        "Set coordinates",
        _doing(workspace, make),
        (Field("place", "Coordinates", now, "52.0907, 5.1214", _needed_place, mono=True),),
    )


def password_sheet(workspace: Workspace, station: str, *, has_password: bool) -> AskSheet:
    """Set or remove the password of OCPP security profile 1."""
    text = (
        "The charger must send this password (OCPP security profile 1). It is kept hashed and can not be "
        "shown again. A charger with another password is turned away at its next connect."
    )
    if has_password:
        text += " Leave it empty to ask for none."

    def check(value: str) -> str:
        if not value and has_password:
            return ""
        if not MIN_PASSWORD <= len(value) <= MAX_PASSWORD:
            return f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters."
        return ""

    return AskSheet(
        _host(workspace),
        f"Password of {station}",
        "",
        text,
        "Set password",
        _doing(workspace, lambda values: SetPassword(station, values["password"])),
        (Field("password", "Password", check=check, mono=True, secret=True),),
    )


def replace_sheet(workspace: Workspace, view: StationView) -> AskSheet:
    """New hardware under the old identity."""
    serial = f"Serial {view.serial} was there until now. " if view.serial else ""
    return AskSheet(
        _host(workspace),
        f"Replace the hardware of {view.station}?",
        " ".join((view.vendor, view.model)).strip(),
        f"{serial}Its next boot may show another serial number without an alarm. "
        "All history stays under this identity.",
        "Replace hardware",
        _doing(workspace, lambda values: ReplaceHardware(view.station)),
        (reason_field(),),
    )


def retire_sheet(workspace: Workspace, view: StationView) -> AskSheet:
    """Take a station out of the network."""
    cuts = None
    if view.sessions_open:
        running = count(view.sessions_open, "running session")
        cuts = (
            f"Loses sight of {running}",
            "The link is closed; what the station charges then is not recorded.",
        )
    return AskSheet(
        _host(workspace),
        f"Retire {view.station}?",
        view.site,
        "It leaves all lists and may not connect any more. Its history stays in sessions and exports.",
        "Retire station",
        _doing(workspace, lambda values: RetireStation(view.station)),
        (reason_field(),),
        cuts=cuts,
    )


def close_session_sheet(workspace: Workspace, session: int, station: str) -> AskSheet:
    """Close a ghost session by hand."""
    return AskSheet(
        _host(workspace),
        f"Close session {session}?",
        station,
        "Use this when the car has left and no stop ever came. It ends at its last trusted reading; "
        "if the real stop arrives later, that replaces it. The station is not told to stop.",
        "Close session",
        _doing(workspace, lambda values: CloseSession(session)),
        (reason_field("For example: driver called, car left at noon"),),
    )


def _host(workspace: Workspace) -> QWidget:
    host = workspace.sheet_host
    assert host is not None, "a window sets sheet_host before its pages can be clicked"
    return host


def _doing(workspace: Workspace, make: Callable[[Mapping[str, str]], Intent]) -> Submit:
    def submit(values: Mapping[str, str], done: Any, failed: Any) -> None:
        workspace.bridge.do(make(values), values.get(WHY, ""), done=done, failed=failed)

    return submit


def _identity(text: str) -> str:
    if not text:
        return "A station needs an identity."
    if len(text) > MAX_IDENTITY or any(char in text for char in " /\\?#") or not text.isprintable():
        return "An identity has no blanks and none of / \\ ? #."
    return ""


def _place(text: str) -> str:
    return "" if not text else _needed_place(text)


def _needed_place(text: str) -> str:
    return (
        "" if coordinates(text) is not None else "Write latitude and longitude, for example 52.0907, 5.1214."
    )
