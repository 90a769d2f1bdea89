"""What the pages ask of the engine: the shape of the built application, so that pages never import its adapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, cast

from flask import current_app

from engine.commands.messages import Command, MigrateCase, Result
from engine.commands.migrator import Outcome
from engine.commands.notices import NoticeDesk
from engine.desk import Desk
from engine.domain.actor import Actor
from engine.domain.admin_unit import AdminUnits
from engine.domain.case import Case
from engine.domain.procedure import Group, Procedure, Status
from engine.domain.unit_fees import UnitFee
from engine.paying import Paying
from engine.people import People
from engine.portal import Following, Portal
from engine.ports import Accounts, Clock, Files
from engine.queries.steering import SteeringView
from engine.queries.views import CaseView, Page, PublicCase, TaskView
from engine.settings import Settings
from web.filing_parts import Filing


class CompiledForm(Protocol):
    """A form of a procedure version: its expanded form-js schema and its rules."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """The schema with option sets and field groups filled in."""

    def visible(self, data: Mapping[str, Any], context: Mapping[str, Any]) -> frozenset[str]:
        """Paths of what is shown for these data."""

    def settled(self, data: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
        """The unfinished data with computed values."""


class Forms(Protocol):
    """Compiled forms of procedure versions."""

    def compiled(self, procedure: Procedure, form_id: str) -> CompiledForm:
        """The form; NotFoundError."""

    def validate(
        self, procedure: Procedure, form_id: str, data: Mapping[str, Any], context: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Clean values; FormInvalidError with messages by field path."""

    def broken(
        self, procedure: Procedure, values: Mapping[str, Any], context: Mapping[str, Any], *, severity: str
    ) -> dict[str, list[str]]:
        """Messages of the procedure's rules of this severity that the values break."""


class Catalog(Protocol):
    """What is deployed."""

    @property
    def groups(self) -> Mapping[str, Group]:
        """Candidate groups by id."""

    @property
    def statuses(self) -> Mapping[int, Status]:
        """National statuses by code."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Limits and defaults of the house."""

    def current(self, code: str, day: date) -> Procedure:
        """The version in force; NotFoundError."""

    def versions(self, code: str) -> Sequence[Procedure]:
        """Every deployed version of a procedure; none of one that is not there."""

    def in_force(self, day: date) -> Sequence[Procedure]:
        """The same as `current_all`, with what was deployed a moment ago."""

    def current_all(self, day: date) -> Sequence[Procedure]:
        """Every procedure in force on that day."""

    def unit_fees(self, unit: str) -> Sequence[UnitFee]:
        """What the unit charges by resolutions of its own."""


class Diagrams(Protocol):
    """Diagrams of procedure versions."""

    def diagram(self, procedure: Procedure, process_id: str) -> tuple[str, str, frozenset[str]]:
        """Name, BPMN XML and element ids of one of the procedure's processes."""


class Queries(Protocol):
    """The read side; every query checks what the actor may see."""

    def inbox(self, actor: Actor, *, filters: Mapping[str, Any], after: str | None = None, limit: int = 50) -> Page:
        """Open tasks, due first."""

    def counts(self, actor: Actor) -> Mapping[str, int]:
        """Open tasks by group, plus "mine"."""

    def task(self, actor: Actor, case_id: str, key: str) -> TaskView:
        """One task; NotFoundError, ForbiddenError, TaskNotOpenError."""

    def case(self, actor: Actor, case_id: str) -> CaseView:
        """One case; NotFoundError."""

    def case_by_code(self, code: str) -> PublicCase | None:
        """The public state of a case."""

    def my_cases(
        self, actor: Actor, filters: Mapping[str, Any] | None = None, *, after: str | None = None, limit: int = 20
    ) -> Page:
        """The actor's own cases; filters `ended`, `status`."""

    def cases(self, actor: Actor, filters: Mapping[str, Any], *, after: str | None = None, limit: int = 50) -> Page:
        """Cases of the officer's unit."""


class Steering(Protocol):
    """Reads for those who steer running cases."""

    def waiting(self, actor: Actor) -> Sequence[Mapping[str, Any]]:
        """Incidents, suspended cases and proposals."""

    def case(self, actor: Actor, case_id: str) -> SteeringView:
        """Where a case stands; NotFoundError, ForbiddenError."""


class Migrator(Protocol):
    """Looks whether cases could go over to another version."""

    def look(self, actor: Actor, command: MigrateCase) -> Outcome:
        """A dry run."""


class Auditor(Protocol):
    """Replays histories."""

    def replay(self, actor: Actor, case_id: str, seq: int) -> Case:
        """The case as it was after event `seq`."""

    def verify(self, actor: Actor, case_id: str) -> Sequence[Any]:
        """Differences between history and stored state; empty when proven unchanged."""


class PaymentProvider(Protocol):
    """The part of a payment provider that answers notices."""

    @property
    def name(self) -> str:
        """What the provider is called in orders."""

    def check_notice(self, fields: Mapping[str, str]) -> Mapping[str, Any] | None:
        """The verified notice (order, amount, case_code, paid, reference), or None."""


class House(Protocol):
    """The built application."""

    @property
    def notices(self) -> NoticeDesk:
        """Notices."""

    @property
    def filing(self) -> Filing:
        """Drafts and uploads."""

    @property
    def settings(self) -> Settings:
        """Settings."""

    @property
    def clock(self) -> Clock:
        """Time."""

    @property
    def ids(self) -> Any:
        """Identifiers."""

    @property
    def catalog(self) -> Catalog:
        """Procedures."""

    @property
    def accounts(self) -> Accounts:
        """People."""

    @property
    def people(self) -> People:
        """Registration, recovery, single sign-on."""

    @property
    def files(self) -> Files:
        """Stored files."""

    @property
    def forms(self) -> Forms:
        """Forms."""

    @property
    def units(self) -> AdminUnits:
        """Administrative units by their names."""

    @property
    def diagrams(self) -> Diagrams:
        """Diagrams."""

    @property
    def queries(self) -> Queries:
        """Read side."""

    @property
    def steering(self) -> Steering:
        """Steering."""

    @property
    def migrator(self) -> Migrator:
        """Versions."""

    @property
    def auditor(self) -> Auditor:
        """Replay."""

    @property
    def portal(self) -> Portal:
        """The parts of the citizen's portal."""

    @property
    def desk(self) -> Desk:
        """The parts of the officers' side."""

    @property
    def payments(self) -> PaymentProvider:
        """The payment provider."""

    @property
    def following(self) -> Following:
        """Finding and following: texts, timelines, papers."""

    @property
    def paying(self) -> Paying:
        """Money: the collector, statements, reconciling, receipts."""

    @property
    def standin_payments(self) -> Any:
        """The stand-in provider's own side, in a demo only."""

    def handle(self, command: Command, actor: Actor, key: str) -> Result:
        """Carry a command out once per key; raises DomainError."""

    def health(self) -> Mapping[str, Any]:
        """Whether everything is reachable."""


def house() -> House:
    """The application behind the present request."""
    return cast(House, current_app.extensions["motcua"])


def queries() -> Queries:
    """Its read side."""
    return house().queries


def procedure_names() -> dict[str, str]:
    """Names of the procedures in force today, by code."""
    return {one.code: one.name for one in house().catalog.current_all(house().clock.now().date())}
