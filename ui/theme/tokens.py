"""The design's values, read once from resources/tokens.json. Pure: no Qt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

THEMES = ("dark", "light", "contrast")
"""The themes a person may choose; `contrast` is the light one for sunlight."""


@dataclass(frozen=True, slots=True)
class TypeRole:
    """Size and line height in px at 100 percent, weight 400 to 600."""

    size: float
    line: float
    weight: int


@dataclass(frozen=True, slots=True)
class StateShape:
    """A state's shape on a 16 px grid. C is the state's colour, BG is cut out."""

    abnormal: bool
    svg: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """Everything in tokens.json that the window uses, with types."""

    colours: Mapping[str, Mapping[str, str]]
    type_scale: Mapping[str, TypeRole]
    sizes: Mapping[str, int]
    radius: Mapping[str, int]
    motion_ms: Mapping[str, int]
    shapes: Mapping[str, StateShape]
    max_points: int
    gap_factor: float
    contrast: Mapping[str, Mapping[str, Mapping[str, float]]]


def parse(raw: Mapping[str, Any]) -> Tokens:
    """Typed tokens from the parsed file. A missing value is a KeyError: the file is ours."""
    dark, light = raw["themes"]["dark"], raw["themes"]["light"]
    contrast = {**light, **raw["themes"]["lightHighContrast"]["override"]}
    motion = raw["motion"]
    return Tokens(
        colours={"dark": dark, "light": light, "contrast": contrast},
        type_scale={name: TypeRole(*values) for name, values in raw["type"]["scale"].items()},
        sizes=raw["size"],
        radius=raw["radius"],
        motion_ms={name: motion[name] for name in ("pressMs", "panelMs", "newRowHighlightMs")},
        shapes={
            name: StateShape(state["abnormal"], state["svg"])
            for name, state in raw["stateShapes"]["states"].items()
        },
        max_points=raw["charts"]["maxPointsPerSeries"],
        gap_factor=2.5,
        contrast=raw["contrast"],
    )


@cache
def tokens() -> Tokens:
    """The design's values."""
    return parse(json.loads(files("resources").joinpath("tokens.json").read_text(encoding="utf-8")))


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB" (WCAG 2.1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
