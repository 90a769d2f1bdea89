"""A wire between a program and its server that can be cut, go dead, reset or grow long, while both believe in it."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

CHUNK = 65536
HARD_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER of no time: closing sends RST


class Wire:
    """A TCP proxy on a free port of loopback; its switches may be used from any thread."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._closed = False
        self._delay = 0.0
        self._flowing = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._flows: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """Where to connect instead of the server."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """End every connection, and refuse new ones until `mend`."""
        self._call(self._cut)

    def black_hole(self) -> None:
        """Swallow everything both ways; new connections open and hear nothing."""
        self._call(self._flowing.clear)

    def reset(self) -> None:
        """Break every connection with a reset; new ones work at once."""
        self._call(self._break)

    def latency(self, seconds: float) -> None:
        """Let every piece of data take this much longer, each way."""
        self._delay = seconds

    def mend(self) -> None:
        """All is well again; what was swallowed stays lost, and its connections end."""
        self._call(self._mend)

    def _cut(self) -> None:
        self._closed = True
        self._end_all(lambda writer: writer.close())

    def _break(self) -> None:
        def hard(writer: asyncio.StreamWriter) -> None:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HARD_CLOSE)
            writer.transport.abort()

        self._end_all(hard)

    def _mend(self) -> None:
        if not self._flowing.is_set():
            self._end_all(lambda writer: writer.transport.abort())
        self._closed, self._delay = False, 0.0
        self._flowing.set()

    def _end_all(self, end: Callable[[asyncio.StreamWriter], None]) -> None:
        for writer in list(self._open):
            with suppress(OSError):
                end(writer)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._closed:
            writer.transport.abort()
            return
        self._open.add(writer)
        try:
            await self._flowing.wait()
            there, far = await asyncio.open_connection(*self._to)
        except OSError:
            writer.transport.abort()
            self._open.discard(writer)
            return
        self._open.add(far)
        for source, target in ((reader, far), (there, writer)):
            self._keep(self._pump(source, target))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._flows.add(task)
        task.add_done_callback(self._flows.discard)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(CHUNK):
                if self._delay:
                    await asyncio.sleep(self._delay)
                await self._flowing.wait()
                target.write(data)
                await target.drain()
            await self._flowing.wait()  # a dead wire does not tell either side that the other has gone
        except OSError:
            pass
        finally:
            self._open.discard(target)
            with suppress(OSError):
                target.close()

    def _call(self, act: Callable[[], None]) -> None:
        done = threading.Event()

        def run() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(run)
        assert done.wait(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)

        async def begin() -> None:
            self._flowing.set()
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
            ready.set()

        self._loop.run_until_complete(begin())
        self._loop.run_forever()
        self._loop.run_until_complete(self._finish())
        self._loop.close()

    async def _finish(self) -> None:
        assert self._server is not None
        self._server.close()
        self._end_all(lambda writer: writer.transport.abort())
        flows = list(self._flows)
        for flow in flows:
            flow.cancel()
        await asyncio.gather(*flows, return_exceptions=True)
        await asyncio.sleep(0)


@contextmanager
def wire(host: str, port: int) -> Iterator[Wire]:
    """A wire to a server, taken away at the end."""
    own, ready = Wire(host, port), threading.Event()
    thread = threading.Thread(target=own._run, args=(ready,), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield own
    finally:
        own._loop.call_soon_threadsafe(own._loop.stop)
        thread.join(10)
