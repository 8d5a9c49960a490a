"""The live picture, kept current by what the core says has changed. Pure."""

from dataclasses import replace

from app.fleet.views import Changes, Picture


def after(picture: Picture, changes: Changes) -> Picture:
    """The picture after the changes; what they leave out stays."""
    stations = picture.stations
    if changes.stations or changes.removed:
        stations = {**stations, **changes.stations}
        for gone in changes.removed:
            stations.pop(gone, None)
    return replace(
        picture,
        stations=stations,
        totals=picture.totals if changes.totals is None else changes.totals,
        troubles=picture.troubles if changes.troubles is None else changes.troubles,
        waiting=picture.waiting if changes.waiting is None else changes.waiting,
        server=picture.server if changes.server is None else changes.server,
    )


def whole(picture: Picture) -> Changes:
    """A picture as changes from nothing."""
    return Changes(
        stations=picture.stations,
        totals=picture.totals,
        troubles=picture.troubles,
        waiting=picture.waiting,
        server=picture.server,
    )
