"""Plain words for work on many stations: how a batch goes, in which waves. No Qt."""

from app.domain.operations import BatchView
from ui.theme.formats import number

RUNNING = ("running", "stopping")


def batch_done(batch: BatchView) -> int:
    """How many of its stations have ended, well or not."""
    return batch.proved + batch.failed


def batch_share(batch: BatchView) -> float:
    """What part of it has ended, 0 to 1."""
    return min(1.0, batch_done(batch) / batch.total) if batch.total else 0.0


def batch_words(batch: BatchView) -> str:
    """ "8 of 20 proved, 1 failed, wave 2 of 3"."""
    parts = [f"{number(batch.proved)} of {number(batch.total)} proved"]
    if batch.failed:
        parts.append(f"{number(batch.failed)} failed")
    if batch.state == "running" and batch.waves > 1:
        parts.append(f"wave {batch.wave} of {batch.waves}")
    elif batch.state != "running":
        parts.append(batch.state)
    return ", ".join(parts)


def wave_sizes(total: int, waves: tuple[int, ...]) -> tuple[int, ...]:
    """How many stations each wave has: the sizes given, then the rest."""
    sizes: list[int] = []
    left = total
    for size in waves:
        if left <= 0:
            break
        sizes.append(min(size, left))
        left -= sizes[-1]
    if left > 0:
        sizes.append(left)
    return tuple(sizes)


def wave_words(total: int, waves: tuple[int, ...]) -> str:
    """ "2 first, then 10, then the remaining 6"."""
    sizes = wave_sizes(total, waves)
    if len(sizes) < 2:
        return "All at once" if total > 1 else ""
    words = [f"{number(sizes[0])} first"]
    words += [f"then {number(size)}" for size in sizes[1:-1]]
    words.append(f"then the remaining {number(sizes[-1])}")
    return ", ".join(words)


def wave_done(batch: BatchView, waves: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Of each wave: how many have ended, of how many. Waves fill in order."""
    left = batch_done(batch)
    told = []
    for size in wave_sizes(batch.total, waves):
        done = min(size, left)
        told.append((done, size))
        left -= done
    return tuple(told)
