"""A database that cannot be used: the commands say what it is and what to do, and touch nothing."""

import sqlite3

import pytest

from app.store.connect import FILE
from app.store.lock import CLEAN
from app.store.open import Store
from tests.app.cli.test_serving import forecourt, serving


def damaged(data):
    """A data directory with a backup, after a crash that left pages of zeros and noise."""
    store = Store.open(data)
    store.daily_backup("2026-01-05")
    store.close()
    file = data / FILE
    content = bytearray(file.read_bytes())
    content[4096 * 5 : 4096 * 9] = b"\x5a" * 4096 * 4
    file.write_bytes(content)
    (data / CLEAN).unlink()
    return bytes(content)


async def test_a_damaged_database_names_the_restore_that_mends_it(tmp_path):
    data = tmp_path / "data"
    before = damaged(data)
    code, out, err = await forecourt("serve", "--listen", "127.0.0.1:0", data=data)
    assert code == 1
    assert out == ""
    assert "is damaged" in err
    assert "Traceback" not in err
    advice = err.rsplit("forecourt restore ", 1)[1].strip().rstrip(".")
    backup = advice.split(" --data ")[0]
    assert (data / FILE).read_bytes() == before
    code, out, _ = await forecourt("restore", backup, data=data)
    assert code == 0
    assert "before-restore-" in out
    async with serving(data, "--listen", "127.0.0.1:0"):
        code, out, err = await forecourt("restore", backup, data=data)
        assert code == 0, err
        assert "before-restore-" in out
        code, _, err = await forecourt("restore", data / "nothing.db", data=data)
        assert code == 1
        assert "There is no backup" in err or "is no sound database" in err
        assert "Traceback" not in err
        code, out, _ = await forecourt("status", data=data)
        assert code == 0
        assert "listening" in out


@pytest.mark.parametrize("words", [("serve", "--listen", "127.0.0.1:0"), ("export", "sessions"), ("verify",)])
async def test_a_database_of_a_newer_program_is_left_to_it(tmp_path, words):
    data = tmp_path / "data"
    Store.open(data).close()
    with sqlite3.connect(data / FILE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    code, out, err = await forecourt(*words, data=data)
    assert (code, out) == (1, "")
    assert "written by a newer Forecourt" in err
    assert len(err.strip().splitlines()) == 1
