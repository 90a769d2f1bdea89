"""Whatever is sent to the real catalog is taken whole or refused with a reason, and a refusal leaves nothing behind."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from engine.commands.messages import (
    AddComment,
    CancelCase,
    ClaimTask,
    CompleteTask,
    CorrelateMessage,
    DelegateTask,
    ExtendDeadline,
    ResolveIncident,
    SaveTaskDraft,
    SubmitCase,
    UnclaimTask,
    WithdrawCase,
)
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.context import case_context, variables
from engine.domain.errors import (
    DomainError,
    ForbiddenError,
    FormInvalidError,
    NotFoundError,
    RuleError,
    StaleVersionError,
)
from engine.domain.form import Field
from engine.ports import Account
from engine.scenarios import Scenario, read
from tests.support.desk import UNIT, Desk, citizen, officer, open_desk, procedure_of, scenario_paths

FIRST = {procedure_of(path): path for path in reversed(scenario_paths()) if path.name.startswith("01")}
HUGE = "ữ" * 1_000_000
OWN = {
    (code, form.stem): form for code, path in FIRST.items() for form in (path.parent.parent / "forms").glob("*.json")
}
COPIES = next(path for path in FIRST.values() if "chung-thuc-ban-sao" in str(path))


def deep(levels: int = 10_000) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


DEEP = deep()
ODD: list[Any] = [float("nan"), float("inf"), HUGE, DEEP, {"a": {"b": [1]}}, ["x", 5], b"bytes", object()]
WRONG: Mapping[str, list[Any]] = {
    "textfield": [7, True, "a\x00b", "\ud800", "\x1b[31m", *ODD[:2], *ODD[2:]],
    "textarea": [7, True, "a\x00b", "\ud800", *ODD],
    "number": ["x", True, "١٢", "1e9", 10**30, -(10**30), "-", *ODD],
    "checkbox": ["true", 1, *ODD],
    "datetime": ["x", "2022-02-30", "22-12-2022", 20221219, True, "0001-01-01", *ODD],
    "select": ["no_such_option_\x00", 5, True, *ODD],
    "radio": ["no_such_option", 5, True, *ODD],
    "checklist": ["x", 5, ["no_such_option"], [[]], *ODD],
    "taglist": ["x", 5, ["no_such_option"], *ODD],
    "filepicker": [
        "x",
        5,
        ["x"],
        [{"sha256": "../../etc/passwd", "name": "x.pdf", "size": 1, "media_type": "application/pdf"}],
        [{"sha256": "a" * 64, "name": "x.pdf", "size": -1, "media_type": "application/pdf"}],
        [{"sha256": "a" * 64, "name": "x\x00.pdf", "size": 1, "media_type": "application/pdf"}],
        [{"sha256": "a" * 64}],
        *ODD,
    ],
    "dynamiclist": ["x", 5, ["x"], [{"no_such_name": 1}], [None, 5], [{}] * 5_000, *ODD],
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path, f"sqlite:///{tmp_path / 'motcua.db'}")
    yield opened
    opened.app.store.close()


def do(desk: Desk, command: Any, actor: Actor) -> Any:
    return desk.app.handle(command, actor, desk.app.ids.new())


def filing(scenario: Scenario, code: str, **changes: Any) -> SubmitCase:
    return replace(scenario.filing(UNIT, code), **changes)


def filed(desk: Desk, path: Path = COPIES) -> Case:
    scenario = read(path)
    desk.clock.set(max(scenario.start_at, desk.clock.now()))
    result = do(desk, filing(scenario, procedure_of(path)), citizen())
    desk.app.worker.drain()
    return stored(desk, result.case_id)


def stored(desk: Desk, case_id: str) -> Case:
    case = desk.app.store.case(None, case_id)
    assert case is not None
    return case


def put(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """`data` with one value changed; numbers in the path are rows."""
    changed = deepcopy(data)
    place: Any = changed
    *way, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    for part in way:
        place = place[part] if isinstance(part, int) else place.setdefault(part, {})
    place[last] = value
    return changed


def visible_fields(
    desk: Desk, case: Case | None, form_id: str, data: Any, context: Any, code: str
) -> list[tuple[str, Field]]:
    """The questions that are shown for these data, with the path to answer them at; of a list, its first row."""
    catalog = desk.app.catalog
    procedure = catalog.procedure(code, 1) if case else catalog.current(code, desk.clock.now().date())
    form = desk.app.forms.compiled(procedure, form_id)
    shown = form.visible(data, context)
    found = []
    for path, each in form.fields.items():
        real = next((p for p in (path, _in_first_row(path, form.fields)) if p in shown), None)
        if real is not None and each.computed is None:
            found.append((real, each))
    return found


def _in_first_row(path: str, fields: Mapping[str, Field]) -> str:
    for other, each in fields.items():
        if each.rows is not None and path.startswith(f"{other}."):
            return f"{other}.0.{path.removeprefix(f'{other}.')}"
    return path


def kinds(path: Path) -> set[str]:
    """What a procedure's application asks for: kinds of fields, and what is special about them."""
    text = (path.parent.parent / "form.json").read_text("utf-8")
    marks = (
        "partialDate",
        "partialDateTime",
        "optionSet",
        "allowOther",
        "computed",
        "fieldGroup",
        "requiredIf",
        "mustBeTrue",
    )
    return set(re.findall(r'"type": "(\w+)"', text)) | {mark for mark in marks if f'"{mark}"' in text}


