"""A small engine in memory behind the web pages: enough to sign in, file, claim, complete, and to refuse."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from engine.adapters.identity.making import Maker
from engine.adapters.memory_drafts import MemoryDrafts, MemoryPageReports, MemoryViewingCopies
from engine.adapters.memory_handling import MemorySeenCases, MemoryUnfinishedForms
from engine.adapters.memory_inbox import MemoryColleagues, MemoryInboxChoices
from engine.adapters.memory_notices import MemoryNotices
from engine.adapters.memory_registrations import MemoryPeople
from engine.commands import messages as m
from engine.commands.drafting import Drafting
from engine.commands.inbox_claiming import Claimer
from engine.commands.looking import Autosaving, Looking
from engine.commands.messages import Result
from engine.commands.migrator import Outcome
from engine.commands.receiving import Receiving, Shelves
from engine.desk_handling import Handling
from engine.desk_inbox import Inbox
from engine.domain import errors
from engine.domain.admin_unit import AdminUnit, AdminUnits
from engine.domain.case import Case, Deadline, Subscription, Task
from engine.domain.fee import FeeLine
from engine.domain.procedure import DeadlineRule, DocumentRule, FeeRule, Group, Procedure, ResultRule, Status
from engine.domain.received import FileLimits, check_kind
from engine.domain.steering import Place, Standing
from engine.portal_people import furnish_people
from engine.ports import Account
from engine.ports.following import Answer, LifeEvent, Question, Texts
from engine.ports.uploads import Inspected
from engine.queries.checks import Checks
from engine.queries.preview import FeePreview
from engine.queries.steering import SteeringView
from engine.queries.timeline import Holder, Timeline, TimelineRow
from engine.queries.views import CaseView, DiagramView, HistoryRow, Page, PublicCase, TaskView
from engine.settings import Settings
from tests.support.told_house import Told
from web.auth import hash_password
from web.forms.schema import dig, inputs, kind, options, other_allowed, required

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 8, 3, 14, 5, tzinfo=ZONE)
HERE = Path(__file__).parent
FILING = HERE.parents[2] / "catalog" / "_shared" / "filing.toml"
FORM = json.loads((HERE / "form.json").read_text(encoding="utf-8"))
CHECK = json.loads((HERE / "check.json").read_text(encoding="utf-8"))
PASSWORD = "mật khẩu"
BPMN = (HERE / "process.bpmn").read_text(encoding="utf-8")

PROCEDURE = Procedure(
    code="2.000815",
    slug="chung-thuc-ban-sao",
    version=1,
    digest="d" * 64,
    name="Chứng thực bản sao từ bản chính",
    name_en="Certified copies",
    field="Chứng thực",
    level=4,
    process_id="copies",
    form_id="application",
    valid_from=date(2022, 12, 19),
    valid_to=None,
    legal_basis=("Nghị định 23/2015/NĐ-CP",),
    deadline=DeadlineRule(kind="same_day", text="Trong ngày"),
    fees=(FeeRule(key="p", name="Phí chứng thực", amount="2000", unit="trang"),),
    documents=(DocumentRule(key="ban_chinh", name="Bản chính giấy tờ", kind="submit", field="tep"),),
    result=ResultRule(name="Bản sao có chứng thực"),
    channels=("online", "desk"),
    deliveries=("desk", "post"),
    info={"applicant": "Mọi người"},
    files={"form.json": b"{}"},
)
STATUSES = {
    1: Status(1, "Mới đăng ký", "Newly filed", "none", (2,)),
    4: Status(4, "Đang xử lý", "In progress", "run", (9,)),
    9: Status(9, "Đã xử lý xong", "Finished", "finish", (10,)),
}
GROUPS = {
    "one_stop": Group("one_stop", "Bộ phận Tiếp nhận và Trả kết quả", "One-stop desk"),
    "auditor": Group("auditor", "Thanh tra, kiểm tra", "Auditor"),
    "chairman": Group("chairman", "Lãnh đạo UBND xã", "Leader"),
}


class Clock:
    """Stands still."""

    def now(self) -> datetime:
        return NOW


class Ids:
    """Counts."""

    count = 0

    def new(self) -> str:
        self.count += 1
        return f"{self.count:032x}"


class Results:
    """What each token and each copy comes to."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.answer: Any = None
        self.seen: list[bytes] = []

    def by_token(self, token: str) -> Any:
        return self.known.get(token)

    def check(self, content: bytes, token: str = "") -> Any:
        self.seen.append(content)
        return self.answer


