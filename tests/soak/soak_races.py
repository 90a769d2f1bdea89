"""Crowds on one task: `python -m tests.soak.soak_races --db postgres --times 500 --seed 1`.

Two and eight people press the button for the same task at the same instant, over HTTP and several web processes:
different people claim it, one person completes or delegates it from several windows. One of them has done it, the
others are told so; the history is unbroken, and the database has seen no deadlock.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import text

from engine.commands.messages import CancelCase
from engine.domain import events
from engine.domain.actor import Actor
from tests.soak import pulse
from tests.soak.campaign import Stage, close, settle, stage
from tests.soak.filing import written
from tests.soak.installation import UNIT, Size
from tests.soak.person import Answer, Person, hidden
from tests.support.threads import at_once

SIZES = {"postgres": Size(web=3, workers=0, crews=0), "sqlite": Size(web=1, workers=0, crews=0)}
KINDS = ("claim", "complete", "delegate")
CROWDS = (2, 8)
DONE = {"claim": events.TaskClaimed, "complete": events.TaskCompleted, "delegate": events.TaskDelegated}
CHAIR = Actor(id="chairman1", name="Bình", kind="officer", unit=UNIT, groups=frozenset({"chairman"}))
Field = tuple[str, str]


@dataclass(slots=True)
class Race:
    """What came of one crowd on one task: statuses, refusals without a word, and how often history has the deed."""

    statuses: Counter[int]
    silent: int
    deeds: int


class Arena:
    """Eight people of every group, a case to fight over, and the way there."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self._stage, self._dice = stage, random.Random(seed)
        self.people = [Person(stage.house, stage.ledger, f"crowd{n}", random.Random(seed + n)) for n in range(8)]
        self._citizen = Person(stage.house, stage.ledger, "citizen1", random.Random(seed))
        self._tokens: dict[str, str] = {}
        for person in (*self.people, self._citizen):
            person.sign_in()
            self._tokens[person.account] = hidden(person.read("/thu-tuc/" + pulse.CODE).text)["csrf_token"]

    def fields(self, person: Person, action: str, *more: Field) -> list[Field]:
        """The hidden fields of a form, with a key of its own."""
        key = f"{self._dice.getrandbits(120):030x}"
        return [("csrf_token", self._tokens[person.account]), ("_key", key), ("_action", action), *more]

    def task(self) -> tuple[str, str]:
        """A fresh case: its id, and the address of its first task."""
        path, fields = written(self._citizen, pulse.CODE, pulse.FORM, {"noi_dung": "Tranh việc"})
        answer = self._citizen.press(path, fields)
        case_id = answer.location.split("/")[-2]
        return case_id, f"/can-bo/ho-so/{case_id}/viec?key=take_in%231"

    def race(self, kind: str, crowd: int) -> Race:
        """Let them all press at once."""
        case_id, path = self.task()
        if kind == "claim":
            doers = [(person, self.fields(person, "claim")) for person in self.people[:crowd]]
        else:
            holder = self.people[0]
            holder.press(path, self.fields(holder, "claim"))
            doers = [(holder, self.fields(holder, kind, *self._to_whom(kind, n))) for n in range(crowd)]
        found = at_once([partial(self._press, person, path, fields) for person, fields in doers])
        statuses = Counter(answer.status if isinstance(answer, Answer) else 0 for answer in found)
        deeds = sum(isinstance(link.event, DONE[kind]) for link in self._stage.house.app.store.events(case_id))
        stop = CancelCase(unit=UNIT, case_id=case_id, reason="Tranh xong")  # or its pulse would go on for ever
        self._stage.house.app.handle(stop, CHAIR, f"stop/{case_id}")
        refused = [answer.text for answer in found if isinstance(answer, Answer) and answer.status == 409]
        silent = sum('role="alert"' not in page and 'class="lead"' not in page for page in refused)
        return Race(statuses, silent, deeds)

    def _to_whom(self, kind: str, number: int) -> Iterator[Field]:
        if kind == "delegate":
            yield "_assignee", f"crowd{1 + number % 7}"
            yield "_reason", "Đổi ca"

    @staticmethod
    def _press(person: Person, path: str, fields: list[Field]) -> Answer:
        return person.once("POST", path, fields)


def judge(stage: Stage, kind: str, crowd: int, race: Race) -> None:
    """One deed, and everybody was answered: done or already done (302), or refused with a reason (409)."""
    if race.deeds != 1:
        stage.ledger.find(f"{kind} by {crowd}: history has it {race.deeds} times, answers {dict(race.statuses)}")
    if not set(race.statuses) <= {302, 409} or not race.statuses[302] or race.silent:
        stage.ledger.find(f"{kind} by {crowd}: answers {dict(race.statuses)}")
    if kind == "claim" and race.statuses != Counter({302: 1, 409: crowd - 1}):
        stage.ledger.find(f"claim by {crowd}: answers {dict(race.statuses)}")


def deadlocks(stage: Stage) -> int:
    """What PostgreSQL counted; SQLite has none."""
    query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    with stage.house.app.store.reading() as connection:
        return int(connection.execute(query).scalar_one()) if connection.dialect.name == "postgresql" else 0


def run(db: str, times: int, seed: int, size: Size) -> int:
    """The campaign; 0 when nothing was found."""
    begun, told = time.monotonic(), Counter[str]()
    with stage(db, size, seed) as here:
        print(f"races {db}: seed {seed}, {times} times {', '.join(KINDS)} by 2 and by 8", flush=True)
        arena = Arena(here, seed)
        for kind in KINDS:
            for crowd in CROWDS:
                for _ in range(times):
                    race = arena.race(kind, crowd)
                    judge(here, kind, crowd, race)
                    told.update({f"{kind} by {crowd}: {status}": n for status, n in race.statuses.items()})
        told["slowest answer, ms"] = round(1000 * max(person.slowest for person in arena.people))
        settle(here)
        if stuck := deadlocks(here):
            here.ledger.find(f"{stuck} deadlocks")
        return close(f"races {db}", here, begun, seed=seed, times=times, **told)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=sorted(SIZES), default="postgres")
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    sys.exit(run(options.db, options.times, options.seed, SIZES[options.db]))


if __name__ == "__main__":
    main()
