"""Frames: every row of the error table in every version, hostile JSON, and arbitrary text."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol import frames
from app.protocol.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    Fault,
    FrameError,
    Send,
    canonical,
    code_for,
    parse,
    spell,
    verdict,
)
from app.protocol.versions import VERSIONS

LONG = "i" * 37
NESTED = '[2,"d","DataTransfer",{"a":' + "[" * 2000 + "]" * 2000 + "}]"
DEEP = '[2,"d","DataTransfer",{"a":' + "[" * 40 + "]" * 40 + "}]"

# what is received -> (1.6, 2.0.1, 2.1): None = no reply, else (id, code)
ROWS = {
    "not JSON": ("hello", (None, ("-1", "RpcFrameworkError"), ("-1", "RpcFrameworkError"))),
    "not JSON, id readable": (
        '[2,"42","Heartbeat",{}',
        (None, ("42", "RpcFrameworkError"), ("42", "RpcFrameworkError")),
    ),
    "not an array": ('{"a":1}', (None, ("-1", "RpcFrameworkError"), ("-1", "RpcFrameworkError"))),
    "empty array": ("[]", (None, ("-1", "RpcFrameworkError"), ("-1", "RpcFrameworkError"))),
    "type is text": (
        '["2","a","Heartbeat",{}]',
        (None, ("a", "RpcFrameworkError"), ("a", "RpcFrameworkError")),
    ),
    "type is true": (
        '[true,"a","Heartbeat",{}]',
        (None, ("a", "RpcFrameworkError"), ("a", "RpcFrameworkError")),
    ),
    "type is 2.0": (
        '[2.0,"a","Heartbeat",{}]',
        (None, ("a", "RpcFrameworkError"), ("a", "RpcFrameworkError")),
    ),
    "id is a number": (
        '[2,5,"Heartbeat",{}]',
        (None, ("-1", "RpcFrameworkError"), ("-1", "RpcFrameworkError")),
    ),
    "no id": ("[2]", (None, ("-1", "RpcFrameworkError"), ("-1", "RpcFrameworkError"))),
    "empty message": ("", (None, None, None)),
    "blanks only": (" \r\n", (None, None, None)),
    "unknown type": ('[7,"a",{}]', (None, ("a", "MessageTypeNotSupported"), None)),
    "unknown type, no id": ("[7]", (None, ("-1", "MessageTypeNotSupported"), None)),
    "long id": (
        f'[2,"{LONG}","Heartbeat",{{}}]',
        ((LONG, "FormationViolation"), (LONG, "RpcFrameworkError"), (LONG, "RpcFrameworkError")),
    ),
    "very long id": (
        f'[2,"{"x" * 300}","Heartbeat",{{}}]',
        (("x" * 255, "FormationViolation"),) + (("x" * 255, "RpcFrameworkError"),) * 2,
    ),
    "empty id": (
        '[2,"","Heartbeat",{}]',
        (("", "FormationViolation"), ("", "RpcFrameworkError"), ("", "RpcFrameworkError")),
    ),
    "three elements": (
        '[2,"a","Heartbeat"]',
        (("a", "FormationViolation"), ("a", "RpcFrameworkError"), ("a", "RpcFrameworkError")),
    ),
    "five elements": (
        '[2,"a","Heartbeat",{},{}]',
        (("a", "FormationViolation"), ("a", "RpcFrameworkError"), ("a", "RpcFrameworkError")),
    ),
    "action is a number": (
        '[2,"a",7,{}]',
        (("a", "FormationViolation"), ("a", "RpcFrameworkError"), ("a", "RpcFrameworkError")),
    ),
    "payload is a list": (
        '[2,"a","Heartbeat",[]]',
        (("a", "FormationViolation"), ("a", "FormatViolation"), ("a", "FormatViolation")),
    ),
    "payload is text": (
        '[2,"a","Heartbeat","x"]',
        (("a", "FormationViolation"), ("a", "FormatViolation"), ("a", "FormatViolation")),
    ),
    "nested too deep": (
        DEEP,
        (("d", "FormationViolation"), ("d", "FormatViolation"), ("d", "FormatViolation")),
    ),
    "nested beyond the parser": (
        NESTED,
        (None, ("d", "RpcFrameworkError"), ("d", "RpcFrameworkError")),
    ),
    "too many keys": (
        '[2,"k","DataTransfer",{' + ",".join(f'"k{i}":1' for i in range(2001)) + "}]",
        (("k", "FormationViolation"), ("k", "FormatViolation"), ("k", "FormatViolation")),
    ),
    "a text too long": (
        '[2,"s","DataTransfer",{"data":"' + "x" * 65_537 + '"}]',
        (("s", "FormationViolation"), ("s", "FormatViolation"), ("s", "FormatViolation")),
    ),
    "an answer without payload": ('[3,"a"]', (None, None, None)),
    "an answer with a number for its id": ("[3,5,{}]", (None, None, None)),
    "a cut answer": ('[3,"a",{', (None, None, None)),
    "a SEND that is none": ('[6,"a","NotifyPeriodicEventStream"]', (None, None, None)),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_table(row: str, version: str) -> None:
    """What is no frame gets exactly the reply that its version specifies."""
    text, replies = ROWS[row]
    expected = replies[VERSIONS.index(version)]
    with pytest.raises(FrameError) as caught:
        parse(text)
    reply = verdict(version, caught.value)
    if expected is None:
        assert reply is None
        return
    assert reply is not None
    kind, message_id, code, description, details = json.loads(reply)
    assert (kind, message_id, code) == (4, *expected)
    assert isinstance(description, str)
    assert len(description) <= 255
    assert details == {}


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        (Fault.UNKNOWN_ACTION, ("NotImplemented",) * 3),
        (Fault.WRONG_DIRECTION, ("NotSupported",) * 3),
        (Fault.SEND_ONLY, ("NotSupported",) * 3),
        (Fault.NOT_REGISTERED, ("SecurityError",) * 3),
        (Fault.ID_IN_USE, ("GenericError",) * 3),
        (Fault.REQUIRED, ("ProtocolError", "OccurrenceConstraintViolation", "OccurrenceConstraintViolation")),
        (Fault.TYPE, ("TypeConstraintViolation",) * 3),
        (Fault.EXTRA, ("FormationViolation", "FormatViolation", "FormatViolation")),
        (Fault.VALUE, ("PropertyConstraintViolation",) * 3),
        (
            Fault.ITEMS,
            (
                "OccurenceConstraintViolation",
                "OccurrenceConstraintViolation",
                "OccurrenceConstraintViolation",
            ),
        ),
        (Fault.CRASH, ("InternalError",) * 3),
    ],
)
def test_codes_of_readable_messages(fault: Fault, codes: tuple[str, str, str]) -> None:
    """Faults found after the frame was read have the code of each version, in its spelling."""
    assert tuple(code_for(version, fault) for version in VERSIONS) == codes


def test_every_fault_has_a_row() -> None:
    """No fault is without an answer in any version."""
    for fault in Fault:
        for version in VERSIONS:
            assert isinstance(code_for(version, fault), str)


def test_spelling() -> None:
    """Every spelling is understood in every version; each version gets its own."""
    for said in ("OccurenceConstraintViolation", "OccurrenceConstraintViolation"):
        assert canonical(said) == "OccurrenceConstraintViolation"
        assert spell("1.6", said) == "OccurenceConstraintViolation"
        assert spell("2.0.1", said) == spell("2.1", said) == "OccurrenceConstraintViolation"
    assert canonical("FormationViolation") == "FormatViolation"
    assert spell("1.6", "FormatViolation") == "FormationViolation"
    assert spell("1.6", "RpcFrameworkError") == "FormationViolation"
    assert canonical("SomethingNew") == spell("1.6", "SomethingNew") == "SomethingNew"


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ('[2,"a","Heartbeat",{}]', Call("a", "Heartbeat", {})),
        ('[2,"a","Heartbeat",null]', Call("a", "Heartbeat", {})),
        (' [ 2 , "a" , "Heartbeat" , { } ] ', Call("a", "Heartbeat", {})),
        (b'[2,"a","Heartbeat",{}]', Call("a", "Heartbeat", {})),
        ('[2,"a","X",{"k":1,"k":2}]', Call("a", "X", {"k": 2})),
        ('[3,"a",{"status":"Accepted"}]', CallResult("a", {"status": "Accepted"})),
        ('[3,"a",null]', CallResult("a", {})),
        ('[3,"a",[]]', CallResult("a", [])),
        ('[4,"a","InternalError","x",{"y":1}]', CallError("a", "InternalError", "x", {"y": 1})),
        ('[4,"a","InternalError"]', CallError("a", "InternalError", "", {})),
        ('[4,"a","InternalError",null,null]', CallError("a", "InternalError", "", {})),
        ('[4,"a"]', CallError("a", "GenericError", "", {})),
        ('[5,"a","FormatViolation","",{}]', CallResultError("a", "FormatViolation", "", {})),
        ('[6,"a","NotifyPeriodicEventStream",{"id":1}]', Send("a", "NotifyPeriodicEventStream", {"id": 1})),
        (f'[2,"{"i" * 36}","Heartbeat",{{}}]', Call("i" * 36, "Heartbeat", {})),
    ],
)
def test_frames_are_read(text: str | bytes, frame: frames.Frame) -> None:
    """Frames of all five types are read, with what stations leave out padded."""
    assert parse(text) == frame


HOSTILE = {
    "NaN": '[2,"a","X",{"v":NaN}]',
    "Infinity": '[2,"a","X",{"v":Infinity}]',
    "a float beyond all bounds": '[2,"a","X",{"v":1e999}]',
    "5,000 digits": '[2,"a","X",{"v":' + "9" * 5000 + "}]",
    "a lone surrogate": '[2,"a","X",{"v":"\\ud800"}]',
    "a lone surrogate as a key": '[2,"a","X",{"\\ud800":1}]',
    "a raw NUL": '[2,"a","X",{"v":"\x00"}]',
    "100,000 brackets": "[" * 100_000,
    "bad UTF-8": b'[2,"a","X",{"v":"\xff\xfe"}]',
    "a byte order mark": b'\xef\xbb\xbf[2,"a","X",{}]',
    "two values": '[2,"a","X",{}] []',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_unreadable(name: str) -> None:
    """What would poison a database or a chart later is refused as unreadable at once."""
    with pytest.raises(FrameError) as caught:
        parse(HOSTILE[name])
    assert caught.value.fault is Fault.UNREADABLE


def test_integers_beyond_64_bits_are_seen_by_the_schema() -> None:
    """They parse, as JSON allows; no schema lets them through (test_core has the refusals)."""
    call = parse('[2,"a","X",{"v":18446744073709551616}]')
    assert isinstance(call, Call)
    assert call.payload["v"] > frames.INT64_MAX


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
@settings(max_examples=500, deadline=None)
def test_anything_is_a_frame_or_a_frame_error(data: str | bytes) -> None:
    """No text whatever raises anything but FrameError."""
    try:
        parse(data)
    except FrameError as error:
        for version in VERSIONS:
            reply = verdict(version, error)
            if reply is not None:
                assert json.loads(reply)[0] == 4


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: st.lists(below, max_size=5) | st.dictionaries(st.text(max_size=5), below, max_size=5),
    max_leaves=20,
)


@given(st.lists(JSON, max_size=6))
@settings(max_examples=300, deadline=None)
def test_any_array_is_a_frame_or_a_frame_error(elements: list[object]) -> None:
    """Arrays of any shape neither crash nor pass for something that they are not."""
    try:
        frame = parse(json.dumps(elements))
    except FrameError:
        return
    assert elements[0] in (2, 3, 4, 5, 6)
    assert frame.message_id == elements[1]


@given(
    st.text(min_size=1, max_size=36),
    st.text(max_size=30),
    st.dictionaries(st.text(max_size=8), JSON, max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_what_we_write_can_be_read(message_id: str, action: str, payload: dict[str, object]) -> None:
    """A CALL that we encode is the CALL that is read back."""
    try:
        data = frames.encode_call(message_id, action, payload)
    except (UnicodeEncodeError, OverflowError, msgspec.MsgspecError):
        return  # lone surrogates and huge integers are nothing we send
    if len(data) > 2_000:
        return  # beyond the limits of depth and keys there is a refusal instead
    assert parse(data) == Call(message_id, action, msgspec.json.decode(msgspec.json.encode(payload)))


def test_what_we_send_is_compact() -> None:
    """No blanks, no nulls for details, texts of at most 255 characters (Q20)."""
    assert frames.encode_result("a", {"x": 1}) == b'[3,"a",{"x":1}]'
    assert frames.encode_call("a", "Reset", {"type": "Soft"}) == b'[2,"a","Reset",{"type":"Soft"}]'
    assert frames.encode_error("1.6", "a", "FormatViolation") == b'[4,"a","FormationViolation","",{}]'
    assert len(json.loads(frames.encode_error("2.1", "a", "GenericError", "x" * 999))[3]) == 255
    assert frames.encode_result_error("a", "FormatViolation") == b'[5,"a","FormatViolation","",{}]'
