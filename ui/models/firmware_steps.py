"""How far a firmware update is, from what the station told. No Qt."""

import json
from collections.abc import Iterable, Mapping

from app.domain.records import NoticeRecord

STEPS: Mapping[str, tuple[int, str]] = {
    "DownloadScheduled": (0, "Waits to fetch it"),
    "Downloading": (1, "Fetching"),
    "DownloadPaused": (1, "Fetching, paused"),
    "Downloaded": (2, "Fetched"),
    "SignatureVerified": (2, "Fetched, signature good"),
    "InstallScheduled": (2, "Waits to install"),
    "Installing": (3, "Installing"),
    "InstallRebooting": (3, "Restarting to install"),
    "Installed": (4, "Installed"),
}
"""The station's word → how many of the four steps are behind it, and the words."""
FAILED: Mapping[str, str] = {
    "DownloadFailed": "Could not be fetched",
    "InstallationFailed": "Could not be installed",
    "InstallVerificationFailed": "Does not fit the station",
    "InvalidSignature": "The signature is wrong",
    "InvalidCertificate": "The signing certificate is wrong",
    "RevokedCertificate": "The signing certificate was revoked",
}
STEP_COUNT = 4


def words_of(status: str) -> str:
    """A status in words; one we do not know as it came."""
    if status in FAILED:
        return FAILED[status]
    return STEPS[status][1] if status in STEPS else status


def progress(notices: Iterable[NoticeRecord], since_ms: int) -> tuple[float | None, str] | None:
    """How far the update asked for at `since_ms` is (0 to 1), with words; None where nothing was told.

    `notices` are the station's firmware notices, newest first.
    """
    for notice in notices:
        if notice.received_ms < since_ms:
            return None
        if notice.name in FAILED:
            return None, FAILED[notice.name]
        if notice.name in STEPS:
            step, words = STEPS[notice.name]
            return step / STEP_COUNT, f"{words}, {step} of {STEP_COUNT} steps done"
    return None


def detail_of(notice: NoticeRecord) -> str:
    """What else the station said of it."""
    try:
        found = json.loads(notice.detail or "{}")
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    return str((found.get("statusInfo") or {}).get("additionalInfo") or "") if found.get("statusInfo") else ""
