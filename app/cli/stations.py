"""`forecourt import stations FILE.csv`: into the running instance, or into a closed data directory."""

import argparse
import asyncio
import time
from pathlib import Path

from app import data_dir
from app.cli import load_settings
from app.control_channel import NotRunning, ask
from app.settings import Settings


def run(args: argparse.Namespace) -> int:
    """Import, or with --dry-run only say what would change."""
    settings = load_settings(args)
    file = Path(args.file).absolute()
    try:
        words = asyncio.run(
            ask(settings.data_dir, "import stations", file=str(file), dry_run=args.dry_run, by="command line")
        )
    except NotRunning:
        words = _into_closed(settings, file, dry_run=args.dry_run)
    print(words)
    if args.dry_run:
        print("Nothing was changed.")
    return 0


def _into_closed(settings: Settings, file: Path, *, dry_run: bool) -> str:
    from app.import_stations import in_words, plan, read_table
    from app.store.open import Store
    from app.store.readers.stations import all_stations

    lines = read_table(file)
    if dry_run and not settings.data_dir.exists():
        return in_words(plan({}, lines))
    data_dir.prepare(settings.data_dir)
    store = Store.open(settings.data_dir, settings.store.url)
    try:
        changes = plan({s.station: s for s in store.read(all_stations)}, lines)
        if not dry_run:
            from app.domain.intents import Asked
            from app.intake.actions import deed_of
            from app.intake.booking import replay_into

            books = replay_into(store)
            for intent in [i for change in changes for i in change.intents]:
                deed = deed_of(Asked(intent, "command line", f"import of {file.name}"))
                books.deed(deed, time.time_ns() // 1_000_000)
            books.finish()
        return in_words(changes)
    finally:
        store.close()
