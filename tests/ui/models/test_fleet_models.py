"""What work on many stations is told in: waves, what it touches, versions in order, filters of the log."""

from dataclasses import replace

import pytest

from app.domain.operations import BatchView, Consequence
from tests.ui.desk_work import records
from tests.ui.pictures import picture
from ui.models.bulk import touched
from ui.models.command_table import CommandFilter, listed
from ui.models.completions import Offer, starting_with, taken
from ui.models.desk_words import batch_words, wave_done, wave_sizes, wave_words
from ui.models.firmware import ModelRow, VersionRow, version_order, version_rows


@pytest.mark.parametrize(
    ("total", "sizes"), [(1, (1,)), (2, (2,)), (9, (2, 7)), (12, (2, 10)), (18, (2, 10, 6)), (0, ())]
)
def test_waves_are_two_then_ten_then_the_rest(total: int, sizes: tuple[int, ...]) -> None:
    """Whatever the number, all are in one wave or other."""
    assert wave_sizes(total, (2, 10)) == sizes


def test_waves_and_batches_in_words() -> None:
    """As the sheet and the status bar say them."""
    assert wave_words(18, (2, 10)) == "2 first, then 10, then the remaining 6"
    batch = BatchView(1, "Reset", "mira", 18, proved=8, failed=1, wave=2, waves=3)
    assert batch_words(batch) == "8 of 18 proved, 1 failed, wave 2 of 3"
    assert wave_done(batch, (2, 10)) == ((2, 2), (7, 10), (0, 6))


def test_what_a_batch_touches_is_gathered() -> None:
    """The same sentence of several stations once, sessions without repeats, who can not left out."""
    cut = Consequence("cut", "It restarts at once", asks_why=True, sessions=(4,))
    found = touched(
        [("A", (cut,)), ("B", (cut,)), ("C", (Consequence("no", "Offline", blocks=True),)), ("D", ())]
    )
    assert found.warnings == (("It restarts at once", ("A", "B")),)
    assert found.sessions == (4,)
    assert found.blocked == (("C", "Offline"),)
    assert found.asks_why
    assert found.agreed == {"A": ("cut",), "B": ("cut",), "D": ()}


def test_versions_are_ordered_by_their_numbers() -> None:
    """1.10 is newer than 1.9, and a release is newer than its candidate's lower number."""
    told = ["1.9.0", "1.10.0", "1.2", "K2.14.3", "K2.9"]
    assert sorted(told, key=version_order, reverse=True)[:2] == ["1.10.0", "1.9.0"]
    assert version_order("K2.14.3") > version_order("K2.9")


def test_models_list_their_versions_newest_first() -> None:
    """Every station is counted once; who has an older one is behind."""
    shown = picture(24)
    views = [replace(v, firmware=("1.9", "1.10", "")[i % 3]) for i, v in enumerate(shown.stations.values())]
    rows = version_rows(views)
    heads = [row for row in rows if isinstance(row, ModelRow)]
    versions = [row for row in rows if isinstance(row, VersionRow)]
    assert sum(head.stations for head in heads) == 24
    assert sum(len(row.stations) for row in versions) == 24
    first = [row.version for row in versions if row.model == heads[0].model]
    assert first[0] == "1.10"
    assert first[-1] == "Version not told"


def test_the_log_is_filtered_by_words_state_and_batch() -> None:
    """Every word must occur; a segment and a batch narrow it further; newest first."""
    made = records(picture(12), 40)
    found = listed(made, CommandFilter())
    assert [r.command for r in found] == list(range(40, 0, -1))
    bad = listed(made, CommandFilter(segment="bad"))
    assert {r.outcome for r in bad} == {"refused", "timed out", "not proved"}
    assert all("mira" in r.asked_by for r in listed(made, CommandFilter("mira soft")))
    assert not listed(made, CommandFilter(batch=3))


def test_a_completion_takes_the_word_at_the_cursor() -> None:
    """What stands behind the cursor stays."""
    offers = starting_with([("station", "identity", ""), ("status", "", "")], "not sta", 7)
    assert [offer.word for offer in offers] == ["station", "status"]
    assert taken("not sta and more", 7, offers[0]) == ("not station and more", 11)
    assert taken('{"a": "x"}', 7, Offer("y", '"y"', 6, end=9)) == ('{"a": "y"}', 9)