def sample() -> list[str]:
    """Few procedures that together hold every kind of field; all of them with EVERY=1, as `make soak` does."""
    chosen: list[str] = []
    seen: set[str] = set()
    for code in sorted(FIRST, key=lambda code: (-len(kinds(FIRST[code])), code)):
        if os.environ.get("EVERY") or kinds(FIRST[code]) - seen or len(chosen) < 6:
            chosen.append(code)
            seen |= kinds(FIRST[code])
    return chosen


SOME = sample()


def attacks(each: Field) -> Iterator[Any]:
    for value in WRONG[each.kind]:
        if each.kind in ("select", "radio") and each.allow_other and isinstance(value, str) and value != HUGE:
            continue
        yield value
    if each.required:
        yield None


def refused(act: Callable[[], Any], path: str, value: Any) -> None:
    """Refused with a message at the very place, never with anything but a refusal."""
    with pytest.raises(FormInvalidError) as refusal:
        act()
    errors = refusal.value.errors
    assert any(place == path or place.startswith(f"{path}.") or path.startswith(f"{place}.") for place in errors), (
        path,
        errors,
    )
    assert all(messages and all(len(m) < 1000 for m in messages) for messages in errors.values()), repr(value)[:80]


@pytest.mark.parametrize("code", SOME)
def test_nonsense_in_any_field_of_an_application_is_refused_at_its_place(code: str, desk: Desk) -> None:
    scenario = read(FIRST[code])
    desk.clock.set(max(scenario.start_at, desk.clock.now()))
    base, person = dict(scenario.application), citizen(scenario.applicant["account"])
    context = {
        "case": {
            "channel": scenario.channel,
            "delivery": scenario.delivery,
            "level": desk.app.catalog.current(code, desk.clock.now().date()).level,
            "unit": UNIT,
            "procedure": code,
            "applicant": scenario.applicant,
            "submitted_at": desk.clock.now(),
        }
    }
    fields = visible_fields(desk, None, "application", base, context, code)
    assert len(fields) > 8
    for path, each in fields:
        for value in attacks(each):
            command = filing(scenario, code, application=put(base, path, value))
            refused(lambda command=command: do(desk, command, person), path, value)
    for whole in ({}, [], "x", None, 5, {"no_such_name": 1, **base}, {5: "x", **base}, {"case": {}, **base}):
        with pytest.raises(FormInvalidError):
            do(desk, filing(scenario, code, application=whole), person)
    assert desk.app.store.case_ids() == []
    result = do(desk, filing(scenario, code), person)
    assert stored(desk, result.case_id).code.endswith("-0001"), "no refusal used up a number"


