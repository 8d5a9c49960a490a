"""The support bundle helps a helper, and tells nobody a secret."""

import json
import zipfile

import pytest

from app.checks import Check, Verdict
from app.domain.errors import ForecourtError
from app.settings import load
from app.support_bundle import write_bundle


def test_a_bundle_holds_what_helps_and_no_secret(tmp_path):
    """Versions, settings, checks, figures and logs are in; the planted secrets are nowhere."""
    data = tmp_path / "data"
    (data / "logs").mkdir(parents=True)
    (data / "logs" / "forecourt.log").write_text(
        '{"text": "Authorization: Basic c2VjcmV0"}\n{"text": "fine"}\n'
    )
    (data / "logs" / "forecourt.log.1").write_text('{"text": "older"}\n')
    settings = load(data, {"store.url": "postgresql://me:c2VjcmV0@127.0.0.1:1/none"}, {})
    out = write_bundle(tmp_path / "bundle.zip", settings, [Check("disk", Verdict.FINE, "plenty")])
    with zipfile.ZipFile(out) as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert {"versions.json", "settings.json", "checks.json", "database.json"} <= set(texts)
    assert "fine" in texts["logs/forecourt.log"]
    assert "older" in texts["logs/forecourt.log.1"]
    assert json.loads(texts["checks.json"])[0]["found"] == "plenty"
    assert "sqlite" in json.loads(texts["versions.json"])
    for name, text in texts.items():
        assert "c2VjcmV0" not in text, name


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    """No half bundle, one sentence."""
    with pytest.raises(ForecourtError, match="cannot be written"):
        write_bundle(tmp_path / "none" / "bundle.zip", load(tmp_path, environment={}), [])
