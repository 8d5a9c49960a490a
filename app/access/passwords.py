"""Station passwords: slow hash on disk, fast check in memory (security reference, section 2).

A key that a person typed is kept as argon2id (t=2, 19 MiB, p=1). After the first good login the
same key is remembered as an HMAC under a pepper that lives only in this process, so that 10,000
reconnects cost microseconds each instead of 23 ms.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.errors import ForecourtError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$YjE2XvuTtvtBIgywxWDLIQ$/2JCJu625pj+aTNmLObHuViNbbpbcGj2spv92Dyz2r0"
MAX_REMEMBERED = 20_000
MAX_WAITING = 64
MIN_LENGTH, MAX_LENGTH = 8, 64


class TooBusy(Exception):
    """More slow checks wait than are worth queueing: answer 503 with Retry-After."""


def hash_password(password: str) -> str:
    """The argon2id form of a station password, for the store.

    Raises:
        ForecourtError: the password is shorter than 8 or longer than 64 characters, or has a colon-free
            form no station could send (control characters).
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise ForecourtError(
            f"Choose a password of {MIN_LENGTH} to {MAX_LENGTH} characters; this one has {len(password)}."
        )
    if any(ord(c) < 32 for c in password):
        raise ForecourtError("The password holds a control character no station could send; choose another.")
    return _HASHER.hash(password)


class Passwords:
    """Checks passwords at the door. One per server; safe to use from one event loop."""

    def __init__(self) -> None:
        self._pepper = secrets.token_bytes(32)
        self._known: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="password")
        self._waiting = 0

    def quick(self, identity: str, stored: str, candidates: tuple[bytes, ...]) -> bool:
        """Whether one of `candidates` is a key that already passed for this identity and hash."""
        known = self._known.get(identity)
        if known is None or known[0] != stored:
            return False
        self._known.move_to_end(identity)
        return any(hmac.compare_digest(known[1], self._tag(identity, key)) for key in candidates)

    async def slow(self, identity: str, stored: str, candidates: tuple[bytes, ...]) -> bool:
        """Check against the stored hash in the pool; "" checks a dummy so that time tells nothing.

        Raises:
            TooBusy: 64 checks already wait.
        """
        if self._waiting >= MAX_WAITING:
            raise TooBusy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            good = await loop.run_in_executor(self._pool, _verify_any, stored or _DUMMY, candidates)
        finally:
            self._waiting -= 1
        if good is None or not stored:
            return False
        self._known[identity] = (stored, self._tag(identity, good))
        if len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)
        return True

    def forget(self, identity: str) -> None:
        """Drop what is remembered of an identity (password changed or removed)."""
        self._known.pop(identity, None)

    def close(self) -> None:
        """Let the pool end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _tag(self, identity: str, key: bytes) -> bytes:
        return hmac.new(self._pepper, identity.encode() + b"\0" + key, hashlib.sha256).digest()


def _verify_any(stored: str, candidates: tuple[bytes, ...]) -> bytes | None:
    for key in candidates:
        try:
            if _HASHER.verify(stored, key):
                return key
        except (VerificationError, InvalidHashError):
            continue
    return None
