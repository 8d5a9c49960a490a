"""The log form: what is written can be read, what is wrong is named with its line."""

import gzip
import json

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from app.domain.records import JournalKind, JournalRow
from app.log_form import BadLog, in_order, journal_rows, log_lines, read_rows

T0 = 1_767_600_000_000


def write(path, rows):
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), "utf-8")
    return path


def at(seconds):
    return f"2026-01-05T08:{seconds // 60:02d}:{seconds % 60:02d}.000Z"


def message(event, seconds, frame, station="S1"):
    return {"at": at(seconds), "station": station, "event": event, "frame": frame}


def read(path):
    return list(journal_rows(in_order(read_rows(path))))


def test_calls_meet_their_answers(tmp_path):
    """A call and the answer that a log tells later become one row; the order is that of the calls."""
    path = write(
        tmp_path / "log.jsonl",
        [
            {"at": at(0), "station": "S1", "event": "connected", "subprotocol": "ocpp1.6", "more": 1},
            message("in", 1, [2, "a", "BootNotification", {}]),
            message("in", 2, [2, "a", "Heartbeat", {}], "S2"),
            message("out", 3, [3, "a", {"n": 2}], "S2"),
            message("out", 4, [3, "a", {"n": 1}]),
            message("out", 5, [2, "a", "Reset", {}]),
            message("in", 6, [4, "a", "NotSupported", "", {}]),
            {"at": at(7), "station": "S1", "event": "disconnected"},
        ],
    )
    rows = read(path)
    assert [(r.station, r.kind.value, json.loads(r.answer or "null")) for r in rows] == [
        ("S1", "connected", None),
        ("S1", "in", [3, "a", {"n": 1}]),
        ("S2", "in", [3, "a", {"n": 2}]),
        ("S1", "out", None),
        ("S1", "in", None),
        ("S1", "disconnected", None),
    ]
    assert rows[1].subprotocol == "ocpp1.6"
    assert rows[0].at_ms == T0


def test_an_answer_belongs_to_the_latest_call_of_its_id(tmp_path):
    """Stations restart their ids at 1: a repeated id is a new call, the first one stays unanswered."""
    path = write(
        tmp_path / "log.jsonl",
        [
            message("in", 0, [2, "1", "A", {}]),
            message("in", 9, [2, "1", "B", {}]),
            message("out", 9, [3, "1", {}]),
        ],
    )
    assert [r.answer for r in read(path)] == ["", '[3, "1", {}]']


def test_a_call_does_not_wait_for_ever(tmp_path):
    """An answer minutes later is not taken for that of a call long ago, and does not hold the rest up."""
    path = write(
        tmp_path / "log.jsonl",
        [
            message("in", 0, [2, "1", "A", {}]),
            message("in", 300, [2, "2", "B", {}]),
            message("out", 301, [3, "2", {}]),
        ],
    )
    assert [(r.frame[:8], bool(r.answer)) for r in read(path)] == [('[2, "1",', False), ('[2, "2",', True)]


def test_rows_a_little_out_of_order_are_put_in_order(tmp_path):
    """Time rules, not the place in the file."""
    path = write(tmp_path / "log.jsonl", [message("in", s, [2, str(s), "A", {}]) for s in (3, 1, 2, 1)])
    assert [(r.at_ms - T0) // 1000 for r in read(path)] == [1, 1, 2, 3]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, lambda data: b"\xef\xbb\xbf" + data])
def test_packed_and_marked_logs_are_read(tmp_path, pack):
    """gzip, zstandard and a byte order mark make no difference."""
    suffix = {"compress": ".gz"}.get(getattr(pack, "__name__", ""), "")
    suffix = ".zst" if pack is zstandard.compress else suffix
    path = tmp_path / f"log.jsonl{suffix}"
    path.write_bytes(pack(json.dumps(message("in", 0, [2, "1", "A", {}])).encode() + b"\n\n"))
    assert len(read(path)) == 1


GOOD = message("in", 0, [2, "1", "A", {}])


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{", "Line 2 of"),
        ("[]", "expected `object`"),
        (GOOD | {"at": 5}, "`at`"),
        (GOOD | {"at": "yesterday"}, "`at`"),
        (GOOD | {"at": "2026-01-05T08:00:00"}, "no time zone"),
        (GOOD | {"station": ""}, "`station` must be an identity"),
        (GOOD | {"station": "a\nb"}, "`station` must be an identity"),
        (GOOD | {"event": "boom"}, "`event`"),
        (GOOD | {"frame": {}}, "`frame` must be an OCPP frame"),
        ({k: v for k, v in GOOD.items() if k != "frame"}, "`frame` must be"),
        ({k: v for k, v in GOOD.items() if k != "at"}, "missing required field `at`"),
        ({"at": at(0), "station": "S1", "event": "connected"}, "`subprotocol` is missing"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path, bad, says):
    """One plain sentence: the file, the line, and what is wrong there."""
    path = write(tmp_path / "log.jsonl", [GOOD, bad])
    with pytest.raises(BadLog) as caught:
        read(path)
    assert says in str(caught.value)
    assert "Line 2" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unreadable_files_are_named(tmp_path):
    """No file, a folder, and a broken archive each end in a sentence."""
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08\x00 this is no archive")
    (tmp_path / "broken.zst").write_bytes(b"nor is this")
    for name in ("none.jsonl", ".", "broken.gz", "broken.zst"):
        with pytest.raises(BadLog, match="cannot be read"):
            read(tmp_path / name)


texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
rows = st.builds(
    JournalRow,
    at_ms=st.integers(T0, T0 + 1_000_000),
    station=st.sampled_from(["S1", "S2"]),
    kind=st.just(JournalKind.IN),
    frame=st.one_of(
        st.builds(lambda i, t: json.dumps([2, i, "A", {"x": t}]), texts, texts), texts.filter(bool)
    ),
)


@given(st.lists(rows, max_size=20))
def test_what_is_written_is_read_back(tmp_path_factory, written):
    """Any journal traffic, good frames and rubbish alike, survives export and reading, in order."""
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    written = sorted(written, key=lambda r: r.at_ms)
    path.write_bytes(b"".join(line for row in written for line in log_lines(row)))

    def told(row):
        try:
            frame = json.loads(row.frame)
        except ValueError:
            frame = row.frame
        return (row.at_ms, row.station, row.kind, frame)

    assert [told(r) for r in read(path)] == [told(r) for r in written]
