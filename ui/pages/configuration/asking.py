"""What the configuration page asks of the core, each as one call in its loop."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.operations.configuration.drift import Drift
from app.operations.configuration.plan import Plan, Preview
from app.operations.configuration.template import Template, parse

STRIDE = 25
"""Stations looked at in one go, so that nothing else waits for it."""


@dataclass(frozen=True, slots=True)
class Look:
    """Templates with how many stations follow each, and the chosen one against its stations."""

    templates: tuple[Template, ...]
    followers: tuple[tuple[str, int], ...]
    drift: Drift | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What applying would write, and what that does."""

    plans: tuple[Plan, ...]
    preview: Preview


async def look(room: Any, name: str, stations: Sequence[str]) -> Look:
    """The chosen template against the stations; without a name, the one that most stations follow."""
    conf = room.configuration
    if not conf.templates:
        return Look((), (), None)
    followers = dict.fromkeys(conf.templates, 0)
    for place, view in enumerate(room.fleet.snapshot().stations.values()):
        mine = conf.followed(view)
        if mine is not None:
            followers[mine.name] += 1
        if place % STRIDE == STRIDE - 1:
            await asyncio.sleep(0)
    chosen = name if name in conf.templates else max(followers, key=lambda known: followers[known])
    found = await conf.drift(chosen, stations)
    return Look(tuple(conf.templates.values()), tuple(followers.items()), found)


async def offer(room: Any, name: str, lines: Sequence[str], stations: Sequence[str]) -> Offer:
    """The plans of a template for these lines and stations, with their preview."""
    conf = room.configuration
    plans = tuple(await conf.plans(name, lines, stations))
    return Offer(plans, conf.preview(plans))


async def apply(room: Any, plans: Sequence[Plan], by: str, why: str) -> int:
    """Begin to write the plans in waves; the batch's number."""
    batch: int = await room.configuration.apply(room.desk, plans, by, why)
    return batch


async def checked(room: Any, name: str, text: str) -> dict[str, Any]:
    """The entry's body of a template as written. ForecourtError: what is wrong with it."""
    body: dict[str, Any] = room.configuration.check(name, parse(text, name))
    return body
