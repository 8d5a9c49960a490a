"""TLS for stations: the context, the small buffers, and what a failed handshake means in plain words."""

import asyncio
import asyncio.sslproto
import ssl
from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import ForecourtError

CIPHERS = "ECDHE+AESGCM:AES128-GCM-SHA256:AES256-GCM-SHA384"
"""The four suites OCPP demands; Python's own list refuses the two with RSA key exchange."""


def server_context(certificates: Sequence[tuple[Path, Path]]) -> ssl.SSLContext:
    """A context for these (certificate chain, key) files: an ECDSA and an RSA pair may stand together.

    Raises:
        ForecourtError: a file cannot be read or does not fit.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION
    context.set_ciphers(CIPHERS)
    load(context, certificates)
    return context


def load(context: ssl.SSLContext, certificates: Sequence[tuple[Path, Path]]) -> None:
    """Load (or renew, while links stand) the certificates of `context`.

    Raises:
        ForecourtError: a file cannot be read or does not fit.
    """
    for chain, key in certificates:
        try:
            context.load_cert_chain(chain, key)
        except ssl.SSLError as exc:
            raise ForecourtError(
                f"The certificate {chain} and the key {key} do not fit together: {exc.reason or exc}."
            ) from exc
        except OSError as exc:
            raise ForecourtError(f"Cannot read the certificate {chain} or its key {key}: {exc}.") from exc


class SmallTls(asyncio.sslproto.SSLProtocol):
    """asyncio's own TLS, with a read buffer of 8 instead of 256 KiB a link.

    Used under uvloop too, whose TLS has 256 KiB compiled in. A test guards the attribute.
    """

    max_size = 8 << 10

    def _on_handshake_complete(self, handshake_exc: BaseException | None) -> None:
        if handshake_exc is not None:
            self._process_outgoing()  # type: ignore[attr-defined]  # the alert, which asyncio drops
        super()._on_handshake_complete(handshake_exc)


_MEANINGS = (
    ("UNSUPPORTED_PROTOCOL", "it speaks only a TLS version older than 1.2"),
    ("VERSION_TOO_LOW", "it speaks only a TLS version older than 1.2"),
    ("TLSV1_ALERT_PROTOCOL_VERSION", "it does not accept our TLS version"),
    ("NO_SHARED_CIPHER", "it has no cipher in common with us"),
    ("UNKNOWN_CA", "it does not trust the issuer of our certificate"),
    ("CERTIFICATE_EXPIRED", "it takes our certificate for expired; check its clock and ours"),
    ("CERTIFICATE_UNKNOWN", "it does not trust our certificate"),
    ("BAD_CERTIFICATE", "it does not trust our certificate"),
    ("CERTIFICATE_VERIFY_FAILED", "it does not trust our certificate"),
    ("HTTP_REQUEST", "it spoke plain ws:// to the wss:// port"),
    ("WRONG_VERSION_NUMBER", "it did not speak TLS to the wss:// port"),
)


def meaning(error: BaseException) -> str:
    """Why a TLS handshake failed, for the operator's list (Q77)."""
    text = f"{getattr(error, 'reason', '') or ''} {error}".upper().replace(" ", "_")
    for token, words in _MEANINGS:
        if token in text:
            return f"TLS failed: {words}."
    if isinstance(error, ConnectionAbortedError | TimeoutError):
        return "TLS failed: the station did not finish the handshake in time."
    if isinstance(error, ConnectionError | EOFError):
        return "TLS failed: the station broke the handshake off; it may not trust our certificate."
    return "TLS failed: " + (getattr(error, "reason", None) or type(error).__name__) + "."
