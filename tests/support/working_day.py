"""A working day: many cases at once through the pages, by many people, with a clock that goes as fast as they work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from playwright.sync_api import Browser
from pypdf import PdfReader

from engine.adapters.clock import SteppedClock
from engine.bootstrap import App
from engine.domain.case import Case
from engine.domain.events import MessageCorrelated, TaskCompleted
from engine.scenarios import DUE, Scenario, _span
from tests.support.browser import People, Person

PEOPLE = {
    "one_stop": "Lê Thị Mai",
    "justice_officer": "Phạm Văn Đức",
    "culture_officer": "Đặng Thu Hà",
    "land_officer": "Trương Văn Lộc",
    "chairman": "Nguyễn Văn Bình",
    "cashier": "Huỳnh Ngọc Ánh",
    "records_clerk": "Bùi Thị Ngọc",
    "district_liaison": "Lý Hoàng Nam",
    "social_aid_review": "Phan Thị Thảo",
    "commune_police": "Tô Quang Huy",
    "fatherland_front": "Lâm Văn Sơn",
    "applicant": "Lê Thị Mai",  # who has no account says it at the desk
}
DEMO_PASSWORD = "motcua-demo"
A_STEP = timedelta(minutes=2)
A_SHIFT = timedelta(hours=8)
A_MORNING = timedelta(hours=4)
CONTROL_SLIP = "/mau/05"  # tells the way of a case through the house, not whose it is
PAPERS = re.compile(r"/can-bo/ho-so/[^/]+/(tep/|giay-|bien-lai/|mau/|cong-van/)")


@dataclass(slots=True)
class Running:
    """A case on its way: its scenario, what it is called, and which step comes next, not before when."""

    scenario: Scenario
    procedure: str
    applicant: Mapping[str, str]
    code: str = ""
    step: int = 0
    ready: datetime = field(default_factory=lambda: datetime.max)

    @property
    def next(self) -> Mapping[str, Any] | None:
        """The step to be done; None at the end."""
        return self.scenario.steps[self.step] if self.step < len(self.scenario.steps) else None

    @property
    def to_sign(self) -> bool:
        """Whether the leader's signature comes next."""
        coming = self.next or {}
        return coming.get("complete") == "sign_result" and coming.get("data", {}).get("decision") == "signed"


