"""The shipped playbooks are whole, and the operator's own take their place."""

from pathlib import Path

import pytest

from app.domain.errors import ForecourtError
from app.faults.catalogue import load as load_catalogue
from app.recovery.playbooks import load, playbook_for

OWN = """
[[playbook]]
id = "station-offline"
title = "Ours"
codes = ["Offline"]

[[playbook.step]]
do = "send-person"
says = "Call Ben."
"""


def test_there_is_a_playbook_for_the_frequent_causes() -> None:
    books = load()
    assert len(books) >= 20
    ids = [book.id for book in books]
    assert len(set(ids)) == len(ids)
    codes = [code for book in books for code in book.codes]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("broken", [b"title = '\xff'", None], ids=["no UTF-8", "a folder"])
def test_a_file_that_cannot_be_read_is_named(broken: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.mkdir() if broken is None else file.write_bytes(broken)
    with pytest.raises(ForecourtError, match=r"playbooks in .*mine\.toml cannot be read"):
        load(tmp_path)


def test_none_is_for_a_safety_code() -> None:
    catalogue = load_catalogue()
    unsafe = {code for alarm in catalogue.types.values() if alarm.safety for code in alarm.codes}
    assert unsafe
    assert not [code for code in unsafe if playbook_for(load(), code)]


def test_what_acts_waits_until_nobody_charges() -> None:
    for book in load():
        for step in book.step:
            if step.do in ("soft-reset", "hard-reset", "out-and-back"):
                assert "nobody-charging" in step.only_if, (book.id, step.do)


def test_own_ones_replace_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN, "utf-8")
    books = load(tmp_path)
    found = playbook_for(books, "Offline")
    assert found is not None
    assert found.title == "Ours"
    assert len([book for book in books if book.id == "station-offline"]) == 1


@pytest.mark.parametrize(
    "text", ["nonsense", OWN.replace("send-person", "send-dog"), OWN.replace("says", "saying")]
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(ForecourtError, match=r"mine\.toml cannot be used"):
        load(tmp_path)


def test_what_only_the_next_sessions_show_waits_for_them() -> None:
    """The rules behind these codes end by sessions alone, so a short wait could never succeed."""
    for code in ("SilentConnector", "StartsWithoutEnergy", "ShortSessions", "PowerLimited", "MeterBackwards"):
        book = playbook_for(load(), code)
        assert book is not None
        resets = [step for step in book.step if step.do in ("soft-reset", "hard-reset", "out-and-back")]
        assert resets
        assert all(step.shown_by == "sessions" and step.wait_s >= 4 * 3600 for step in resets)
