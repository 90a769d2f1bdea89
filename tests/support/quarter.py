"""A made-up quarter of a commune: histories of many kinds from one seed, made of the domain's own events and terms."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.adapters.db import SqlComplaints, SqlStore
from engine.domain import deadline, events
from engine.domain.actor import Actor
from engine.domain.appliers import fold
from engine.domain.calendar import WorkingCalendar
from engine.domain.case import Deadline
from engine.domain.events import Event, Recorded
from engine.domain.history import GENESIS, record
from engine.domain.procedure import Procedure
from engine.ports.following import Complaint

UNIT = "xa-mau"
FIRST, LAST = date(2022, 11, 7), date(2023, 3, 24)  # days of receipt: before, in and after the first quarter of 2023
CLERK, OFFICER, LEADER = "clerk1", "justice1", "chairman1"
ACTOR = Actor(id=CLERK, name="Mai", kind="officer", unit=UNIT)
MINUTE = timedelta(minutes=1)
TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Town:
    """What the histories are made with."""

    calendar: WorkingCalendar
    procedures: Sequence[Procedure]


class Story:
    """A history as it grows; its clock never goes back."""

    def __init__(self, town: Town, rng: random.Random, number: int, procedure: Procedure) -> None:
        self.town, self.rng, self.number, self.procedure = town, rng, number, procedure
        self.term: Deadline | None = None
        self.now = datetime.min
        self.status = 1
        self.links: list[tuple[datetime, Event]] = []

    def on(self, day: date, hour: int = 0) -> datetime:
        """A moment of office hours of that day, or of the next working day."""
        day = self.town.calendar.roll(day)
        hour = hour or self.rng.choice((8, 9, 10, 14, 15))
        return datetime.combine(day, time(hour, self.rng.randrange(60)), tzinfo=self.town.calendar.zone)

    def add(self, at: datetime, *found: Event) -> None:
        """Events of one moment."""
        self.now = at if not self.links else max(at, self.now + MINUTE)
        self.links += [(self.now, event) for event in found]

    def enter(self, at: datetime, status: int) -> None:
        """Come into a status, and let the term do what it does then."""
        self.add(at, events.StatusChanged(before=self.status, after=status))
        before, self.status = self.status, status
        calendar, rule, by = self.town.calendar, self.procedure.deadline, CLERK
        if status == 2 and self.term is None:
            self._turn(deadline.start(rule, self.now, calendar, by))
        elif self.term is None:
            return
        elif status in (5, 6):
            self._turn(deadline.pause(self.term, self.now, calendar, by=by))
        elif before == 5:
            self._turn(deadline.restart(rule, self.term, self.now, calendar, by=by))
        elif before == 6:
            self._turn(deadline.resume(self.term, self.now, calendar, by=by))
        elif status in (7, 8):
            self._turn(deadline.stop(self.term, self.now, calendar, by=by))
        elif status == 9:
            self._turn(deadline.finish(self.term, self.now, calendar, by=by))

    def move_due(self, at: datetime, due: date) -> None:
        """A new date of return."""
        assert self.term
        self.now = max(at, self.now + MINUTE)
        end = self.town.calendar.end_of_day(self.town.calendar.roll(due))
        rule = replace(self.procedure.deadline, extension=None)
        more = deadline.extend(rule, self.term, self.now, self.town.calendar, by=LEADER, reason="Chờ xác minh", due=end)
        self._turn(more)

    def _turn(self, event: events.DeadlineAdjusted) -> None:
        self.links.append((self.now, event))
        self.term = deadline.apply(self.term, event, self.now)

    def task(self, name: str, by: str, start: datetime, end: datetime) -> None:
        """A step of somebody's, from its creation to its end."""
        key = f"{name}#{len(self.links)}"
        self.add(start, _created(key, name, by))
        self.add(start + (end - start) / 3, events.TaskClaimed(key=key, assignee=by))
        self.add(end, events.TaskCompleted(key=key, by=by, data={}))

    def due_day(self, shift: int) -> date:
        """The working day so many after (before) the day it is due."""
        assert self.term
        calendar = self.town.calendar
        return calendar.add_working_days(calendar.day_of(self.term.due), shift)


