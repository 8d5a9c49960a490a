"""The words in which stations refuse, what each means and what to do about it.

By action (1.6's names and 2.x's are the same verb) and status; the first table goes before the
second. Sources: OCPP 1.6 chapter 7 and its security extension, 2.1 part 2 chapters 2 and 3, and the
field behaviours that a remedy names.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """What a refusal means, and its remedy."""

    sentence: str
    remedy: str = ""


SAME_AS: Mapping[str, str] = {
    "RequestStartTransaction": "RemoteStartTransaction",
    "RequestStopTransaction": "RemoteStopTransaction",
    "SignedUpdateFirmware": "UpdateFirmware",
    "ExtendedTriggerMessage": "TriggerMessage",
    "GetReport": "GetBaseReport",
    "SetVariables": "ChangeConfiguration",
    "GetVariables": "GetConfiguration",
}
"""Verbs that have another name in another version."""

BY_ACTION: Mapping[tuple[str, str], Words] = {
    ("RemoteStartTransaction", "Rejected"): Words(
        "The station will not start a session.",
        "Usually nothing is plugged in, or the connector is in use, reserved, out of service or faulted; "
        "look at its status, have the cable plugged in, then try again.",
    ),
    ("RemoteStopTransaction", "Rejected"): Words(
        "The station knows no such running session.",
        "It has probably ended already; ask for a status and meter values to see what runs.",
    ),
    ("UnlockConnector", "UnlockFailed"): Words(
        "The station tried to unlock and the lock did not open.",
        "Have the driver push the plug in and relieve the cable, then try again; if it still holds, restart "
        "the station or send a technician.",
    ),
    ("UnlockConnector", "NotSupported"): Words(
        "The station has no lock it can open there, as with a fixed cable, or no such connector.",
        "Check the number of the connector; a fixed cable needs no unlocking.",
    ),
    ("UnlockConnector", "OngoingAuthorizedTransaction"): Words(
        "A session is running there, and this version does not unlock during one.",
        "Stop the session first, then unlock.",
    ),
    ("UnlockConnector", "UnknownConnector"): Words(
        "The station has no such connector.", "Check the numbers of the EVSE and of the connector."
    ),
    ("Reset", "Rejected"): Words(
        "The station will not restart now.",
        "It may be updating firmware or be busy with a session; wait, or restart it hard, which cuts "
        "sessions.",
    ),
    ("ChangeAvailability", "Rejected"): Words(
        "The station will not change its availability.",
        "Some stations refuse this for the station as a whole; try each EVSE by itself.",
    ),
    ("TriggerMessage", "Rejected"): Words(
        "The station will not send that message now.",
        "Some stations never do; what it tells by itself will come as before.",
    ),
    ("TriggerMessage", "NotImplemented"): Words(
        "The station cannot be asked for that message.",
        "Ask for another one, or wait until it sends it by itself.",
    ),
    ("ChangeConfiguration", "Rejected"): Words(
        "The station refused the value.",
        "Check that the setting may be written and that the value lies within its limits.",
    ),
    ("ChangeConfiguration", "NotSupported"): Words(
        "The station has no such setting.", "Read its configuration to see the names it knows."
    ),
    ("ChangeConfiguration", "UnknownComponent"): Words(
        "The station has no such component.", "Read its configuration to see the names it knows."
    ),
    ("ChangeConfiguration", "UnknownVariable"): Words(
        "The component has no such variable.", "Read its configuration to see the names it knows."
    ),
    ("ChangeConfiguration", "NotSupportedAttributeType"): Words(
        "The variable has no such attribute.", "Write its Actual value instead."
    ),
    ("GetConfiguration", "Rejected"): Words(
        "The station does not tell this value.", "Secrets can be written but never read."
    ),
    ("GetConfiguration", "UnknownComponent"): Words("The station has no such component."),
    ("GetConfiguration", "UnknownVariable"): Words("The component has no such variable."),
    ("GetConfiguration", "NotSupportedAttributeType"): Words("The variable has no such attribute."),
    ("ClearCache", "Rejected"): Words(
        "The station will not clear its cache.", "It may have none, or it is switched off."
    ),
    ("SendLocalList", "Failed"): Words(
        "The station could not take the list.",
        "Send the whole list anew, in smaller parts; it may be longer than the station can hold.",
    ),
    ("SendLocalList", "NotSupported"): Words(
        "The station keeps no local list.", "Its authorisation cache serves the same end where it has one."
    ),
    ("SendLocalList", "VersionMismatch"): Words(
        "The station's list is not of the version this change was made for.", "Send the whole list."
    ),
    ("ReserveNow", "Occupied"): Words(
        "Somebody is using it, or has reserved it.", "Reserve another EVSE, or wait until it is free."
    ),
    ("ReserveNow", "Faulted"): Words("It is faulted.", "Reserve another EVSE."),
    ("ReserveNow", "Unavailable"): Words(
        "It is out of service.", "Put it in service first, or reserve another EVSE."
    ),
    ("ReserveNow", "Rejected"): Words(
        "The station takes no reservations, or none for the station as a whole.",
        "Name an EVSE; if that is refused too, reservations are switched off.",
    ),
    ("CancelReservation", "Rejected"): Words(
        "The station knows no such reservation.", "It has been used or has expired already."
    ),
    ("SetChargingProfile", "Rejected"): Words(
        "The station will not take this limit.",
        "Try the other unit (A or W), an absolute instead of a relative one, or a lower stack level; a limit "
        "for a session needs that session to be running.",
    ),
    ("SetChargingProfile", "NotSupported"): Words(
        "The station cannot be limited.", "Smart charging is missing or switched off."
    ),
    ("GetCompositeSchedule", "Rejected"): Words(
        "The station does not tell its schedule.", "Try the other unit (A or W), or another EVSE."
    ),
    ("UpdateFirmware", "Rejected"): Words(
        "The station will not update.", "Another update may be running, or updates are switched off."
    ),
    ("UpdateFirmware", "InvalidCertificate"): Words(
        "The station does not trust the signing certificate.",
        "Install the manufacturer's root certificate, or take the right signing certificate.",
    ),
    ("UpdateFirmware", "RevokedCertificate"): Words(
        "The signing certificate has been revoked.", "Get firmware that is signed anew from the manufacturer."
    ),
    ("GetLog", "Rejected"): Words(
        "The station will not send a log.", "Another upload may be running; wait for it to end."
    ),
    ("DataTransfer", "UnknownVendorId"): Words(
        "The station does not know this vendor.", "Check the vendor's name in the manual, to the letter."
    ),
    ("DataTransfer", "UnknownMessageId"): Words(
        "The station knows the vendor, but not this message.", "Check the message's name in the manual."
    ),
    ("DataTransfer", "Rejected"): Words(
        "The station did not take the message.", "Check its data against the vendor's manual."
    ),
    ("SetDisplayMessage", "NotSupportedMessageFormat"): Words("The display cannot show this format."),
    ("SetDisplayMessage", "NotSupportedPriority"): Words(
        "The display knows no such priority.", "Use NormalCycle."
    ),
    ("SetDisplayMessage", "NotSupportedState"): Words(
        "The display cannot show a text in that state alone.", "Leave the state out to show it always."
    ),
    ("SetDisplayMessage", "UnknownTransaction"): Words("The station knows no such running session."),
    ("SetDisplayMessage", "LanguageNotSupported"): Words(
        "The display does not know that language.", "Leave the language out, or use another."
    ),
    ("SetDisplayMessage", "Rejected"): Words(
        "The station will not show it.", "It may hold as many texts as it can; clear one first."
    ),
    ("CustomerInformation", "Invalid"): Words(
        "The station found fault with the request.", "Name the customer by exactly one token or identifier."
    ),
    ("CustomerInformation", "Rejected"): Words("The station neither tells nor clears this."),
    ("GetBaseReport", "NotSupported"): Words(
        "The station cannot make this report.", "Read the variables you need by name."
    ),
    ("GetBaseReport", "Rejected"): Words(
        "The station will not make a report now.", "Another report may be under way; try in a minute."
    ),
    ("SetVariableMonitoring", "UnsupportedMonitorType"): Words(
        "The variable cannot be watched in this way.", "Try a Periodic monitor or a threshold."
    ),
    ("SetVariableMonitoring", "Duplicate"): Words(
        "Such a monitor is set already.", "Clear the one there is before you set another."
    ),
    ("SetVariableMonitoring", "Rejected"): Words(
        "The station will not watch it.", "The value may lie outside the variable's limits."
    ),
    ("ClearVariableMonitoring", "Rejected"): Words("The monitor is built in and cannot be cleared."),
    ("ClearVariableMonitoring", "NotFound"): Words("There is no such monitor any more."),
    ("SetNetworkProfile", "Failed"): Words("The station could not store the connection's settings."),
    ("InstallCertificate", "Failed"): Words(
        "The station could not store the certificate.",
        "Its store may be full; delete one that is not needed.",
    ),
    ("InstallCertificate", "Rejected"): Words(
        "The station found the certificate invalid.",
        "Check that it is PEM, of the right kind, and not expired.",
    ),
    ("DeleteCertificate", "Failed"): Words(
        "The station could not delete the certificate.", "It is probably the one in use."
    ),
    ("CertificateSigned", "Rejected"): Words(
        "The station found the certificate chain invalid; its old certificate stays.",
        "Sign the request anew with the right authority.",
    ),
    ("UnpublishFirmware", "DownloadOngoing"): Words(
        "Stations are fetching this firmware at the moment.", "Try again when they are done."
    ),
    ("ChangeTransactionTariff", "TxNotFound"): Words("The station knows no such running session."),
    ("ChangeTransactionTariff", "NoCurrencyChange"): Words(
        "The currency cannot change during a session.", "Use the currency the session began with."
    ),
    ("SetDefaultTariff", "DuplicateTariffId"): Words(
        "A tariff of that name is set already.", "Clear it first, or use another name."
    ),
    ("UsePriorityCharging", "NoProfile"): Words(
        "The station has no priority profile to use.", "Set a charging profile for priority first."
    ),
}
"""By verb and status."""

ANY_ACTION: Mapping[str, Words] = {
    "Rejected": Words("The station refused."),
    "Failed": Words("The station tried and failed."),
    "NotSupported": Words("The station cannot do this."),
    "NotImplemented": Words("The station cannot do this."),
    "UnknownComponent": Words("The station has no such component."),
    "UnknownVariable": Words("The component has no such variable."),
    "TooManyElements": Words("The message has more elements than the station takes.", "Send fewer at once."),
    "ConditionNotSupported": Words("The station cannot follow one of the conditions.", "Leave it out."),
}
"""Where a verb has no words of its own."""

NOTHING: Mapping[str, str] = {
    "Unknown": "There was nothing that fits.",
    "NotFound": "There was nothing that fits.",
    "NoProfiles": "No charging profile is installed that fits.",
    "EmptyResultSet": "The station has nothing to report that fits.",
    "NoTariff": "There is no tariff that fits.",
    "NoFirmware": "The firmware was not published.",
}
"""Neither done nor refused: there was nothing to do or to tell."""

AGREED: Mapping[str, str] = {
    "Accepted": "The station agreed.",
    "Unlocked": "The lock is open.",
    "Unpublished": "The firmware is published no more.",
    "Scheduled": "The station will do it as soon as no session is running.",
    "RebootRequired": "The station took the value; it takes effect after a restart.",
    "AcceptedCanceled": "The station agreed, and gave up an earlier request for it.",
}
"""What counts as agreed."""

REASONS: Mapping[str, str] = {
    "CSNotAccepted": "the station is not accepted yet",
    "DuplicateProfile": "such a profile exists already",
    "DuplicateRequestId": "the request's number was used before",
    "FixedCable": "the cable is fixed",
    "FwUpdateInProgress": "a firmware update is running",
    "InternalError": "an internal error",
    "InvalidCertificate": "the certificate is invalid",
    "InvalidCSR": "the signing request is invalid",
    "InvalidIdToken": "the token is not valid for this",
    "InvalidMessageSeq": "the message does not fit in at this point",
    "InvalidProfile": "the profile is invalid",
    "InvalidSchedule": "the schedule is invalid",
    "InvalidStackLevel": "the stack level is invalid",
    "InvalidURL": "the address is invalid",
    "InvalidValue": "the value is invalid",
    "MissingDevModelInfo": "its device model does not say what is needed",
    "MissingParam": "a parameter is missing",
    "NoCable": "no cable is plugged in",
    "NotEnabled": "the feature is switched off",
    "NotFound": "it was not found",
    "OutOfMemory": "it is out of memory",
    "OutOfStorage": "its storage is full",
    "ReadOnly": "the setting can only be read",
    "TooLargeElement": "an element is too large",
    "TooManyElements": "there are too many elements",
    "TxInProgress": "a session is running",
    "TxNotFound": "there is no such session",
    "TxStarted": "a session has started already",
    "UnknownConnectorId": "there is no such connector",
    "UnknownConnectorType": "there is no such type of connector",
    "UnknownEvse": "there is no such EVSE",
    "UnknownTxId": "there is no such session",
    "UnsupportedParam": "a parameter is not supported",
    "UnsupportedRateUnit": "the unit is not supported; try the other one (A or W)",
    "UnsupportedRequest": "it does not support this request",
    "ValueOutOfRange": "the value is out of range",
    "ValuePositiveOnly": "the value must be positive",
    "ValueTooHigh": "the value is too high",
    "ValueTooLow": "the value is too low",
    "ValueZeroNotAllowed": "the value must not be zero",
    "WriteOnly": "the setting can only be written",
}
"""The standard reason codes of 2.x (part 2, appendix 5)."""

_FORM = Words(
    "The station found the form of {action} wrong.",
    "It reads this message otherwise than the standard says; its vendor should know.",
)
_FIELDS = Words(
    "The station misses a field in {action}, or found one too many.",
    "Fill in optional fields too, or leave them out.",
)
ERRORS: Mapping[str, Words] = {
    "NotImplemented": Words(
        "This station does not know {action}.", "Its firmware lacks it; an update may bring it."
    ),
    "NotSupported": Words(
        "This station knows {action}, but does not support it.",
        "The feature is missing or switched off; look for it in its configuration.",
    ),
    "InternalError": Words(
        "The station ran into an error of its own.", "Try again; if it stays, restart the station."
    ),
    "GenericError": Words("The station answered with an error and no cause.", "Try again later."),
    "SecurityError": Words(
        "The station refused for reasons of security.",
        "It may not be accepted yet, or it wants a higher security profile.",
    ),
    "ProtocolError": _FORM,
    "FormatViolation": _FORM,
    "FormationViolation": _FORM,
    "PropertyConstraintViolation": Words(
        "The station does not allow one of the values in {action}.", "Try another value."
    ),
    "OccurrenceConstraintViolation": _FIELDS,
    "TypeConstraintViolation": Words(
        "The station expects a value of another type in {action}.",
        "It reads this message otherwise than the standard says; its vendor should know.",
    ),
    "RpcFrameworkError": Words("The station could not read the message.", "Try again."),
    "OccurenceConstraintViolation": _FIELDS,
    "MessageTypeNotSupported": Words("The station does not know this kind of message."),
}
"""By CALLERROR code, in the spellings of all versions; `{action}` is filled in."""
