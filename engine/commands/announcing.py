"""What a command did becomes notices to the applicant: rows of an outbox, kept in the very commit of the events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from engine.commands.work import Work
from engine.domain import events
from engine.domain.actor import Actor
from engine.domain.case import Case, Job
from engine.domain.context import is_paid
from engine.domain.event import Event, Recorded
from engine.domain.notice import Attachment, Notice, NoticeBook, Template, Trigger, topic_key
from engine.domain.procedure import Procedure
from engine.ports import Ports

FROM_DIAGRAM = events.NotificationSent.tag
NOBODY = "none"  # the channel of a notice that could not be sent anywhere: the portal shows it all the same
Values = Mapping[str, Any]


def announced(work: Work, after: Case, recorded: Sequence[Recorded]) -> list[Notice]:
    """What the applicant is told of these events and by jobs done inside, each notice under a key of its own.

    A job that tells ends a stretch: what happened before it is told of the case as it then stood. Under one key the
    first stands.
    """
    book = work.ports.notices
    if book is None or not (book.triggers or work.told):
        return []
    links = list(zip(recorded, _actors(work), strict=True))
    told: dict[str, Notice] = {}
    first = 0
    for end, case, own in [*work.told, (len(links), after, None)]:
        for notice in (*_by_events(book, work, links[first:end], case), *([own] if own else [])):
            told.setdefault(notice.key, notice)
        first = end
    in_order = enumerate(told.values())  # as it happened, for whoever reads the inbox
    return [replace(each, created_at=each.created_at + timedelta(microseconds=n)) for n, each in in_order]


def _by_events(book: NoticeBook, work: Work, links: Sequence[tuple[Recorded, Actor]], case: Case) -> list[Notice]:
    """What is told of these events; of two under one key the one that stands first in the book."""
    found: dict[str, tuple[int, Notice]] = {}
    for link, actor in links:
        for rank, template, data in _told(book, work, link, actor, case):
            notice = _notice(work, case, template, link, data)
            if notice.reachable and (notice.key not in found or rank < found[notice.key][0]):
                found[notice.key] = rank, notice
    return [notice for _, notice in found.values()]


def _actors(work: Work) -> Iterator[Actor]:
    """Whose turn each event was."""
    ends = [first for first, _ in work.turns[1:]] + [len(work.events)]
    for (first, actor), end in zip(work.turns, ends, strict=True):
        yield from [actor] * (end - first)


def _told(
    book: NoticeBook, work: Work, link: Recorded, actor: Actor, case: Case
) -> Iterator[tuple[int, Template, Values]]:
    event = link.event
    if isinstance(event, events.NotificationSent) and event.channel == NOBODY:
        template = book.template(event.template)
        if template is not None:
            yield 0, template, {}
    triggers = book.triggers.get(event.tag, ())
    seen = _seen(event, work.before, actor, case.status) if triggers else {}
    for trigger in triggers:
        template = book.template(trigger.template)
        if template is not None and _meets(trigger, seen):
            given = {name: _at(seen, path) for name, path in trigger.data.items()}
            yield (
                trigger.rank,
                template,
                {name: value for name, value in given.items() if value not in (None, "", [], ())},
            )


def _seen(event: Event, before: Case | None, actor: Actor, status: int) -> dict[str, Any]:
    """The fields of an event; `by_kind`, whose doing it was; the groups of a task that it ends; the status there is
    now."""
    fields = {name: getattr(event, name) for name in event.__dataclass_fields__}
    if isinstance(event, events.TaskCompleted) and before is not None and event.key in before.tasks:
        fields["groups"] = before.tasks[event.key].groups
    return {**fields, "by_kind": actor.kind, "status": status}


def _meets(trigger: Trigger, seen: Values) -> bool:
    return all(_one_of(_at(seen, path), wanted) for path, wanted in trigger.when.items()) and not any(
        _one_of(_at(seen, path), refused) for path, refused in trigger.unless.items()
    )


def _one_of(value: Any, wanted: Sequence[Any]) -> bool:
    values = value if isinstance(value, tuple | list) else (value,)
    return any(each in wanted for each in values)


def _at(seen: Values, path: str) -> Any:
    value: Any = seen
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _notice(work: Work, after: Case, template: Template, link: Recorded, given: Values) -> Notice:
    data = {**facts(work.ports, work.procedure, after, link.at), **_receiver(work), **plain_values(given)}
    reached = contact(after)
    return Notice(
        unit=after.unit,
        key=topic_key(template, after.id, data, f"{after.id}/{link.seq}/{template.key}"),
        template=template.key,
        event=link.event.tag,
        case_id=after.id,
        data=data,
        attachments=signed_results(after) if template.attach else (),
        created_at=link.at,
        run_at=link.at,
        account=reached["account"],
        phone=reached["phone"],
        email=reached["email"],
    )


def _receiver(work: Work) -> dict[str, Any]:
    """Who of the house acted, where somebody did."""
    actor = work.asked_by
    return {"receiver": actor.name} if actor.kind == "officer" else {}


def contact(case: Case) -> dict[str, str]:
    """Where the applicant can be reached: account, phone, email."""
    return {name: str(case.applicant.get(name) or "")[:200] for name in ("account", "phone", "email")}


def facts(ports: Ports, procedure: Procedure, case: Case, at: datetime) -> dict[str, Any]:
    """What every notice about a case may say; instants as text, texts by language."""
    unit = ports.catalog.settings["units"].get(case.unit) or {}
    status = ports.catalog.statuses.get(case.status)
    waiting = ports.catalog.settings.get("supplement", {}).get("days")
    due = case.deadline.due if case.deadline else None
    found = {
        "code": case.code,
        "procedure": {"vi": procedure.name, "en": procedure.name_en},
        "agency": {"vi": unit.get("name", ""), "en": unit.get("name_en") or unit.get("name", "")},
        "handler": _handler(ports, case),
        "name": case.applicant.get("name"),
        "status": {"vi": status.name, "en": status.name_en} if status else None,
        "filed_at": case.submitted_at,
        "received_at": case.received_at,
        "due_at": due,
        "until_at": at + timedelta(days=waiting) if waiting else None,
        "at": at,
        "amount": _missing(case),
        "result": ", ".join(str(each["name"]) for each in case.results),
        "reason": case.closed_reason,
    }
    return plain_values({name: value for name, value in found.items() if value not in (None, "")})


def _handler(ports: Ports, case: Case) -> dict[str, str] | None:
    """Whose turn it is: the groups of the open tasks, or of the one that is in somebody's hands."""
    groups = [ports.catalog.groups.get(name) for task in case.tasks.values() for name in task.groups]
    known = list(dict.fromkeys(group for group in groups if group is not None))
    if not known:
        return None
    return {"vi": ", ".join(g.name for g in known), "en": ", ".join(g.name_en for g in known)}


