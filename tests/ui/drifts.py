"""Seeded drift of a few stations from a shipped template."""

import random

from app.domain.ids import StationId
from app.domain.records import VariableRecord
from app.fleet.views import Picture
from app.operations.configuration.drift import Drift, Subject, drift
from app.operations.configuration.plan import Plan, Standing, plans, preview
from app.operations.configuration.room import subject_of
from app.operations.configuration.template import Templates, load_templates
from tests.ui.pictures import HOUR, NOW_MS
from ui.pages.configuration.asking import Look, Offer

TEMPLATES: Templates = load_templates(None)


def drifted(picture: Picture, name: str = "standard-dc", stations: int = 19, seed: int = 3) -> Drift:
    """Most settings equal, some other, some locked, the last station not read."""
    template = TEMPLATES[name]
    rng = random.Random(seed)
    views = [v for v in picture.stations.values() if v.version][:stations]
    subjects: list[Subject] = [subject_of(view) for view in views]
    records = []
    for subject in subjects[:-1]:
        for line in template.lines:
            variable = line.of(subject.version)
            if variable is None:
                continue
            other = rng.random() < 0.12
            value = _other(line.value) if other else line.value
            records.append(
                VariableRecord(
                    StationId(subject.station), variable.component, variable.component_instance,
                    variable.evse or 0, variable.connector or 0, variable.name, variable.instance,
                    variable.attribute, value, other and rng.random() < 0.15, NOW_MS - HOUR,
                    NOW_MS - 30 * HOUR if other else None, line.value if other else None,
                )
            )  # fmt: skip
    return drift(template, subjects, records)


def _other(value: str) -> str:
    if value in ("true", "false"):
        return "false" if value == "true" else "true"
    if value.isdigit():
        return str(int(value) * 3 or 60)
    return ",".join(value.split(",")[:1]) if "," in value else f"{value}x"


def looked(picture: Picture, name: str = "standard-dc") -> Look:
    """What the core answers to a look."""
    return Look(tuple(TEMPLATES.values()), tuple((known, 3) for known in TEMPLATES), drifted(picture, name))


def offered(picture: Picture, name: str = "standard-dc") -> Offer:
    """What the core answers to an offer."""
    made: tuple[Plan, ...] = tuple(plans(drifted(picture, name)))
    standing = {
        view.station: Standing(f"{view.vendor} {view.model}", busy=view.sessions_open > 0)
        for view in picture.stations.values()
    }
    return Offer(made, preview(made, standing))
