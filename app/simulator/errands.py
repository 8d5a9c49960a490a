"""What takes a station a while: bringing a log, fetching firmware and installing it. Over real HTTP."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.simulator import mishaps
from app.simulator.http import Broken, TransferFailed, bring, fetch
from app.simulator.wire import Payload, stamp
from app.tasks import spawn

if TYPE_CHECKING:
    from app.simulator.obedience import Obedience

log = logging.getLogger("forecourt.simulator")

INSTALL_S = 60.0
REBOOT_S = 80.0
RETRY_S = 30.0
PATIENCE_S = 900.0
"""How long an installation waits for running sessions."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An order to bring a log. `request` None: 1.6's GetDiagnostics. `retry_s` in s."""

    location: str
    name: str
    request: int | None = None
    security: bool = False
    retries: int = 0
    retry_s: float = RETRY_S


@dataclass(frozen=True, slots=True)
class Update:
    """An order to fetch and install firmware. `signed`: 1.6's SignedUpdateFirmware, or a signature."""

    location: str
    request: int | None = None
    signed: bool = False
    retrieve_ms: int = 0
    install_ms: int = 0
    retries: int = 0
    retry_s: float = RETRY_S


def log_text(hands: Obedience, security: bool) -> bytes:
    """What the station writes down of itself: who it is, its settings, its outlets, what it said lately."""
    life = hands.life
    plan = life.plan
    lines = [
        f"{stamp(hands.now)} {plan.maker} {plan.model} {plan.serial}",
        f"firmware {life.firmware} OCPP {plan.version}",
        *(f"setting {s.key or s.path}={s.value}" for s in hands.settings.all()),
        *(
            f"outlet {o.plug.evse} {o.plug.kind} {o.status} register {o.register_wh:.0f} Wh"
            + (f" fault {o.fault.error}/{o.fault.vendor_error}" if o.fault else "")
            for o in life.outlets
        ),
    ]
    if not security:
        sent = getattr(getattr(life.uplink, "link", None), "sent", ())
        lines += [f"said {text}" for text in list(sent)[-500:]]
    return ("\n".join(lines) + "\n").encode()


def start_upload(hands: Obedience, order: Upload) -> None:
    """Begin to bring a log."""
    spawn(_upload(hands, order), name=f"sim {hands.life.plan.identity} upload")


def start_update(hands: Obedience, order: Update) -> None:
    """Begin to fetch firmware; a newer order ends an older one."""
    hands.update += 1
    spawn(_update(hands, order, hands.update), name=f"sim {hands.life.plan.identity} update")


def _say(hands: Obedience, message: tuple[str, Payload]) -> None:
    if hands.life.online:
        hands.life.uplink.say(hands.now, message)


async def _pause(hands: Obedience, seconds: float) -> None:
    await hands.clock.sleep(max(0.0, seconds) / hands.life.pace)


async def _until(hands: Obedience, at_ms: int) -> None:
    if at_ms > hands.now:
        await hands.clock.sleep((at_ms - hands.now) / 1000)


async def _upload(hands: Obedience, order: Upload) -> None:
    habit = hands.life.habits.uploads

    def say(status: str) -> None:
        if habit != "mute":
            _say(hands, hands.log_says(status, order))

    await _pause(hands, 1)
    say("Uploading")
    data = log_text(hands, order.security)
    status = "UploadFailure"
    for attempt in range(1 + order.retries):
        if attempt:
            await _pause(hands, order.retry_s)
        if habit == "lies":
            status = "Uploaded"
            break
        if habit == "fails":
            continue
        cut = len(data) // 2 if habit == "cut" or (habit == "cut-once" and attempt == 0) else None
        try:
            way = hands.life.habits.upload_way
            with hands.on_the_wire():
                await bring(
                    order.location, order.name, data, hands.clock, way=way, cut_after=cut, tls=hands.tls
                )
        except TransferFailed as error:
            log.info("%s could not bring its log: %s", hands.life.plan.identity, error)
            if error.status in (401, 403):
                status = "PermissionDenied"
            continue
        status = "Uploaded"
        break
    await _pause(hands, 1)
    say(status)


async def _update(hands: Obedience, order: Update, number: int) -> None:
    habit = hands.life.habits.firmware
    life = hands.life
    staged = order.signed or life.plan.version != "1.6"

    def say(status: str, *, only_staged: bool = False) -> None:
        if habit != "mute" and hands.update == number and (staged or not only_staged):
            _say(hands, hands.firmware_says(status, order))

    await _pause(hands, 1)
    if order.retrieve_ms > hands.now:
        say("DownloadScheduled", only_staged=True)
        await _until(hands, order.retrieve_ms)
    say("Downloading")
    image = None if habit == "download-fails" else await _download(hands, order)
    if image is None:
        say("DownloadFailed")
        return
    say("Downloaded")
    await _pause(hands, 5)
    if order.signed:
        if habit == "bad-signature":
            say("InvalidSignature")
            _say(hands, life.speech.security_event("InvalidFirmwareSignature", hands.now, ""))
            return
        say("SignatureVerified")
    if order.install_ms > hands.now:
        say("InstallScheduled", only_staged=True)
        await _until(hands, order.install_ms)
    waited = 0.0
    while hands.busy() and waited < PATIENCE_S:
        await _pause(hands, 5)
        waited += 5
    say("Installing")
    await _pause(hands, INSTALL_S)
    if hands.update != number:
        return
    if habit == "install-fails":
        say("InstallationFailed")
        return
    version = life.firmware if habit == "keeps-old" else version_of(image, order.location, hands)
    say("InstallRebooting", only_staged=True)
    await _pause(hands, 1)
    mishaps.boot_firmware(hands.now, life, version, REBOOT_S)
    hands.wake()
    while not life.online and hands.update == number:
        await _pause(hands, 5)
    await _pause(hands, 5)
    say("Installed")


async def _download(hands: Obedience, order: Update) -> bytes | None:
    """The image, resumed where a try broke off; None when all tries failed."""
    got = b""
    for attempt in range(1 + order.retries):
        if attempt:
            await _pause(hands, order.retry_s)
        stop = 1000 if hands.life.habits.firmware == "download-breaks-once" and attempt == 0 else None
        try:
            with hands.on_the_wire():
                return await fetch(order.location, hands.clock, have=got, stop_after=stop, tls=hands.tls)
        except Broken as broken:
            got = broken.got
        except TransferFailed as error:
            log.info("%s could not fetch its firmware: %s", hands.life.plan.identity, error)
    return None


def version_of(image: bytes, location: str, hands: Obedience) -> str:
    """The version an image holds: its first line `version=…`, else that of its name, else the next known."""
    first = image[:200].partition(b"\n")[0]
    if first.startswith(b"version="):
        return first[8:].decode("ascii", "replace").strip()[:50]
    names = hands.life.plan.firmwares
    known = next((name for name in names if name in location), "")
    if known:
        return known
    now = hands.life.firmware
    return names[min(len(names) - 1, names.index(now) + 1)] if now in names else names[-1]
