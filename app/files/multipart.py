"""multipart/form-data as it arrives (RFC 7578): the bytes of its first file, whatever else stands around it.

A station that posts a form sends one file. Other fields are passed over; a second file is refused,
because nobody asked for it.
"""

import re
from email.message import Message
from enum import Enum

MOST_HEAD = 8 << 10
LONGEST_BOUNDARY = 200


class BadForm(Exception):
    """The body is no form with a file; the text says why."""


class _At(Enum):
    PREAMBLE = "preamble"
    HEAD = "head"
    FILE = "file"
    FIELD = "field"
    END = "end"


def boundary_of(content_type: str) -> bytes | None:
    """The boundary of a multipart content type; None for any other type.

    Raises:
        BadForm: multipart, but without a boundary that can be used.
    """
    if not content_type.lower().lstrip().startswith("multipart/"):
        return None
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_boundary("")
    if not isinstance(boundary, str) or not 0 < len(boundary) <= LONGEST_BOUNDARY or not boundary.isascii():
        raise BadForm("The form names no boundary.")
    return boundary.encode()


class Form:
    """A form being read. `feed` gives the file's bytes; `name` is the file's name once its head has come."""

    def __init__(self, boundary: bytes) -> None:
        self.name = ""
        self._mark = b"\r\n--" + boundary
        # The first boundary has no line end before it.
        self._rest = b"\r\n"
        self._at = _At.PREAMBLE
        self._files = 0

    def feed(self, data: bytes) -> bytes:
        """Take in bytes of the body; what of them belongs to the file.

        Raises:
            BadForm: it is no form, its heads are too long, or a second file begins.
        """
        self._rest += data
        out: list[bytes] = []
        while self._step(out):
            pass
        return b"".join(out)

    def finish(self) -> None:
        """The body is over.

        Raises:
            BadForm: the form is not: it was cut, or held no file.
        """
        if self._at is not _At.END:
            raise BadForm("The form was cut off.")
        if not self._files:
            raise BadForm("The form holds no file.")

    def _step(self, out: list[bytes]) -> bool:
        if self._at is _At.END:
            self._rest = b""
            return False
        if self._at is _At.HEAD:
            return self._head()
        before, found, after = self._rest.partition(self._mark)
        if not found:
            keep = len(self._mark) - 1
            if self._at is _At.FILE and len(self._rest) > keep:
                out.append(self._rest[:-keep])
            elif self._at is _At.PREAMBLE and len(self._rest) > MOST_HEAD:
                raise BadForm("The form does not begin with its boundary.")
            self._rest = self._rest[-keep:] if self._at is not _At.PREAMBLE else self._rest
            return False
        line, ended, rest = after.partition(b"\r\n")
        if line.startswith(b"--"):
            self._take(before, out)
            self._at, self._rest = _At.END, b""
            return False
        if not ended:
            if len(after) > MOST_HEAD:
                raise BadForm("A boundary of the form does not end.")
            return False
        if line.strip(b" \t"):
            raise BadForm("A boundary of the form is followed by something else.")
        self._take(before, out)
        self._at, self._rest = _At.HEAD, b"\r\n" + rest
        return True

    def _take(self, before: bytes, out: list[bytes]) -> None:
        if self._at is _At.FILE:
            out.append(before)

    def _head(self) -> bool:
        head, ended, rest = self._rest.partition(b"\r\n\r\n")
        if not ended:
            if len(self._rest) > MOST_HEAD:
                raise BadForm("A part of the form has too long a head.")
            return False
        if len(head) > MOST_HEAD:
            raise BadForm("A part of the form has too long a head.")
        name = _file_name(head)
        self._rest = rest
        if name is None:
            self._at = _At.FIELD
        else:
            self._files += 1
            if self._files > 1:
                raise BadForm("The form holds more than one file.")
            self._at, self.name = _At.FILE, name
        return True


def _file_name(head: bytes) -> str | None:
    """The file name in a part's head; None where the part is an ordinary field."""
    for line in head.decode("utf-8", "replace").split("\r\n"):
        key, _, value = line.partition(":")
        if key.strip().lower() != "content-disposition":
            continue
        found = re.search(r'(?i);\s*filename\*?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))', value)
        if found:
            return re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
    return None
