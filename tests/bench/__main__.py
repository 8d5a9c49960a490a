"""`make bench`: measures every budget and writes RESULTS.md. `--quick` for fewer rounds."""

import argparse
import asyncio
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from tests.bench import benches, detection_table, ledger, ledger_table, price, year
from tests.bench.benches import Line
from tests.bench.detection import in_detail, score
from tests.bench.healing import healing
from tests.bench.rig import HERE, ROOT

SECTIONS = (
    "cpu",
    "saturation",
    "idle",
    "many",
    "window",
    "queue",
    "starts",
    "year",
    "memory",
    "price",
    "kept",
    "detection",
    "healing",
    "ledger",
)
SEEDS = (1, 2, 3, 4, 5, 6, 7, 8)
"""Rules were tuned on the first."""


def main() -> int:
    """Measure the wanted sections; 0 if every budget is met."""
    words = argparse.ArgumentParser(prog="python -m tests.bench")
    words.add_argument("--quick", action="store_true", help="one short round of each")
    words.add_argument(
        "--only",
        choices=SECTIONS,
        action="append",
        help="measure these; writes nothing but sections of their own",
    )
    words.add_argument("--stations", type=int, default=10_000, help="for the big fleet")
    args = words.parse_args()
    rounds, seconds = (1, 4.0) if args.quick else (3, 8.0)
    wanted = args.only or SECTIONS
    begun = time.time()
    lines: list[Line] = []
    data = year.build(say) if {"starts", "year", "memory"} & set(wanted) else ""
    measured: dict[str, Callable[[], list[Line]]] = {
        "cpu": lambda: benches.cpu(rounds, 1000, seconds, say),
        "saturation": lambda: benches.saturation(rounds, say),
        "idle": lambda: benches.idle(min(5_000, args.stations), say),
        "many": lambda: benches.many(args.stations, say),
        "window": lambda: benches.window(say),
        "queue": lambda: benches.queue(say),
        "starts": lambda: [
            *benches.starts(max(3, rounds), data, say),
            *benches.first_paint(max(3, rounds), data, say),
        ],
        "year": lambda: year.pages(data, say),
        "memory": lambda: benches.memory(data, say),
        "price": lambda: price.again(say),
        "kept": lambda: benches.kept(say),
    }
    for section in SECTIONS:
        if section in wanted:
            say(f"-- {section}")
            if section in measured:
                lines += measured[section]()
            else:
                faults(section, SEEDS[:1] if args.quick else SEEDS)
    text = table(lines, time.time() - begun)
    print(text)
    if not args.only:
        (HERE / "RESULTS.md").write_text(text + detection_table.sections(), encoding="utf-8")
    return 0 if all(line.met for line in lines) else 1


def faults(section: str, seeds: tuple[int, ...]) -> None:
    """How well faults are found, or healed: sections of their own."""
    if section == "ledger":
        detection_table.keep(ledger_table.table(*ledger.everything(1 if len(seeds) == 1 else ledger.SEEDS)))
        return
    if section == "healing":
        healed = [asyncio.run(healing(seed)) for seed in seeds[:4]]
        detection_table.keep(detection_table.healed_table(healed))
        return
    scores = []
    for seed in seeds:
        scores.append(score(seed))
        say(in_detail(scores[-1]))
    detection_table.keep(detection_table.table(scores))


def table(lines: list[Line], took_s: float) -> str:
    """The results as Markdown."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
    ).stdout.strip()
    import os

    head = (
        "# Results\n\n"
        "Written by `make bench` (`python -m tests.bench`). Ratios are against servers started in the same "
        "run, rounds interleaved; figures are medians with the lowest and highest round.\n\n"
        f"- when: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit}, {took_s / 60:.0f} min\n"
        f"- where: {os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}\n\n"
        "| what | budget | measured | met |\n|---|---|---|---|\n"
    )
    rows = "".join(
        f"| {x.what} | {x.budget} | {x.figure} | {'yes' if x.met else '**no**'} |\n" for x in lines
    )
    return head + rows


def say(text: str) -> None:
    """Progress, to stderr."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