class Form:
    """Required fields, options and `=key = "value"` conditions, no more."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema

    def visible(self, data: Any, context: Any) -> frozenset[str]:
        return frozenset(path for component, path in inputs(self.schema, data) if not self._hidden(component, data))

    def settled(self, data: Any, context: Any) -> dict[str, Any]:
        return {**data, "tong": data.get("so_ban", 0)}

    def _hidden(self, component: Any, data: Any) -> bool:
        hide = (component.get("conditional") or {}).get("hide")
        found = re.fullmatch(r'=(\w+) != "(\w+)"', hide or "")
        return bool(found) and dig(data, found[1]) != found[2]

    def validate(self, data: Any, context: Any) -> dict[str, Any]:
        wrong: dict[str, list[str]] = {}
        seen = self.visible(data, context)
        for component, path in inputs(self.schema, data):
            value = dig(data, path)
            if path in seen and required(component) and value in (None, "", [], False):
                wrong[path] = ["Bắt buộc nhập."]
            closed = kind(component) in ("select", "radio") and not other_allowed(component)
            if closed and value is not None and value not in dict(options(component)):
                wrong.setdefault(path, []).append("Chọn một trong các mục có sẵn.")
        known = {path.split(".")[0] for _, path in inputs(self.schema, data)} | {"danh_sach", "cho_ruong"}
        wrong.update({name: ["Trường này không có trong biểu mẫu."] for name in data if name not in known})
        if wrong:
            raise errors.FormInvalidError(wrong)
        return dict(data)


class Forms:
    """The two forms."""

    def compiled(self, procedure: Any, form_id: str) -> Form:
        return Form(FORM if form_id == "application" else CHECK)

    def validate(self, procedure: Any, form_id: str, data: Any, context: Any) -> dict[str, Any]:
        return self.compiled(procedure, form_id).validate(data, context)

    def broken(self, procedure: Any, values: Any, context: Any, *, severity: str) -> dict[str, list[str]]:
        return {"so_ban": ["Trên 10 bản thì hẹn trả ngày hôm sau."]} if values.get("so_ban", 0) > 10 else {}


class Files:
    """Keeps files in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        sha = hashlib.sha256(content).hexdigest()
        self.kept[sha] = content
        return sha

    def get(self, sha256: str) -> bytes:
        return self.kept[sha256]

    def exists(self, sha256: str) -> bool:
        return sha256 in self.kept


def person(login: str, name: str, *groups: str) -> Account:
    return Account(
        id=f"id-{login}",
        login=login,
        name=name,
        kind="officer" if groups else "citizen",
        unit="xa-mau",
        groups=frozenset(groups),
        password_hash=HASH,
        profile={"id_number": "079190001234", "phone": "0903000111", "assurance": 2},
    )


HASH = hash_password(PASSWORD)


