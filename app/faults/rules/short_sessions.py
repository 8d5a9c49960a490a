"""Sessions that end under 1 kWh or 3 minutes, more often than chance allows (F.4)."""

from app.faults.bad_sessions import BadSessions
from app.faults.limits import Limits


class ShortSessions(BadSessions):
    """A run of bad sessions most of which broke off."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(
            "short_sessions", "ShortSessions", "Sessions break off",
            lambda verdict: 2 * verdict.empty < verdict.bad, limits,
        )  # fmt: skip
