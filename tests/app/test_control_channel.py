"""The control channel: the same user's door to a running instance, and nobody else's."""

import asyncio
import stat
from contextlib import aclosing, asynccontextmanager

import pytest

from app.control_channel import ControlChannel, NotRunning, ask, follow, running, same_user, socket_path
from app.domain.errors import ForecourtError


async def _echo(request):
    return request["word"]


async def _refuse(request):
    raise ForecourtError("Not today.")


async def _count(request):
    for n in range(request["to"]):
        yield n
    await asyncio.Event().wait()


@asynccontextmanager
async def channel(data_dir):
    one = ControlChannel(data_dir, {"echo": _echo, "refuse": _refuse}, {"count": _count})
    await one.start()
    try:
        yield one
    finally:
        await one.stop()


async def test_a_question_gets_its_answer(tmp_path):
    """What is asked is answered; several questions after each other too."""
    async with channel(tmp_path):
        assert await ask(tmp_path, "echo", word="hello\nworld") == "hello\nworld"
        assert await ask(tmp_path, "echo", word=[1, 2]) == [1, 2]
        assert running(tmp_path)
    assert not running(tmp_path)


async def test_a_refusal_comes_back_as_its_sentence(tmp_path):
    """The instance's own sentence reaches the person who asked."""
    async with channel(tmp_path):
        with pytest.raises(ForecourtError, match=r"^Not today\.$"):
            await ask(tmp_path, "refuse")
        with pytest.raises(ForecourtError, match="does not know 'nonsense'"):
            await ask(tmp_path, "nonsense")


async def test_following_streams_until_hung_up(tmp_path):
    """A watcher gets lines as they come and may leave at any time."""
    async with channel(tmp_path):
        seen = []
        async with aclosing(follow(tmp_path, "count", to=3)) as lines:
            async for line in lines:
                seen.append(line)
                if len(seen) == 3:
                    break
        assert seen == [0, 1, 2]
        assert await ask(tmp_path, "echo", word="still there") == "still there"


async def test_nobody_runs(tmp_path):
    """Without an instance the sentence says how to start one."""
    with pytest.raises(NotRunning, match="forecourt serve"):
        await ask(tmp_path, "echo", word="")


async def test_only_its_owner_may_open_it(tmp_path):
    """The socket is 0600 and asks the kernel who is at the other end."""
    async with channel(tmp_path) as one:
        assert stat.S_IMODE(one.path.stat().st_mode) == 0o600
    assert not same_user(_Stranger())


class _Stranger:
    """A socket whose other end belongs to user 65534."""

    def getsockopt(self, *_):
        import struct

        return struct.pack("3i", 1, 65534, 65534)


async def test_a_long_data_directory_still_gets_a_channel(tmp_path, monkeypatch):
    """Where the path is too long for the kernel a short private folder of the user's is used."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    assert len(str(socket_path(deep))) < 100
    async with channel(deep) as one:
        assert stat.S_IMODE(one.path.parent.stat().st_mode) == 0o700
        assert await ask(deep, "echo", word="here") == "here"


async def test_rubbish_on_the_channel_is_answered_and_survived(tmp_path):
    """A line that is no request gets an error; the channel goes on."""
    async with channel(tmp_path) as one:
        reader, writer = await asyncio.open_unix_connection(str(one.path))
        writer.write(b"\xff\x00 not json\n")
        assert b"no request" in await reader.readline()
        writer.write(b'{"ask": "echo", "word": 1}\n')
        assert await reader.readline() == b'{"ok":1}\n'
        writer.close()


async def test_a_dead_socket_file_is_no_obstacle(tmp_path):
    """A socket left behind by a killed instance is replaced."""
    async with channel(tmp_path) as one:
        path = one.path
    path.touch()
    async with channel(tmp_path):
        assert await ask(tmp_path, "echo", word=1) == 1
