"""Commands to stations in the palette: "Soft reset VTP-03…", for the station in hand or the one typed."""

from collections.abc import Iterable

from app.fleet.views import Picture
from ui.models.command_kinds import kinds
from ui.shell.page import Hit, Workspace

MOST_STATIONS = 3
SHORTEST = 3


def meant(picture: Picture, typed: str, in_hand: str) -> list[str]:
    """The stations that the typed words name, whole or by their beginning; else the one in hand."""
    words = [word for word in typed.casefold().split() if len(word) >= SHORTEST]
    exact = [s for s in picture.stations if s.casefold() in words]
    if exact:
        return exact[:MOST_STATIONS]
    begun = [s for s in picture.stations if any(s.casefold().startswith(word) for word in words)]
    if len(words) > 1 and begun:
        return begun[:MOST_STATIONS]
    return [in_hand] if in_hand in picture.stations else []


def operation_hits(workspace: Workspace, typed: str, in_hand: str) -> Iterable[Hit]:
    """Every command for each station meant; where none is, the list leads to them."""
    from ui.widgets.command_opening import open_command

    if not typed:
        return
    stations = meant(workspace.picture, typed, in_hand)
    if not stations:
        for kind in kinds():
            yield Hit(f"{kind.title}…", "choose its station", "Commands", kind.icon, route="stations/list")
    for station in stations:
        for kind in kinds():
            yield Hit(
                f"{kind.title} {station}…", "", f"On {station}", kind.icon,
                run=lambda kind=kind, station=station: open_command(workspace, kind, station),  # type: ignore[misc]
            )  # fmt: skip
