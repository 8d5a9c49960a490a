"""What a person may write down, by kind. Each change is a new version (`EntryRecord`); none is lost.

Bodies are JSON objects. Times in them are `*_ms` (UTC milliseconds), money is a decimal in major
units as text ("0.49") with its currency beside it, powers are W, energies Wh.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.records import EntryRecord

KINDS: Mapping[str, str] = {
    "organisation": "name, address and currency of the operator; one entry, 'own'",
    "site": "a site's zone, opening hours, host and limits; the entry is the site's name",
    "price": "price per kWh (and per minute) of a site from a date and time of day on",
    "energy-cost": "what a kWh costs the operator at a site from a date and time of day on",
    "assumption": "the value of one of the assumptions instead of its default",
    "exclusion": "a span of outage with its reason code and evidence (uptime views honour it or not)",
    "planned-work": "a span in which work was announced: alarms are suppressed by design",
    "work-order": "a work order: station, faults, who, due, state, visits, parts, result, proof",
    "code-name": "what a vendor's code means, as the operator named it",
    "normal": "a station's oddity that is normal here, until an end date",
    "pool": "connectors that drivers take for each other, where the default pools are wrong",
    "group": "faults put together or apart by hand",
    "playbook": "which playbook may run by itself at which site, and its limits",
    "recovery": "the switch of automatic recovery as a whole, and quiet hours; one entry, 'all'",
    "notify-rule": "who is told what, when, how",
    "template": "a configuration template made or changed here",
    "template-of": "which template a station follows",
    "command-style": "filters, saved messages and the like of the message console",
    "commissioning": "the record of a station's commissioning, step by step",
    "call": "a phone call's span, as started and stopped with one key",
    "manpower": "a correction of the minutes counted for a person's acts",
    "credit": "goodwill or a refund that was paid: site, station, session, amount, when",
    "statement": "the figures of a month as they were issued, with the versions they were made with",
    "saving-action": "one of the proposed actions, when it was done, and what was expected of it",
    "complaint": "a complaint or a review, imported or written down",
    "purchase": "purchase, delivery and warranty of a station, its price",
    "expansion": "what one more connector would cost at a site",
    "report-plan": "a report with its schedule and where it goes",
    "shift": "a handover at the end of a shift",
    "local-token": "an identification that a local authorization list holds",
    "setting": "a choice of the window that has to be kept with the history",
}


def body_of(record: EntryRecord) -> dict[str, Any]:
    """The body as a mapping."""
    found = json.loads(record.body)
    return found if isinstance(found, dict) else {}


def standing(records: Iterable[EntryRecord], kind: str) -> dict[str, dict[str, Any]]:
    """The bodies of a kind that were not taken back, by entry."""
    return {r.entry: body_of(r) for r in records if r.kind == kind and not r.gone}
