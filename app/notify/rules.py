"""Who is told of which fault, when. Rules are entries of the kind "notify-rule":

    {"name": "On call", "channels": ["phone"], "priorities": ["P1", "P2"], "min_per_hour": "5",
     "sites": [], "safety": true, "escalated": true, "quiet": [1320, 360], "digest_min": 0,
     "off": false}

A channel's address is a secret and stands in a file of its own (`channels.py`); "desktop" and
"tray" are the window's own. `quiet` is in minutes of the local day; safety faults pass it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.prices import amount

OWN_CHANNELS = ("desktop", "tray")
PRIORITIES = ("P1", "P2", "P3")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Empty `sites` means all; `min_per_hour` is in major units of the fault's currency."""

    id: str
    name: str
    channels: tuple[str, ...]
    priorities: frozenset[str] = frozenset(PRIORITIES)
    min_per_hour: Decimal = Decimal(0)
    sites: frozenset[str] = frozenset()
    safety: bool = True
    escalated: bool = True
    quiet: tuple[int, int] | None = None
    digest_min: int = 0

    def is_quiet(self, minute: int) -> bool:
        """Whether it is quiet at this minute of the local day."""
        if self.quiet is None:
            return False
        start, end = self.quiet
        return start <= minute < end if start < end else minute >= start or minute < end


@dataclass(frozen=True, slots=True)
class Told:
    """A fault as far as a rule looks at it. `per_hour` None: what it loses is not known."""

    fault: int
    title: str
    where: str
    site: str
    priority: str
    safety: bool
    state: str
    per_hour: Decimal | None = None
    currency: str = ""
    action: str = ""
    escalated: bool = False


def wants(rule: Rule, fault: Told) -> bool:
    """Whether a rule is about a fault, whatever the hour."""
    if fault.state not in ("UNACK", "ACKED", "RTNUN"):
        return False
    if fault.escalated:
        return rule.escalated and _at(rule, fault)
    if fault.safety:
        return rule.safety and _at(rule, fault)
    dear = fault.per_hour is not None and fault.per_hour >= rule.min_per_hour > 0
    return _at(rule, fault) and (dear or (fault.priority in rule.priorities and not rule.min_per_hour))


def _at(rule: Rule, fault: Told) -> bool:
    return not rule.sites or fault.site in rule.sites


def rule_of(entry: str, body: Mapping[str, Any]) -> Rule | None:
    """The rule an entry says; None where it is switched off.

    Raises:
        ForecourtError: it cannot be a rule; the sentence says why.
    """
    if body.get("off"):
        return None
    channels = tuple(str(name) for name in body.get("channels", ()))
    if not channels:
        raise ForecourtError("Choose at least one way to be told.")
    priorities = frozenset(str(p) for p in body.get("priorities", PRIORITIES))
    if not priorities <= set(PRIORITIES):
        raise ForecourtError("Priorities are P1, P2 and P3.")
    quiet = body.get("quiet")
    span = (int(quiet[0]), int(quiet[1])) if quiet else None
    if span is not None and not (0 <= span[0] < 1440 and 0 <= span[1] <= 1440 and span[0] != span[1]):
        raise ForecourtError("Quiet hours begin and end at different times of the day.")
    digest = int(body.get("digest_min", 0))
    if not 0 <= digest <= 10_080:
        raise ForecourtError("A digest comes at least once a week.")
    least = amount(body.get("min_per_hour", "0") or "0")
    return Rule(
        entry, str(body.get("name", entry)), channels, priorities, least,
        frozenset(str(s) for s in body.get("sites", ())), bool(body.get("safety", True)),
        bool(body.get("escalated", True)), span, digest,
    )  # fmt: skip


def rules_of(entries: Mapping[str, Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules that hold, by name; what cannot be one is left out, since it was refused when written."""
    found = []
    for name, body in sorted(entries.items()):
        try:
            rule = rule_of(name, body)
        except (ForecourtError, TypeError, ValueError):
            continue
        if rule is not None:
            found.append(rule)
    return tuple(found)
