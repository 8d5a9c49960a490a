"""Who is told of a fault: once, by the ways the rules name, also after a restart; failures are visible."""

import stat

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import ActOnFault, SaveEntry
from app.notify import channels
from app.simulator.scripted import SimStation
from app.store.readers.faults import history_of
from tests.helpers.world import World, world


class Phone:
    """A service that takes messages, or does not."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.down = False

    def __call__(self, address: str, title: str, text: str) -> str:
        if self.down:
            return "no route to the service"
        self.got.append((address, title))
        return ""


async def ready(w: World, phone: Phone, address: str = "json://127.0.0.1:9/") -> None:
    w.room.post._send = phone
    await w.room.post.set_channel("phone", address)
    await w.do(SaveEntry("notify-rule", "on-call", {"channels": ["phone", "desktop"]}))


async def broken(w: World) -> SimStation:
    s = await w.station()
    await s.boot()
    await s.status(1, "Available")
    await w.advance(seconds=10)
    await s.status(1, "Faulted", "InternalError")
    for _ in range(12):
        await w.advance(seconds=15)
    return s


async def test_told_once_and_written_down_also_over_a_restart() -> None:
    async with world() as w:
        phone = Phone()
        await ready(w, phone)
        await broken(w)
        await w.until(lambda: phone.got, "the message")
        assert [title for _, title in phone.got] == ["Fault inside the charger – DEPOT-7 EVSE 1"]
        assert [m.title for m in w.room.post.take_desktop()] == ["Fault inside the charger – DEPOT-7 EVSE 1"]
        (fault,) = w.room.faults.open()
        lines = await w.room.ask(history_of, fault.fault)
        assert [line.text for line in lines if line.verb == "notified"] == ["Told phone, desktop."]
        await w.restart()
        w.room.post._send = phone
        for _ in range(8):
            await w.advance(seconds=15)
        assert len([title for _, title in phone.got if "Fault inside" in title]) == 1


async def test_what_comes_back_is_not_told_again_after_a_restart_either() -> None:
    """Within a quarter of an hour it is the same fault."""
    async with world() as w:
        phone = Phone()
        await ready(w, phone)
        s = await broken(w)
        await w.until(lambda: phone.got, "the message")
        (fault,) = w.room.faults.open()
        await w.do(ActOnFault(fault.fault, "acknowledge"))
        await s.status(1, "Available")
        for _ in range(12):
            await w.advance(seconds=15)
        assert not w.room.faults.open()
        await w.restart()
        w.room.post._send = phone
        await broken(w)
        assert [f.fault for f in w.room.faults.open() if f.code == fault.code] == [fault.fault]
        assert len([title for _, title in phone.got if "Fault inside" in title]) == 1


async def test_what_fails_is_tried_again_and_stays_visible() -> None:
    async with world() as w:
        phone = Phone()
        phone.down = True
        await ready(w, phone)
        await broken(w)
        await w.until(lambda: w.room.post.sent, "a try")
        assert w.room.post.health["phone"].broken
        assert w.room.post.sent[0].cause == "no route to the service"
        phone.down = False
        for _ in range(80):
            await w.advance(seconds=15)
        await w.until(lambda: phone.got, "another try")
        assert not w.room.post.health["phone"].broken


async def test_an_address_is_a_secret_and_has_to_be_one() -> None:
    async with world() as w:
        service = await w.room.post.set_channel("mail", "mailtos://ann:hunter2@example.com")
        assert service
        file = w.data_dir / channels.FILE
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with pytest.raises(ForecourtError, match="not understood"):
            await w.room.post.set_channel("x", "nonsense")
        with pytest.raises(ForecourtError, match="name of its own"):
            await w.room.post.set_channel("desktop", "json://127.0.0.1/")
        assert w.room.post.names == ("desktop", "tray", "mail")
        await w.room.post.set_channel("mail", "")
        assert w.room.post.names == ("desktop", "tray")


async def test_a_test_message_says_at_once_whether_it_went() -> None:
    async with world() as w:
        phone = Phone()
        await ready(w, phone)
        assert await w.room.post.test("phone") == ""
        phone.down = True
        assert await w.room.post.test("phone") == "no route to the service"
        with pytest.raises(ForecourtError, match="no channel 'pigeon'"):
            await w.room.post.test("pigeon")


def test_a_service_that_is_not_there_is_told_in_words() -> None:
    assert channels.send("json://127.0.0.1:9/", "Title", "Text") != ""
    assert channels.checked("json://127.0.0.1:9/")


async def test_a_way_that_fails_holds_up_no_other_and_the_window_shows_it_once() -> None:
    async with world() as w:
        phone, tried = Phone(), []

        def send(address: str, title: str, text: str) -> str:
            tried.append(address)
            return "no route to the service" if "down" in address else phone(address, title, text)

        w.room.post._send = send
        await w.room.post.set_channel("a-mail", "json://down:9/")
        await w.room.post.set_channel("phone", "json://127.0.0.1:9/")
        body = {"channels": ["a-mail", "phone", "desktop", "tray"]}
        await w.do(SaveEntry("notify-rule", "on-call", body))
        await broken(w)
        await w.until(lambda: phone.got, "the message by the way that works")
        assert "json://down:9/" in tried
        assert len(w.room.post.take_desktop()) == 1