class Accounts:
    """People and sessions in dicts."""

    def __init__(self) -> None:
        people = [
            person("lan", "Nguyễn Thị Lan"),
            person("hung", "Trần Quốc Hùng"),
            person("mai", "Lê Thị Mai", "one_stop"),
            person("tam", "Võ Minh Tâm", "one_stop"),
            person("audit", "Đỗ Kiểm", "auditor"),
            person("quan", "Quản trị viên", "administrator"),
            person("binh", "Nguyễn Văn Bình", "chairman"),
        ]
        self.people = {one.id: one for one in people}
        self.sessions: dict[str, str] = {}
        self.attempts_: dict[str, int] = {}

    def by_login(self, login: str) -> Account | None:
        return next((one for one in self.people.values() if one.login == login), None)

    def by_id(self, account_id: str) -> Account | None:
        return self.people.get(account_id)

    def put(self, account: Account) -> None:
        self.people[account.id] = account

    def edit(self, account: Account) -> None:
        self.put(account)

    def all(self, unit: str) -> list[Account]:
        return list(self.people.values())

    def open_session(self, account_id: str, token_hash: str, now: datetime, expires: datetime) -> None:
        self.sessions[token_hash] = account_id

    def session(self, token_hash: str, now: datetime) -> Account | None:
        return self.people.get(self.sessions.get(token_hash, ""))

    def close_session(self, token_hash: str) -> None:
        self.sessions.pop(token_hash, None)

    def count_attempt(self, key: str, now: datetime, window: timedelta) -> int:
        self.attempts_[key] = self.attempts_.get(key, 0) + 1
        return self.attempts_[key]

    # what the rows about people beside their accounts look at
    def live_sessions(self, account_id: str, now: datetime | None) -> dict[str, datetime]:
        return {token: NOW for token, holder in self.sessions.items() if holder == account_id}

    def forget_attempts(self, key: str) -> None:
        self.attempts_.pop(key, None)

    def attempts(self, key: str, now: datetime, window: timedelta) -> int:
        return self.attempts_.get(key, 0)


class Outbox:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send(self, **message: Any) -> None:
        self.sent.append(message)


@dataclass
class Catalog:
    """One procedure."""

    known: Any = field(default_factory=lambda: [PROCEDURE])
    groups: Any = field(default_factory=lambda: GROUPS)
    statuses: Any = field(default_factory=lambda: STATUSES)
    settings: Any = field(
        default_factory=lambda: {
            "units": {"xa-mau": {"name": "UBND xã Mẫu", "hotline": "028 3888 0000"}},
            "limits": {"draft": 20000},
        }
    )

    def current(self, code: str, day: date) -> Procedure:
        if code != PROCEDURE.code:
            raise errors.NotFoundError(what="thủ tục", id=code)
        return PROCEDURE

    def versions(self, code: str) -> list[Procedure]:
        return self.known if code == PROCEDURE.code else []

    def unit_fees(self, unit: str) -> list[Any]:
        return []

    def current_all(self, day: date) -> list[Procedure]:
        return [PROCEDURE]

    in_force = current_all


def task(name: str = "Kiểm tra hồ sơ", key: str = "call_intake#1/check_documents#1", **more: Any) -> Task:
    values: dict[str, Any] = {
        "key": key,
        "scope": "",
        "process_id": "copies",
        "element_id": "check_documents",
        "name": name,
        "groups": ("one_stop",),
        "assignee": None,
        "due": NOW - timedelta(days=2),
        "follow_up": None,
        "priority": 50,
        "form_id": "check",
        "inputs": {},
        "properties": {"helpVi": "Đối chiếu từng trang với bản chính."},
        "created_at": NOW,
    }
    return Task(**{**values, **more})


def make_case(case_id: str, number: int, applicant: Any, application: Any, documents: Any = ()) -> Case:
    return Case(
        id=case_id,
        unit="xa-mau",
        code=f"000.05.12.H29-260803-{number:04d}",
        procedure=PROCEDURE.code,
        procedure_version=1,
        procedure_digest="d" * 64,
        level=4,
        channel="online",
        delivery="desk",
        applicant=applicant,
        application=application,
        documents=tuple(documents),
        submitted_at=NOW - timedelta(hours=5),
        version=7,
        head_hash="h" * 64,
        tasks={"call_intake#1/check_documents#1": task()},
        subscriptions={
            "wait#1": Subscription(
                key="wait#1",
                scope="",
                process_id="copies",
                element_id="wait",
                name="Trả lời xác minh",
                message="verification_replied",
                correlation="c",
                properties={"messageForm": "check"},
            )
        },
        deadline=Deadline(original_due=NOW, due=NOW + timedelta(days=1), started_at=NOW),
        fee_lines=(
            {"key": "p", "name": "Phí chứng thực", "unit_amount": 2000, "unit": "trang", "quantity": 4, "amount": 8000},
        ),
        fee_total=8000,
    )


