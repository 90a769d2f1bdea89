"""Every route, tried by every kind of person with the addresses of somebody else's case: nothing seen, nothing done."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine.adapters.db import SqlNotices
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.drafting import Draft
from engine.domain.notice import KeptNotice
from engine.ports import Account
from tests.support.desk import ROOT, UNIT, Desk, citizen, desk_on_stage
from web import access
from web.app import create_app
from web.auth import COOKIE, token_hash

ELSEWHERE = "xa-khac"
EVERY_GROUP = frozenset({"one_stop", "cashier", "chairman", "auditor", "administrator", "records_clerk"})
HALF_WAY = (0, 2, 4)  # beside the case with its result: just filed, to be paid, its draft to be confirmed
ACTIONS = ("", "complete", "withdraw", "submit", "draft", "claim", "delegate", "pay", "delete", "save")
SIGN_IN = "/dang-nhap"
REFUSED = {302, 303, 308, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429}


@dataclass(frozen=True, slots=True)
class Stage:
    """A house with one owner's cases, and what is to be kept from everybody else."""

    desk: Desk
    flask: Flask
    cases: tuple[Case, ...]
    draft: Draft

    @property
    def personal(self) -> frozenset[str]:
        """What tells who the applicant is."""
        own = {str(case.applicant[key]) for case in self.cases for key in ("name", "id_number", "phone", "email")}
        return frozenset(text for text in own if len(text) > 5)

    def client(self, account: str | None) -> FlaskClient:
        """A browser in which somebody has signed in."""
        client, now = self.flask.test_client(), self.desk.clock.now()
        if account:
            token = secrets.token_urlsafe(16)
            self.desk.app.accounts.open_session(account, token_hash(token), now, now + timedelta(hours=9))
            client.set_cookie(COOKIE, token)
        return client

    def arguments(self) -> Mapping[str, list[str]]:
        """What stands in addresses, by the name of the place, all of it the owner's."""
        made = self.desk.app
        slips = [str(slip["number"]) for case in self.cases for slip in case.receipts]
        files = {file for case in self.cases for file in _digests([case.application, case.documents, case.results])}
        return {
            "case_id": [case.id for case in self.cases],
            "sha256": sorted(files) or ["a" * 64],
            "process_id": [made.catalog.procedure(c.procedure, c.procedure_version).process_id for c in self.cases],
            "token": [result["token"] for case in self.cases for result in case.results],
            "contact": ["dien-thoai"],
            "subtype": ["person"],
            "way": ["mobile"],
            "secret": ["nobody.knows"],
            "event_id": ["sinh-con"],
            "officer_id": ["a-neighbour"],
            "party": ["mail"],
            "fee": ["any"],
            "template": ["nothing.known"],
            "look": ["large"],
            "act": ["bo-sung", "tra-lai", "hen-lai", "rut", "dung"],
            "mandate_id": ["m" * 32],
            "drawer_id": [self._drawer()],
            "complaint_id": [self._complaint()],
            "notice_id": [kept.notice.id for case in self.cases for kept in self._told(case)],
            "order": [str(one["order"]) for case in self.cases for one in case.payments],
            "year": sorted({number.rpartition("/")[2] for number in slips}),
            "number": sorted({"1", *(number.partition("/")[0] for number in slips)}),
            "form": ["01", "05"],
            "provider": ["vnpay"],
            "code": [self.cases[0].procedure, *(case.code for case in self.cases)],
            "draft_id": [self.draft.id],
            "section_id": ["phan_nguoi_yeu_cau"],
            "path": ["tep_giay_to_tuy_than"],
        }

    def _drawer(self) -> str:
        """The open drawer of an officer of the desk."""
        groups, keeping = frozenset({"one_stop"}), self.desk.app.desk.drawers.keeping
        clerk = Actor(id=f"matrix-one_stop-{UNIT}", name="", kind="officer", unit=UNIT, groups=groups)
        return (keeping.current(clerk) or keeping.open(clerk, {})).id

    def _complaint(self) -> str:
        owner, case = citizen(str(self.cases[0].applicant["account"])), self.cases[0]
        said = {"kind": "complaint", "text": f"Chờ lâu. {case.applicant['name']}"}
        return self.desk.app.following.complaining.file(owner, "c" * 32, case_id=case.id, **said).id

    def _told(self, case: Case) -> list[KeptNotice]:
        return SqlNotices(self.desk.app.store).of_case(UNIT, case.id)

    @property
    def routes(self) -> list[Rule]:
        """All but files that are the same for everybody, and the way in and out."""
        return [r for r in self.flask.url_map.iter_rules() if r.endpoint.partition(".")[0] not in ("static", "auth")]

    def addresses(self, rule: Rule) -> Iterator[str]:
        """The route filled with everything of the owner's, with and without the key of an open task."""
        known = self.arguments()
        missing = set(rule.arguments) - set(known)
        assert not missing, f"{rule}: tell this test what stands for {missing}"
        names = sorted(rule.arguments)
        keys = ["", *(f"?key={key.replace('#', '%23')}" for case in self.cases for key in case.tasks)]
        for values, key in product(product(*(known[name] for name in names)), keys if "case_id" in names else [""]):
            path = str(rule)
            for name, value in zip(names, values, strict=True):
                path = re.sub(rf"<(?:[a-z]+:)?{name}>", value, path)
            yield path + key


