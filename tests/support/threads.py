"""Starts work in many threads at the same instant and collects what came of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def at_once(work: list[Callable[[], T]]) -> list[T | Exception]:
    """Results in order; an exception takes the place of a result."""
    gate = Barrier(len(work))

    def run(one: Callable[[], T]) -> T | Exception:
        gate.wait(10)
        try:
            return one()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))
