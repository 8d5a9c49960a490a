"""Failed logins: how many are borne, and how long to wait after (security reference, section 3). Pure."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

WINDOW_S = 60.0
LONGEST_S = 3600.0


class Throttle:
    """Counts failures by key; beyond `per_minute` the key is blocked for 1, 2, 4 … 60 minutes.

    Holds at most `places` keys; the one that has been quiet longest makes room.
    """

    def __init__(self, per_minute: int, places: int = 10_000) -> None:
        self.per_minute = per_minute
        self.places = places
        self._keys: OrderedDict[Hashable, tuple[float, int, float, float]] = OrderedDict()

    def failed(self, key: Hashable, now_s: float) -> None:
        """One more failure of `key`."""
        since, count, until, penalty = self._keys.pop(key, (now_s, 0, 0.0, 0.0))
        if now_s - since >= WINDOW_S:
            since, count = now_s, 0
        count += 1
        if count >= self.per_minute:
            quiet = now_s - until >= LONGEST_S
            penalty = WINDOW_S if quiet or not penalty else min(penalty * 2, LONGEST_S)
            until = now_s + penalty
            since, count = now_s, 0
        self._keys[key] = (since, count, until, penalty)
        if len(self._keys) > self.places:
            self._keys.popitem(last=False)

    def blocked_s(self, key: Hashable, now_s: float) -> float:
        """How many seconds `key` must still wait; 0 if it may try."""
        entry = self._keys.get(key)
        return max(0.0, entry[2] - now_s) if entry is not None else 0.0

    def forgive(self, key: Hashable) -> None:
        """Forget what `key` did: it has logged in, or the operator has mended its password."""
        self._keys.pop(key, None)

    def forgive_if(self, fits: Callable[[Hashable], bool]) -> None:
        """Forget all keys that `fits` says yes to."""
        for key in [key for key in self._keys if fits(key)]:
            del self._keys[key]
