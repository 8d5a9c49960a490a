"""TOML files that come with Forecourt, and those of the data directory that stand over them."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from app.domain.errors import ForecourtError


@cache
def shipped(folder: str) -> tuple[tuple[str, str], ...]:
    """Name and text of each file in resources/`folder`, by name."""
    found = sorted(files("resources").joinpath(folder).iterdir(), key=lambda file: file.name)
    return tuple((file.name, file.read_text("utf-8")) for file in found if file.name.endswith(".toml"))


def own(folder: Path | None, what: str) -> Iterator[tuple[Path, str]]:
    """Path and text of each of the operator's files, by name; none where there is no such folder.

    Args:
        folder: where they lie.
        what: what they hold, for the sentence ("The playbooks in").

    Raises:
        ForecourtError: one cannot be read; it names it.
    """
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.glob("*.toml")):
        try:
            yield path, path.read_text("utf-8")
        except OSError as error:
            raise ForecourtError(f"{what} {path} cannot be read: {error.strerror or error}.") from error
        except UnicodeDecodeError as error:
            raise ForecourtError(f"{what} {path} cannot be read: it is not UTF-8.") from error
