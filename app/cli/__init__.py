"""The commands that need no window. Words in, exit code out: 0 done, 1 one sentence, 2 wrong usage."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from app.cli.parser import COMMANDS, WINDOW, build
from app.data_dir import default_data_dir
from app.domain.errors import ForecourtError, UsageError
from app.settings import Settings, SettingsError, load

__all__ = ["load_settings", "main"]

OpenWindow = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None, window: OpenWindow | None = None) -> int:
    """
    Run one command and return its exit code.

    Args:
        argv: the words after the program's name; None: sys.argv.
        window: opens the window for no command, `demo` and `shot`; None: those need `forecourt` itself.
    """
    try:
        args = build().parse_args(argv)
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 2
    args.data = getattr(args, "data_here", None) or args.data
    args.sets = [*args.sets, *getattr(args, "sets_here", [])]
    try:
        code = _run(args, window)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except UsageError as exc:
        print(f"forecourt: {exc}", file=sys.stderr)
        return 2
    except ForecourtError as exc:
        print(f"forecourt: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`). Nothing more can be said there.
        _say_no_more()
        return 1
    except OSError as exc:
        what = f"{exc.filename} cannot be used" if exc.filename else "The system refused"
        print(f"forecourt: {what}: {exc.strerror or exc}.", file=sys.stderr)
        _say_no_more()
        return 1


def _say_no_more() -> None:
    """Nothing may be flushed into what takes no more, not even at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(args: argparse.Namespace, window: OpenWindow | None) -> int:
    words = COMMANDS.get(args.command or "")
    wants_window = words is None or words.module == WINDOW or (args.command == "demo" and not args.headless)
    if wants_window:
        if window is None:
            raise ForecourtError("This needs the window: run it as `forecourt`.")
        return window(args)
    assert words is not None
    module = importlib.import_module(f"app.cli.{words.module}")
    code: int = module.run(args)
    return code


def load_settings(args: argparse.Namespace, **overrides: object) -> Settings:
    """
    The settings that hold for this command: --data, --set, and what its own options say.

    Raises:
        UsageError: a `--set` that is none, or that sets what cannot be.
        SettingsError: the file or the environment is wrong.
    """
    given: dict[str, object] = {}
    for text in args.sets:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--set takes key=value, not {text!r}.")
        given[name.strip()] = value.strip()
    given |= {name: value for name, value in overrides.items() if value is not None}
    data = Path(args.data).expanduser() if args.data else None
    if data is None and args.command == "demo":
        data = default_data_dir("forecourt-demo")
    try:
        return load(data, given)
    except SettingsError as exc:
        text = str(exc)
        if not text.startswith("--set"):
            raise
        for name in overrides:
            text = text.replace(f"--set sets {name} to", f"--{name.replace('.', '-')} is")
        raise UsageError(text) from exc