@dataclass
class Attacker:
    """Sends nonsense to every task and every message form that opens while a scenario is played."""

    desk: Desk
    scenario: Scenario
    wanted: set[str]  # forms; each is attacked once
    count: int = 0
    failures: list[str] = field(default_factory=list)

    def watch(self, case: Case) -> None:
        for task in case.tasks.values():
            if task.form_id in self.wanted:
                self.wanted.remove(task.form_id)
                self._attack_task(case.id, task.key)
        for key, subscription in case.subscriptions.items():
            form_id = subscription.properties.get("messageForm", "")
            if form_id in self.wanted:
                self.wanted.remove(form_id)
                self._attack_message(stored(self.desk, case.id), key, form_id)

    def _data(self, element: str) -> dict[str, Any]:
        steps = (s for s in self.scenario.steps if element in (s.get("complete"), s.get("message")))
        return dict(next((s.get("data", {}) for s in steps), {}))

    def _actor(self, case: Case, groups: tuple[str, ...]) -> Actor:
        account = case.applicant.get("account")
        return (
            citizen(account)
            if groups == ("applicant",) and account
            else officer(groups[0] if groups != ("applicant",) else "one_stop")
        )

    def _attack_task(self, case_id: str, key: str) -> None:
        task = stored(self.desk, case_id).tasks[key]
        actor = self._actor(stored(self.desk, case_id), task.groups)
        if task.assignee is None:
            do(self.desk, ClaimTask(unit=UNIT, case_id=case_id, key=key), actor)
        case = stored(self.desk, case_id)
        assert task.form_id
        base, context = self._data(task.element_id), {**variables(case, task), **case_context(case)}

        def send(data: Any) -> Any:
            return do(self.desk, CompleteTask(unit=UNIT, case_id=case_id, key=key, data=data), actor)

        self._attack(case, task.form_id, base, context, send)
        if base:
            stale = CompleteTask(unit=UNIT, case_id=case_id, key=key, data=base, version=case.version - 1)
            with pytest.raises((StaleVersionError, FormInvalidError)):  # a date of a later day is refused until then
                do(self.desk, stale, actor)
            self._unchanged(case)

    def _attack_message(self, case: Case, key: str, form_id: str) -> None:
        subscription = case.subscriptions[key]
        groups = tuple(g.strip() for g in subscription.properties["messageGroups"].split(","))
        base = self._data(subscription.message)
        context = {**case.scopes.get("", {}), **case_context(case)}

        def send(data: Any) -> Any:
            message = CorrelateMessage(unit=UNIT, message=subscription.message, correlation=case.code, payload=data)
            return do(self.desk, message, officer(groups[0]))

        self._attack(case, form_id, base, context, send)

    def _attack(self, case: Case, form_id: str, base: Any, context: Any, send: Callable[[Any], Any]) -> None:
        for path, each in visible_fields(self.desk, case, form_id, base, context, case.procedure):
            for value in attacks(each):
                self.count += 1
                refused(lambda value=value, path=path: send(put(base, path, value)), path, value)
        for whole in ([], "x", 5, {"no_such_name": 1, **base}, {5: "x", **base}):
            if whole or base:
                with pytest.raises(FormInvalidError):
                    send(whole)
        self._unchanged(case)

    def _unchanged(self, case: Case) -> None:
        assert stored(self.desk, case.id) == case
        assert len(self.desk.app.store.events(case.id)) == case.version


def attacked(paths: list[Path], forms: set[str], tmp_path: Path) -> int:
    """Play scenarios until each of these forms was attacked; how often."""
    wanted, count = set(forms), 0
    for number, path in enumerate(paths):
        if not wanted:
            break
        desk = open_desk(tmp_path / str(number), f"sqlite:///{tmp_path / str(number) / 'motcua.db'}")
        attacker = Attacker(desk, read(path), wanted)
        case = desk.play(path, watch=attacker.watch)
        assert desk.app.auditor.differences(case.id) == []
        desk.app.store.close()
        count += attacker.count
    assert not wanted, "forms that were never shown"
    return count


