"""The log form: one JSON row an event, as `export messages --format jsonl` writes and `replay` reads it.

A call and its answer are two rows of a log and one row of the journal; here they part and meet again.
"""

import gzip
import heapq
import io
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import msgspec
import zstandard

from app.domain.errors import ForecourtError
from app.domain.records import JournalKind, JournalRow
from app.reports.cells import iso

LONGEST_LINE = 8 * 1024 * 1024
ORDER_WINDOW = 1_000
"""Rows within which a log that is not quite in order of time is put in order."""
ANSWER_WINDOW_MS = 120_000
"""How much later than its call an answer may stand in a log and still belong to it."""
MOST_OPEN = 5_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


class BadLog(ForecourtError):
    """A log that is none; the sentence names file, line and what is wrong there."""


class LogRow(msgspec.Struct, frozen=True):
    """One row of a log, checked. Keys it does not have are ignored."""

    at: datetime
    station: str
    event: Literal["connected", "disconnected", "in", "out"]
    frame: msgspec.Raw = msgspec.Raw(b"")
    subprotocol: str = ""
    reason: Any = ""
    since: Any = None
    last_live: Any = None
    fresh: Any = None

    @property
    def at_ms(self) -> int:
        """Milliseconds since 1970, UTC."""
        return (self.at - _EPOCH) // _MS


class _Head(msgspec.Struct, array_like=True):
    """How a frame begins; what follows is skipped."""

    kind: int
    message_id: str


class _Facts(msgspec.Struct):
    """What the journal keeps of a link that came or went."""

    reason: str = ""
    since_ms: int | None = None
    last_live_ms: int | None = None
    fresh: bool = False


class Timed(NamedTuple):
    """A row with its time in ms and the number of its line."""

    at_ms: int
    line: int
    row: LogRow


_decode_row = msgspec.json.Decoder(LogRow).decode
_decode_facts = msgspec.json.Decoder(_Facts).decode
_decode_head = msgspec.json.Decoder(_Head).decode
_decode_text = msgspec.json.Decoder(str).decode
_encode = msgspec.json.Encoder().encode


def open_log(path: Path) -> BinaryIO:
    """Open a log, plain or packed (.gz, .zst). Raises BadLog where it cannot be read."""
    try:
        if path.suffix == ".gz":
            return gzip.open(path, "rb")  # type: ignore[return-value]
        if path.suffix == ".zst":
            reader = zstandard.ZstdDecompressor().stream_reader(
                path.open("rb"), closefd=True, read_across_frames=True
            )
            return io.BufferedReader(reader, 1 << 20)
        return open(path, "rb", buffering=1 << 20)
    except OSError as exc:
        raise BadLog(f"{path} cannot be read: {exc.strerror or exc}.") from exc


def read_rows(path: Path) -> Iterator[Timed]:
    """
    Every row of a log, in the order of the file, checked.

    Raises:
        BadLog: at the first line that is no row of the log form.
    """
    with open_log(path) as file:
        number = 0
        try:
            while line := file.readline(LONGEST_LINE):
                number += 1
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if line.isspace():
                    continue
                yield _checked(line, number, path)
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as exc:
            raise BadLog(f"{path} cannot be read beyond line {number}: {exc}.") from exc


def _checked(line: bytes, number: int, path: Path) -> Timed:
    def wrong(what: str) -> BadLog:
        return BadLog(f"Line {number} of {path} is no row of a log: {what}.")

    try:
        row = _decode_row(line)
    except msgspec.MsgspecError as exc:
        text = str(exc).rstrip(".").replace("`$.", "`")
        raise wrong(text if text.startswith("JSON") else text[:1].lower() + text[1:]) from None
    except (UnicodeDecodeError, RecursionError):
        raise wrong("it is not JSON in UTF-8") from None
    if row.at.tzinfo is None:
        raise wrong("`at` has no time zone; write it as 2026-01-05T08:00:00.000Z")
    if not row.station or len(row.station) > 255 or not row.station.isprintable():
        raise wrong("`station` must be an identity")
    if row.event in ("in", "out") and bytes(row.frame)[:1] not in (b"[", b'"'):
        raise wrong(f"`frame` must be an OCPP frame where `event` is {row.event!r}")
    if row.event == "connected" and not row.subprotocol:
        raise wrong("`subprotocol` is missing, as ocpp1.6")
    return Timed(row.at_ms, number, row)


def in_order(rows: Iterable[Timed], window: int = ORDER_WINDOW) -> Iterator[Timed]:
    """The rows in order of time, as far as a window of them shows; equal times keep their order."""
    waiting: list[Timed] = []
    for row in rows:
        if len(waiting) < window:
            heapq.heappush(waiting, row)
        else:
            yield heapq.heappushpop(waiting, row)
    while waiting:
        yield heapq.heappop(waiting)


