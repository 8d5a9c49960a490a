"""Writing an export: what, which part of it, in which form, to a file or a stream."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from app.domain.errors import UsageError
from app.reports import messages
from app.reports.cells import Row
from app.reports.exports import EXPORTS, Asked
from app.reports.formats import WRITERS, counted, whole
from app.reports.pseudonyms import Pseudonyms

NAMES = (*EXPORTS, "messages")
"""Everything that can be exported."""
ALWAYS_MASKED = frozenset({"costs", "cost-evidence"})
"""What names drivers by pseudonyms alone, asked or not (decision 18)."""


def write_export(
    connection: Connection,
    what: str,
    asked: Asked,
    form: str,
    out: BinaryIO,
    *,
    pseudonyms: Pseudonyms | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> int:
    """
    Write an export to `out`; how many rows it has.

    Args:
        connection: reading; it may lag behind a writer, never block it.
        what: one of NAMES.
        asked: which part.
        form: "csv", "xlsx" or "jsonl".
        out: a binary stream.
        pseudonyms: put these in the place of tokens; None leaves them.
        tell: called now and then with the rows so far.

    Raises:
        UsageError: there is no such export or form.
    """
    if what not in NAMES:
        raise UsageError(f"There is no export {what!r}; choose {', '.join(NAMES)}.")
    write = WRITERS.get(form)
    if write is None:
        raise UsageError(f"There is no format {form!r}; choose {', '.join(WRITERS)}.")
    if pseudonyms is not None:
        asked = replace(asked, pseudonym=pseudonyms, mask=pseudonyms.frame)
    mask = pseudonyms.frame if pseudonyms is not None else None
    if what == "messages" and form == "jsonl":
        count = 0
        for count, line in enumerate(messages.lines(connection, asked, mask), 1):
            out.write(line)
            if count % 1_000 == 0:
                tell(count)
        return count
    if what == "messages":
        columns, rows = messages.COLUMNS, messages.table(connection, asked, mask)
        return write(columns, counted(rows, tell), out)
    export = EXPORTS[what]
    found: Iterable[Row] = export.rows(connection, asked)
    return write(export.columns, counted(found, tell), out)


def export_file(
    connection: Connection,
    what: str,
    asked: Asked,
    form: str,
    path: Path,
    *,
    pseudonyms: Pseudonyms | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> int:
    """The same to a file, whole or not at all. Raises ForecourtError where it cannot be written."""
    return whole(
        path,
        lambda out: write_export(connection, what, asked, form, out, pseudonyms=pseudonyms, tell=tell),
    )
