"""1,000,000 mutated frames through the sans-IO core and the adapters, on all cores.

    python tests/soak/fuzz_frames.py [COUNT] [SEED]

Prints how many of them were handed on, refused or noted, and how long it took. Any exception that
is not an OCPP error ends the run with the frame's seed, so that it can be repeated.
"""

import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.protocol.versions import VERSIONS
from tests.helpers.fuzzing import drive
from tests.helpers.mutation import frames

CHUNK = 10_000


def work(job: tuple[str, int, bool]) -> Counter[str]:
    """One chunk."""
    version, seed, strict = job
    try:
        return drive(version, frames(version, seed, CHUNK), strict=strict)
    except BaseException as exc:
        raise RuntimeError(f"version {version}, seed {seed}, strict {strict}") from exc


def main(count: int, first: int) -> None:
    """Run `count` frames, the modes and versions in turn."""
    jobs = [(VERSIONS[number % 3], first + number, number % 4 == 0) for number in range(-(-count // CHUNK))]
    seen: Counter[str] = Counter()
    began = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for part in pool.map(work, jobs):
            seen.update(part)
    took = time.perf_counter() - began
    parts = ", ".join(f"{name} {number:,}" for name, number in seen.most_common())
    print(f"{seen.total():,} frames in {took:.0f} s on {os.cpu_count()} cores: {parts}; no other exception")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
