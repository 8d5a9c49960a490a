"""Energy of today in the operator's time zone, from how the sessions' energies grow."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.records import SessionRecord
from app.fleet.plug import GROWING


def day_of(now_ms: int, zone: ZoneInfo) -> tuple[int, int]:
    """Midnight before and after `now_ms` in `zone`; 23 or 25 hours apart where clocks change."""
    local = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone)
    first = datetime(local.year, local.month, local.day, tzinfo=zone)
    following = first.date() + timedelta(days=1)
    last = datetime(following.year, following.month, following.day, tzinfo=zone)
    return round(first.timestamp() * 1000), round(last.timestamp() * 1000)


class Today:
    """Which part of each session's energy belongs to today.

    A rise between two words is spread evenly over the time between them, so that a session over
    midnight gives each day its share.
    """

    __slots__ = ("_known", "end_ms", "start_ms", "zone")

    def __init__(self, zone: ZoneInfo, now_ms: int) -> None:
        self.zone = zone
        self.start_ms, self.end_ms = day_of(now_ms, zone)
        self._known: dict[int, tuple[int, int, int]] = {}
        """Session → its energy, as of when, and what of it was counted for today."""

    def take(self, record: SessionRecord) -> int:
        """How much more (or less) energy today has, by a session's next version. Wh."""
        at_ms = record.ended_ms or record.last_sample_ms or record.started_ms
        energy = record.energy_wh
        known = self._known.get(record.session)
        if known is None:
            if at_ms < self.start_ms and record.state not in GROWING:
                return 0
            known = (0, record.started_ms, 0)
        before, before_ms, counted = known
        if energy is None:
            # In doubt: what was counted is taken back until it is proved.
            self._known[record.session] = (0, before_ms, 0)
            return -counted
        if energy == before and at_ms <= before_ms:
            return 0
        share = max(-counted, _share(energy - before, before_ms, at_ms, self.start_ms))
        self._known[record.session] = (energy, max(at_ms, before_ms), counted + share)
        return share

    def roll(self, now_ms: int) -> bool:
        """Begin a new day if it is one. Returns whether it is."""
        if self.start_ms <= now_ms < self.end_ms:
            return False
        self.start_ms, self.end_ms = day_of(now_ms, self.zone)
        yesterday = self.start_ms - 86_400_000
        self._known = {
            number: (energy, at_ms, 0)
            for number, (energy, at_ms, _) in self._known.items()
            if at_ms >= yesterday
        }
        return True


def _share(rise: int, from_ms: int, to_ms: int, midnight_ms: int) -> int:
    if to_ms < midnight_ms:
        return 0
    if from_ms >= midnight_ms or to_ms <= from_ms:
        return rise
    return round(rise * (to_ms - midnight_ms) / (to_ms - from_ms))