def _created(key: str, name: str, group: str) -> events.TaskCreated:
    about: dict[str, Any] = {"scope": "", "process_id": "p", "element_id": name.replace(" ", "_"), "name": name}
    about |= {"groups": (group,), "assignee": None, "due": None, "follow_up": None, "priority": 0, "form_id": None}
    return events.TaskCreated(key=key, **about, inputs={})


def _filed(story: Story, at: datetime, channel: str) -> None:
    rng, day = story.rng, f"{at:%y%m%d}"
    paper = {"key": "to_khai", "name": "to-khai.pdf", "sha256": "a" * 64, "size": 9, "media_type": "application/pdf"}
    submitted = events.CaseSubmitted(
        case_id=f"{story.number:032x}",
        unit=UNIT,
        code=f"000.00.00.H29-{day}-{story.number:04d}",
        procedure=story.procedure.code,
        procedure_version=story.procedure.version,
        procedure_digest=story.procedure.digest,
        level=story.procedure.level,
        channel=channel,
        delivery="desk",
        applicant={"account": f"citizen{story.number}", "name": "Nguyễn Thị Lan", "assurance": rng.choice((0, 1, 2))},
        application={},
        documents=(paper,) if channel == "online" or rng.random() < 0.4 else (),
    )
    story.add(at, submitted)


def _taken_in(story: Story, at: datetime) -> None:
    story.task("Kiểm tra hồ sơ", CLERK, story.now + MINUTE, at - MINUTE)
    story.add(at, events.ReceiptIssued(kind="intake", number=f"{story.number}/2023", data={}))
    story.enter(at, 2)
    story.enter(story.now + MINUTE, 4)


def _fee(story: Story) -> None:
    """A fee above zero, waived, or not paid yet; by a provider, twice, or in cash."""
    if not story.procedure.fees or story.rng.random() < 0.1:
        return
    total = story.rng.choice((0, 3000, 8000, 16000))
    story.add(story.now + MINUTE, events.FeeAssessed(lines=(), total=total))
    if not total or story.rng.random() < 0.1:
        return
    provider = story.rng.choice(("cash", "vnpay", "momo", "vietqr"))
    paid = events.PaymentReceived(order=f"o{story.number}", provider=provider, amount=total, reference="r")
    story.add(story.now + story.rng.choice((5, 4000)) * MINUTE, paid)


def _signed(story: Story, at: datetime) -> None:
    """The result as a file, mostly signed; sometimes another paper, or taken back later."""
    rule, rng = story.procedure.result, story.rng
    if rule is None or rng.random() < 0.1:
        return
    name = rule.name if rng.random() < 0.95 else "Thông báo"
    document = f"D{story.number}"
    made = events.ResultIssued(document=document, name=name, number="1/2023", sha256="b" * 64, size=9)
    story.add(at, made)
    if rng.random() < 0.9:
        mark = {"signer": LEADER, "role": "leader", "sha256": "b" * 64, "signature": "s"}
        story.add(story.now + MINUTE, events.ResultSigned(document=document, **mark))
    if rng.random() < 0.03:
        gone = events.ResultRevoked(document=document, reason="Sai tên", by=LEADER)
        story.add(story.now + rng.choice((1, 60)) * timedelta(days=1), gone)


def _marked(story: Story) -> None:
    """A paper on the desk is digitised by a clerk; sometimes that was a mistake, mended at once or weeks later."""
    about = {"sha256": "c" * 64, "name": "giay-khai-sinh.jpg", "document": "giay_to", "by": CLERK}
    mark = story.rng.choice(("digitised", "digitised", "digitised", "compared", "failed"))
    story.add(story.now + MINUTE, events.DocumentMarked(**about, mark=mark, present=True))
    if story.rng.random() < 0.2:
        back = events.DocumentMarked(**about, mark=mark, present=False)
        story.add(story.now + story.rng.choice((5, 9000)) * MINUTE, back)
        if story.rng.random() < 0.5:
            story.add(story.now + MINUTE, events.DocumentMarked(**about, mark=mark, present=True))


