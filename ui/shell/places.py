"""What the command palette can find: pages, stations, sessions by number, deeds of the window."""

from collections.abc import Callable, Iterable, Sequence

from app.fleet.views import Picture, StationView
from ui.shell.navigation import sections
from ui.shell.page import Hit
from ui.theme.shapes import word

STATIONS_SHOWN = 400
"""At most so many stations are weighed at each key; more are found on the Stations page."""


def page_hits() -> Iterable[Hit]:
    """Every page by name."""
    for number, section in enumerate(sections(), 1):
        keys = "" if section.foot else f"Alt {number}"
        yield Hit(section.title, "page", "Go to", section.icon, keys=keys, route=section.key)
        for page in section.pages[1:]:
            if page.tab:
                yield Hit(page.tab, section.title, "Go to", section.icon, route=page.route)


def station_hits(picture: Picture, typed: str) -> Iterable[Hit]:
    """Stations whose identity, name or site holds what was typed."""
    if not typed:
        return
    wanted, found = typed.casefold(), 0
    for view in picture.stations.values():
        if wanted in f"{view.station} {view.name} {view.site}".casefold():
            yield station_hit(view)
            found += 1
            if found >= STATIONS_SHOWN:
                return


def station_hit(view: StationView) -> Hit:
    """One station with its site and state."""
    note = ", ".join(
        filter(None, (view.name if view.name != view.station else "", view.site, word(view.shown).lower()))
    )
    return Hit(
        view.station, note, "Stations", shown=view.shown, route="stations/station", argument=view.station
    )


def session_hits(typed: str) -> Iterable[Hit]:
    """A session by its number."""
    digits = typed.removeprefix("session").strip()
    if digits.isdecimal():
        yield Hit(
            f"Session {int(digits)}",
            "open it",
            "Sessions",
            "receipt-text",
            route="sessions/list",
            argument=digits,
        )


def deed_hits(deeds: Sequence[tuple[str, str, str, Callable[[], object]]]) -> Iterable[Hit]:
    """Deeds of the window: (title, icon, keys, run)."""
    for title, icon, keys, run in deeds:
        yield Hit(title, "", "Commands", icon, keys=keys, run=run)
