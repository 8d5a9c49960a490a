"""Saving settings: comments stay, nothing is half written, nobody else may read it."""

import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.settings import SettingsError, load
from app.settings_file import save


def test_comments_and_other_keys_survive_a_change(tmp_path):
    """Changing one key leaves the operator's own words around it alone."""
    file = tmp_path / "settings.toml"
    file.write_text(
        '# my network\nlisten = ["127.0.0.1:1"]  # the office\n\n[access]\nnew_stations = "ask" # careful\n'
    )
    save(tmp_path, {"access.new_stations": "accept", "protocol.strict": True, "listen": ("127.0.0.1:2",)})
    text = file.read_text()
    assert "# my network" in text
    assert 'listen = ["127.0.0.1:2"]  # the office' in text
    assert 'new_stations = "accept"  # careful' in text
    loaded = load(tmp_path, environment={})
    assert loaded.protocol.strict is True
    assert loaded.listen == ("127.0.0.1:2",)


def test_forms_not_edited_in_place_still_keep_every_value(tmp_path):
    """Dotted keys and arrays over several lines are rewritten without losing a value."""
    (tmp_path / "settings.toml").write_text(
        'listen = [\n  "127.0.0.1:1",\n]\naccess.new_stations = "refuse"\n'
    )
    save(tmp_path, {"access.new_stations": "accept", "zone": "Europe/Berlin"})
    loaded = load(tmp_path, environment={})
    assert (loaded.access.new_stations, loaded.listen, loaded.zone) == (
        "accept",
        ("127.0.0.1:1",),
        "Europe/Berlin",
    )


def test_the_file_is_for_its_owner_alone(tmp_path):
    """The settings file is made 0600."""
    save(tmp_path, {"window.theme": "dark"})
    assert stat.S_IMODE((tmp_path / "settings.toml").stat().st_mode) == 0o600


def test_a_wrong_value_writes_nothing(tmp_path):
    """An impossible value is refused before the file is touched."""
    with pytest.raises(SettingsError):
        save(tmp_path, {"window.theme": "pink"})
    assert list(tmp_path.iterdir()) == []


@given(text=st.text(st.characters(blacklist_categories=("Cs",)), max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(tmp_path, text):
    """Quotes, hashes, newlines and control characters in a value survive saving and loading."""
    save(tmp_path, {"store.url": text, "logs.files": 3})
    assert load(tmp_path, environment={}).store.url == text
