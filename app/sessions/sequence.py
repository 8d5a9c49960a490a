"""Sequence numbers of a 2.x transaction as compact ranges: "0-7,9" (Q71). Pure text in, text out."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def ranges(seen: str) -> tuple[tuple[int, int], ...]:
    """The ranges a text holds, ascending: "0-7,9" is ((0, 7), (9, 9))."""
    found = []
    for part in seen.split(",") if seen else ():
        first, _, last = part.partition("-")
        found.append((int(first), int(last or first)))
    return tuple(found)


def has(seen: str, number: int) -> bool:
    """Whether `number` was seen."""
    return any(first <= number <= last for first, last in ranges(seen))


def add(seen: str, number: int) -> str:
    """`seen` with `number` in it."""
    merged: list[list[int]] = []
    for first, last in sorted([*ranges(seen), (number, number)]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in merged)


def gaps(seen: str) -> int:
    """How many holes there are between the numbers seen. Where counting began does not matter."""
    return max(0, len(ranges(seen)) - 1)
