"""Secrets are hidden before anything is stored, shown or logged (security reference T17).

A secret is what stands under a name that ends in Key, Password, Secret or Token, and what OCPP's lists of
settings hold for such a name. A driver's token and a meter's public key are no secrets.
"""

import json
import re
from typing import Any

HIDDEN = "(hidden)"

_SECRET_NAME = re.compile(r"(?i)(key|password|passphrase|secret|token|authorization)$")
_NO_SECRET = re.compile(r"(?i)^(key|(group|parent|additional)?idtoken|\w*publickey)$")
_SHOWN = re.compile(r"(?i)id(tag|token)$")
_HINT = re.compile(
    # The name of a setting stands as a value; a field names itself, and is followed by a colon.
    r'(?i)(?:key|password|passphrase|secret|token)"\s*[,}\]]|(?:password|passphrase|secret)\\?"\s*:'
    r"|(?:key|password|passphrase|secret|(?<!id)token)\s*="
    r'|(?<!id)token\\?"\s*:|\w(?<!public)key\\?"\s*:|"key"\s*:[^{}]*"server"|"server"[^{}]*"key"\s*:'
)
_IN_TEXT = (
    # {"key": "AuthorizationKey", …, "value": "x"} and its OCPP 2.x forms, whichever comes first
    re.compile(
        r'(?i)("(?:key|name)"\s*:\s*"[^"]*(?:key|password|secret|token)"[^\[\]]*?"(?:value|attributeValue)"\s*:\s*")'
        r'([^"]+)'
    ),
    re.compile(
        r'(?i)("(?:value|attributeValue)"\s*:\s*")'
        r'([^"]+)(?="[^\[\]]*?"(?:key|name)"\s*:\s*"[^"]*(?:key|password|secret|token)")'
    ),
    re.compile(r"(?i)(authorization\"?\s*[:=]\s*\"?(?:(?:basic|bearer|digest)\s+)?)([^\s\"',;]+)"),
    re.compile(r"(?i)((?:key|password|passphrase|secret|token)[\"']?\s*[:=]\s*[\"']?)([^\s\"',;{}\[\]]+)"),
    re.compile(r"(://[^\s/:@]*:)([^\s/@]+)(?=@)"),
)


def is_secret(name: str) -> bool:
    """Whether what stands under this name, of a field or a setting, is a secret."""
    return bool(_SECRET_NAME.search(name)) and not _NO_SECRET.search(name)


def redact(value: Any) -> Any:
    """The same JSON-ready value with secrets hidden, at any depth. Applied twice it changes nothing more."""
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    if not isinstance(value, dict):
        return value
    sealed = is_secret(_setting(value)) or ("server" in value and "key" in value)
    return {name: _within(name, item, sealed) for name, item in value.items()}


def _setting(value: dict[str, Any]) -> str:
    """The setting that a member of one of OCPP's lists is about, "" for none."""
    variable = value.get("variable")
    named = variable.get("name") if isinstance(variable, dict) else None
    if named is None and ("value" in value or "readonly" in value):
        named = value.get("key")
    return named if isinstance(named, str) else ""


def _within(name: str, item: Any, sealed: bool) -> Any:
    if isinstance(item, str) and item:
        holds = is_secret(name) or (sealed and name in ("value", "attributeValue", "key"))
        if holds and not (name == "key" and is_secret(item)):
            return HIDDEN
        # Vendor data and other texts may hold JSON, or "name=value", of their own. What a driver showed
        # is left alone, whatever it looks like: billing goes by it.
        hidden = not _SHOWN.search(name) and may_hold_secret(item)
        return scrub(item) if hidden else item
    if sealed and isinstance(item, list):
        # OCPP 2.x reports hold a variable's values in a list beside its name.
        return [
            redact({**i, "value": HIDDEN}) if isinstance(i, dict) and i.get("value") else redact(i)
            for i in item
        ]
    return redact(item)


def may_hold_secret(text: str) -> bool:
    """Whether a frame is worth the look of `redacted`. Cheap: every message comes here."""
    # A character is found twenty times as fast as a word, and most messages lack one or the other.
    marked = (
        ("K" in text and "Key" in text)
        or ("k" in text and ('key"' in text or text.count('oken"') != text.count('dToken"')))
        or ("=" in text and ("key=" in text or "oken=" in text))
        or ("\\" in text and 'key\\"' in text)
        or ("ass" in text and ("assword" in text or "assphrase" in text))
        or "ecret" in text
    )
    return marked and _HINT.search(text) is not None


def redacted(frame: str) -> str:
    """A frame with its secrets hidden; one without any comes back as it is."""
    if not may_hold_secret(frame):
        return frame
    try:
        value = json.loads(frame)
        hidden = redact(value)
    except (ValueError, RecursionError):
        return scrub(frame)
    return frame if hidden == value else json.dumps(hidden, ensure_ascii=False, separators=(",", ":"))


def scrub(text: str) -> str:
    """`text` of any kind with what looks like a secret hidden: Authorization, key=…, a password in a URL."""
    for pattern in _IN_TEXT:
        text = pattern.sub(lambda m: m[1] + HIDDEN, text)
    return text
