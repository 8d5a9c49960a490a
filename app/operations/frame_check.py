"""What is wrong in a message that passed, line by line, against the schema of its version."""

import json
from dataclasses import dataclass

from app.operations.console import Finding, located
from app.operations.json_places import Path, Place, places
from app.protocol.schemas import REQUEST, RESPONSE, Direction, schema
from app.protocol.schemas import check as violations


@dataclass(frozen=True, slots=True)
class FrameCheck:
    """A frame against its schema. `schema` names the file; "" where the version has no such message."""

    schema: str
    findings: tuple[Finding, ...]


def check_frame(version: str, action: str, text: str) -> FrameCheck:
    """Check a frame as it is shown. Lines of the findings are those of `text`.

    Answers that are errors, and texts that are no frame, have no schema.
    """
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return FrameCheck("", ())
    direction: Direction
    match frame:
        case [2 | 6, _, _, dict(payload), *_]:
            direction, at = REQUEST, 3
        case [3, _, dict(payload), *_]:
            direction, at = RESPONSE, 2
        case _:
            return FrameCheck("", ())
    try:
        document = schema(version, action, direction).document
    except KeyError:
        return FrameCheck("", ())
    where, _ = places(text)
    inside: dict[Path, Place] = {path[1:]: place for path, place in where.items() if path[:1] == (at,)}
    found = [
        located(text, action, document, payload, violation, inside)
        for violation in violations(version, action, direction, payload, dates=True)
    ]
    name = f"{action}{'Response' if direction is RESPONSE else ''}.json"
    return FrameCheck(name, tuple(sorted(found, key=lambda one: (one.start, one.sentence))))
