"""What is printed: the protocol of a commissioning, and the sheet with the address for the technician."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.onboarding.steps import KINDS, Run, Stand, Step, verdict
from app.onboarding.vendors import Vendor
from ui.printing.paper import Paper
from ui.theme.formats import clock, energy_text, stamp
from ui.widgets.touch import PAPER, paint_code

WORDS = {
    Stand.PASSED: "passed",
    Stand.FAILED: "failed",
    Stand.SKIPPED: "skipped",
    Stand.PENDING: "not done",
    Stand.RUNNING: "not finished",
    Stand.WAITING: "not finished",
}
CODE = 160
"""Side of the printed code in points: 5.6 cm, to be scanned at arm's length."""


def protocol(run: Run, zone: ZoneInfo, organisation: str) -> Paper:
    """The protocol: the charger, the result, each step with evidence and time, lines to sign."""
    paper = Paper()
    paper.title("Commissioning protocol", organisation or "Forecourt")
    paper.heading("Charger")
    facts = (
        ("Station", run.station),
        ("Name", run.name),
        ("Site", run.site),
        ("Maker and model", f"{run.vendor} {run.model}".strip()),
        ("Serial number", run.serial),
        ("Firmware", run.firmware),
        ("Protocol", f"OCPP {run.protocol}" if run.protocol else ""),
        ("Address", run.peer),
        ("Test charge", f"connector {run.evse}, session {run.session}" if run.session else ""),
        ("Energy of the test", energy_text(run.energy_wh) if run.session else ""),
        ("Begun", stamp(run.started_ms, zone)),
        ("Ended", stamp(run.ended_ms, zone)),
        ("By", run.by),
    )
    paper.facts([fact for fact in facts if fact[1]])
    paper.heading("Result")
    paper.line(verdict(run), strong=True)
    paper.heading("Steps")
    paper.table(
        ("", "Step", "Result", "Evidence", "Time"),
        [
            (
                str(number),
                kind.title,
                WORDS[step.stand],
                _evidence(step),
                clock(step.ended_ms, zone, seconds=True) if step.ended_ms else "–",
            )
            for number, (kind, step) in enumerate(zip(KINDS, run.steps, strict=True), 1)
        ],
        (4, 25, 11, 46, 14),
    )
    paper.heading("Signatures")
    paper.signatures(("Technician, date", "Operator, date"))
    paper.line(
        f"Times in {zone}. Written by Forecourt from what the charger sent; the messages are kept in its "
        "journal.",
        quiet=True,
    )
    return paper


def address_sheet(address: str, vendor: Vendor, url: str, identity: str) -> Paper:
    """The sheet for the technician: the address, its code, and where the charger wants it."""
    paper = Paper()
    paper.title("Address of the central system", vendor.name)
    paper.line(address, mono=True)
    paper.picture(code_image(address), CODE)
    paper.facts(
        [
            (vendor.address_field, vendor.address(url, identity)),
            (vendor.identity_field, identity or "as agreed with the operator"),
            (vendor.password_field, "as given by the operator"),
        ]
    )
    paper.line(vendor.where)
    if vendor.note:
        paper.line(vendor.note)
    paper.line("Names of fields are hints from experience and may differ by firmware.", quiet=True)
    return paper


def code_image(text: str, side: int = 800) -> QImage:
    """The code of a text as a picture."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(PAPER)
    painter = QPainter(image)
    paint_code(painter, QRectF(0, 0, side, side), text)
    painter.end()
    return image


def _evidence(step: Step) -> str:
    if step.stand is Stand.SKIPPED and step.by != "Forecourt":
        return f"Skipped by {step.by}: {step.why}"
    return step.text
