"""Evaluates FEEL expressions in a process of its own that is killed when one takes too long or too much memory.

Run as a module it is that process: tasks as JSON lines on stdin, one outcome per line on stdout.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bpmn import feel

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 512 * 1024**2  # bytes of address space of the whole process, interpreter included
SECONDS = 10  # of processor time for one expression; a bounded one needs a hundredth
CANARY = "canary-5f1c9"
COMMAND = (sys.executable, "-m", "tests.support.feel_prison")
NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
VALUES = (bool, Decimal, str, date, time, datetime, timedelta, feel.YearsMonths, feel.Function, type(None))
# What Python announces before it opens, imports, compiles or starts something.
WATCHED = (
    "open",
    "import",
    "exec",
    "compile",
    "os.",
    "subprocess.",
    "socket.",
    "ctypes.",
    "shutil.",
    "marshal.",
    "pickle.",
)


@dataclass(frozen=True, slots=True)
class Task:
    """One expression, and the plain variables it is evaluated with."""

    text: str
    variables: dict[str, Any] = field(default_factory=dict)
    unary: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: value, null, syntax, limit, error, or a finding: python, escape, memory, killed."""

    kind: str
    detail: str = ""

    @property
    def is_finding(self) -> bool:
        """Tell whether this may never happen."""
        return self.kind in ("python", "escape", "memory", "killed")


class Trap:
    """An object of the host that notices when anything of it is read."""

    sprung: Counter[str] = Counter()
    secret = CANARY

    def __getattribute__(self, name: str) -> Any:
        if name != "__class__":  # which isinstance() asks for
            Trap.sprung[name] += 1
        return object.__getattribute__(self, name)

    def __call__(self) -> str:
        Trap.sprung["()"] += 1
        return CANARY


def run(tasks: Sequence[Task]) -> list[Outcome]:
    """Return the outcome of each task; a process that dies is a finding, and the rest goes on in a new one."""
    outcomes: list[Outcome] = []
    while len(outcomes) < len(tasks):
        lines = "".join(json.dumps(asdict(task)) + "\n" for task in tasks[len(outcomes) :])
        done = subprocess.run(COMMAND, cwd=ROOT, input=lines, capture_output=True, text=True)
        outcomes += [Outcome(**json.loads(line)) for line in done.stdout.splitlines() if line.endswith("}")]
        if len(outcomes) < len(tasks):
            outcomes.append(Outcome("killed", f"exit {done.returncode}: {done.stderr[-300:]}"))
    return outcomes


def evaluate(task: Task) -> Outcome:
    """Evaluate one task here."""
    variables = task.variables | {"trap": Trap(), "traps": [Trap(), {"trap": Trap()}], "call": Trap().__call__}
    Trap.sprung.clear()
    try:
        compiled = (feel.compile_unary_tests if task.unary else feel.compile)(task.text, task.variables)
        value = compiled(variables, now=NOW, functions={"lent": lambda *values: values[0] if values else None})
    except feel.FeelSyntaxError:
        return Outcome("syntax")
    except feel.FeelLimitError:
        return Outcome("limit")
    except feel.FeelError:
        return Outcome("error")
    except MemoryError:
        return Outcome("memory", task.text)
    except BaseException as error:  # the very thing looked for
        return Outcome("python", f"{type(error).__name__}: {error}")
    return _judged(value)


def _judged(value: Any) -> Outcome:
    if Trap.sprung:
        return Outcome("escape", f"an object of the host was read: {dict(Trap.sprung)}")
    for part in _parts(value):
        if type(part) not in VALUES:
            return Outcome("escape", f"a value of type {type(part).__name__}")
        if isinstance(part, str) and CANARY in part:
            return Outcome("escape", "the canary")
    return Outcome("null" if value is None else "value")


def _parts(value: Any) -> Iterable[Any]:
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, list | dict):
            pending.extend(part.values() if isinstance(part, dict) else part)
        elif isinstance(part, feel.Range):
            pending += [part.start, part.end]
        else:
            yield part


def watch(seen: list[str]) -> None:
    """Note from now on everything that Python opens, imports or starts, but for data of time zones."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(WATCHED) and not any(word in repr(arguments) for word in ("zoneinfo", "tzdata")):
            seen.append(f"{event} {arguments!r:.200}")

    sys.addaudithook(hook)


def main() -> None:
    """Read tasks, write outcomes."""
    tasks = [Task(**json.loads(line)) for line in sys.stdin]
    for text in ('@"2024-01-01T00:00:00@Asia/Ho_Chi_Minh"', '"\\uD83D"'):  # what Python loads for them is no finding
        feel.evaluate(text, {})
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seen: list[str] = []
    watch(seen)
    for task in tasks:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # its signal ends the process, whatever that is doing
        seen.clear()
        outcome = evaluate(task)
        if seen and not outcome.is_finding:
            outcome = Outcome("escape", seen[0])
        print(json.dumps(asdict(outcome)), flush=True)


if __name__ == "__main__":
    main()
