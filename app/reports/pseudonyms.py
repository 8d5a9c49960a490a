"""Stable names in place of tokens, so that a report tells drivers apart without naming them (decision 18)."""

import base64
import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from app.domain.errors import ForecourtError

KEY_FILE = "pseudonyms.key"
KEY_BYTES = 32
_NAMED = frozenset({"idTag", "parentIdTag", "additionalIdToken", "customerIdentifier"})
_HOLDERS = frozenset({"idToken", "groupIdToken", "parentIdToken"})


class Pseudonyms:
    """Tokens to pseudonyms under a key of this data directory: the same token, the same name."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    @classmethod
    def of(cls, data_dir: Path) -> "Pseudonyms":
        """With the directory's key, which is made at the first use. Raises ForecourtError."""
        path = data_dir / KEY_FILE
        try:
            with suppress(FileExistsError):  # made before: the names stay what they were
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with open(file, "wb") as new:
                    new.write(secrets.token_bytes(KEY_BYTES))
            key = path.read_bytes()
            if len(key) != KEY_BYTES:
                # Its writing was cut off; without a key everybody could compute the names.
                path.write_bytes(secrets.token_bytes(KEY_BYTES))
                key = path.read_bytes()
            return cls(key)
        except OSError as exc:
            raise ForecourtError(f"The key of the pseudonyms {path} cannot be used: {exc.strerror}.") from exc

    def __call__(self, token: str) -> str:
        """The pseudonym; "" for no token. Letter case makes no difference, as in OCPP 1.6."""
        if not token:
            return ""
        known = self._known.get(token)
        if known is None:
            digest = hashlib.blake2b(token.lower().encode("utf-8", "replace"), key=self._key, digest_size=10)
            known = "P-" + base64.b32encode(digest.digest()).decode()
            self._known[token] = known
        return known

    def frame(self, text: str) -> str:
        """An OCPP frame with its tokens replaced; one that is not JSON comes back empty, to be safe."""
        if not text:
            return text
        try:
            return msgspec.json.encode(self._within(msgspec.json.decode(text))).decode()
        except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
            return "[]"

    def _within(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._within(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {k: self._told(k, v) for k, v in value.items()}

    def _told(self, name: str, value: Any) -> Any:
        if isinstance(value, str) and (name in _NAMED or name in _HOLDERS):
            return self(value)
        return self._within(value)