def _done(story: Story, at: datetime) -> None:
    """Worked on, finished at about `at`, handed over some days later, perhaps rated."""
    start = story.now + MINUTE
    story.task("Thụ lý hồ sơ", OFFICER, start, max(at - 30 * MINUTE, start + 2 * MINUTE))
    story.task("Ký kết quả", LEADER, story.now + MINUTE, max(at - 10 * MINUTE, story.now + 3 * MINUTE))
    story.enter(at, 9)
    _signed(story, story.now + MINUTE)
    if story.rng.random() < 0.8:
        story.add(story.now + MINUTE, events.ResultDelivered(way="desk", receiver="Lan"))
        story.enter(story.now + story.rng.choice((1, 2, 1500, 9000)) * MINUTE, 10)
        if story.rng.random() < 0.4:
            score = story.rng.choice((1, 2, 3, 4, 5, 5, 5))
            story.add(story.now + story.rng.choice((60, 20_000)) * MINUTE, events.CaseRated(score=score, comment=""))


def _supplement(story: Story, days: int) -> None:
    """More papers asked for, and `days` later in."""
    asked = story.on(story.town.calendar.day_of(story.now) + timedelta(days=1))
    story.add(asked, events.ReceiptIssued(kind="supplement", number=f"{story.number}/2023", data={}))
    story.enter(story.now, 5)
    if days:
        story.enter(story.on(story.town.calendar.day_of(story.now) + timedelta(days=days)), 4)


def early(story: Story) -> None:
    _done(story, story.on(story.due_day(-1), 8))


def on_time(story: Story) -> None:
    _done(story, story.on(story.due_day(0)))


def late(story: Story) -> None:
    _done(story, story.on(story.due_day(story.rng.randint(1, 9))))


def supplemented(story: Story) -> None:
    _supplement(story, story.rng.randint(2, 25))
    story.rng.choice((early, on_time, late))(story)


def supplemented_twice(story: Story) -> None:
    _supplement(story, story.rng.randint(2, 8))
    _supplement(story, story.rng.randint(2, 8))
    story.rng.choice((early, on_time, open_still))(story)


def waits_for_papers(story: Story) -> None:
    _supplement(story, 0)


def paused(story: Story) -> None:
    story.enter(story.on(story.town.calendar.day_of(story.now)), 6)
    story.enter(story.on(story.town.calendar.day_of(story.now) + timedelta(days=story.rng.randint(1, 12))), 4)
    story.rng.choice((early, on_time, late))(story)


def paused_still(story: Story) -> None:
    story.enter(story.on(story.town.calendar.day_of(story.now) + timedelta(days=story.rng.randint(0, 40))), 6)


def appointed_anew(story: Story) -> None:
    """Apologised for: the old date counts; for some it is moved by a pause after that."""
    story.move_due(story.on(story.due_day(story.rng.choice((-1, 0, 2)))), story.due_day(story.rng.randint(3, 8)))
    if story.rng.random() < 0.5:
        story.enter(story.on(story.town.calendar.day_of(story.now) + timedelta(days=1)), 6)
        story.enter(story.on(story.town.calendar.day_of(story.now) + timedelta(days=story.rng.randint(1, 9))), 4)
    story.rng.choice((early, on_time, open_still))(story)


def extended(story: Story) -> None:
    """By as much as the law allows, where it allows anything."""
    rule, at = story.procedure.deadline, story.on(story.due_day(-1), 8)
    if rule.extension is None or not rule.extension.days or story.procedure.deadline.kind == "same_day":
        return appointed_anew(story)
    assert story.term
    story.now = max(at, story.now + MINUTE)
    more = deadline.extend(rule, story.term, story.now, story.town.calendar, by=LEADER, reason="Phải xác minh")
    story._turn(more)
    story.rng.choice((early, on_time, late))(story)
    return None


def withdrawn(story: Story) -> None:
    story.add(story.on(story.due_day(story.rng.choice((-1, 0, 3)))), events.CaseWithdrawn(reason="Không cần nữa"))
    story.enter(story.now, 7)


def stopped(story: Story) -> None:
    if story.rng.random() < 0.5:
        _supplement(story, 0)
    story.add(story.on(story.due_day(story.rng.choice((-1, 0, 3, 20)))), events.CaseCancelled(reason="Trùng hồ sơ"))
    story.enter(story.now, 8)


