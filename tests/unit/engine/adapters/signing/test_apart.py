"""Signing works where a thread has an event loop already."""

from __future__ import annotations

import asyncio
import threading

import pytest

from engine.adapters.signing.apart import apart


def test_without_a_loop_the_work_stays_in_its_thread() -> None:
    assert apart(threading.get_ident) == threading.get_ident()


def test_beside_a_running_loop_the_work_may_run_its_own_and_its_errors_come_through() -> None:
    async def inner() -> int:
        return 7

    def fail() -> None:
        raise ValueError("no")

    async def outer() -> int:
        with pytest.raises(ValueError, match="no"):
            apart(fail)
        return apart(lambda: asyncio.run(inner()))

    assert asyncio.run(outer()) == 7