@pytest.mark.parametrize("code", SOME)
def test_nonsense_in_any_field_of_any_task_or_message_leaves_the_case_as_it_was(code: str, tmp_path: Path) -> None:
    paths = [path for path in scenario_paths() if procedure_of(path) == code]
    forms = {form for owner, form in OWN if owner == code}
    assert attacked(paths, forms, tmp_path) > 10 * len(forms)


def test_nonsense_in_the_forms_that_all_procedures_share_leaves_the_case_as_it_was(tmp_path: Path) -> None:
    shared = {form.stem for form in FIRST[SOME[0]].parents[2].glob("_shared/forms/*.json")}
    paths = [
        path for path in scenario_paths() if not {form for code, form in OWN if code == procedure_of(path)} & shared
    ]
    assert attacked(paths, shared, tmp_path) > 100


PEOPLE: dict[str, tuple[Any, set[str]]] = {
    "nobody": (None, {"applicant"}),
    "a list": ([], {"applicant"}),
    "a text": ("Lan", {"applicant"}),
    "no name": ({}, {"applicant.name"}),
    "a blank name": ({"name": "   "}, {"applicant.name"}),
    "a number for a name": ({"name": 5}, {"applicant.name"}),
    "a name of a million letters": ({"name": HUGE}, {"applicant.name"}),
    "a NUL": ({"name": "Lan\x00"}, {"applicant.name"}),
    "half a character": ({"name": "Lan \ud800"}, {"applicant.name"}),
    "a list for an account": ({"name": "Lan", "account": ["citizen1"]}, {"applicant.account"}),
    "two wrong fields": ({"name": "Lan", "phone": 903, "email": {"a": 1}}, {"applicant.phone", "applicant.email"}),
    "an unknown field": ({"name": "Lan", "role": "chairman"}, {"applicant.role"}),
    "an address ten thousand deep": ({"name": "Lan", "address": DEEP}, {"applicant.address"}),
    "a name that is no text": ({"name": "Lan", 5: "x"}, {"applicant.5"}),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_an_applicant_who_makes_no_sense_is_refused(who: str, desk: Desk) -> None:
    person, places = PEOPLE[who]
    scenario = read(COPIES)
    with pytest.raises(FormInvalidError) as refusal:
        do(desk, filing(scenario, procedure_of(COPIES), channel="desk", applicant=person), officer("one_stop"))
    assert set(refusal.value.errors) == places
    assert desk.app.store.case_ids() == []


def test_papers_that_are_not_in_the_store_are_refused(desk: Desk) -> None:
    desk.clock.set(read(COPIES).start_at)
    content = b"%PDF-1.7 ..."
    good = {
        "key": "ban_sao",
        "sha256": desk.app.files.put(content),
        "name": "bằng.pdf",
        "size": len(content),
        "media_type": "application/pdf",
    }
    bad: list[Any] = [
        {**good, "sha256": "0" * 64},
        {**good, "sha256": "../../../etc/passwd"},
        {**good, "sha256": None},
        {**good, "size": "12"},
        {**good, "size": True},
        {**good, "extra": 1},
        {**good, "name": DEEP},
        {},
        "x",
        None,
    ]
    command = filing(read(COPIES), procedure_of(COPIES))
    for entry in bad:
        with pytest.raises(FormInvalidError) as refusal:
            do(desk, replace(command, documents=(good, entry)), citizen())
        assert list(refusal.value.errors) == ["documents.1"]
    for whole in ("x", 5, None, {"a": good}, [good] * 501):
        with pytest.raises(FormInvalidError):
            do(desk, replace(command, documents=whole), citizen())
    assert desk.app.store.case_ids() == []
    assert stored(desk, do(desk, replace(command, documents=(good,)), citizen()).case_id).documents == (good,)


def test_filing_in_a_unit_that_is_not_there_or_as_a_foreign_machine_is_refused(desk: Desk) -> None:
    desk.clock.set(read(COPIES).start_at)
    command = filing(read(COPIES), procedure_of(COPIES))
    with pytest.raises(NotFoundError):
        do(desk, replace(command, unit="xa-khong-co"), citizen())
    with pytest.raises(NotFoundError):
        do(desk, replace(command, procedure="9.999999"), citizen())
    with pytest.raises(FormInvalidError):
        do(desk, replace(command, delivery="pigeon"), citizen())
    with pytest.raises(ForbiddenError):
        do(desk, command, Actor(id="huyen", name="Huyện", kind="agency", unit=UNIT, groups=frozenset({"one_stop"})))


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧‍👦 bằng cấp",
        "שלום عربي",
        unicodedata.normalize("NFD", "Bằng tốt nghiệp"),
        "<script>alert(1)</script>",
        "'; DROP TABLE event; --",
        "={1+1}",
    ],
)
def test_odd_but_honest_text_is_kept_as_it_is_and_the_case_still_replays(text: str, desk: Desk) -> None:
    scenario = read(COPIES)
    desk.clock.set(scenario.start_at)
    application = put(dict(scenario.application), "danh_sach.0.ten_giay_to", text)
    result = do(desk, filing(scenario, procedure_of(COPIES), application=application), citizen())
    desk.app.worker.drain()
    case = stored(desk, result.case_id)
    assert case.application["danh_sach"][0]["ten_giay_to"] == unicodedata.normalize("NFC", text).strip()
    assert desk.app.auditor.differences(case.id) == []


