"""Kills with commands in flight, at length: `python -m tests.soak.kill_commands --rounds 200`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.helpers.command_killing import kill_rounds

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        toll = kill_rounds(Path(folder), rounds=chosen.rounds, seed=chosen.seed)
    print(f"{toll.rounds} kills, {toll.commands} commands, {len(toll.wrong)} untrue")
    print("in flight when killed:", dict(toll.in_flight))
    print("ended as:", dict(toll.states), "files:", dict(toll.files))
    print("\n".join(toll.wrong[:50]))
    sys.exit(bool(toll.wrong))
