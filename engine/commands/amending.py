"""A supplement is answered exactly where it was asked: the application changes, and its old answers stay in history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.following_messages import AnswerSupplement
from engine.commands.messages import Result
from engine.commands.taking import take_or_keep
from engine.commands.work import Work
from engine.domain import access, amendment, events, filing
from engine.domain.case import Case, Task
from engine.domain.codec import is_plain
from engine.domain.context import case_context, variables
from engine.domain.errors import FormInvalidError, RuleError

Values = Mapping[str, Any]


def answer(work: Work, command: AnswerSupplement) -> Result:
    """Take the answers that were asked for, and finish the task; FormInvalidError names what is wrong by its path.

    Paths of the application begin with `application.`, those of the task's own form stand alone.
    """
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    task = access.open_task(case, command.key)
    access.check_holds(work.actor, case, task)
    access.check_moves(work.actor, case, task)
    asked = amendment.asked_of(task.inputs)
    if not asked or task.form_id is None:
        raise RuleError(
            reason="Việc này không yêu cầu sửa nội dung đã khai.",
            reason_en="This task does not ask for answers of the application.",
        )
    reply, after = _checked(work, case, task, command)
    changes = amendment.changes(case.application, after)
    if changes:
        documents = _documents(work, case, command.documents)
        work.add(events.ApplicationAmended(key=task.key, changes=changes, application=after, documents=documents))
    kept = take_or_keep(work, "task", task.key, reply, by=work.actor.id)
    if kept.data:
        work.add(events.TaskDraftSaved(key=task.key, draft={**command.data, "application": command.application}))
    return kept


def _checked(work: Work, case: Case, task: Task, command: AnswerSupplement) -> tuple[Values, Values]:
    """The clean reply and the clean application; everything that is wrong in either is said at once."""
    wrong: dict[str, list[str]] = {}
    reply: Values = {}
    after: Values = {}
    try:
        context = {**variables(case, task), **case_context(case)}
        reply = work.ports.forms.validate(work.procedure, str(task.form_id), command.data, context)
    except FormInvalidError as error:
        wrong |= error.errors
    try:
        after = _amended(work, case, task, command.application)
    except FormInvalidError as error:
        wrong |= {f"application.{path}" if path else "": said for path, said in error.errors.items()}
    if wrong:
        raise FormInvalidError(wrong)
    return reply, after


def _amended(work: Work, case: Case, task: Task, answers: Values) -> Values:
    """What the applicant's form makes of the application with the answers laid over it."""
    if not isinstance(answers, Mapping) or not is_plain(answers):
        raise FormInvalidError({"": ["Nội dung sửa không đúng dạng; hãy tải lại trang rồi nhập lại."]})
    asked = frozenset(amendment.asked_of(task.inputs)) | _outdated(work, case)
    return _validated(work, case, amendment.laid_over(case.application, answers, asked))


def _outdated(work: Work, case: Case) -> frozenset[str]:
    """What the form would not take today, though nobody changed it: it may be mended along the way."""
    try:
        _validated(work, case, case.application)
    except FormInvalidError as error:
        return frozenset(path for path in error.errors if path)
    return frozenset()


def _validated(work: Work, case: Case, data: Values) -> dict[str, Any]:
    seen = {"case": case_context(case)["case"]}
    return work.ports.forms.validate(work.procedure, work.procedure.form_id, data, seen)


def _documents(work: Work, case: Case, documents: Any) -> tuple[Values, ...]:
    """The files of the case by document key; none that the house does not have."""
    known = {sha256 for sha256 in filing.hashes(documents) if work.ports.files.exists(sha256)}
    filing.check_documents(documents, known)
    return tuple(documents)