class Inspector:
    """Looks at the first bytes, no more."""

    def inspect(self, name: str, content: bytes, limits: FileLimits) -> Inspected:
        begins = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}
        media_type = next((kind for magic, kind in begins.items() if content.startswith(magic)), "")
        check_kind(name, media_type, limits)
        return Inspected(media_type=media_type, content=content, view=b"%PDF-view" if b"signed" in content else None)


class FakeFiling:
    """The real drafts and the real way in, on memory."""

    def __init__(self, house: FakeHouse) -> None:
        ports = SimpleNamespace(
            clock=house.clock, ids=house.ids, catalog=house.catalog, store=house, messages=house, functions=None
        )
        self.kept = MemoryDrafts()
        self.drafting = Drafting(ports, house, self.kept, lambda account: None)  # type: ignore[arg-type]
        self.copies, self.reports = MemoryViewingCopies(), MemoryPageReports()
        self.held = Files()
        shelves = Shelves(files=house.files, held=self.held, copies=self.copies, reports=self.reports, drafts=self.kept)
        self.receiving = Receiving(shelves, Inspector(), None, clock=house.clock, ids=house.ids)  # type: ignore[arg-type]
        self.rules = tomllib.loads(FILING.read_text(encoding="utf-8"))

    def fees(self, procedure: Any, context: Any) -> FeePreview | None:
        count = context["application"].get("so_ban")
        line = FeeLine(
            key="p",
            name="Phí chứng thực",
            kind="phi",
            quantity=count or 0,
            unit="trang",
            unit_amount=2000,
            amount=2000 * (count or 0),
            basis="",
            confidence="high",
        )
        return FeePreview(lines=(line,), total=line.amount) if count else None


class FakeSteering:
    """Where the one case stands, and whether it could go to version 2."""

    def __init__(self, house: FakeHouse) -> None:
        self.house = house
        self.stale = False
        self.fits = True

    def waiting(self, actor: Any) -> list[dict[str, Any]]:
        case = self.house.cases_["case1"]
        shown = {"case_id": case.id, "case_code": case.code, "key": "", "raised_at": NOW, "element": ""}
        kinds = [(one.id, one.kind, one.error) for one in case.incidents.values()]
        kinds += [("s", "suspension", case.suspended.reason)] if case.suspended else []
        kinds += [("p", "proposal", case.proposal.reason)] if case.proposal else []
        return [{**shown, "id": id_, "kind": kind, "error": text} for id_, kind, text in kinds]

    def case(self, actor: Any, case_id: str) -> SteeringView:
        case = self.house._seen(actor, case_id)
        shown = {"process_id": "copies", "scope": "", "scoped": False}
        tokens = [
            Standing(key=one.key, element_id=one.element_id, name=one.name, kind="userTask", **shown)
            for one in case.tasks.values()
        ]
        return SteeringView(
            case=case,
            procedure=PROCEDURE,
            standing=tokens,
            places=[
                Place(scope="", element_id="check_documents", name="Kiểm tra"),
                Place(scope="call#1", element_id="y", name=""),
            ],
            versions=[replace(PROCEDURE, version=2)],
            stale=self.stale,
        )

    def look(self, actor: Any, command: m.MigrateCase) -> Outcome:
        problems = [] if self.fits else [{"key": "a#1", "reason": "“a#1”: không có", "reason_en": "gone"}]
        return Outcome(
            case_id=command.case_id, code="c", fits=self.fits, problems=problems, opens=("new#1",), keys={"a#1": "b#1"}
        )


def nothing(*asked: Any) -> None:
    """Offers nothing."""


def handling_of(house: Any) -> Handling:
    """What officers keep beside a case, in memory; of the procedure's rules nothing can be computed."""
    return Handling(
        looking=Looking(house, MemorySeenCases()),
        autosaving=Autosaving(house, MemoryUnfinishedForms()),
        checks=Checks(lambda text, seen: {"true": True, "false": False}.get(text)),
        offers=SimpleNamespace(supplement=nothing, back=nothing, date=nothing, stops=nothing, withdraws=nothing),  # type: ignore[arg-type]  # offers nothing
    )


