"""What an answer means."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer to an order, in words an operator can act on.

    Attributes:
        accepted: True: the station agreed (that proves nothing yet). False: it refused. None: it
            neither did nor refused, because there was nothing to do or to tell.
        word: the station's own word, with its reason code in brackets, "" where answers have none.
        sentence: what that means, one plain sentence.
        remedy: what to do about it, "" where nothing needs doing.
        result: what was read: a tuple of `SettingTold` or `MonitorTold`, a `ScheduleTold`, a list's
            version, a file's name, a mapping; None for nothing.
        restart: it takes effect only after a restart.
        scheduled: it will be done once running sessions have ended.
        more: the rest comes in messages of its own (see `reports`).
    """

    accepted: bool | None
    word: str
    sentence: str
    remedy: str = ""
    result: Any = None
    restart: bool = False
    scheduled: bool = False
    more: bool = False
