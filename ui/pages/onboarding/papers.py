"""What is printed: the protocol of a commissioning, and the sheet with the address for the technician."""

from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, QUrl
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from app.domain.errors import ForecourtError
from app.onboarding.steps import KINDS, Run, Stand, Step, verdict
from app.onboarding.vendors import Vendor
from ui.theme.formats import clock, energy, stamp
from ui.widgets.touch import PAPER, paint_code

STYLE = """
body { font-family: 'Inter'; font-size: 9.5pt; color: #15181B; }
h1 { font-size: 17pt; margin-bottom: 2pt; }
h2 { font-size: 11pt; margin-top: 14pt; margin-bottom: 4pt; }
p { margin: 2pt 0; }
td { padding: 3pt 6pt; vertical-align: top; }
.quiet { color: #525961; }
.result { font-size: 11pt; font-weight: 600; }
.mono { font-family: 'JetBrains Mono'; }
"""
WORDS = {
    Stand.PASSED: "passed",
    Stand.FAILED: "failed",
    Stand.SKIPPED: "skipped",
    Stand.PENDING: "not done",
    Stand.RUNNING: "not finished",
    Stand.WAITING: "not finished",
}


def protocol_html(run: Run, zone: ZoneInfo, organisation: str) -> str:
    """The protocol as a page: the charger, the result, each step with evidence and time, signatures."""
    facts = (
        ("Station", run.station), ("Name", run.name), ("Site", run.site), ("Maker and model",
        f"{run.vendor} {run.model}".strip()), ("Serial number", run.serial), ("Firmware", run.firmware),
        ("Protocol", f"OCPP {run.protocol}" if run.protocol else ""), ("Address", run.peer),
        ("Test charge", f"connector {run.evse}, session {run.session}" if run.session else ""),
        ("Energy of the test", " ".join(energy(run.energy_wh, decimals=2)) if run.session else ""),
        ("Begun", stamp(run.started_ms, zone)), ("Ended", stamp(run.ended_ms, zone)), ("By", run.by),
    )  # fmt: skip
    told = "".join(
        f"<tr><td class='quiet' width='150'>{escape(word)}</td><td>{escape(value)}</td></tr>"
        for word, value in facts
        if value
    )
    steps = "".join(
        f"<tr><td>{number}</td><td><b>{escape(kind.title)}</b><br/><span class='quiet'>{escape(kind.proves)}"
        f"</span></td><td><b>{WORDS[step.stand]}</b></td><td>{escape(_evidence(step))}"
        f"</td><td>{clock(step.ended_ms, zone, seconds=True) if step.ended_ms else '–'}</td></tr>"
        for number, (kind, step) in enumerate(zip(KINDS, run.steps, strict=True), 1)
    )
    line = "______________________________"
    return (
        f"<h1>Commissioning protocol</h1><p class='quiet'>{escape(organisation or 'Forecourt')}</p>"
        f"<h2>Charger</h2><table>{told}</table>"
        f"<h2>Result</h2><p class='result'>{escape(verdict(run))}</p>"
        "<h2>Steps</h2><table width='100%' border='0.5' style='border-collapse: collapse; border-color: "
        "#B9BFC6'><tr><td></td><td><b>Step</b></td><td><b>Result</b></td><td><b>Evidence</b></td>"
        f"<td><b>Time</b></td></tr>{steps}</table>"
        "<h2>Signatures</h2><table width='100%' cellpadding='6'><tr>"
        f"<td><br/><br/>{line}<br/><span class='quiet'>Technician, date</span></td>"
        f"<td><br/><br/>{line}<br/><span class='quiet'>Operator, date</span></td></tr></table>"
        f"<p class='quiet'>Times in {escape(str(zone))}. Written by Forecourt from what the charger "
        "sent; the messages are kept in its journal.</p>"
    )


def sheet_html(address: str, vendor: Vendor, url: str, identity: str) -> str:
    """The sheet for the technician: the address, its code, and where the charger wants it."""
    rows = (
        (vendor.address_field, vendor.address(url, identity)),
        (vendor.identity_field, identity or "as agreed with the operator"),
        (vendor.password_field, "as given by the operator"),
    )
    told = "".join(
        f"<tr><td class='quiet' width='220'>{escape(word)}</td><td class='mono'>{escape(value)}</td></tr>"
        for word, value in rows
    )
    note = f"<p>{escape(vendor.note)}</p>" if vendor.note else ""
    return (
        f"<h1>Address of the central system</h1><p class='quiet'>{escape(vendor.name)}</p>"
        f"<p class='mono' style='font-size: 14pt'>{escape(address)}</p><p><img src='code' width='150' "
        f"height='150'/></p><table>{told}</table><p>{escape(vendor.where)}</p>{note}"
        "<p class='quiet'>Names of fields are hints from experience and may differ by firmware.</p>"
    )


def write_pdf(html: str, path: Path, title: str, code: str = "") -> Path:
    """Write a page of A4 to `path`; `code` is what the image "code" shows.

    Raises:
        ForecourtError: the file cannot be written.
    """
    try:
        path.touch()
    except OSError as error:
        raise ForecourtError(f"{path} cannot be written: {error.strerror or error}.") from error
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("Forecourt")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(18, 16, 18, 16),
            QPageLayout.Unit.Millimeter,
        )
    )
    document = QTextDocument()
    document.setDefaultStyleSheet(STYLE)
    if code:
        document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl("code"), code_image(code))
    document.setHtml(f"<body>{html}</body>")
    document.documentLayout().setPaintDevice(writer)
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    document.print_(writer)
    return path


def code_image(text: str, side: int = 600) -> QImage:
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
