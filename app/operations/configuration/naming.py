"""How a setting is written: "HeartbeatInterval" in 1.6, "OCPPCommCtrlr.HeartbeatInterval" in 2.x.

name = [component ["[" instance "]"] ["@" evse [":" connector]] "."] variable ["[" instance "]"]
       ["#" attribute]
"""

import re

from app.domain.errors import ForecourtError
from app.domain.operations import Variable
from app.domain.records import VariableRecord

ATTRIBUTES = ("Actual", "Target", "MinSet", "MaxSet")
_PLAIN = r"[^\[\]@.#:]+"
_FORM = re.compile(
    rf"""(?: (?P<component>{_PLAIN}) (?:\[(?P<component_instance>[^\[\]]+)\])?
             (?:@(?P<evse>\d{{1,9}})(?::(?P<connector>\d{{1,9}}))?)? \. )?
         (?P<name>[^\[\]@\#]+) (?:\[(?P<instance>[^\[\]]+)\])? (?:\#(?P<attribute>\w+))?""",
    re.VERBOSE,
)

Key = tuple[str, str, int, int, str, str, str]
"""What tells a setting of a station from its others: (component, its instance, evse, connector, name,
instance, attribute), lower case where the standard compares without case."""


def written(variable: Variable) -> str:
    """A setting's name as people write it; `read` reads it back."""
    text = ""
    if variable.component:
        text = variable.component
        if variable.component_instance:
            text += f"[{variable.component_instance}]"
        if variable.evse:
            text += f"@{variable.evse}"
            if variable.connector:
                text += f":{variable.connector}"
        text += "."
    text += variable.name
    if variable.instance:
        text += f"[{variable.instance}]"
    return text if variable.attribute == "Actual" else f"{text}#{variable.attribute}"


def read(text: str, version: str = "") -> Variable:
    """The setting that a name means.

    Args:
        text: the name.
        version: "1.6" takes all of it as a key, since keys of vendors may hold dots and brackets.

    Raises:
        ForecourtError: it is no such name.
    """
    if version == "1.6" and text.strip():
        return Variable(text.strip())
    found = _FORM.fullmatch(text.strip())
    if found is None or found["name"].strip(" .") != found["name"]:
        raise ForecourtError(
            f"{text!r} names no setting; write a key like HeartbeatInterval, or a component and its variable "
            "like OCPPCommCtrlr.HeartbeatInterval."
        )
    attribute = found["attribute"] or "Actual"
    if attribute not in ATTRIBUTES:
        raise ForecourtError(f"A setting has no {attribute!r}; write one of {', '.join(ATTRIBUTES)}.")
    evse, connector = found["evse"], found["connector"]
    return Variable(
        found["name"],
        found["component"] or "",
        int(evse) if evse else None,
        int(connector) if connector else None,
        found["component_instance"] or "",
        found["instance"] or "",
        attribute,
    )


def key_of(variable: Variable) -> Key:
    """What tells it from others; names are compared without case (identifierString, CiString)."""
    return (
        variable.component.casefold(),
        variable.component_instance.casefold(),
        variable.evse or 0,
        variable.connector or 0,
        variable.name.casefold(),
        variable.instance.casefold(),
        variable.attribute,
    )


def variable_of(record: VariableRecord) -> Variable:
    """The setting that a kept row is about."""
    return Variable(
        record.name,
        record.component,
        record.evse or None,
        record.connector or None,
        record.component_instance,
        record.instance,
        record.attribute,
    )


def key_of_record(record: VariableRecord) -> Key:
    """As `key_of`, of a kept row."""
    return key_of(variable_of(record))
