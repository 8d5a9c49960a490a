"""The sentence of the day: what changed since yesterday, or nothing where nothing did."""

from app.analytics.yesterday import Yesterday
from ui.models.losses import amounts
from ui.theme.formats import count, energy_text, number

NOTABLE = 0.05
"""Energy that differs by less is not told: days differ by more than that by themselves."""
MOST_TIMES = 3
"""Energy that is more than so many times the other is told as it is: soon after midnight "63,916% more"
compares with next to nothing."""


def day_words(found: Yesterday) -> str:
    """One line, or "" where there is nothing to say."""
    parts = []
    if found.opened:
        still = "" if found.still_open == found.opened else f", {number(found.still_open)} of them still open"
        parts.append(f"{count(found.opened, 'fault')} opened{still}")
    if found.ended:
        told = [f"{number(found.healed)} mended without a person"] if found.healed else []
        if found.lost:
            told.append(f"they lost {amounts(found.lost)} in all")
        parts.append(f"{number(found.ended)} ended" + (f" ({', '.join(told)})" if told else ""))
    if found.energy_wh is not None and found.before_wh:
        share = found.energy_wh / found.before_wh - 1
        if abs(share) >= NOTABLE:
            parts.append(_energy(found.energy_wh, found.before_wh, share))
    return f"Since yesterday at this time: {'; '.join(parts)}." if parts else ""


def _energy(today_wh: int, before_wh: int, share: float) -> str:
    if share > MOST_TIMES - 1:
        return f"today {energy_text(today_wh)}, yesterday by this time {energy_text(before_wh)}"
    more = "more" if share > 0 else "less"
    return f"today {number(abs(share) * 100)}% {more} energy than yesterday by this time"
