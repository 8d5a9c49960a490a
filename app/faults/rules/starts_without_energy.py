"""Sessions that start and deliver nothing, more often than chance allows (F.4)."""

from app.faults.bad_sessions import BadSessions
from app.faults.limits import Limits


class StartsWithoutEnergy(BadSessions):
    """A run of bad sessions most of which delivered nothing."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(
            "starts_without_energy", "StartsWithoutEnergy", "No energy after the start",
            lambda verdict: 2 * verdict.empty >= verdict.bad, limits,
        )  # fmt: skip
