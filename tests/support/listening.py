"""A WSGI server in a thread, which is gone when its block ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LOOK_SECONDS = 0.2


@contextmanager
def running(server: Any) -> Iterator[str]:
    """The address of this server while it is served.

    The loop and all hands end before anything is closed: a hand that still answered would wake the loop by a
    descriptor that may be a database of the next test by then.
    """
    leave = threading.Event()

    def serve() -> None:
        while not leave.is_set():
            server.asyncore.loop(timeout=LOOK_SECONDS, map=server._map, count=1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        leave.set()
        thread.join()
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(server._map, ignore_all=True)
