"""The truth of a simulated past: what befell which station, from when to when, and what would have cured it.

Kept beside a history, never in it: it is what the finding of faults is measured against.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

CURES: Mapping[str, Mapping[str, float]] = {
    "lock": {"unlock": 0.4, "out-and-back": 0.5, "soft-reset": 0.3, "hard-reset": 0.3},
    "reader": {"soft-reset": 0.9, "hard-reset": 0.97},
    "meter": {"soft-reset": 0.75, "hard-reset": 0.9},
    "handshake": {"soft-reset": 0.8, "hard-reset": 0.9},
    "firmware": {"soft-reset": 0.8, "hard-reset": 0.8},
    "precharge": {"soft-reset": 0.7, "hard-reset": 0.8},
    "silent": {"out-and-back": 0.5, "soft-reset": 0.85, "hard-reset": 0.9},
    "dry": {"soft-reset": 0.7, "hard-reset": 0.85},
    "cuts": {"soft-reset": 0.6, "hard-reset": 0.75},
    "refuses": {"send-list": 0.6, "soft-reset": 0.75, "hard-reset": 0.75},
    "stuck": {
        "trigger-status": 0.3,
        "unlock": 0.3,
        "out-and-back": 0.6,
        "soft-reset": 0.95,
        "hard-reset": 0.95,
    },
    "frozen": {"soft-reset": 0.75, "hard-reset": 0.9},
    "backwards": {"soft-reset": 0.6, "hard-reset": 0.6},
    "leak": {"soft-reset": 0.7, "hard-reset": 0.7},
    "limp": {"send-configuration": 0.2, "soft-reset": 0.6, "hard-reset": 0.6},
    "flapping": {"soft-reset": 0.7, "hard-reset": 0.7, "restart-link": 0.2},
    "drift": {"set-clock": 0.9, "soft-reset": 0.95, "hard-reset": 0.95},
}
"""By kind of cause: which step of recovery ends it, with what chance at each try. Others need a person.

A full restart does whatever a soft one does.
"""


@dataclass(slots=True, eq=False)
class Cause:
    """One thing that was wrong.

    `evse` 0 is the whole station, `station` "" the whole site. `end_ms` None: it lasts on. `hits`
    counts what could show it (drivers turned away, bad sessions, links lost). `detail` says more: an
    error code, a firmware. `ended_by` is "itself", "visit", "reset" or a step of recovery.
    """

    kind: str
    site: str
    station: str
    evse: int
    start_ms: int
    end_ms: int | None = None
    detail: str = ""
    hits: int = 0
    ended_by: str = ""
    members: tuple[str, ...] = ()
    tried: dict[str, int] = field(default_factory=dict)

    @property
    def cures(self) -> Mapping[str, float]:
        """The steps that may end it, with their chances."""
        return CURES.get(self.kind, {})


def write(causes: Iterable[Cause], file: Path) -> None:
    """Write the truth beside a history."""
    rows = [{**asdict(cause), "cures": dict(cause.cures)} for cause in causes]
    file.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
