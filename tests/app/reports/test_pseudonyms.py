"""Pseudonyms: stable, keyed, and not to be turned back."""

import stat

from app.reports.pseudonyms import KEY_FILE, Pseudonyms


def test_the_same_token_has_the_same_name_and_another_directory_another(tmp_path):
    """Within a directory names are stable; a name from elsewhere says nothing here."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = Pseudonyms.of(tmp_path / "a"), Pseudonyms.of(tmp_path / "b")
    assert one("04AB") == one("04ab") == Pseudonyms.of(tmp_path / "a")("04AB")
    assert one("04AB") != two("04AB")
    assert one("") == ""
    assert stat.S_IMODE((tmp_path / "a" / KEY_FILE).stat().st_mode) == 0o600


def test_frames_name_nobody():
    """Tokens at every depth are replaced, the rest stays; what cannot be read is not passed on."""
    masks = Pseudonyms(b"k" * 32)
    frame = (
        '[2,"1","SendLocalList",{"localAuthorizationList":[{"idTag":"ANNA","idTagInfo":{"parentIdTag":"CORP"}}],'
        '"idToken":{"idToken":"BERT","type":"ISO14443","additionalInfo":[{"additionalIdToken":"CARL","type":"x"}]}}]'
    )
    told = masks.frame(frame)
    for name in ("ANNA", "CORP", "BERT", "CARL"):
        assert name not in told
        assert masks(name) in told
    assert "ISO14443" in told
    assert masks.frame("{not json ANNA") == "[]"


def test_a_key_whose_writing_was_cut_off_is_made_anew(tmp_path):
    """An empty key would make names that everybody can compute."""
    (tmp_path / KEY_FILE).touch()
    masks = Pseudonyms.of(tmp_path)
    assert masks("anna") != Pseudonyms(b"")("anna")
    assert masks("anna") == Pseudonyms.of(tmp_path)("anna")