def inbox_of(house: Any) -> Inbox:
    """Choices in memory, claims on the small engine, nobody is mentioned."""
    return Inbox(
        choices=MemoryInboxChoices(),
        colleagues=MemoryColleagues(house.accounts),
        mentions=SimpleNamespace(of=lambda unit, account: [], unread=lambda unit, account: 0),  # type: ignore[arg-type]  # all that pages ask
        claimer=Claimer(house, house, house),
        soon=lambda unit: NOW + timedelta(days=1),
        pulse=lambda: "",
    )


class FakeFollowing:
    """Texts of one life event and one question, a timeline of one line, a paper without a form."""

    def __init__(self, house: FakeHouse) -> None:
        self.house = house
        self.timelines = self.papers = self.receipts = self.complaining = self.looks = self.posting = self
        self.connected = False
        self.noted: list[tuple[str, str]] = []
        applicant, said = ("{applicant}", "{applicant}"), ("Phải là: {applicant}", "Has to be: {applicant}")
        me = Answer(value="toi", label=("Tôi", "Me"), outcome="go")
        other = Answer(value="khong", label=("Khác", "No"), outcome="stop", said=said)
        whom = Question(
            id="ai", about="applicant", text=("Nộp cho ai?", "For whom?"), hint=applicant, answers=(me, other)
        )
        life = LifeEvent(
            id="ban-sao", name=("Cần bản sao", "Copies"), about=("Bản sao", "Copies"), procedures=(PROCEDURE.code,)
        )
        self.texts = Texts(life_events=(life,), questions=(whom,))

    def note(self, unit: str, case_id: str, account: str, at: Any) -> None:
        self.noted.append((case_id, account))

    def of_case(self, case: Any) -> list[Any]:
        return []

    def mine(self, actor: Any) -> list[Any]:
        return []

    waiting = mine

    def of(self, actor: Any, case_id: str) -> Any:
        if isinstance(actor, str):  # a unit: who looked
            return []
        self.house._seen(actor, case_id)
        holder = Holder(group=("Bộ phận Một cửa", "Desk"), name=("Kiểm tra",) * 2, since=NOW, until=NOW, yours=False)
        return Timeline([TimelineRow(NOW, "case:submitted", "Hồ sơ đã được nộp", "Filed")], [holder])

    def handed_over(self, actor: Any, case_id: str) -> list[Any]:
        return []

    def pdf(self, actor: Any, case_id: str) -> bytes:
        self.house._seen(actor, case_id)
        return b"%PDF-1.7"


