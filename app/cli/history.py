"""`export`, `replay`, `backup`, `restore` and `verify`: what is kept, taken out, brought in, and proved."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from app import data_dir
from app.cli import load_settings
from app.cli.words import Progress, moment
from app.control_channel import NotRunning, ask
from app.domain.errors import ForecourtError, UsageError
from app.settings import Settings
from app.zone import operator_zone

if TYPE_CHECKING:
    from app.replay import Replayed


def run(args: argparse.Namespace) -> int:
    """Do it; notes go to stderr."""
    settings = load_settings(args)
    work = {
        "export": _export,
        "replay": _replay,
        "backup": _backup,
        "restore": _restore,
        "verify": _verify,
    }[args.command]
    return work(settings, args)


def _export(settings: Settings, args: argparse.Namespace) -> int:
    from app.reports.exports import Asked
    from app.reports.pseudonyms import Pseudonyms
    from app.reports.write import ALWAYS_MASKED, export_file, write_export
    from app.store.open import open_reading

    asked = Asked(
        zone=operator_zone(settings.zone),
        now_ms=time.time_ns() // 1_000_000,
        from_ms=None if args.from_ is None else moment(args.from_, "--from"),
        to_ms=None if args.to is None else moment(args.to, "--to"),
        station=args.station or "",
        data_dir=settings.data_dir,
    )
    if asked.from_ms is not None and asked.to_ms is not None and asked.from_ms >= asked.to_ms:
        raise UsageError("--from must be before --to.")
    if args.format == "xlsx" and not args.out:
        raise UsageError("A spreadsheet needs a file: add --out FILE.xlsx.")
    reading = open_reading(settings.data_dir, settings.store.url)
    masks = Pseudonyms.of(settings.data_dir) if args.pseudonyms or args.what in ALWAYS_MASKED else None
    progress = Progress(f"Exporting {args.what}")
    try:
        with reading.connect() as connection:
            if args.out:
                path = Path(args.out)
                count = export_file(
                    connection, args.what, asked, args.format, path, pseudonyms=masks, tell=progress.to
                )
                progress.end()
                print(f"{count} rows in {path}", file=sys.stderr)
            else:
                write_export(connection, args.what, asked, args.format, sys.stdout.buffer, pseudonyms=masks)
                sys.stdout.buffer.flush()
    finally:
        reading.close()
    return 0


def _replay(settings: Settings, args: argparse.Namespace) -> int:
    from app.replay import replay_log

    data_dir.prepare(settings.data_dir)
    progress = Progress("Replaying", total=1_000)
    done = replay_log(settings, Path(args.log), lambda part: progress.to(round(part * 1_000)))
    progress.end()
    print(done.in_words())
    for line in _tells(settings, done):
        print(line)
    return 0


def _tells(settings: Settings, done: "Replayed") -> list[str]:
    """What the log told, and what it does not hold enough of to be known."""
    from app.analytics.what_it_tells import held_of, missing, told
    from app.store.open import open_reading

    reading = open_reading(settings.data_dir, settings.store.url)
    try:
        span = (done.from_ms, done.to_ms)
        held = reading.read(held_of, span, operator_zone(settings.zone), links=done.links)
    finally:
        reading.close()
    return [told(held), *missing(held)]


def _backup(settings: Settings, args: argparse.Namespace) -> int:
    file = Path(args.file).absolute()
    try:
        told = asyncio.run(ask(settings.data_dir, "backup", file=str(file)))
        print(f"{told['file']}: {told['bytes'] / 1e6:.1f} MB, checked")
    except NotRunning:
        from app.store.open import Store, open_reading

        open_reading(
            settings.data_dir, settings.store.url
        ).close()  # says so where there is nothing to back up
        store = Store.open(settings.data_dir, settings.store.url)
        try:
            store.backup(file)
        finally:
            store.close()
        print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, checked")
    return 0


def _restore(settings: Settings, args: argparse.Namespace) -> int:
    from app.store.backup import restore

    if settings.store.url:
        raise ForecourtError("A database at store.url is restored with that database's own tools.")
    data_dir.prepare(settings.data_dir)
    file = Path(args.file).absolute()
    try:
        aside = asyncio.run(ask(settings.data_dir, "restore", file=str(file)))["aside"]
    except NotRunning:
        aside = restore(settings.data_dir, file)
    print(f"Restored {args.file}." + (f" What was there before is kept in {aside}." if aside else ""))
    return 0


def _verify(settings: Settings, args: argparse.Namespace) -> int:
    from app.replay import verify

    progress = Progress("Verifying", total=1_000)
    found = verify(settings, lambda part: progress.to(round(part * 1_000)))
    progress.end()
    if found.difference:
        raise ForecourtError(found.difference)
    print(found.in_words())
    return 0