class WorkingDay:
    """Everybody at their browsers, one clock, one worker."""

    def __init__(self, browser: Browser, app: App, base: str, clock: SteppedClock) -> None:
        self.browser, self.app, self.base, self.clock = browser, app, base, clock
        self.people = People(browser, app, base)
        self.since = clock.now()
        self.problems: list[str] = []
        self.batches: list[int] = []

    def run(self, cases: list[Running], sign: Callable[[Person, list[str]], None]) -> None:
        """Play all cases to their ends, a step of each by turns; what waits for the leader is signed together."""
        while open_ := [one for one in cases if not one.code or one.next is not None]:
            due = [one for one in open_ if one.ready <= self.clock.now()]
            if moving := [one for one in due if not (one.code and one.to_sign)]:
                for one in moving:
                    self._move(one)
            elif coming := [one.ready for one in open_ if self.clock.now() < one.ready <= self.clock.now() + A_MORNING]:
                self.until(min(coming))  # the leader signs once what comes in this morning is there too
            elif due:
                self.batches.append(len(due))
                sign(self["chairman"], [one.code for one in due])
                self.settle()
                for one in due:
                    one.step += 1
            else:
                self.until(min(one.ready for one in open_))
        self.leave()

    def __getitem__(self, group: str) -> Person:
        return self.people[PEOPLE[group]]

    def settle(self) -> None:
        """Let the machine do its part."""
        self.app.worker.drain()

    def until(self, instant: datetime) -> None:
        """Let time pass; what falls due on the way happens at its own instant. After a shift all sign in anew."""
        while True:
            due = [at for kind in DUE if (at := self.app.store.next_due(kind)) is not None and at <= instant]
            if not due:
                break
            self.clock.set(max(min(due), self.clock.now()))
            self.settle()
        self.clock.set(max(instant, self.clock.now()))
        if self.clock.now() - self.since > A_SHIFT:
            self.leave()
            self.people, self.since = People(self.browser, self.app, self.base), self.clock.now()

    def leave(self) -> None:
        """Everybody goes home; what went wrong on their pages is kept."""
        self.problems += self.people.problems()
        self.people.leave()

    def case(self, one: Running) -> Case:
        """The case as it is stored."""
        found = self.app.store.case(None, self.app.models.find_code(one.code) or "")
        assert found, one.code
        return found

    def _move(self, one: Running) -> None:
        self.until(self.clock.now() + A_STEP)
        if not one.code:
            one.code = self.file(one)
        else:
            self._do(one, one.next or {})
            one.step += 1
        self.settle()
        one.ready = self.clock.now()
        if one.next and "wait" in one.next:
            one.ready += _span(one.next["wait"])
        case = self.case(one)
        assert not case.incidents, (one.code, case.incidents)

    def file(self, one: Running) -> str:
        """File at the desk; the code of the case."""
        clerk = self["one_stop"]
        clerk.page.goto(f"/can-bo/tiep-nhan/{one.procedure}")
        clerk.fill({"_channel": "desk", **{f"_applicant.{name}": text for name, text in one.applicant.items()}})
        clerk.fill_page(one.scenario.application, "form[data-form]")
        clerk.press("Tiếp tục: kiểm tra")
        clerk.page.get_by_role("heading", name="Kiểm tra trước khi nộp").wait_for()
        clerk.press("Nộp hồ sơ")
        return clerk.page.locator("h1.code").inner_text().strip()

    def _do(self, one: Running, step: Mapping[str, Any]) -> None:
        if "complete" in step:
            task = next(t for t in self.case(one).tasks.values() if t.element_id == step["complete"])
            if step["by"] == "applicant":
                self.answer(one, task.name, step.get("data", {}))
            else:
                self[step["by"]].work_on(task.name, step.get("data", {}), one.code, as_asked=True)
        elif "message" in step:
            self.tell(self[step["by"]], one, step.get("data", {}))
        elif "extend" in step:
            self.act(self[step.get("by", "chairman")], one, "hen-lai", step["extend"]["reason"])
        elif "withdraw" in step:
            self.act(self["one_stop"], one, "rut", step["withdraw"])
        else:
            assert "wait" in step, step

    def open(self, officer: Person, one: Running) -> None:
        """Find the case by its code."""
        officer.page.goto(f"/can-bo/ho-so?q={one.code}")
        officer.page.get_by_role("link", name=one.code).first.click()
        officer.page.get_by_role("heading", name=one.code).wait_for()

    def answer(self, one: Running, task: str, data: Mapping[str, Any]) -> None:
        """Whoever has no account brings to the desk what was asked for."""
        clerk = self["one_stop"]
        self.open(clerk, one)
        clerk.page.get_by_role("link", name=task).first.click()
        clerk.claim()
        clerk.fill_page(data)
        clerk.press("Hoàn thành")
        clerk.page.get_by_text(f"Đã hoàn thành: {task}").first.wait_for()

    def tell(self, officer: Person, one: Running, data: Mapping[str, Any]) -> None:
        """Enter what came from outside."""
        self.open(officer, one)
        officer.press("Nhập thông tin")
        officer.fill(data)
        officer.press("Ghi nhận")
        officer.page.get_by_text("Đã ghi nhận thông tin.").wait_for()

    def act(self, officer: Person, one: Running, act: str, reason: str) -> None:
        """Give another day with an apology (hen-lai), withdraw (rut) or stop (dung), with a reason."""
        officer.page.goto(f"/can-bo/ho-so/{self.case(one).id}/thao-tac/{act}")
        officer.page.locator('[name="reason"]').fill(reason)
        officer.press("Tiếp tục")
        officer.page.locator('[name="_step"][value="do"]').click()
        officer.page.get_by_role("heading", name=one.code).wait_for()

    def papers(self, one: Running) -> dict[str, str]:
        """The text of every PDF that the house made for the case and that its page links to, by address."""
        officer = self["one_stop"]
        self.open(officer, one)
        links = {a.get_attribute("href") or "" for a in officer.page.locator("main a[href]").all()}
        case = self.case(one)
        said = [link.event for link in self.app.store.events(case.id)]
        typed = [event.data for event in said if isinstance(event, TaskCompleted)]
        came = [event.payload for event in said if isinstance(event, MessageCorrelated)]
        handed_in = tuple(str(file["sha256"]) for file in files([case.application, *typed, *came]))
        found = {}
        for link in sorted(link for link in links if PAPERS.match(link) and not link.endswith(handed_in or ("?",))):
            answer = officer.context.request.get(f"{self.base}{link}")
            assert answer.ok, (link, answer.status)
            if answer.body().startswith(b"%PDF"):
                found[link] = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)
        return found

    def missing(self, one: Running) -> list[str]:
        """What the papers of a case should say and do not: its code or number, and whose it is."""
        case, found = self.case(one), self.papers(one)
        numbers = {str(result["sha256"]): str(result["number"]) for result in case.results}
        wrong = []
        for link, text in found.items():
            number = next((number for digest, number in numbers.items() if link.endswith(digest)), None)
            named = [] if link.endswith(CONTROL_SLIP) else [one.applicant["name"]]
            said = {number} if number else {one.code, *named}
            wrong += [
                f"{link}: no {word}"
                for word in said
                if word and word.casefold() not in " ".join(text.split()).casefold()
            ]
        unseen = [digest for digest in numbers if not any(link.endswith(digest) for link in found)]
        return wrong + [f"{one.code}: the result {digest} is not on the page" for digest in unseen]


def files(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every file in an application."""
    if isinstance(value, Mapping) and "sha256" in value:
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from files(each)


def copies(scenarios: Iterable[tuple[str, Scenario]], times: int, names: list[str]) -> list[Running]:
    """So many cases of each scenario, each of somebody else, a quarter of an hour apart."""
    found = []
    for number in range(times):
        for procedure, scenario in scenarios:
            person = names[len(found) % len(names)]
            applicant = {
                "name": person,
                "id_number": f"0791900{len(found):05d}",
                "phone": f"09030{len(found):05d}",
                "address": "12 ấp 3, xã Mẫu",
            }
            later = replace(scenario, start_at=scenario.start_at + number * timedelta(minutes=15))
            found.append(Running(later, procedure, applicant, ready=later.start_at))
    return found


def sign_together(leader: Person, codes: list[str]) -> None:
    """The leader looks through the queue, chooses these and signs them at once."""
    leader.page.goto("/can-bo/ky")
    for code in codes:
        leader.page.get_by_label(f"Chọn {code}").check()
    leader.press("Ký các hồ sơ đã chọn")
    leader.page.get_by_label("Mật khẩu của anh/chị").fill(DEMO_PASSWORD)
    leader.press("Ký")
    leader.page.get_by_role("heading", name=f"Đã ký {len(codes)} trên {len(codes)} hồ sơ").wait_for()