class FakeHouse:
    """The engine as the pages see it; also its own read side."""

    def __init__(self, home: Path, *, demo: bool = True) -> None:
        self.settings = Settings(
            home=home, database_url="", catalog=home, unit="xa-mau", demo=demo, secure_cookies=False
        )
        self.clock, self.ids, self.catalog, self.files = Clock(), Ids(), Catalog(), Files()
        self.accounts, self.forms, self.diagrams = Accounts(), Forms(), self
        self.queries, self.auditor, self.payments, self.standin_payments = self, self, self, self if demo else None
        self.following = FakeFollowing(self)
        self.attempts: list[tuple[str, str, str]] = []
        self.desk = SimpleNamespace(
            attempts=SimpleNamespace(note=self._refused),
            handling=handling_of(self),
            inbox=inbox_of(self),
            mandates=SimpleNamespace(empowered=lambda actor: actor),
            deadlines=SimpleNamespace(queries=SimpleNamespace(unread=lambda actor: 0, reminded=lambda actor: [])),
        )
        self.told = Told(MemoryNotices(), self.clock)
        self.notices = self.told.desk
        self.steering = self.migrator = FakeSteering(self)
        self.results = Results()
        self.portal = SimpleNamespace(results=self.results)
        city, district = AdminUnit("79", "Thành phố Hồ Chí Minh", 1), AdminUnit("783", "Huyện Củ Chi", 2, "79")
        self.units = AdminUnits([city, district])
        self.messages = Outbox()
        self.people = furnish_people(
            self.settings,
            Maker(sections={}, origin=self.settings.public_url),
            store=MemoryPeople(self.accounts),  # type: ignore[arg-type]  # the same questions are answered
            accounts=self.accounts,
            messages=self.messages,
            clock=self.clock,
        )
        self.name, self.answers, self.handled = "standin", {}, []
        self.refuse: Exception | None = None
        self.filing = FakeFiling(self)
        self.completed: list[tuple[m.CompleteTask, str]] = []
        applicant = {"account": "id-lan", "name": "Nguyễn Thị Lan", "id_number": "079190001234", "phone": "0903000111"}
        first = make_case("case1", 1, applicant, {"ho_ten": "Nguyễn Thị <b>Lan</b>", "loai": "khac", "so_ban": 4})
        self.cases_: dict[str, Case] = {"case1": first}

    def _refused(self, unit: str, account: str, *, page: str, **where: Any) -> None:
        self.attempts.append((unit, account, page))

    def handle(self, command: Any, actor: Any, key: str) -> Result:
        if key in self.answers:
            return replace(self.answers[key], repeated=True)
        if self.refuse:
            raise self.refuse
        self.handled.append(command)
        result = getattr(self, f"_{type(command).__name__}", lambda command, actor: Result())(command, actor)
        self.answers[key] = result
        return result

    def remembered(self, unit: str, key: str) -> Any:
        found = self.answers.get(key)
        return found and SimpleNamespace(result={"case_id": found.case_id, "data": found.data})

    def _SubmitCase(self, command: m.SubmitCase, actor: Any) -> Result:
        case_id = f"case{len(self.cases_) + 1}"
        self.cases_[case_id] = make_case(
            case_id, len(self.cases_) + 1, command.applicant, command.application, command.documents
        )
        return Result(case_id=case_id, version=1)

    def _change(self, case_id: str, key: str, **more: Any) -> Result:
        case = self.cases_[case_id]
        tasks = {**case.tasks, key: replace(case.tasks[key], **more)}
        self.cases_[case_id] = replace(case, tasks=tasks, version=case.version + 1)
        return Result(case_id=case_id)

    def _ClaimTask(self, command: m.ClaimTask, actor: Any) -> Result:
        return replace(self._change(command.case_id, command.key, assignee=actor.id), data={"key": command.key})

    def _UnclaimTask(self, command: m.UnclaimTask, actor: Any) -> Result:
        return self._change(command.case_id, command.key, assignee=None)

    def _SaveTaskDraft(self, command: m.SaveTaskDraft, actor: Any) -> Result:
        return self._change(command.case_id, command.key, draft=command.draft)

    def _CompleteTask(self, command: m.CompleteTask, actor: Any) -> Result:
        self.completed.append((command, actor.id))
        case = self.cases_[command.case_id]
        rest = {key: one for key, one in case.tasks.items() if key != command.key}
        self.cases_[command.case_id] = replace(case, tasks=rest)
        return Result(case_id=case.id)

    def health(self) -> dict[str, Any]:
        return {"database": True, "migrated": True, "jobs": 0}

    # the read side
    def _seen(self, actor: Any, case_id: str) -> Case:
        case = self.cases_.get(case_id)
        if case is None or (actor.kind == "citizen" and case.applicant["account"] != actor.id):
            raise errors.NotFoundError(what="hồ sơ", id="")
        return case

    def case(self, actor: Any, case_id: str) -> CaseView:
        case = self._seen(actor, case_id)
        texts = [("case:submitted", "Nộp hồ sơ"), ("process:advanced", "Quy trình đi tiếp"), ("task:created", "Chờ")]
        rows = [
            HistoryRow(n, NOW, "id-lan", "Nguyễn Thị Lan", None, tag, text, text, None, {})
            for n, (tag, text) in enumerate(texts, 1)
        ]
        diagram = DiagramView("copies", "Chứng thực bản sao", BPMN, ["started"], ["to_check"], ["check_documents"])
        waiting = list(case.subscriptions.values()) if actor.kind == "officer" else []
        for command, by in self.completed:
            if command.case_id == case_id:
                rows.append(
                    HistoryRow(9, NOW, by, "", None, "task:completed", "Hoàn thành", "Done", None, {"key": command.key})
                )
        return CaseView(case, PROCEDURE, STATUSES[case.status], [diagram], rows, waiting)

    def task(self, actor: Any, case_id: str, key: str) -> TaskView:
        view = self.case(actor, case_id)
        if key not in view.case.tasks:
            raise errors.TaskNotOpenError(key=key)
        one = view.case.tasks[key]
        return TaskView(view, one, Form(CHECK), {}, one.properties["helpVi"], "", one.assignee == actor.id)

    def inbox(self, actor: Any, *, filters: Any, after: Any = None, limit: int = 50) -> Page:
        rows = []
        for case in self.cases_.values():
            for one in case.tasks.values():
                if filters.get("free") and one.assignee:
                    continue
                if set(one.groups) & actor.groups and (not filters.get("mine") or one.assignee == actor.id):
                    rows.append(
                        {
                            "case_id": case.id,
                            "key": one.key,
                            "element_id": one.element_id,
                            "name": one.name,
                            "case_code": case.code,
                            "procedure": case.procedure,
                            "groups": one.groups,
                            "applicant_name": case.applicant["name"],
                            "assignee": one.assignee,
                            "due": one.due,
                            "case_due": case.deadline and case.deadline.due,
                            "priority": 50,
                            "follow_up": one.follow_up,
                            "created_at": one.created_at,
                            "cursor": "x",
                        }
                    )
        return Page(rows, None)

    def counts(self, actor: Any) -> dict[str, int]:
        return {"one_stop": len(self.inbox(actor, filters={}).rows), "mine": 0}

    def my_cases(self, actor: Any, filters: Any = None, *, after: Any = None, limit: int = 20) -> Page:
        return Page([self._row(case) for case in self.cases_.values() if case.applicant["account"] == actor.id], None)

    def cases(self, actor: Any, filters: Any, *, after: Any = None, limit: int = 50) -> Page:
        return Page([self._row(case) for case in self.cases_.values()], None)

    def _row(self, case: Case) -> dict[str, Any]:
        return {
            "case_id": case.id,
            "code": case.code,
            "procedure": case.procedure,
            "status": case.status,
            "applicant_name": case.applicant["name"],
            "submitted_at": case.submitted_at,
            "due": case.deadline and case.deadline.due,
            "ended": case.ended,
            "cursor": "x",
        }

    def case_by_code(self, code: str) -> PublicCase | None:
        found = next((case for case in self.cases_.values() if case.code == code), None)
        return found and PublicCase(found.code, PROCEDURE.name, STATUSES[found.status], found.submitted_at, None)

    def replay(self, actor: Any, case_id: str, seq: int) -> Case:
        return self._seen(actor, case_id)

    def verify(self, actor: Any, case_id: str) -> list[Any]:
        return []

    def diagram(self, procedure: Any, process_id: str) -> tuple[str, str, frozenset[str]]:
        return "Chứng thực bản sao", BPMN, frozenset()

    # the payment provider: "signed" means signature is "good"
    def check_notice(self, fields: Any) -> Any:
        if fields.get("signature") != "good":
            return None
        return {**fields, "amount": int(fields["amount"]), "paid": fields["paid"] == "1"}

    def check_order(self, fields: Any) -> bool:
        return bool(fields.get("signature") == "good")

    def notice(self, *, order: str, amount: int, case_code: str, paid: bool) -> dict[str, str]:
        return {
            "order": order,
            "amount": str(amount),
            "case_code": case_code,
            "paid": "1" if paid else "0",
            "reference": "R1",
            "signature": "good",
        }