def claimed(desk: Desk) -> tuple[Case, str]:
    case = filed(desk)
    (key,) = case.tasks
    do(desk, ClaimTask(unit=UNIT, case_id=case.id, key=key), officer("one_stop"))
    return stored(desk, case.id), key


def test_a_draft_that_cannot_be_kept_is_refused(desk: Desk) -> None:
    case, key = claimed(desk)
    limit = desk.app.catalog.settings["limits"]["draft"]
    for draft in (
        {"a": "x" * limit},
        {"a": DEEP},
        {"a": deep(60)},
        {"a": float("nan")},
        {"a": object()},
        {5: "x"},
        {"a": "\ud800"},
    ):
        with pytest.raises(FormInvalidError):
            do(desk, SaveTaskDraft(unit=UNIT, case_id=case.id, key=key, draft=draft), officer("one_stop"))
    assert stored(desk, case.id) == case
    odd = {"reason": "a\x00b", "decision": [1, {"x": None}]}
    do(desk, SaveTaskDraft(unit=UNIT, case_id=case.id, key=key, draft=odd), officer("one_stop"))
    assert stored(desk, case.id).tasks[key].draft == odd, "a draft is unfinished, so it may be wrong"


def test_texts_that_cannot_be_kept_are_refused_everywhere(desk: Desk) -> None:
    case = filed(desk)
    at: dict[str, Any] = {"unit": UNIT, "case_id": case.id}
    for text in ("\ud800", "x" * 2001, " \n "):
        with pytest.raises(DomainError):
            do(desk, AddComment(**at, text=text), officer("one_stop"))
    for command in (WithdrawCase(**at, reason="\ud800"), WithdrawCase(**at, reason=" ")):
        with pytest.raises(DomainError):
            do(desk, command, citizen())
    with pytest.raises(DomainError):
        do(desk, CancelCase(**at, reason="\ud800"), officer("chairman"))
    assert stored(desk, case.id) == case
    do(desk, CancelCase(**at, reason="x" * 100_000), officer("chairman"))
    assert stored(desk, case.id).ended
    assert len(stored(desk, case.id).closed_reason or "") == 2000


