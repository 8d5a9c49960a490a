"""Names, ranges, forms, places and targets, each by itself; and forms that were cut anywhere."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import StationId
from app.domain.records import FileRecord, VariableRecord
from app.files.addresses import hash_of, judge, new_token, read_target, url_of
from app.files.multipart import BadForm, Form, boundary_of
from app.files.names import ending_of, folder_of, shown_name
from app.files.places import beside, parse
from app.files.ranges import Unsatisfiable, asked_range, joined
from app.files.reach import reachable_by
from app.protocol.handshake import called


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("log.zip", "log.zip"),
        ("../../etc/passwd", "passwd"),
        ("C:\\logs\\a b.txt", "a b.txt"),
        ("/", ""),
        ("..", ""),
        (".hidden", "hidden"),
        ("CON.txt", "_CON.txt"),
        ("a\x00b\r\nc\u202egnp.exe", "abcgnp.exe"),
        ('a<b>:"|?*.log', "a_b______.log"),
        ("x" * 300 + ".tar.gz", "x" * 113 + ".tar.gz"),
    ],
)
def test_names_are_harmless(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


@given(st.text(max_size=200))
def test_no_name_leaves_its_folder(name: str) -> None:
    shown = shown_name(name)
    assert not set(shown) & set('/\\\x00<>:"|?*')
    assert not shown.startswith(".")
    assert len(shown) <= 120
    assert ending_of(shown).startswith(".")
    assert "/" not in ending_of(shown)
    folder = folder_of(name or "x")
    assert folder not in ("", ".", "..", "firmware")
    assert not set(folder) & set('/\\\x00<>:"|?*')


def test_no_two_stations_share_a_folder() -> None:
    names = ["DEPOT-7", "depot-7", "DEPOT:7", "DEPOT|7", "con", "firmware", "depot_7"]
    assert len({folder_of(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=5-1", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        ("bytes=" + "9" * 30 + "-", None),
    ],
)
def test_ranges(header: str | None, span: tuple[int, int] | None) -> None:
    assert asked_range(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0"])
def test_ranges_outside_the_file(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked_range(header, 100)


def test_spans_that_touch_are_one() -> None:
    assert joined([(5, 9), (0, 3), (3, 5), (20, 21), (7, 7)]) == ((0, 9), (20, 21))


FILE = bytes(range(256)) * 3 + b"\r\n--XY\r\n--X"
BODY = (
    b"before\r\n--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nfield\r\n--XX  \r\n"
    b'content-disposition: form-data; name="f"; filename="a \\"b\\".log"\r\nX: y\r\n\r\n'
    + FILE
    + b"\r\n--XX--\r\nafter"
)


@given(st.lists(st.integers(0, len(BODY)), max_size=8))
def test_a_form_may_come_in_any_pieces(cuts: list[int]) -> None:
    form = Form(b"XX")
    marks = [0, *sorted(cuts), len(BODY)]
    got = b"".join(form.feed(BODY[a:b]) for a, b in pairwise(marks))
    form.finish()
    assert got == FILE
    assert form.name == 'a "b".log'


@given(st.integers(0, BODY.index(b"--XX--") + 3))
def test_a_form_that_was_cut_is_no_file(cut: int) -> None:
    form = Form(b"XX")
    with pytest.raises(BadForm):  # noqa: PT012 - either may say so
        form.feed(BODY[:cut])
        form.finish()


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_no_bytes_break_the_form_reader(one: bytes, two: bytes) -> None:
    form = Form(b"X")
    try:
        form.feed(b"--X\r\n" + one)
        form.feed(two)
        form.finish()
    except BadForm as error:
        assert str(error).endswith(".")  # noqa: PT017 - most bytes are no form, some are


@pytest.mark.parametrize(
    "body",
    [
        b"--XX\r\n\r\nno file\r\n--XX--",
        BODY.replace(b"name=a", b"name=a; filename=b"),
        b"--XX" + b"y" * 9000,
        b"z" * 9000,
        b"--XX\r\nA: " + b"y" * 9000,
    ],
)
def test_forms_that_are_none(body: bytes) -> None:
    form = Form(b"XX")
    with pytest.raises(BadForm):  # noqa: PT012 - either may say so
        form.feed(body)
        form.finish()


def test_boundaries() -> None:
    assert boundary_of("application/zip") is None
    assert boundary_of('multipart/form-data; boundary="a b"') == b"a b"
    for bad in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/x; boundary=" + "a" * 300,
    ):
        with pytest.raises(BadForm):
            boundary_of(bad)


@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=300))
def test_no_content_type_breaks_the_reader(tail: str) -> None:
    try:
        found = boundary_of("multipart/form-data" + tail)
    except BadForm:
        return
    assert found is None or 0 < len(found) <= 200


def test_targets_are_read_however_chargers_spell_them() -> None:
    token = new_token()
    for target in (
        f"/token={token}/a%20b.log",
        f"/token%3D{token}/a%20b.log",
        f"//token={token}//a%20b.log",
        f"/files/token={token}/a%20b.log",
        f"/token={token}a%20b.log",
        f"http://10.0.0.1:9221/token={token}/a%20b.log?x=y",
    ):
        found = read_target(target)
        assert found is not None
        assert found == (hash_of(token), "a b.log")
    for target in ("/", "/token=short/", f"x/token={token}", "*", f"/Token={token}"):
        assert read_target(target) is None
    assert url_of("http://h:1", token, "ä/b") == f"http://h:1/token={token}/%C3%A4%2Fb"


def row(**fields: Any) -> FileRecord:
    """An address of DEPOT-7, asked at 0, for an hour."""
    plain: dict[str, Any] = {"kind": "log", "asked_ms": 0, "expires_ms": 3_600_000, "token_hash": "h"}
    return FileRecord(1, StationId("DEPOT-7"), **(plain | fields))


@pytest.mark.parametrize(
    ("peer", "own", "others", "anywhere", "status"),
    [
        ("10.0.0.7", ["10.0.0.7"], [], False, 0),
        ("10.0.0.7", ["10.0.0.6", "10.0.0.7"], [], False, 0),  # its link has come back from elsewhere
        ("10.0.0.8", ["10.0.0.7"], [], False, 403),
        ("10.0.0.8", ["10.0.0.7"], ["10.0.0.8"], True, 403),  # certainly another station
        ("10.0.0.9", ["10.0.0.7"], ["10.0.0.8"], True, 0),
        ("80.1.1.1", ["80.1.1.1"], ["80.1.1.1"], False, 0),  # all behind one router: the token decides
        ("10.0.0.9", ["", ""], [], False, 0),  # nobody knows where it comes from
        ("10.0.0.9", ["", ""], ["10.0.0.9"], False, 403),
    ],
)
def test_whom_an_address_lets_in(
    peer: str, own: list[str], others: list[str], anywhere: bool, status: int
) -> None:
    refusal = judge(row(), "PUT", peer, own, others, 0, from_anywhere=anywhere)
    assert (refusal.status if refusal else 0) == status


def test_where_it_listens() -> None:
    assert [(a.port, a.tls) for a in beside(["127.0.0.1:9220"])] == [(9221, False)]
    both = beside(["ws://0.0.0.0:9220", "wss://0.0.0.0:9221"])
    assert [(a.port, a.tls) for a in both] == [(9222, False), (9223, True)]
    assert beside(["127.0.0.1:0"])[0].port == 0
    assert beside(["127.0.0.1:65535"])[0].port == 0
    assert parse("https://[::1]:9") == ("::1", 9, True)
    assert parse("10.0.0.1:80") == ("10.0.0.1", 80, False)


@pytest.mark.parametrize(
    ("told", "tls", "reason"),
    [
        ("", False, ""),
        ("HTTP,FTP", False, ""),
        ("FTP,FTPS", False, "It moves files over FTP and FTPS only"),
        ("HTTPS SFTP", False, "It moves files over HTTPS only"),
        ("HTTPS", True, ""),
        ("http", True, "It moves files over plain HTTP only"),
    ],
)
def test_who_cannot_use_our_addresses_is_told_in_words(told: str, tls: bool, reason: str) -> None:
    named = VariableRecord(StationId("A"), "", "", 0, 0, "SupportedFileTransferProtocols", "", "Actual", told)
    other = VariableRecord(StationId("A"), "", "", 0, 0, "HeartbeatInterval", "", "Actual", "300")
    assert reachable_by([other, named], tls=tls).startswith(reason)
    assert bool(reachable_by([other, named], tls=tls)) == bool(reason)


def test_the_host_that_was_called() -> None:
    assert called(["charge.example.org:9220"]) == "charge.example.org"
    assert called(["[::1]:9220"]) == "::1"
    assert called([]) == called(["a b"]) == called(["x/y"]) == ""
