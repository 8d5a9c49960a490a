"""Settings: one tree from four sources, and one plain sentence for whatever is wrong in them."""

import pytest

from app.settings import (
    Listener,
    SettingsError,
    change,
    keys,
    listeners,
    load,
    parse_listener,
    show,
    value_of,
)


def test_defaults_ask_before_a_stranger_comes_in_and_stay_on_this_machine(tmp_path):
    """A first start asks about new stations, takes unknown tags, and listens on loopback only."""
    settings = load(tmp_path, environment={})
    assert settings.access.new_stations == "ask"
    assert settings.access.unknown_tags == "accept"
    assert settings.protocol.strict is False
    assert settings.listen == ("127.0.0.1:9220",)
    assert settings.store.group_ms == 10
    assert settings.data_dir == tmp_path


def test_later_sources_win(tmp_path):
    """File beats default, environment beats file, --set beats both."""
    (tmp_path / "settings.toml").write_text("[protocol]\nheartbeat_s = 60\ncall_timeout_s = 5\nping_s = 20\n")
    settings = load(
        tmp_path,
        {"protocol.heartbeat_s": "90"},
        {"FORECOURT_PROTOCOL_HEARTBEAT_S": "70", "FORECOURT_PROTOCOL_PING_S": "25"},
    )
    assert settings.protocol.heartbeat_s == 90
    assert settings.protocol.ping_s == 25
    assert settings.protocol.call_timeout_s == 5


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("access.new_station", "ask", "did you mean access.new_stations?"),
        ("access.new_stations", "maybe", "it must be ask, accept or refuse."),
        ("protocol.strict", "perhaps", "it must be true or false."),
        ("protocol.heartbeat_s", "9", "from 10 to 86400 s"),
        ("protocol.heartbeat_s", "1e3", "a whole number"),
        ("listen", "localhost", "write HOST:PORT"),
        ("listen", "http://localhost:80", "begins with ws:// or wss://"),
        ("zone", "Europe/Nowhere", "no such time zone"),
        ("zone", "../etc/passwd", "no such time zone"),
        ("xyzzy", "1", "`forecourt check --settings` lists the keys"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(tmp_path, name, value, hint):
    """A wrong key or value names itself, its source and the nearest valid thing."""
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, {name: value}, {})
    text = str(caught.value)
    assert hint in text
    assert name in text
    assert text.startswith("--set sets")
    assert "\n" not in text


@pytest.mark.parametrize(
    "content", ["listen = [1, 2]", "listen = ", "[access]\nnew_stations = 3", "[[access]]\na=1"]
)
def test_a_broken_file_is_named(tmp_path, content):
    """The sentence about a broken settings file names that file."""
    (tmp_path / "settings.toml").write_text(content)
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        load(tmp_path, environment={})


def test_a_wrong_environment_variable_is_said(tmp_path):
    """A misspelt FORECOURT_ variable is not silently ignored."""
    with pytest.raises(SettingsError, match="did you mean FORECOURT_LISTEN"):
        load(tmp_path, environment={"FORECOURT_LISTN": "127.0.0.1:1"})


def test_every_key_says_what_it_means_and_may_be():
    """Each listed key has a meaning, bounds, and a default that is valid in the form it is shown."""
    for item in keys():
        assert len(item.meaning) > 10, item.name
        assert item.bounds, item.name
        if item.default:
            assert (
                show(value_of(change(load(environment={}), {item.name: item.default}), item.name))
                == item.default
            )
    assert {"access.new_stations", "access.unknown_tags", "protocol.strict", "listen", "store.url"} <= {
        item.name for item in keys()
    }


def test_addresses_are_read():
    """Plain addresses, IPv6 and schemes are understood."""
    assert parse_listener("0.0.0.0:9220") == Listener("0.0.0.0", 9220, None)
    assert parse_listener("[::1]:0") == Listener("::1", 0, None)
    assert parse_listener("wss://csms.example:443/") == Listener("csms.example", 443, True)
    for wrong in ("::1:80", "a:b", "a:70000", ":80", "a b:80", ""):
        with pytest.raises(SettingsError):
            parse_listener(wrong)


def test_a_certificate_makes_a_lone_listener_tls_and_the_second_of_two(tmp_path):
    """Without schemes: one address and a certificate is TLS; of two the first stays plain."""

    def tls_of(listen, certified=True):
        values = {"listen": listen} | ({"tls.cert": "c.pem", "tls.key": "k.pem"} if certified else {})
        return [one.tls for one in listeners(load(tmp_path, values, {}))]

    assert tls_of("127.0.0.1:1") == [True]
    assert tls_of("127.0.0.1:1", certified=False) == [False]
    assert tls_of("127.0.0.1:1,127.0.0.1:2") == [False, True]
    assert tls_of("wss://127.0.0.1:1,ws://127.0.0.1:2") == [True, False]
    with pytest.raises(SettingsError, match="certificate"):
        tls_of("wss://127.0.0.1:1", certified=False)
    with pytest.raises(SettingsError, match="both"):
        load(tmp_path, {"tls.cert": "c.pem"}, {})
