"""Memory that was freed goes back to the system."""

import subprocess
import sys
from pathlib import Path

import pytest

from app import memory
from app.memory import POOLS, give_back, share_pools

STATUS = Path("/proc/self/smaps_rollup")


def resident_kb() -> int:
    return int(next(line for line in STATUS.read_text().splitlines() if line.startswith("Rss:")).split()[1])


@pytest.mark.skipif(not STATUS.exists(), reason="The system does not tell what a process holds.")
def test_what_was_let_go_of_is_given_back() -> None:
    """Pieces too large for Python's own pools and too small to be mapped alone, the last one still held."""
    held = [bytearray(60_000) for _ in range(1_000)]
    full = resident_kb()
    last = held.pop()
    held.clear()
    give_back()
    assert resident_kb() < full - 40_000
    assert len(last) == 60_000


THREADS = """
import ctypes, threading
from app.memory import share_pools
{how}
libc = ctypes.CDLL(None)
together = threading.Barrier(8)
def work():
    libc.malloc(100_000)
    together.wait()
    libc.malloc(100_000)
    together.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fflush.argtypes = [ctypes.c_void_p]
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(out)
"""


def pools(how: str) -> int:
    """How many pools eight threads at once have."""
    ran = subprocess.run(
        [sys.executable, "-c", THREADS.format(how=how)], capture_output=True, text=True, check=True
    )
    return ran.stdout.count("<heap nr=")


@pytest.mark.skipif(memory._of_the_c_library("malloc_info") is None, reason="Not glibc.")
def test_threads_share_few_pools() -> None:
    assert pools("share_pools()") <= POOLS < pools("")


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    memory._of_the_c_library.cache_clear()
    give_back()
    share_pools()
    assert memory._of_the_c_library("malloc_trim") is None
    memory._of_the_c_library.cache_clear()
