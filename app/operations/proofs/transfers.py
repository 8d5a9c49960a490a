"""Firmware: installed, and a boot with the new version (Q69). Logs: the file is here."""

import json

from app.domain.operations import FetchLog, UpdateFirmware
from app.domain.records import FileRecord, NoticeRecord, Record
from app.operations.proofs.watch import Answer, Seen, Start, Watch, not_proved, proved, span

_FAILED = {
    "DownloadFailed": "It could not download the firmware.",
    "InvalidSignature": "It refused the firmware, because its signature is not valid.",
    "InstallVerificationFailed": "The firmware did not pass its check before the installation.",
    "InstallationFailed": "The installation failed.",
    "PublishFailed": "It could not publish the firmware.",
    "UploadFailed": "It could not upload the file.",
    "UploadFailure": "It could not upload the file.",
    "BadMessage": "It could not read where to upload the file to.",
    "NotSupportedOperation": "It does not support this kind of upload.",
    "PermissionDenied": "It was not allowed to upload the file there.",
    "AcceptedCanceled": "It gave this up for a newer request.",
}
_BUSY = {
    "Downloading": "It downloads the firmware.",
    "DownloadScheduled": "It will download the firmware later.",
    "DownloadPaused": "The download pauses.",
    "Downloaded": "The firmware is downloaded.",
    "SignatureVerified": "The firmware's signature is good.",
    "Installing": "It installs the firmware.",
    "InstallScheduled": "It will install the firmware later.",
    "InstallRebooting": "It restarts to install the firmware.",
    "Installed": "It says that the firmware is installed; its boot is awaited.",
    "Uploading": "It uploads the file.",
}


class Installed(Watch):
    """Waits for Installed and for a boot that tells another version than before."""

    LIMIT_S = 1_800
    """From one word of progress to the next."""

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, UpdateFirmware)
        self._wish = start.operation
        self._before = start.view.firmware if start.view is not None else ""
        self._request = next((p["requestId"] for p in start.payloads if "requestId" in p), None)
        self._installed = False
        self._booted = ""

    def begin(self, answer: Answer) -> Seen | None:
        latest = max(answer.at_ms, self._wish.retrieve_ms or 0, self._wish.install_ms or 0)
        self.until_ms = max(self.until_ms, latest + self.LIMIT_S * 1000)
        return self._judge()

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if not isinstance(record, NoticeRecord):
            return None
        if record.subject == "firmware":
            return self._status(record, at_ms)
        if record.subject == "boot" and record.received_ms >= self.start.sent_ms:
            version = json.loads(record.detail).get("firmware", "")
            if not version:
                return None
            self._booted = version
            self._later(at_ms)
            return self._judge()
        return None

    def _status(self, record: NoticeRecord, at_ms: int) -> Seen | None:
        request = json.loads(record.detail).get("requestId")
        if self._request is not None and request is not None and request != self._request:
            return None
        if record.name in _FAILED:
            return not_proved(_FAILED[record.name])
        if record.name == "Idle":
            return None
        self._later(at_ms)
        self.progress = _BUSY.get(record.name, f"It says {record.name}.")
        if record.name == "Installed":
            self._installed = True
        return self._judge()

    def _later(self, at_ms: int) -> None:
        self.until_ms = max(self.until_ms, at_ms + self.LIMIT_S * 1000)

    def _judge(self) -> Seen | None:
        now = self._booted
        if not now or not self._installed:
            return None
        if self._wish.version and now != self._wish.version:
            if now == self._before:
                return None
            return not_proved(f"It booted with version {now}, not with {self._wish.version}.")
        if now == self._before:
            return None
        was = f" instead of {self._before}" if self._before else ""
        return proved(f"It installed the firmware and booted with version {now}{was}.")

    def give_up(self) -> str:
        limit = span(self.LIMIT_S)
        if self._booted and self._booted == self._before:
            said = "It says that it is installed, but" if self._installed else "It"
            return f"{said} booted with the old version {self._before}."
        if self._booted:
            return f"It booted with version {self._booted}, but never said that it was installed."
        if self._installed:
            return f"It says that it is installed, but has not booted with a new version within {limit}."
        if self.progress:
            return f"Its last word was “{self.progress}”, and none came for {limit}."
        return f"It accepted, but told of no progress within {limit}."


class Fetched(Watch):
    """Waits until the file has come in; for an address elsewhere, until the station says Uploaded."""

    LIMIT_S = 1_800
    """From one word of progress to the next."""

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        assert isinstance(start.operation, FetchLog)
        self._ours = not start.operation.url
        self._said = ""
        self._broke = ""

    def hear(self, record: Record, at_ms: int) -> Seen | None:
        if isinstance(record, FileRecord):
            return self._file(record, at_ms)
        if not isinstance(record, NoticeRecord) or record.subject != "log":
            return None
        if record.name in _FAILED:
            return not_proved(_FAILED[record.name])
        if record.name == "Idle":
            return None
        self._said = record.name
        self.until_ms = max(self.until_ms, at_ms + self.LIMIT_S * 1000)
        self.progress = _BUSY.get(record.name, f"It says {record.name}.")
        if record.name == "Uploaded" and not self._ours:
            return proved(
                "It says that the file is uploaded; it went to another server, so it was not seen here."
            )
        if record.name == "Uploaded":
            # What was uploaded here is here at once.
            self.until_ms = at_ms + 60_000
        return None

    def _file(self, record: FileRecord, at_ms: int) -> Seen | None:
        if record.command != self.start.command:
            return None
        if record.state == "received":
            name = record.name or "The file"
            return proved(f"{name} came in, {record.bytes / 1000:,.1f} kB.")
        if record.state == "failed":
            # The address holds for its hour: a station that retries brings it whole the next time.
            self._broke = record.note or "The upload broke off."
            self.progress = f"{self._broke} The station may try again."
            self.until_ms = max(self.until_ms, at_ms + self.LIMIT_S * 1000)
        elif record.state == "receiving" and record.note:
            self.progress = record.note
            self.until_ms = max(self.until_ms, at_ms + self.LIMIT_S * 1000)
        elif record.state == "expired":
            return not_proved(self._broke or record.note or "Nothing came before the address expired.")
        return None

    def give_up(self) -> str:
        if self._broke:
            return self._broke
        if self._said == "Uploaded":
            return "It says that the file is uploaded, but none came in here."
        if self._said:
            return f"Its last word was {self._said}, and no file came within {span(self.LIMIT_S)}."
        return f"It accepted, but no file came within {span(self.LIMIT_S)}."
