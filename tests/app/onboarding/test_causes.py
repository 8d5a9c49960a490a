"""Every sentence with which the door turns somebody away has a kind, a title and, where it can, a remedy."""

import ast
from pathlib import Path

from app.fleet.views import ServerView
from app.onboarding.causes import KINDS, OTHER, kind_of
from app.onboarding.remedies import remedies_for
from app.protocol.tls import meaning

ROOT = Path(__file__).parents[3] / "app"
SERVER = ServerView(urls=("ws://10.0.0.1:9220/", "wss://10.0.0.1:9443/"))


def sentences() -> set[str]:
    """The literal causes in `Refuse(...)` throughout the door and the server."""
    found = set()
    for path in (*(ROOT / "protocol").glob("*.py"), *(ROOT / "access").glob("*.py"), ROOT / "front_desk.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refuse" and len(node.args) > 1:
                cause = node.args[1]
                if isinstance(cause, ast.JoinedStr):
                    parts = [v.value for v in cause.values if isinstance(v, ast.Constant)]
                    found.add(" ".join(str(part) for part in parts))
                elif isinstance(cause, ast.Constant):
                    found.add(str(cause.value))
    return found


def test_no_cause_of_the_door_is_left_without_a_kind() -> None:
    """A new refusal needs a line in the table, so that the board can name it."""
    told = sentences()
    assert len(told) > 20
    assert [cause for cause in told if kind_of(cause).key == OTHER] == []


def test_tls_failures_are_told_apart() -> None:
    """Plain HTTP to the TLS port, an unknown issuer, an old version, a clock."""
    for word, kind in (
        ("HTTP_REQUEST", "plain-to-tls"),
        ("TLSV1_ALERT_UNKNOWN_CA", "certificate"),
        ("UNSUPPORTED_PROTOCOL", "tls-old"),
        ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "tls-clock"),
        ("SOMETHING_NEW", "tls"),
    ):
        assert kind_of(meaning(OSError(word))).key == kind


def test_what_can_be_mended_here_has_a_button_for_it() -> None:
    """Kinds whose cure is here have a remedy; an address to copy fits the transport."""
    for kind in KINDS.values():
        found = remedies_for(kind.key, "NWS-02", "10.0.0.9", SERVER, ())
        assert bool(found) >= kind.ours, kind.key
    plain = remedies_for("tls-to-plain", "X", "10.0.0.9", SERVER, ())[0]
    assert plain.argument == "wss://10.0.0.1:9443/ocpp/X"
    tls = remedies_for("plain-to-tls", "X", "10.0.0.9", SERVER, ())[0]
    assert tls.argument == "ws://10.0.0.1:9220/ocpp/X"