def test_keys_and_ids_that_are_guessed_find_nothing_and_say_nothing(desk: Desk) -> None:
    case = filed(desk)
    guesses = ["", "\x00", "x" * 10_000, "' OR 1=1 --", case.code, case.id[:-1], case.id.upper(), f"{case.id}/x"]
    words = set()
    for guess in guesses:
        with pytest.raises(NotFoundError) as refusal:
            do(desk, ClaimTask(unit=UNIT, case_id=guess, key="x"), officer("one_stop"))
        words.add(refusal.value.message)
    for key in ("", "\x00", "check_documents#1", next(iter(case.tasks)).replace("#1", "#2")):
        with pytest.raises(DomainError):
            do(desk, ClaimTask(unit=UNIT, case_id=case.id, key=key), officer("one_stop"))
    for code in ("", "%", "_" * len(case.code), case.code[:-1], case.code + "%", "\x00"):
        assert desk.app.queries.case_by_code(code) is None
    with pytest.raises(NotFoundError) as refusal:
        desk.app.queries.case(citizen("citizen2"), case.id)
    assert words == {refusal.value.message}, "not there and not for you are said in the same words"


OUTSIDERS = {
    "another citizen": citizen("citizen2"),
    "an officer of another commune": replace(officer("one_stop", "chairman", "administrator"), unit="xa-khac", id="x"),
    "an officer without groups": replace(officer("one_stop", name="y"), groups=frozenset()),
    "an officer who bears the applicant's account": replace(officer("auditor"), id="citizen1"),
    "a member of a group called applicant": officer("applicant"),
    "the auditor": officer("auditor"),
    "an agency": Actor(id="a", name="A", kind="agency", unit=UNIT, groups=frozenset({"one_stop"})),
}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_but_the_right_people_changes_a_case(who: str, desk: Desk) -> None:
    case, key = claimed(desk)
    do(desk, UnclaimTask(unit=UNIT, case_id=case.id, key=key), officer("one_stop"))
    case, actor = stored(desk, case.id), OUTSIDERS[who]
    at: dict[str, Any] = {"unit": UNIT, "case_id": case.id}
    for command in (
        ClaimTask(**at, key=key),
        UnclaimTask(**at, key=key),
        DelegateTask(**at, key=key, assignee="x", reason="x"),
        SaveTaskDraft(**at, key=key, draft={}),
        CompleteTask(**at, key=key, data={"originals_compared": True, "decision": "accepted"}),
        WithdrawCase(**at, reason="x"),
        CancelCase(**at, reason="x"),
        ExtendDeadline(**at, reason="x"),
        ResolveIncident(**at, incident="x", note="x"),
        AddComment(**at, text="x"),
    ):
        with pytest.raises(DomainError):
            do(desk, command, actor)
    assert stored(desk, case.id) == case


def test_a_task_is_handed_on_only_to_members_of_its_groups(desk: Desk) -> None:
    case, key = claimed(desk)
    for login, groups in (("tam", {"one_stop"}), ("duc", {"justice_officer"})):
        desk.app.accounts.put(
            Account(
                id=f"id-{login}",
                login=login,
                name=login,
                kind="officer",
                unit=UNIT,
                groups=frozenset(groups),
                password_hash="",
                profile={},
            )
        )
    for assignee in ("id-duc", "nobody", "citizen1", "", "\x00", "x" * 10_000):
        command = DelegateTask(unit=UNIT, case_id=case.id, key=key, assignee=assignee, reason="Bận")
        with pytest.raises(RuleError):
            do(desk, command, officer("one_stop"))
    assert stored(desk, case.id) == case
    do(desk, DelegateTask(unit=UNIT, case_id=case.id, key=key, assignee="id-tam", reason="Bận"), officer("one_stop"))
    assert stored(desk, case.id).tasks[key].assignee == "id-tam"


def test_an_applicants_own_task_cannot_be_handed_on(desk: Desk) -> None:
    case, key = claimed(desk)
    data = {"decision": "supplement", "reason": "Thiếu", "missing_documents": "Bản chính"}
    do(desk, CompleteTask(unit=UNIT, case_id=case.id, key=key, data=data), officer("one_stop"))
    desk.app.worker.drain()
    (own,) = stored(desk, case.id).tasks
    with pytest.raises(RuleError):
        do(desk, DelegateTask(unit=UNIT, case_id=case.id, key=own, assignee="citizen2", reason="x"), citizen())
    assert stored(desk, case.id).tasks[own].assignee is None
