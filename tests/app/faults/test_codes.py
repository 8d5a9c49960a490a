"""What stations' words mean, step by step of the mapping (reference section B.2)."""

import json

import pytest

from app.domain.errors import ForecourtError
from app.domain.records import EntryRecord
from app.faults.codes import Codes, Words

SAFETY = {2, 4, 5, 8, 11, 14, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26}
OUT_FIRST = {8, 17, 19, 22, 24, 26}
DRIVER = {1, 8, 9, 10, 20}


@pytest.fixture
def codes() -> Codes:
    return Codes()


def means(codes: Codes, *words: str, **more: str) -> list[str]:
    return [named.code for named in codes.name(Words(*words, **more))]


def call_it(
    codes: Codes, code: str, means: str = "", title: str = "", gone: bool = False, **station: str
) -> None:
    body = json.dumps({"code": code, "means": means, "title": title, **station})
    codes.learn(EntryRecord("code-name", code, 1, 0, "me", "", body, gone))


def test_all_26_with_their_marks(codes):
    """Names, safety, drivers' own, and what is taken out of service first."""
    mrec = {int(c.code[2:]): c for c in codes if c.code.startswith("CX")}
    assert sorted(mrec) == list(range(1, 27))
    assert {n for n, c in mrec.items() if c.safety} == SAFETY
    assert {n for n, c in mrec.items() if c.out_first} == OUT_FIRST
    assert {n for n, c in mrec.items() if c.driver} == DRIVER
    assert mrec[26].name == "CutCable"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("OtherError", "CX011"), "CX011"),
        (("OtherError", "", "seen: CX024 at plug"), "CX024"),
        (("GroundFailure",), "CX002"),
        (("ConnectorLockFailure", "E113"), "CX001"),
        (("PowerSwitchFailure",), "PowerSwitchFailure"),
        (("OtherError",), "OtherError"),
        (("OtherError", "CX027"), "Unmapped"),
        (("OtherError", "XCX0110"), "Unmapped"),
        ((), "Faulted"),
    ],
)
def test_each_step_of_the_mapping(codes, words, code):
    """A MREC code, a native word, a maker's own, nothing at all."""
    assert means(codes, *words) == [code]


def test_a_mrec_code_beats_the_native_word(codes):
    """The station says both."""
    assert means(codes, "HighTemperature", "CX019") == ["CX019"]


def test_the_second_public_set_pairs_lists_with_readings(codes):
    """The n-th code goes with the n-th reading; only under its vendorId."""
    found = codes.name(Words("OtherError", "F008,A001", "61 V,none", "com.evgo.mrec"))
    assert [(n.code, n.reading) for n in found] == [("CX024", "61 V"), ("CX020", "none")]
    assert means(codes, "OtherError", "F008") == ["Unmapped"]


def test_what_nobody_named_is_shown_raw(codes):
    """By maker and code."""
    (named,) = codes.name(Words("OtherError", "PM2-FAIL", vendor="Axle"))
    assert (named.title, named.mark) == ("Axle PM2-FAIL", "PM2-FAIL")


def test_the_operator_names_a_code_for_a_maker_and_it_is_kept(codes):
    """A meaning of the vocabulary or words alone; for that maker only; taken back again."""
    before = codes.version
    call_it(codes, "PM2-FAIL", title="Power module 2 is mute", vendor="Axle")
    call_it(codes, "E9", means="CX008", vendor="Axle", firmware="2.*")
    assert codes.version != before
    (named,) = codes.name(Words("OtherError", "pm2-fail", vendor="axle"))
    assert (named.title, named.how) == ("Power module 2 is mute", "operator")
    assert means(codes, "OtherError", "PM2-FAIL", vendor="Other") == ["Unmapped"]
    (stop,) = codes.name(Words("OtherError", "E9", vendor="Axle", firmware="2.4"))
    assert (stop.code, stop.safety) == ("CX008", True)
    assert means(codes, "OtherError", "E9", vendor="Axle", firmware="1.9") == ["Unmapped"]
    call_it(codes, "E9", gone=True)
    assert means(codes, "OtherError", "E9", vendor="Axle", firmware="2.4") == ["Unmapped"]


def test_the_raw_words_are_kept(codes):
    """Whatever they mean."""
    (named,) = codes.name(Words("GroundFailure", "E201", "leak 31 mA"))
    assert named.raw == "GroundFailure · E201 · leak 31 mA"


def test_components_of_2x(codes):
    """By techCode first, then by component; unknown ones are problems of that name."""
    assert codes.of_event("RCD", "Tripped", Words()).code == "CX002"
    assert codes.of_event("RCD", "Tripped", Words("", "CX022")).code == "CX022"
    found = codes.of_event("Fan", "Problem", Words())
    assert (found.code, found.title) == ("Problem", "Fan: Problem")


def test_security_events(codes):
    """In any case and spacing; everyday ones are none."""
    assert codes.security("tamperDetectionActivated").code == "Tamper"
    assert codes.security("identity used twice").code == "IdentityTwice"
    assert codes.security("StartupOfTheDevice") is None


def test_the_operators_file_replaces_and_a_broken_one_is_named(tmp_path):
    """One plain sentence."""
    (tmp_path / "mine.toml").write_text(
        '[[code]]\ncode = "CX007"\nname = "W"\ntitle = "Bad radio"\nmeaning = "m"\n'
    )
    assert Codes(tmp_path)["CX007"].title == "Bad radio"
    (tmp_path / "mine.toml").write_text("[[code]]\ncode = 7\n")
    with pytest.raises(ForecourtError, match="mine"):
        Codes(tmp_path)
