"""What can be wrong with a diagram or with a step of its run."""

from __future__ import annotations

from collections.abc import Sequence


class BpmnError(Exception):
    """The diagram or the step cannot be processed."""

    def __init__(self, message: str, element_id: str | None = None, *, message_vi: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.message_vi = message_vi or message
        self.element_id = element_id


class UnreadableDiagramError(BpmnError):
    """The file is no BPMN diagram or DMN decision file that can be read: bad XML, a DTD, too large, no process."""


class UnsupportedElementError(BpmnError):
    """The diagram holds an element kind that is not executed; it is refused rather than ignored."""


class DecisionError(BpmnError):
    """A decision cannot be used or made; `element_id` is what is to blame in its file, or the task that asked."""


class StepError(BpmnError):
    """A step cannot be taken: the wait is not open, no flow matches, or an expression failed."""


class UnknownWaitError(StepError):
    """No such wait is open in this process instance."""


class ChangeError(StepError):
    """A running instance cannot be changed like this: BPMN gives it no meaning."""


class MigrationError(BpmnError):
    """An instance cannot go on in another definition; `problems` has (key of the token, English, Vietnamese) each."""

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        first = problems[0]
        super().__init__(first[1], first[0].rpartition("/")[2].rpartition("#")[0] or None, message_vi=first[2])
        self.problems = tuple(problems)


class SnapshotError(BpmnError):
    """A stored control state cannot be loaded by this release."""
