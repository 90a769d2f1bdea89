"""Numbers drawn by many processes: `python -m tests.soak.soak_numbers --db postgres --count 500 --seed 1`.

Every process completes whatever case is still open, several the same one; completing it draws a number of the intake
book in the same commit, and before that one of a book of results is reserved. One command in ten is undone after it has
drawn. Processes are killed by SIGKILL at any moment and others take their place. In the end every case has one number
of each book, the numbers are 1 to `count`, and the books are as long as that.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.adapters.db import SqlNumberBooks, upgrade
from engine.adapters.db.unit_of_work import SqlUnitOfWork
from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import DomainError
from engine.domain.procedure import Procedure
from tests.support import bpmn_builder as b
from tests.support.postgres import KEPT, fresh_database, server
from tests.support.small_house import CITIZEN, CLERK, NINE, PROCEDURE, UNIT, submit
from tests.support.sql_house import SqlHouse

INTAKE, RESULT = "receipt/intake/2022", "result/soak/2022"
UNDONE = 0.1  # share of commands that are undone after they have drawn
PAUSE = (0.05, 0.4)  # seconds between two kills
PATIENCE = 900.0  # seconds after which the campaign gives up


class UndoneError(DomainError):
    """Không may. | Bad luck."""

    code = "undone"


def procedure() -> Procedure:
    """check (clerk) → receipt → end."""
    clerk = '<zeebe:assignmentDefinition candidateGroups="one_stop"/><zeebe:formDefinition formId="check"/>'
    issue = '<zeebe:taskDefinition type="receipt.issue"/><zeebe:taskHeaders><zeebe:header key="kind" value="intake"/>'
    inside = "<bpmn:extensionElements>{}</bpmn:extensionElements>"
    parts = [
        b.start(),
        b.element("userTask", "check", inside.format(clerk), name="Kiểm tra"),
        b.element("serviceTask", "issue", inside.format(issue + "</zeebe:taskHeaders>"), name="Cấp số"),
        b.element("endEvent", "end", ""),
        *b.chain("start", "check", "issue", "end"),
    ]
    return replace(PROCEDURE, files={"process.bpmn": b.process("small", *parts)})


def house_at(url: str, name: str) -> SqlHouse:
    """A house of one process on the database."""
    return SqlHouse(url, name, procedure())


def work(url: str, seed: int, log: Path) -> None:
    """What one process does until no case is open: `log` gets a line for each command that was undone."""
    dice, save = random.Random(seed), SqlUnitOfWork.save

    def unlucky(uow: SqlUnitOfWork, before: Any, after: Case, *rest: Any) -> None:
        if after.receipts and dice.random() < UNDONE:
            with log.open("a") as lines:
                lines.write("undone\n")
            raise UndoneError()
        save(uow, before, after, *rest)

    SqlUnitOfWork.save = unlucky  # type: ignore[method-assign]  # the campaign's own bad luck
    with closing(house_at(url, f"p{os.getpid()}")) as house:
        clerk = replace(CLERK, id=f"clerk{os.getpid()}")
        while open_ := [case for _, case in _cases(house) if case.tasks]:
            dice.shuffle(open_)
            for case in open_[:20]:
                _complete(house, case, clerk)


def _complete(house: SqlHouse, case: Case, clerk: Actor) -> None:
    house.sql.draw(UNIT, RESULT, f"number/{RESULT}/{case.id}/issue#1", NINE)
    for command in (
        ClaimTask(unit=UNIT, case_id=case.id, key="check#1"),
        CompleteTask(unit=UNIT, case_id=case.id, key="check#1", data={"decision": "ok"}),
    ):
        with contextlib.suppress(DomainError):  # another process has it, or had been killed with it
            house.do(command, replace(clerk, id=_holder(house, case.id) or clerk.id))


def _holder(house: SqlHouse, case_id: str) -> str:
    """Who has the task, dead or alive: somebody has to finish it."""
    return next((task.assignee or "" for task in house.case(case_id).tasks.values()), "")


def _cases(house: SqlHouse) -> Iterator[tuple[str, Case]]:
    return ((case_id, house.case(case_id)) for _, case_id in house.sql.case_ids(UNIT))


def campaign(url: str, count: int, processes: int, *, kills: int, seed: int) -> dict[str, int]:
    """File the cases, let the processes draw, kill some, and count what came of it."""
    upgrade(url)
    dice, begun = random.Random(seed), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mc-numbers-") as folder, closing(house_at(url, "parent")) as house:
        log = Path(folder) / "log"
        log.touch()
        for _ in range(count):
            house.do(submit(), CITIZEN)
        crew, killed, born = [_born(url, seed + n, log) for n in range(processes)], 0, processes
        while any(one.poll() is None for one in crew) and time.monotonic() - begun < PATIENCE:
            time.sleep(dice.uniform(*PAUSE))
            place = dice.randrange(processes)
            if killed < kills and crew[place].poll() is None:
                crew[place].send_signal(signal.SIGKILL)
                crew[place].wait()
                killed, born = killed + 1, born + 1
                crew[place] = _born(url, seed + born, log)
        failed = sum(one.wait(PATIENCE) != 0 for one in crew)
        told = {"numbers": count, "processes": processes, "killed -9": killed, "failed": failed}
        return told | {"rolled back": len(log.read_text().splitlines())} | proven(house, count)


def proven(house: SqlHouse, count: int) -> dict[str, int]:
    """Gaps and doubles in what cases bear, in what is reserved, and in the books; numbers beyond the last case."""
    borne = [int(slip["number"].partition("/")[0]) for _, case in _cases(house) for slip in case.receipts]
    keys = [f"number/{RESULT}/{case_id}/issue#1" for _, case_id in house.sql.case_ids(UNIT)]
    kept = [int(seen.result["number"]) for key in keys if (seen := house.sql.remembered(UNIT, key))]
    books, wanted = SqlNumberBooks(house.sql), set(range(1, count + 1))
    lines = [line.number for line in books.lines(UNIT, INTAKE, 1, 2 * count) if line.state == "issued"]
    found = (borne, kept, lines)
    heads = [head.last for name in (INTAKE, RESULT) if (head := books.head(UNIT, name))]
    return {
        "gaps": sum(len(wanted - set(one)) for one in found),
        "doubles": sum(len(one) - len(set(one)) for one in found),
        "beyond": sum(last - count for last in heads) + sum(len(set(one) - wanted) for one in found),
    }


def _born(url: str, seed: int, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.soak.soak_numbers", "--child", url, "--log", str(log), "--seed", str(seed)]
    return subprocess.Popen(command)


def run(db: str, count: int, processes: int, *, kills: int, seed: int) -> dict[str, int]:
    """The campaign on a fresh database of its own."""
    with contextlib.ExitStack() as held:
        home = held.enter_context(tempfile.TemporaryDirectory(prefix="mc-numbers-"))
        url = f"sqlite:///{home}/motcua.db"
        if db == "postgres":
            url = fresh_database(held.enter_context(server(KEPT)).url, "numbers")
        return campaign(url, count, processes, kills=kills, seed=seed)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--child", default="")
    parser.add_argument("--log", type=Path)
    options = parser.parse_args()
    if options.child:
        work(options.child, options.seed, options.log)
        return
    begun = time.monotonic()
    told = run(options.db, options.count, options.processes, kills=options.kills, seed=options.seed)
    words = ", ".join(f"{what} {number}" for what, number in told.items())
    print(f"numbers {options.db}: seed {options.seed}, {words}; {time.monotonic() - begun:.0f} s", flush=True)
    sys.exit(1 if any(told[bad] for bad in ("failed", "gaps", "doubles", "beyond")) else 0)


if __name__ == "__main__":
    main()
