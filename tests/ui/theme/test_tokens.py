"""The contrast table of the design, computed again from the colours."""

import pytest

from ui.theme.tokens import contrast_ratio, tokens

SURFACES = ("bg", "surface1", "surface2", "surface3", "accentSoft")
TEXTS = ("text1", "text2", "text3", "accent")
STATES = (
    "available", "charging", "preparing", "finishing", "reserved",
    "unavailable", "faulted", "offline", "degraded", "unknown",
)  # fmt: skip
ABNORMAL = ("faulted", "offline", "degraded", "unknown")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_ratios_of_the_design_follow_from_its_colours(theme: str) -> None:
    colours = tokens().colours[theme]
    for token, grounds in tokens().contrast[theme].items():
        for ground, ratio in grounds.items():
            assert contrast_ratio(colours[token], colours[ground]) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
def test_text_and_states_are_readable_on_every_surface(theme: str) -> None:
    colours = tokens().colours[theme]
    for token in TEXTS + STATES:
        for surface in SURFACES:
            assert contrast_ratio(colours[token], colours[surface]) >= 4.5, (token, surface)
    assert contrast_ratio(colours["onAccentFill"], colours["accentFill"]) >= 4.5
    for state in ABNORMAL:
        soft = colours[f"{state}Soft"]
        assert contrast_ratio(colours[state], soft) >= 4.5
        assert contrast_ratio(colours["text1"], soft) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
def test_edges_of_controls_can_be_seen(theme: str) -> None:
    colours = tokens().colours[theme]
    for surface in SURFACES:
        assert contrast_ratio(colours["lineControl"], colours[surface]) >= 3.0, surface
