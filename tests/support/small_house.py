"""A house with one small procedure, all in memory: for tests of commands without database, files or catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.adapters.clock import SteppedClock, TimeOrderedIds
from engine.adapters.memory import MemoryStore
from engine.adapters.payments.standin import StandinPayments
from engine.adapters.process_runner import FeelExpressions, SpiffProcessRunner
from engine.adapters.signing.standin import StandinSigning
from engine.commands.bus import Bus
from engine.commands.messages import ClaimTask, CompleteTask, SubmitCase
from engine.commands.worker import Worker
from engine.domain.actor import Actor
from engine.domain.calendar import WorkingCalendar
from engine.domain.case import Case
from engine.domain.errors import FormInvalidError, NotFoundError
from engine.domain.procedure import DeadlineRule, FeeRule, Group, Procedure, Status, in_force
from engine.domain.unit_fees import UnitFee
from engine.domain.wording import Wording
from engine.ports import Ports
from tests.support.bpmn_builder import process
from tests.support.calendars import CALENDAR

UNIT = "xa-mau"
NINE = datetime(2022, 12, 19, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CLERK = Actor(id="clerk1", name="Mai", kind="officer", unit=UNIT, groups=frozenset({"one_stop"}))
OTHER_CLERK = Actor(id="clerk2", name="Tâm", kind="officer", unit=UNIT, groups=frozenset({"one_stop"}))
CHAIRMAN = Actor(id="chair", name="Bình", kind="officer", unit=UNIT, groups=frozenset({"chairman"}))
ADMIN = Actor(id="admin", name="Quản trị", kind="officer", unit=UNIT, groups=frozenset({"administrator"}))
STRANGER = Actor(id="clerk9", name="Xã khác", kind="officer", unit="xa-khac", groups=frozenset({"one_stop"}))
CITIZEN = Actor(id="lan", name="Nguyễn Thị Lan", kind="citizen", unit=UNIT)
STATUSES = {
    1: Status(1, "Mới đăng ký", "Newly filed", "none", (2, 7, 8)),
    2: Status(2, "Được tiếp nhận", "Received", "start", (4, 7, 8, 9)),
    4: Status(4, "Đang xử lý", "In progress", "run", (7, 8, 9)),
    7: Status(7, "Rút", "Withdrawn", "stop", (), True),
    8: Status(8, "Dừng", "Stopped", "stop", (), True),
    9: Status(9, "Xong", "Processed", "finish", (10,)),
    10: Status(10, "Đã trả", "Returned", "none", (), True),
}
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'


def _extension(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def _status(code: int) -> str:
    return f'<zeebe:properties><zeebe:property name="caseStatus" value="{code}"/></zeebe:properties>'


def diagram() -> bytes:
    """check (clerk) → tell (job) → sign (chairman, reminder after a day) → done."""
    return process("small", *_parts())


def _parts() -> list[Any]:
    from tests.support import bpmn_builder as b  # noqa: PLC0415  # the builder's own names would clash with ours

    clerk = '<zeebe:assignmentDefinition candidateGroups="one_stop"/><zeebe:formDefinition formId="check"/>'
    chair = '<zeebe:assignmentDefinition candidateGroups="chairman"/>'
    timer = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
    return [
        b.start(),
        b.element("userTask", "check", _extension(clerk), name="Kiểm tra"),
        b.element("serviceTask", "tell", _extension('<zeebe:taskDefinition type="notify"/>' + _status(2)), name="Báo"),
        b.element("userTask", "sign", _extension(chair + _status(4)), name="Ký"),
        b.element("boundaryEvent", "reminder", timer, attachedToRef="sign", cancelActivity="false"),
        b.element("serviceTask", "remind", _extension('<zeebe:taskDefinition type="notify"/>'), name="Nhắc"),
        b.end("reminded"),
        b.element("endEvent", "end", _extension(_status(9))),
        *b.chain("start", "check", "tell", "sign", "end"),
        *b.chain("reminder", "remind", "reminded"),
    ]


PROCEDURE = Procedure(
    code="0.000001",
    slug="small",
    version=1,
    digest="d1",
    name="Thủ tục nhỏ",
    name_en="Small",
    field="Thử",
    level=4,
    process_id="small",
    form_id="application",
    valid_from=date(2022, 12, 19),
    valid_to=None,
    legal_basis=(),
    deadline=DeadlineRule(kind="working_days", days=3),
    fees=(FeeRule(key="f", name="Phí", amount="3000"),),
    channels=("online", "desk"),
    deliveries=("electronic", "desk"),
    files={"process.bpmn": diagram()},
)


class OneRuleForms:
    """A form with one field each: `decision` in the officer's, `purpose` in the applicant's."""

    def validate(
        self, procedure: Procedure, form_id: str, data: Mapping[str, Any], context: Mapping[str, Any]
    ) -> dict[str, Any]:
        wanted = "purpose" if form_id == "application" else "decision"
        if not isinstance(data.get(wanted), str):
            raise FormInvalidError({wanted: ["Hãy nhập nội dung."]})
        return {wanted: data[wanted]}


@dataclass
class SmallCatalog:
    """One procedure unless told, seven statuses."""

    procedures: tuple[Procedure, ...] = (PROCEDURE,)
    fees: Sequence[UnitFee] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    statuses: Mapping[int, Status] = field(default_factory=lambda: STATUSES)
    settings: Mapping[str, Any] = field(
        default_factory=lambda: {
            "units": {
                UNIT: {"agency_code": "000.05.12.H29", "name": "UBND xã", "parent": "", "place": "", "signer_name": "B"}
            },
            "limits": {"comment": 200, "draft": 2000},
        }
    )

    def procedure(self, code: str, version: int) -> Procedure:
        for each in self.procedures:
            if (each.code, each.version) == (code, version):
                return each
        raise NotFoundError(what="thủ tục", id=code)

    def current(self, code: str, day: date) -> Procedure:
        for each in self.in_force(day):
            if each.code == code:
                return each
        raise NotFoundError(what="thủ tục", id=code)

    def versions(self, code: str) -> list[Procedure]:
        return [each for each in self.procedures if each.code == code]

    def in_force(self, day: date) -> list[Procedure]:
        found = {code: in_force(self.versions(code), day) for code in dict.fromkeys(p.code for p in self.procedures)}
        return [each for each in found.values() if each is not None]

    def calendar(self, unit: str) -> WorkingCalendar:
        return CALENDAR

    def unit_fees(self, unit: str) -> Sequence[UnitFee]:
        return [row for row in self.fees if row.unit == unit]

    def wordings(self, unit: str) -> Sequence[Wording]:
        return ()


class ScriptedMessages:
    """A channel that fails as often as told, and keeps what it was given."""

    def __init__(self) -> None:
        self.failures = 0
        self.sent: list[str] = []

    def send(self, *, channel: str, recipient: str, template: str, data: Mapping[str, Any], key: str) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("cổng tin nhắn không trả lời")
        self.sent.append(key)


class NoDocuments:
    """The small procedure makes none."""

    def render(self, template: str, files: Mapping[str, bytes], data: Mapping[str, Any]) -> bytes:
        raise AssertionError("no document was asked for")


class House:
    """The engine on memory, with a clock to be moved."""

    def __init__(self, *procedures: Procedure) -> None:
        self.clock = SteppedClock(NINE)
        self.catalog = SmallCatalog(procedures=procedures or (PROCEDURE,))
        self.store = MemoryStore()
        self.messages = ScriptedMessages()
        self.payments = StandinPayments(b"p")
        self.ports = Ports(
            clock=self.clock,
            ids=TimeOrderedIds(),
            store=self.store,
            catalog=self.catalog,
            runner=SpiffProcessRunner({}),
            forms=OneRuleForms(),
            expressions=FeelExpressions(self.clock, {}),
            documents=NoDocuments(),
            files=None,  # type: ignore[arg-type]  # the small procedure stores no files
            signing=StandinSigning(b"s"),
            payments=self.payments,
            messages=self.messages,
            functions=lambda unit: {},
        )
        self.bus = Bus(self.ports)
        self.worker = Worker(self.ports, self.bus, "test")
        self._keys = 0

    def do(self, command: Any, actor: Actor, key: str | None = None) -> Any:
        """Carry out a command under a fresh key."""
        self._keys += 1
        return self.bus.handle(command, actor, key or f"k{self._keys}")

    def case(self, case_id: str) -> Case:
        """The stored case."""
        case = self.store.case(None, case_id)
        assert case is not None
        return case

    def file(self) -> Case:
        """A case filed online by the citizen."""
        return self.case(self.do(submit(), CITIZEN).case_id)

    def checked(self) -> Case:
        """A case that the clerk has passed; the chairman's task is open."""
        case = self.file()
        self.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), CLERK)
        self.do(CompleteTask(unit=UNIT, case_id=case.id, key="check#1", data={"decision": "ok"}), CLERK)
        self.worker.drain()
        return self.case(case.id)


def submit(**changes: Any) -> SubmitCase:
    """A good filing, with changes."""
    values: dict[str, Any] = {
        "unit": UNIT,
        "procedure": PROCEDURE.code,
        "channel": "online",
        "delivery": "electronic",
        "applicant": {"account": "lan", "name": "Nguyễn Thị Lan", "email": "lan@example.vn", "phone": "0903000111"},
        "application": {"purpose": "kết hôn"},
    }
    return SubmitCase(**{**values, **changes})
