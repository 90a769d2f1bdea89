"""Signing works where a thread has an event loop already."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.adapters.signing.apart import apart


@pytest.fixture
def quiet() -> Iterator[ThreadPoolExecutor]:
    """A thread in which no loop runs: a browser of other tests may have left one in this thread."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_without_a_loop_the_work_stays_in_its_thread(quiet: ThreadPoolExecutor) -> None:
    own = quiet.submit(threading.get_ident).result()
    assert quiet.submit(apart, threading.get_ident).result() == own


def test_beside_a_running_loop_the_work_may_run_its_own_and_its_errors_come_through(quiet: ThreadPoolExecutor) -> None:
    async def inner() -> int:
        return 7

    def fail() -> None:
        raise ValueError("no")

    async def outer() -> int:
        with pytest.raises(ValueError, match="no"):
            apart(fail)
        return apart(lambda: asyncio.run(inner()))

    assert quiet.submit(lambda: asyncio.run(outer())).result() == 7
