"""What pages that are not in view can do, so that the command palette finds it from everywhere.

A deed is known by its title: its page is opened first, which may have to be built, and then does what it
offers under that title itself.
"""

from collections.abc import Callable, Iterable
from functools import partial

from ui.shell.navigation import find
from ui.shell.page import Hit

DEEDS: dict[str, tuple[tuple[str, str], ...]] = {
    "overview": (("Place stations on the map", "map-pin"),),
    "faults/queue": (("Export faults…", "download"), ("Closed faults", "history")),
    "faults/maintenance": (("New work order…", "plus"), ("Announce work…", "calendar-clock")),
    "faults/shift": (
        ("Hand over the shift…", "user-check"), ("Save the handover as PDF…", "download"),
        ("Shift times…", "clock"),
    ),
    "stations/list": (("Add station…", "plus"), ("Import stations from CSV…", "upload")),
    "stations/messages": (("Send a message by hand…", "send"), ("Export these messages…", "download")),
    "stations/commands": (("Export the command log…", "download"),),
    "stations/configuration": (("Apply the template…", "sliders-horizontal"), ("New template…", "plus")),
    "sessions/list": (
        ("Export these sessions as CSV…", "download"), ("Export these sessions as XLSX…", "table"),
    ),
    "costs": (
        ("What was issued? Issue the month", "check"), ("What did recovery save?", "coins"),
        ("Import complaints, reviews and credits…", "upload"),
    ),
    "reports/uptime": (
        ("Excuse time…", "plus"), ("Check another system's uptime…", "upload"),
        ("Export uptime…", "download"),
    ),
    "settings": (
        ("Back up now…", "database"), ("Test the newest backup", "check"),
        ("Write a support bundle…", "life-buoy"),
    ),
    "settings/assumptions": (
        ("All changes of assumptions", "history"), ("Export the assumptions as CSV…", "download"),
    ),
}  # fmt: skip


def other_pages(in_view: str, do: Callable[[str, str], object]) -> Iterable[Hit]:
    """The deeds of pages other than the one in view; `do` is given a route and a title."""
    for route, deeds in DEEDS.items():
        found = find(route)
        if route == in_view or found is None:
            continue
        section, spec = found
        note = f"{section.title}, {spec.tab}" if spec.tab and spec.tab != section.title else section.title
        for title, icon in deeds:
            yield Hit(title, note, "On other pages", icon, run=partial(do, route, title))
