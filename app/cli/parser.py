"""The words of the command line, as one table of commands. Importing this costs next to nothing."""

import argparse
from typing import Any, NamedTuple

from app import __version__

WINDOW = "window"
"""Commands of this module name are drawn by whoever called `main` (ui.launch)."""

EXPORTS = (
    "stations", "sessions", "meter", "statuses", "links", "commands", "faults", "uptime", "costs",
    "cost-evidence", "messages",
)  # fmt: skip
FORMATS = ("csv", "xlsx", "jsonl")


class Words(NamedTuple):
    """One command: its module in app.cli (or WINDOW), its one-line help, its own options."""

    module: str
    help: str
    options: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = ()


def option(*names: str, **about: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """One option as argparse takes it."""
    return names, about


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _speed(text: str) -> float:
    value = float(text)
    if not 0 < value <= 100_000:
        raise argparse.ArgumentTypeError("must be above 0 and at most 100000")
    return value


FILE = option("file", metavar="FILE")
AS_JSON = option("--json", action="store_true", help="as JSON")
LISTEN = option(
    "--listen", action="append", metavar="HOST:PORT", help="address that stations reach; repeatable"
)
CERTIFICATE = (
    option("--tls-cert", metavar="FILE", help="certificate chain (PEM) for wss"),
    option("--tls-key", metavar="FILE", help="its private key (PEM)"),
)
PERIOD = (
    option("--from", dest="from_", metavar="TIME", help="from this time on, ISO 8601 (inclusive)"),
    option("--to", metavar="TIME", help="before this time, ISO 8601 (exclusive)"),
)

COMMANDS: dict[str, Words] = {
    "demo": Words(
        "demo",
        "a simulated network with a past, in its own data directory",
        (
            option("--stations", type=_count, default=48),
            option("--days", type=int, default=90, help="days of history to write first"),
            option("--speed", type=_speed, default=60.0, help="simulated seconds in a second"),
            option("--seed", type=int, default=1),
            option("--headless", action="store_true", help="without a window"),
            LISTEN,
        ),
    ),
    "serve": Words("serve", "serve stations without a window", (LISTEN, *CERTIFICATE)),
    "status": Words("instance", "what the running instance sees now", (AS_JSON,)),
    "watch": Words("instance", "the running instance's messages, as they come", (AS_JSON,)),
    "send": Words(
        "instance",
        "send one message to a station and print its answer",
        (
            option("station", metavar="STATION"),
            option("action", metavar="ACTION"),
            option("payload", metavar="JSON", nargs="?", default="{}"),
            option("--timeout", type=_speed, metavar="S", help="seconds to wait for the answer"),
        ),
    ),
    "export": Words(
        "history",
        "write history as a table or as JSON lines",
        (
            option("what", metavar="WHAT", choices=EXPORTS, help=", ".join(EXPORTS)),
            *PERIOD,
            option("--format", choices=FORMATS, default="csv"),
            option("--out", metavar="FILE", help="write to FILE (csv and jsonl go to stdout without it)"),
            option("--station", metavar="STATION", help="this station alone"),
            option("--pseudonyms", action="store_true", help="replace tokens by pseudonyms"),
        ),
    ),
    "uptime": Words(
        "uptime",
        "uptime by a rule, of this history or of another system's exported statuses",
        (
            option("--from-csv", metavar="FILE", help="statuses: station,evse,at,status"),
            option("--rule", choices=("raw", "nevi", "uk", "cec", "afir", "contract"), default="raw"),
            option("--from", dest="from_", metavar="DATE", required=True, help="from this date or time on"),
            option("--to", metavar="DATE", required=True, help="before this date or time"),
            option("--tz", metavar="ZONE", help="zone of dates without an offset, as Europe/London"),
            option("--exclusions", metavar="FILE", help="excused spans: station,evse,start,end,code"),
            AS_JSON,
        ),
    ),
    "replay": Words("history", "bring a recorded log in", (option("log", metavar="LOG.jsonl"),)),
    "import": Words(
        "stations",
        "register stations from a table",
        (
            option("what", metavar="stations", choices=("stations",)),
            option("file", metavar="FILE.csv"),
            option("--dry-run", action="store_true", help="only say what would change"),
        ),
    ),
    "simulate": Words(
        "simulate",
        "simulated stations against any server",
        (
            option("url", metavar="URL", help="as ws://127.0.0.1:9220/"),
            option("--stations", type=_count, default=1),
            option("--version", choices=("1.6", "2.0.1", "2.1"), default="1.6", dest="ocpp"),
            option(
                "--scenario", metavar="NAME", default="normal-day",
                help="a shipped scenario, or a FILE.jsonl saved from the message log",
            ),
            option("--seconds", type=_speed, metavar="S", help="end after S seconds, not a simulated day"),
            option("--speed", type=_speed, default=1.0),
            option("--seed", type=int, default=1),
        ),
    ),
    "check": Words(
        "check",
        "settings, database, ports, permissions, clock, disk",
        (
            option("--settings", action="store_true", help="list every setting with its meaning"),
            option("--quick", action="store_true", help="do not read the whole database"),
            AS_JSON,
            option("--bundle", metavar="FILE.zip", help="write a support bundle (no secrets)"),
        ),
    ),
    "backup": Words("history", "copy the database (not DATA/files) to FILE, also while it runs", (FILE,)),
    "restore": Words("history", "put a backup back; the present files are kept", (FILE,)),
    "verify": Words("history", "replay the kept journal into an empty store and compare"),
    "shot": Words(
        WINDOW,
        "draw a page without a display",
        (
            option("page", metavar="PAGE"),
            option("--out", metavar="FILE.png", required=True),
            option("--size", metavar="WxH", default="1440x900"),
            option("--theme", choices=("dark", "light"), default="dark"),
            option("--scale", type=float, default=1.0),
        ),
    ),
}  # fmt: skip


def build() -> argparse.ArgumentParser:
    """The parser. `--data` and `--set` are understood before and after the command."""
    parser = argparse.ArgumentParser(
        prog="forecourt",
        description="The control room a small charge-point operator runs on one workstation. "
        "Without a command it opens the window.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"forecourt {__version__}")
    _everywhere(parser, "data", "sets")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, words in COMMANDS.items():
        sub = commands.add_parser(name, help=words.help, description=words.help + ".", allow_abbrev=False)
        for names, about in words.options:
            sub.add_argument(*names, **about)
        _everywhere(sub, "data_here", "sets_here")
    return parser


def _everywhere(parser: argparse.ArgumentParser, data: str, sets: str) -> None:
    parser.add_argument("--data", dest=data, metavar="DIR", help="the data directory")
    parser.add_argument(
        "--set", dest=sets, metavar="KEY=VALUE", action="append", default=[], help="a setting, for this run"
    )
