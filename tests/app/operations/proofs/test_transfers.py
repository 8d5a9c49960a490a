"""What proves a firmware update and an uploaded log (Q69)."""

import pytest

from app.domain.operations import CommandState, FetchLog, UpdateFirmware
from app.operations.proofs.transfers import Fetched, Installed
from tests.app.operations.proofs.scenes import SENT_MS, answer, boot, file, notice, start

NOW = SENT_MS + 60_000
UPDATE = UpdateFirmware("http://h/fw.bin", "2.0")


def test_installed_and_a_boot_with_the_new_version() -> None:
    """In either order: some tell Installed before the boot, some after it."""
    for told in (
        (boot("2.0"), notice("firmware", "Installed")),
        (notice("firmware", "Installed"), boot("2.0")),
    ):
        watch = Installed(start(UPDATE))
        watch.begin(answer())
        assert watch.hear(notice("firmware", "Downloading"), NOW) is None
        assert watch.progress == "It downloads the firmware."
        assert watch.hear(told[0], NOW) is None
        seen = watch.hear(told[1], NOW)
        assert seen is not None
        assert seen.sentence == "It installed the firmware and booted with version 2.0 instead of 1.0."


def test_the_old_version_proves_nothing() -> None:
    """It says Installed and boots as before; another version than the one meant is told at once."""
    watch = Installed(start(UPDATE))
    watch.hear(notice("firmware", "Installed"), NOW)
    assert watch.hear(boot("1.0"), NOW) is None
    assert watch.give_up() == "It says that it is installed, but booted with the old version 1.0."
    seen = watch.hear(boot("3.0"), NOW)
    assert seen is not None
    assert (seen.state, "not with 2.0" in seen.sentence) == (CommandState.NOT_PROVED, True)


@pytest.mark.parametrize("name", ["DownloadFailed", "InstallationFailed", "InvalidSignature"])
def test_a_failure_ends_it_in_plain_words(name: str) -> None:
    """Not by its time limit; one of another request does not."""
    watch = Installed(start(UPDATE, payloads=({"requestId": 41},)))
    assert watch.hear(notice("firmware", name, requestId=40), NOW) is None
    seen = watch.hear(notice("firmware", name, requestId=41), NOW)
    assert seen is not None
    assert seen.state is CommandState.NOT_PROVED
    assert name not in seen.sentence


def test_each_word_of_progress_gives_it_more_time() -> None:
    """Half an hour from one to the next, and from the time it was to begin."""
    watch = Installed(start(UpdateFirmware("u", retrieve_ms=SENT_MS + 7_200_000)))
    watch.begin(answer())
    assert watch.until_ms == SENT_MS + 7_200_000 + 1_800_000
    late = SENT_MS + 9_000_000
    watch.hear(notice("firmware", "Downloading", late), late)
    assert watch.until_ms == late + 1_800_000
    watch.hear(notice("firmware", "Idle", late + 5), late + 5)
    assert watch.until_ms == late + 1_800_000


def test_a_log_is_here_when_its_file_is() -> None:
    """The station's Uploaded alone is not enough where the file was to come here."""
    watch = Fetched(start(FetchLog()))
    watch.begin(answer())
    assert watch.hear(notice("log", "Uploading"), NOW) is None
    assert watch.hear(notice("log", "Uploaded"), NOW) is None
    assert "none came in here" in watch.give_up()
    assert watch.hear(file("received", command=40), NOW) is None
    seen = watch.hear(file("received", name="log.zip", bytes=3_200), NOW)
    assert seen is not None
    assert seen.sentence == "log.zip came in, 3.2 kB."


def test_a_log_for_another_server_is_taken_at_the_stations_word() -> None:
    """And the sentence says so."""
    watch = Fetched(start(FetchLog(url="ftp://elsewhere/")))
    seen = watch.hear(notice("log", "Uploaded"), NOW)
    assert seen is not None
    assert "not seen here" in seen.sentence
    failed = Fetched(start(FetchLog())).hear(notice("log", "UploadFailure"), NOW)
    assert failed is not None
    assert failed.state is CommandState.NOT_PROVED