def open_still(story: Story) -> None:
    story.add(story.now + MINUTE, _created(f"work#{len(story.links)}", "Thụ lý hồ sơ", OFFICER))


KINDS: tuple[tuple[int, Callable[[Story], None]], ...] = (
    (24, early),
    (20, on_time),
    (12, late),
    (8, supplemented),
    (4, supplemented_twice),
    (3, waits_for_papers),
    (5, paused),
    (2, paused_still),
    (5, appointed_anew),
    (5, extended),
    (4, withdrawn),
    (3, stopped),
    (7, open_still),
)


def quarter(town: Town, seed: int, count: int) -> Iterator[list[Recorded]]:
    """So many histories, the same for the same seed."""
    rng = random.Random(seed)
    for number in range(1, count + 1):
        yield _links(_story(town, random.Random(rng.random()), number))


def _story(town: Town, rng: random.Random, number: int) -> Story:
    story = Story(town, rng, number, rng.choice(list(town.procedures)))
    day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))
    channel = rng.choice(("online", "online", "desk", "desk", "post", "house"))
    received = _edge(town, number) or story.on(day)
    _filed(story, received - rng.choice((3, 30, 900)) * MINUTE, channel)
    if rng.random() < 0.03:
        story.enter(received, 3)  # never taken in
        return story
    if rng.random() < 0.02:
        return story  # nobody has looked at it
    _taken_in(story, received)
    _fee(story)
    if channel != "online" and rng.random() < 0.4:
        _marked(story)
    rng.choices([kind for _, kind in KINDS], [weight for weight, _ in KINDS])[0](story)
    if rng.random() < 0.02:
        closed = {"trigger": {}, "snapshot": "", "path": (), "variables": (), "closed": ()}
        story.add(story.now + MINUTE, events.ProcessAdvanced(**closed, ended=True))
    return story


def _edge(town: Town, number: int) -> datetime | None:
    """The first cases are received just at the edges of the quarter."""
    edges = (datetime(2022, 12, 15), datetime(2023, 3, 15))
    shifts = (timedelta(0), -timedelta(microseconds=1), MINUTE, -MINUTE)
    every = [edge + shift for edge in edges for shift in shifts]
    return every[number - 1].replace(tzinfo=town.calendar.zone) if number <= len(every) else None


def _links(story: Story) -> list[Recorded]:
    chain: list[Recorded] = []
    for at, event in story.links:
        head = chain[-1].hash if chain else GENESIS
        place = {"stream": f"{story.number:032x}", "unit": UNIT, "after": len(chain), "head": head}
        chain += record([event], **place, actor=ACTOR, at=at, cause="test")  # type: ignore[arg-type]  # mixed values
    return chain


def write(store: SqlStore, histories: Sequence[Sequence[Recorded]]) -> None:
    """The histories and their cases, as commands would have left them."""
    for first in range(0, len(histories), TOGETHER):
        with store.begin() as uow:
            for history in histories[first : first + TOGETHER]:
                uow.save(None, fold(history), history)
            uow.commit()


def complain(store: SqlStore, town: Town, seed: int, codes: Sequence[tuple[str, str]]) -> None:
    """Complaints about some of the cases (id, code) and about none, in every state."""
    rng, kept = random.Random(seed), SqlComplaints(store)
    for number in range(max(8, len(codes) // 40)):
        case_id, code = rng.choice([*codes, ("", "")]) if number % 5 else codes[0]
        filed = datetime.combine(FIRST, time(9), tzinfo=town.calendar.zone) + timedelta(days=rng.randrange(130))
        said: Mapping[str, Any] = {"unit": UNIT, "id": f"c{number}", "account": "lan", "kind": "complaint", "text": "x"}
        due = town.calendar.working_day_end(filed, 15)
        one = Complaint(**said, case_id=case_id, case_code=code, filed_at=filed, due_at=due)
        kept.add(one)
        state = rng.choice(("open", "answered", "answered", "refused", "asked"))
        if state != "open":
            at = filed + timedelta(days=rng.choice((1, 2, 6, 12, 40)))
            kept.answer(replace(one, state=state, answer="Đã xem", answered_by=CLERK, answered_at=at), "open")
