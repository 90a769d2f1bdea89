"""A crew of people takes cases from filing to the end, over HTTP, whatever happens to the processes behind."""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections.abc import Mapping
from typing import Any

from engine.domain.case import Case, Task
from engine.scenarios import read
from tests.soak import pulse
from tests.soak.filing import cause_of, written
from tests.soak.installation import ROOT, UNIT, Installation
from tests.soak.ledger import Act, Ledger
from tests.soak.person import GIVE_UP_SECONDS, Person, hidden, said
from web.forms.carry import carry

REAL = ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan"
CITIZEN = "citizen1"
INSISTS = 4
MEMBERS = {
    "one_stop": "clerk1",
    "justice_officer": "justice1",
    "chairman": "chairman1",
    "records_clerk": "records1",
    "applicant": CITIZEN,
}
CODE = next(
    line.split('"')[1] for line in (REAL / "procedure.toml").read_text().splitlines() if line.startswith("code =")
)


class Crew(threading.Thread):
    """One thread, one case at a time; `stop` lets the case at hand come to its end."""

    def __init__(self, house: Installation, ledger: Ledger, seed: int, *, real_share: float = 0.35) -> None:
        super().__init__(daemon=True)
        self._house, self._ledger, self._dice = house, ledger, random.Random(seed)
        self._real_share = real_share
        self._people: dict[str, Person] = {}
        self._scenario = read(REAL / "tests" / "01_truc_tuyen.toml")
        self._ending = threading.Event()

    def stop(self) -> None:
        """File no more cases."""
        self._ending.set()

    @property
    def slowest(self) -> float:
        """The longest that anybody of the crew waited for an answer, in seconds."""
        return max((person.slowest for person in self._people.values()), default=0.0)

    def run(self) -> None:
        """Case after case."""
        while not self._ending.is_set():
            try:
                if self._dice.random() < self._real_share:
                    self._real_case()
                else:
                    self._pulse_case()
                self._ledger.count("cases ended")
            except Exception:
                if not self._ending.is_set() or self._house.app.settings:
                    self._ledger.find("a crew gave up: " + traceback.format_exc().strip().splitlines()[-1])

    def _person(self, group: str) -> Person:
        account = MEMBERS[group]
        if account not in self._people:
            self._people[account] = Person(self._house, self._ledger, account, self._dice)
            self._people[account].sign_in()
        return self._people[account]

    def _pulse_case(self) -> None:
        case_id = self._file(pulse.CODE, {"noi_dung": "Thử nhịp"})
        self._complete(case_id, "take_in", "one_stop", {})
        self._task(case_id, "decide")
        time.sleep(self._dice.random() * 3 * pulse.BEAT_SECONDS)
        self._complete(case_id, "decide", "chairman", {})
        self._until(case_id, lambda case: case.ended, "ended")

    def _real_case(self) -> None:
        case_id = self._file(CODE, self._scenario.application)
        for step in self._scenario.steps:
            if "complete" in step:
                self._complete(case_id, step["complete"], step["by"], step["data"])
            else:
                self._pay(case_id)
        self._until(case_id, lambda case: case.ended, "ended")

    def _file(self, code: str, application: Mapping[str, Any]) -> str:
        person, app = self._person("applicant"), self._house.app
        procedure = app.catalog.current(code, app.clock.now().date())
        form = app.forms.compiled(procedure, procedure.form_id)
        path, fields = written(person, code, form.schema, application)
        answer, act = self._act("SubmitCase", person, path, fields, cause_of(path))
        if act.outcome != "done":
            raise AssertionError(f"filing {code} was refused: {answer}")
        return answer.split("/")[-2]

    def _complete(self, case_id: str, element: str, group: str, data: Mapping[str, Any]) -> None:
        """Claim and complete; who was overtaken by the case's own machinery reads the page again."""
        person = self._person(group)
        case, task = self._task(case_id, element)
        head = "" if group == "applicant" else "/can-bo"
        path = f"{head}/ho-so/{case_id}/viec?key={task.key.replace('#', '%23').replace('/', '%2F')}"
        fields = self._form(case, task, data)
        until, tries = time.monotonic() + GIVE_UP_SECONDS, 0
        while time.monotonic() < until:
            page, tries = hidden(person.read(path).text), tries + 1
            if tries > INSISTS:  # the beat of a busy machine is quicker than the page: what was seen does not matter
                page.pop("_version", None)
            if group != "applicant" and self._case(case_id).tasks[task.key].assignee is None:
                self._act("ClaimTask", person, path, [*page.items(), ("_action", "claim")])
                continue
            _, act = self._act("CompleteTask", person, path, [*page.items(), ("_action", "complete"), *fields])
            if act.outcome == "done":
                return
            self._ledger.count(f"refused {element}")
        raise AssertionError(f"{element} could not be completed")

    def _form(self, case: Case, task: Task, data: Mapping[str, Any]) -> list[tuple[str, str]]:
        app = self._house.app
        if task.form_id is None:
            return []
        procedure = app.catalog.procedure(case.procedure, case.procedure_version)
        return list(carry(app.forms.compiled(procedure, task.form_id).schema, data, str))

    def _act(
        self, kind: str, person: Person, path: str, fields: list[tuple[str, str]], cause: str = ""
    ) -> tuple[str, Act]:
        act = self._ledger.act(kind, cause or f"{kind}:{person.account}:{dict(fields)['_key']}")
        answer = person.press(path, fields)
        act.outcome = {302: "done", 409: "refused"}.get(answer.status, "unknown")
        self._ledger.count(f"{kind} {act.outcome}")
        if act.outcome == "unknown":
            self._ledger.find(f"{kind} at {path}: {answer.status} {said(answer.text)}")
            raise AssertionError(f"{kind} was answered with {answer.status}")
        return answer.location, act

    def _pay(self, case_id: str) -> None:
        """The provider tells, again and again until it is heard; the notice is the same each time."""
        case = self._until(case_id, lambda case: any(p.get("url") for p in case.payments), "asked to pay")
        order = case.payments[-1]
        app, person = self._house.app, self._person("applicant")
        notice = app.payments.notice(order=order["order"], amount=order["amount"], case_code=case.code, paid=True)
        cause = f"payment:{app.payments.name}:{notice['order']}:{notice['reference']}"
        act = self._ledger.act("RecordPayment", cause)
        answer = person.press("/api/payments/notice", notice)
        act.outcome = "done" if answer.status == 200 else "unknown"
        self._ledger.count(f"RecordPayment {act.outcome}")

    def _task(self, case_id: str, element: str) -> tuple[Case, Task]:
        def there(case: Case) -> bool:
            return any(task.element_id == element for task in case.tasks.values())

        case = self._until(case_id, there, element)
        return case, next(task for task in case.tasks.values() if task.element_id == element)

    def _until(self, case_id: str, met: Any, what: str) -> Case:
        until = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < until:
            case = self._case(case_id)
            if met(case):
                return case
            time.sleep(0.1)
        raise AssertionError(f"case {case_id} is stuck before {what}")

    def _case(self, case_id: str) -> Case:
        """As the database has it, read from outside; asked again while the database itself restarts."""
        until = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                case = self._house.app.store.case(UNIT, case_id)
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
            else:
                assert case is not None, f"case {case_id} is gone"
                return case
