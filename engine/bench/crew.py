"""Processes that begin a piece of work at the same moment and hand back what they found."""

from __future__ import annotations

import multiprocessing
import queue
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

P = TypeVar("P")
T = TypeVar("T")
READY_SECONDS = 120.0
Ready = Callable[[], None]


class CrewError(Exception):
    """A process of the bench failed."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What every process found, and the seconds from the first beginning to the last end."""

    found: list[T]
    seconds: float


def crew(work: Callable[[P, Ready], T], parts: Sequence[P]) -> Done[T]:
    """Run work(part, ready) in a process for each part. Work calls `ready` when it is set up, and begins when all are.

    Raises CrewError with the child's traceback.
    """
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(len(parts)), context.Queue()
    children = [context.Process(target=_child, args=(work, part, gate, results), daemon=True) for part in parts]
    for child in children:
        child.start()
    answers = [_answer(results, children) for _ in children]
    for child in children:
        child.join()
    broken = sorted((a for a in answers if isinstance(a, str)), key=lambda text: "BrokenBarrierError" in text)
    if broken:
        raise CrewError(broken[0])
    begun, ended = min(a[1] for a in answers), max(a[2] for a in answers)
    return Done([answer[0] for answer in answers], ended - begun)


def _answer(results: Any, children: Sequence[Any]) -> Any:
    """The next answer; CrewError when a process died without one."""
    while True:
        try:
            return results.get(timeout=1.0)
        except queue.Empty:
            dead = [child.exitcode for child in children if child.exitcode]
            if dead:
                raise CrewError(f"a process of the bench ended with {dead[0]}") from None


def _child(work: Callable[[Any, Ready], Any], part: Any, gate: Any, results: Any) -> None:
    begun = [time.monotonic()]

    def ready() -> None:
        gate.wait(READY_SECONDS)
        begun[0] = time.monotonic()

    try:
        found = work(part, ready)
        results.put((found, begun[0], time.monotonic()))
    except BaseException:
        gate.abort()
        results.put(traceback.format_exc())