class _Entry:
    """A journal row in the making; `open` while its answer may still come."""

    __slots__ = ("answer", "at_ms", "frame", "kind", "open", "station", "subprotocol")

    def __init__(self, timed: Timed) -> None:
        row = timed.row
        self.at_ms = timed.at_ms
        self.station = row.station
        self.kind = JournalKind(row.event)
        self.frame = _text(row.frame) if row.event in ("in", "out") else ""
        self.subprotocol = row.subprotocol
        if row.event in ("connected", "disconnected") and (
            row.reason or row.since or row.last_live or row.fresh
        ):
            self.frame = _facts(row)
        self.answer = ""
        self.open = False

    def row(self) -> JournalRow:
        return JournalRow(
            at_ms=self.at_ms,
            station=self.station,
            kind=self.kind,
            frame=self.frame,
            answer=self.answer,
            subprotocol=self.subprotocol,
        )


def journal_rows(rows: Iterable[Timed]) -> Iterator[JournalRow]:
    """
    Calls of stations joined with our answers, in the order of the calls.

    A call waits for its answer as long as the window is; then it stands alone. What stations answer to calls
    of ours stands alone too, as in our journal. Subprotocols are told once, with the connection; each row
    repeats it.
    """
    queue: deque[_Entry] = deque()
    calls: dict[tuple[str, str], _Entry] = {}
    spoken: dict[str, str] = {}
    for timed in rows:
        row = timed.row
        entry = _Entry(timed)
        if row.event in ("connected", "disconnected"):
            for key in [k for k in calls if k[0] == row.station]:
                calls.pop(key).open = False
            if row.subprotocol:
                spoken[row.station] = row.subprotocol
        else:
            kind, message_id = _kind_and_id(entry.frame)
            key = (row.station, message_id)
            if row.event == "out" and kind in (3, 4) and (call := calls.pop(key, None)):
                call.answer, call.open = entry.frame, False
                yield from _ready(queue, timed.at_ms)
                continue
            if row.event == "in" and kind == 2:
                if key in calls:
                    calls[key].open = False
                calls[key] = entry
                entry.open = True
        entry.subprotocol = entry.subprotocol or spoken.get(row.station, "")
        queue.append(entry)
        yield from _ready(queue, timed.at_ms)
    for entry in queue:
        yield entry.row()


def _ready(queue: deque[_Entry], now_ms: int) -> Iterator[JournalRow]:
    while queue and (
        not queue[0].open or now_ms - queue[0].at_ms > ANSWER_WINDOW_MS or len(queue) > MOST_OPEN
    ):
        yield queue.popleft().row()


def _text(frame: msgspec.Raw) -> str:
    """The frame as it was on the wire; a log keeps one that is no JSON (or comes from elsewhere) as text."""
    raw = bytes(frame)
    return _decode_text(raw) if raw[:1] == b'"' else raw.decode()


def _facts(row: LogRow) -> str:
    """What a log of ours tells beside a connection, as the journal keeps it; whatever else is ignored."""
    known: dict[str, Any] = {"reason": row.reason} if isinstance(row.reason, str) else {}
    for name, said in (("since_ms", row.since), ("last_live_ms", row.last_live)):
        with suppress(msgspec.MsgspecError):
            at = msgspec.convert(said, datetime)
            if at.tzinfo is not None:
                known[name] = (at - _EPOCH) // _MS
    if row.fresh is True:
        known["fresh"] = True
    return _encode(known).decode()


def _kind_and_id(frame: str) -> tuple[int, str]:
    """The message type and id of a frame; (0, "") where it is not readable (it may be a bad frame)."""
    try:
        head = _decode_head(frame)
        return head.kind, head.message_id
    except (msgspec.MsgspecError, RecursionError):
        return 0, ""


def log_lines(row: JournalRow, mask: Callable[[str], str] | None = None) -> Iterator[bytes]:
    """
    The rows of the log that one journal row stands for: none for what is no traffic.

    Connections carry what only we know beside it (`reason`, `since`, `last_live`, `fresh`);
    other readers ignore it.
    `mask` replaces the tokens of a frame.
    """
    head: dict[str, Any] = {"at": iso(row.at_ms), "station": row.station}
    match row.kind:
        case JournalKind.CONNECTED:
            beside = _beside(row.frame)
            yield _encode(head | {"event": "connected", "subprotocol": row.subprotocol} | beside) + b"\n"
        case JournalKind.DISCONNECTED:
            yield _encode(head | {"event": "disconnected"} | _beside(row.frame)) + b"\n"
        case JournalKind.IN | JournalKind.OUT:
            there, back = ("in", "out") if row.kind is JournalKind.IN else ("out", "in")
            for event, frame in ((there, row.frame), (back, row.answer)):
                if frame:
                    told = _raw(mask(frame) if mask is not None else frame)
                    yield _encode(head | {"event": event, "frame": told}) + b"\n"


def _beside(facts: str) -> dict[str, Any]:
    try:
        known = _decode_facts(facts)
    except msgspec.MsgspecError:
        return {}
    told: dict[str, Any] = {"reason": known.reason} if known.reason else {}
    for name, at_ms in (("since", known.since_ms), ("last_live", known.last_live_ms)):
        if at_ms is not None:
            told[name] = iso(at_ms)
    if known.fresh:
        told["fresh"] = True
    return told


def _raw(frame: str) -> msgspec.Raw | str:
    """The frame as it is on the wire where it is JSON on one line, else as text."""
    if frame.lstrip().startswith("["):
        with suppress(msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
            return msgspec.Raw(msgspec.json.format(frame.encode(), indent=-1))
    return frame.encode("utf-8", "backslashreplace").decode()
