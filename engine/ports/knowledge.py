"""What the engine is told: time, names, expressions, processes, forms, the catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from engine.domain.calendar import WorkingCalendar
from engine.domain.procedure import Group, Procedure, Status
from engine.domain.process import Call, Start, Step
from engine.domain.steering import Change, Moved, Place, Plan, Standing
from engine.domain.unit_fees import UnitFee
from engine.domain.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A procedure version as stored: its files are self-contained."""

    code: str
    version: int
    digest: str
    valid_from: date
    valid_to: date | None
    name: str
    level: int
    files: Mapping[str, bytes]
    deployed_at: datetime
    deployed_by: str


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in the zone of the house."""
        ...


class Ids(Protocol):
    """Makes identifiers."""

    def new(self) -> str:
        """A fresh identifier: 32 lower-case hex digits, sortable by time of making."""
        ...

    def token(self) -> str:
        """22 letters fit for an address, 128 bits of chance: nobody guesses it."""
        ...


class Expressions(Protocol):
    """Evaluates FEEL."""

    def evaluate(self, text: str, context: Mapping[str, Any]) -> Any:
        """The value of `text` over `context` at this moment; raises RuleError when it cannot be evaluated."""
        ...


class ProcessRunner(Protocol):
    """Runs the processes of a pinned procedure version; control flow only. Raises ProcessStuckError."""

    def starts(self, procedure: Procedure) -> tuple[Start, ...]:
        """The start events of the procedure's process, as drawn."""
        ...

    def slot_after(self, procedure: Procedure, element_id: str, call: Call, after: datetime) -> datetime | None:
        """When a start timer is due next, later than `after`, counted since `call.now`; None when never again."""
        ...

    def start(
        self, procedure: Procedure, call: Call, element_id: str | None = None, payload: Mapping[str, Any] | None = None
    ) -> Step:
        """Start the procedure's process: where people file (None), or at a start event with what began it."""
        ...

    def complete(self, procedure: Procedure, snapshot: str, key: str, result: Mapping[str, Any], call: Call) -> Step:
        """Complete a user task or a job."""
        ...

    def fail(self, procedure: Procedure, snapshot: str, key: str, error: Mapping[str, Any], call: Call) -> Step:
        """End a job with a BPMN error {code, data}; ProcessStuckError when the diagram catches it nowhere."""
        ...

    def deliver_signal(
        self, procedure: Procedure, snapshot: str, signal: str, payload: Mapping[str, Any], call: Call
    ) -> Step:
        """Hand a signal that was thrown elsewhere to all that waits for it here."""
        ...

    def fire_timer(self, procedure: Procedure, snapshot: str, key: str, call: Call) -> Step:
        """Fire a timer."""
        ...

    def deliver_message(
        self, procedure: Procedure, snapshot: str, key: str, payload: Mapping[str, Any], call: Call
    ) -> Step:
        """Deliver a message to a waiting element."""
        ...

    def conditional(self, procedure: Procedure) -> bool:
        """Whether the process may wait for conditions, which have to be looked at when what they read has changed."""
        ...

    def wake(self, procedure: Procedure, snapshot: str, call: Call) -> Step:
        """Look at the conditions again; the same snapshot comes back when none has turned."""
        ...

    def modify(self, procedure: Procedure, snapshot: str, change: Change, call: Call) -> Step:
        """Cancel, set and begin as the change says; ChangeRefusedError where that has no meaning."""
        ...

    def migrate(self, old: Procedure, new: Procedure, snapshot: str, plan: Plan, call: Call) -> Moved:
        """The instance in another version, no token moved; CannotMigrateError with everything in the way."""
        ...

    def standing(self, procedure: Procedure, snapshot: str) -> tuple[Standing, ...]:
        """Where every token stands, outer scopes first."""
        ...

    def places(self, procedure: Procedure, snapshot: str) -> tuple[Place, ...]:
        """Where a token may be begun by hand."""
        ...

    def cancel(self, procedure: Procedure, snapshot: str) -> Step:
        """End the instance; everything that waited is closed."""
        ...


class Forms(Protocol):
    """Validates form data on the server."""

    def validate(
        self, procedure: Procedure, form_id: str, data: Mapping[str, Any], context: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Clean values; FormInvalidError with messages by field path. The applicant's form also obeys the rules."""
        ...


class CompiledForms(Protocol):
    """Gives pages the forms to draw."""

    def compiled(self, procedure: Procedure, form_id: str) -> Any:
        """The compiled form: `schema`, `validate(data, context)`, `visible(data, context)`; NotFoundError."""
        ...


class ProcessDiagrams(Protocol):
    """Gives pages the diagrams to draw."""

    def diagram(self, procedure: Procedure, process_id: str) -> tuple[str, str, frozenset[str]]:
        """Name, BPMN XML and element ids of one of the procedure's processes."""
        ...


class Catalog(Protocol):
    """What is deployed, and the data all procedures share."""

    groups: Mapping[str, Group]
    statuses: Mapping[int, Status]
    settings: Mapping[str, Any]

    def procedure(self, code: str, version: int) -> Procedure:
        """That deployed version; NotFoundError."""
        ...

    def current(self, code: str, day: date) -> Procedure:
        """The version in force on that day; NotFoundError."""
        ...

    def in_force(self, day: date) -> list[Procedure]:
        """Every procedure in force on that day, one version each, by code; none that was deployed is missing."""
        ...

    def versions(self, code: str) -> list[Procedure]:
        """Every deployed version of a procedure; none that was deployed is missing."""
        ...

    def calendar(self, unit: str) -> WorkingCalendar:
        """The unit's working calendar."""
        ...

    def unit_fees(self, unit: str) -> Sequence[UnitFee]:
        """What the unit charges by resolutions of its own, past ones and those to come."""
        ...

    def wordings(self, unit: str) -> Sequence[Wording]:
        """What the unit says in notices in words of its own, past ones and those to come."""
        ...