def _missing(case: Case) -> int | None:
    if case.fee_total is None or is_paid(case):
        return None
    return case.fee_total - sum(int(p["amount"]) for p in case.payments if p["paid"])


def plain_values(values: Values) -> dict[str, Any]:
    """The values as notices keep them: instants as text, tuples as lists; nothing else but text, numbers, lists."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): str(text) for name, text in value.items()}
    if isinstance(value, tuple | list):
        return [str(each) for each in value]
    return value if isinstance(value, int | str) else str(value)


def signed_results(case: Case) -> tuple[Attachment, ...]:
    """The results that go along with a notice: those that bear a signature, as they are now."""
    return tuple(
        Attachment(sha256=str(each["sha256"]), name=f"{each['name']}.pdf")
        for each in case.results
        if each["signatures"]
    )


def told_by_job(ports: Ports, procedure: Procedure, case: Case, job: Job, now: datetime) -> dict[str, Any]:
    """What a `notify` of a diagram hands to the queue beside code and procedure: facts, contact, files, the inputs."""
    inputs = {name: value for name, value in job.inputs.items() if isinstance(value, str | int | list | tuple)}
    files = [{"sha256": each.sha256, "name": each.name} for each in signed_results(case)]
    own = {"case_id": case.id, "files": files, **contact(case)}
    return {**facts(ports, procedure, case, now), **plain_values(inputs), "_case": own}
