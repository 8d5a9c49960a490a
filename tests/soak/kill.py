"""The kill test at length: `python -m tests.soak.kill [ROUNDS]`; prints what was acknowledged and lost."""

import sys
import tempfile
from pathlib import Path

from tests.helpers.killing import kill_rounds

if __name__ == "__main__":
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        toll = kill_rounds(Path(folder), rounds=rounds, seed=7)
    print(
        f"{toll.rounds} kills, {toll.acknowledged} acknowledged, {len(toll.lost)} lost, "
        f"{len(toll.doubled)} doubled, verify {'agrees' if not toll.verify else toll.verify}"
    )
    sys.exit(bool(toll.lost or toll.doubled or toll.verify))