def _digests(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("sha256"), str):
            yield value["sha256"]
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _digests(one)


def words(answer: TestResponse) -> str:
    """What an answer says, also where it is a file of the reader's own."""
    return answer.data.decode("utf-8", "replace")


def _account(name: str, kind: Any, unit: str, groups: frozenset[str] = frozenset()) -> Account:
    return Account(
        id=name, login=name, name=name, kind=kind, unit=unit, groups=groups, password_hash="none", profile={}
    )


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with desk_on_stage(tmp_path_factory.mktemp("routes")) as desk:
        folder = ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan" / "tests"
        happy = min(folder.glob("*.toml"))
        cases = (desk.play(happy), *(desk.play(happy, steps=steps) for steps in HALF_WAY))
        for account in STRANGERS:
            desk.app.accounts.put(account)
        owner = str(cases[0].applicant["account"])
        desk.app.accounts.put(_account(owner, "citizen", UNIT))
        draft = begun(desk, owner, cases[0])
        flask = create_app(desk.app)
        flask.config["WTF_CSRF_ENABLED"] = False  # what is tried here is who may, not from where
        yield Stage(desk, flask, cases, draft)


def begun(desk: Desk, owner: str, case: Case) -> Draft:
    """A draft of the owner's with everything that the first case says."""
    actor = Actor(id=owner, name="", kind="citizen", unit=UNIT)
    more = {"procedure": case.procedure, "version": case.procedure_version, "data": case.application}
    return desk.app.filing.drafting.begin(actor, "d" * 32, **more)


STRANGERS = (
    _account("a-neighbour", "citizen", UNIT),
    _account("a-citizen-elsewhere", "citizen", ELSEWHERE),
    _account("an-officer-elsewhere", "officer", ELSEWHERE, EVERY_GROUP),
)
WHO = [None, *(account.id for account in STRANGERS)]


@pytest.mark.parametrize("who", WHO)
def test_whoever_is_not_concerned_sees_nothing_of_a_case_at_any_address(stage: Stage, who: str | None) -> None:
    client, shown, tried = stage.client(who), list[str](), 0
    for rule in stage.routes:
        for path in stage.addresses(rule) if "GET" in (rule.methods or ()) else ():
            answer = client.get(path, buffered=True)
            tried += 1
            assert answer.status_code < 500, (path, answer.text[:500])
            if any(word in words(answer) for word in stage.personal):
                shown.append(path)
            if rule.arguments & {"case_id", "draft_id"} and answer.status_code not in REFUSED:
                shown.append(f"{path} {answer.status_code}")
    assert shown == []
    assert tried > 60


@pytest.mark.parametrize("who", WHO)
def test_whoever_is_not_concerned_changes_nothing_of_a_case_at_any_address(stage: Stage, who: str | None) -> None:
    client, store = stage.client(who), stage.desk.app.store
    before = {case.id: (len(store.events(case.id)), store.rows(case.id)) for case in stage.cases}
    number = 0
    for rule in stage.routes:
        writes = {"POST", "PUT"} & (rule.methods or set())
        for path in stage.addresses(rule) if writes else ():
            for action in ACTIONS if rule.arguments & {"case_id", "draft_id"} else ACTIONS[:1]:
                number += 1
                fields = {"_key": f"intruder-{who}-{number:06d}".lower()[:60], "_action": action, "reason": "x"}
                answer = client.open(
                    path, method=min(writes), data={**fields, "text": "x", "key": path.rpartition("key=")[2]}
                )
                assert answer.status_code < 500, (path, action, answer.text[:500])
                assert not any(word in words(answer) for word in stage.personal), (path, action)
    assert number > 30
    assert {case.id: (len(store.events(case.id)), store.rows(case.id)) for case in stage.cases} == before
    owner = Actor(id=stage.draft.account, name="", kind="citizen", unit=UNIT)
    assert stage.desk.app.filing.drafting.get(owner, stage.draft.id) == stage.draft


def test_the_owner_sees_at_these_addresses_what_the_others_may_not(stage: Stage) -> None:
    client, seen = stage.client(str(stage.cases[0].applicant["account"])), set[str]()
    for rule in stage.routes:
        declared = access.declared(stage.flask.view_functions[rule.endpoint])
        if declared and declared.kind == "citizen" and "GET" in (rule.methods or ()):
            seen |= {
                rule.endpoint for path in stage.addresses(rule) if client.get(path, buffered=True).status_code == 200
            }
    assert {"citizen.case", "citizen.file", "citizen.filed", "citizen.task", "citizen.cases"} <= seen


def test_nobody_gets_in_with_a_token_that_was_closed(stage: Stage) -> None:
    client = stage.client("a-neighbour")
    assert client.get("/ho-so").status_code == 200
    cookie = client.get_cookie(COOKIE)
    assert cookie
    client.post("/dang-xuat", data={})
    client.set_cookie(COOKIE, cookie.value)
    assert client.get("/ho-so").headers["Location"].startswith(SIGN_IN)
