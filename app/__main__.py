"""`python -m app`: the commands that need no window, without importing any of it."""

import sys

from app.cli import main

if __name__ == "__main__":
    sys.exit(main())
