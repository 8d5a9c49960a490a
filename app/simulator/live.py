"""The demo's stations after their past: the same lives go on over real sockets."""

import heapq
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.clock import Clock, SystemClock
from app.simulator import mishaps
from app.simulator.faults import BY_KEY
from app.simulator.fleet import CONNECTS_A_SECOND, SimFleet, sample_interval
from app.simulator.life import Life
from app.simulator.network import Network
from app.simulator.past import LogUplink
from app.simulator.speech import Gauge, Tx
from app.simulator.station import Letter, Station

FLOOR = 0.45
"""The demo's hour is the real one, but never quieter than this share of the busiest."""


class DemoFleet:
    """The demo's live stations, as tasks of the running loop.

    With `lives` (of `Past`) they go on exactly where their past ended: open sessions, faults,
    firmware, queues. Without, they boot as after a restart, with what `memory` (a JSON file,
    written by `stop`) kept: registers, firmware and sessions that the restart cut off.
    """

    def __init__(
        self,
        network: Network,
        *,
        lives: Sequence[Life] | None = None,
        past_end_ms: int = 0,
        pace: float = 60.0,
        seed: int = 1,
        clock: Clock | None = None,
        memory: Path | None = None,
    ) -> None:
        self.network = network
        self.clock: Clock = clock or SystemClock()
        self.pace = pace
        self.seed = seed
        self.memory = memory
        self._lives = list(lives) if lives is not None else None
        self._past_end_ms = past_end_ms
        self._fleet: SimFleet | None = None

    @property
    def stations(self) -> list[Station]:
        """The running stations; empty before `start`."""
        return self._fleet.stations if self._fleet is not None else []

    async def start(self, url: str) -> None:
        """Connect all stations to the server at `url`, a few at a time."""
        if self._fleet is not None:
            return
        kept = self._read_memory()
        now = self.clock.now_ms()
        fleet = self._fleet = SimFleet([])
        lives: Sequence[Life | None] = self._lives or [None] * len(self.network.stations)
        for place, (plan, life) in enumerate(zip(self.network.stations, lives, strict=True)):
            rng = life.rng if life is not None else random.Random(f"{self.seed}/live/{now}/{plan.identity}")
            letters: list[Letter] = []
            if life is not None:
                letters = self._take_over(life, now)
            station = Station(
                plan,
                url,
                rng,
                clock=self.clock,
                life=life,
                pace=self.pace,
                floor=FLOOR,
                sample_s=sample_interval(self.pace),
            )
            station.outbox.extend(letters)
            at = now + place * 1000 // CONNECTS_A_SECOND
            if life is not None:
                station.life.at(at, station.life.rejoin)
            else:
                mishaps.by_chance(station.life, at)
                station.life.at(at, station.life.begin)
                occupy(station.life, at)
                if plan.identity in kept:
                    self._remember(station, kept[plan.identity], now)
            fleet.stations.append(station)
        self._lives = None
        fleet.start()

    async def stop(self) -> None:
        """Close all links and keep what must not be forgotten."""
        if self._fleet is None:
            return
        fleet, self._fleet = self._fleet, None
        await fleet.stop()
        if self.memory is not None:
            now = self.clock.now_ms()
            kept = {s.plan.identity: _kept(s, now) for s in fleet.stations}
            self.memory.write_text(json.dumps(kept, indent=1), encoding="utf-8")

    def _take_over(self, life: Life, now: int) -> list[Letter]:
        uplink = life.uplink
        letters = [Letter(m, tx) for m, tx in uplink.kept] if isinstance(uplink, LogUplink) else []
        quicken(life, self._past_end_ms, now, self.pace)
        life.online = False
        return letters

    def _read_memory(self) -> dict[str, Any]:
        if self.memory is None or not self.memory.exists():
            return {}
        kept = json.loads(self.memory.read_text(encoding="utf-8"))
        return kept if isinstance(kept, dict) else {}

    @staticmethod
    def _remember(station: Station, kept: dict[str, Any], now: int) -> None:
        life = station.life
        life.firmware = str(kept["firmware"])
        for outlet, register in zip(life.outlets, kept["registers"], strict=False):
            outlet.register_wh = float(register)
        for evse, key in kept["faults"]:
            kind, outlet = BY_KEY.get(key), life.outlets[evse - 1]
            if kind is not None:
                life.at(now + 4_000, mishaps.break_by, life, outlet, kind, 3600 * kind.hours)
        for cut in kept["open"]:
            tx = Tx(cut["evse"], 1, cut["token"], cut["uid"], cut["number"], cut["seq_no"], offline=True)
            gauge = Gauge(float(cut["register_wh"]))
            stop = life.speech.stop(tx, min(now, int(cut["at_ms"])), gauge, "PowerLoss", "")
            station.outbox.append(Letter(stop, tx))


def occupy(life: Life, at_ms: int) -> None:
    """Cars that were there when the station came up: a quarter of the outlets, within a few seconds."""
    for outlet in life.outlets:
        if life.rng.random() < 0.25:
            life.at(at_ms + life.rng.randrange(2_000, 15_000), life.arrive, outlet)


def quicken(life: Life, from_ms: int, now_ms: int, pace: float) -> None:
    """Let a life go on at `now_ms` where it stood at `from_ms`: what was an hour away is now hour / pace."""
    ratio = pace / life.pace
    for outlet in life.outlets:
        outlet.flow(from_ms)
        outlet.arrivals.pace, outlet.arrivals.floor = pace, FLOOR
        if outlet.stay is not None:
            outlet.stay.visit.charge.pace = pace
            outlet.stay.since_ms = now_ms
    life.dark_until_ms = now_ms + int(max(0, life.dark_until_ms - from_ms) / ratio)
    life.heap[:] = [(now_ms + int((at - from_ms) / ratio), n, fn, args) for at, n, fn, args in life.heap]
    heapq.heapify(life.heap)
    life.pace, life.sample_s = pace, sample_interval(pace)


def _kept(station: Station, now: int) -> dict[str, Any]:
    life = station.life
    cut = []
    for outlet in life.outlets:
        outlet.flow(now)
        tx = outlet.stay.tx if outlet.stay is not None else None
        if tx is not None:
            cut.append(
                {
                    "evse": tx.evse,
                    "token": tx.token,
                    "uid": tx.uid,
                    "number": tx.number,
                    "seq_no": tx.seq_no,
                    "register_wh": outlet.register_wh,
                    "at_ms": now,
                }
            )
    return {
        "firmware": life.firmware,
        "registers": [o.register_wh for o in life.outlets],
        "faults": [(o.plug.evse, o.fault.key) for o in life.outlets if o.fault is not None],
        "open": cut,
    }
