"""A signature that needs a PIN is left to its owner: no worker is given it, and it is found on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from engine.adapters.db import SqlStore
from engine.adapters.db.awaited_signatures import SqlAwaitedSignatures
from engine.commands.messages import ClaimTask, CompleteTask, ResumeCase, SuspendCase
from engine.domain.case import Case
from engine.domain.records import replace
from engine.domain.signing_key import SigningKey
from engine.ports import Signing
from engine.replay import Auditor
from tests.support import bpmn_builder as b
from tests.support.signed_house import ScriptedDocuments, SignedHouse, job, signing_procedure
from tests.support.small_house import ADMIN, CHAIRMAN, UNIT


class OwnKeys:
    """Implements the SigningKeys port: one key, of the chairman or held by the house."""

    def __init__(self, *, asks_pin: bool) -> None:
        self._key = SigningKey(role="leader", signer="Nguyễn Văn Bình", officer=CHAIRMAN.id, asks_pin=asks_pin)

    def key(self, role: str, signer: str) -> SigningKey:
        return replace(self._key, role=role, signer=signer)

    def all(self) -> Sequence[SigningKey]:
        return [self._key]

    def opened(self, key: SigningKey, pin: str) -> Signing:
        raise AssertionError("nobody has a PIN here")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


def decided(store: SqlStore, *, asks_pin: bool) -> tuple[SignedHouse, Case]:
    """A house in which the chairman has decided to sign: task → number → signature."""
    chair = b.extensions('<zeebe:assignmentDefinition candidateGroups="chairman"/>')
    parts = [
        b.start(),
        b.element("userTask", "decide", chair, name="Ký"),
        job("document.issue", "issue"),
        job("document.sign", "leader", role="leader"),
        b.end("end"),
        *b.chain("start", "decide", "issue", "leader", "end"),
    ]
    procedure = replace(signing_procedure(), files={"process.bpmn": b.process("small", *parts)})
    house = SignedHouse(store=store, documents=ScriptedDocuments(), procedure=procedure)
    house.catalog.settings["mandates"] = {"signers": ["chairman"]}
    object.__setattr__(house.ports, "keys", OwnKeys(asks_pin=asks_pin))
    case = house.file()
    which: dict[str, Any] = {"unit": UNIT, "case_id": case.id, "key": next(iter(case.tasks))}
    house.do(ClaimTask(**which), CHAIRMAN)
    house.do(CompleteTask(**which, data={}), CHAIRMAN)
    return house, case


def test_a_signature_that_needs_a_pin_waits_and_is_found_by_its_unit(store: SqlStore) -> None:
    house, case = decided(store, asks_pin=True)
    for _ in range(3):
        house.worker.drain()
        house.clock.advance(timedelta(hours=2))
    (job,) = house.case(case.id).jobs.values()
    assert (job.type, job.awaits, job.run_at, job.attempt) == ("document.sign", CHAIRMAN.id, None, 0)
    awaited = SqlAwaitedSignatures(store)
    assert awaited.case_ids(UNIT, 10) == [case.id]
    assert awaited.case_ids(UNIT, 0) == []
    assert awaited.case_ids("xa-khac", 10) == []
    assert Auditor(house.ports).differences(case.id) == []


def test_a_case_that_was_held_still_goes_on_waiting_for_the_pin(store: SqlStore) -> None:
    house, case = decided(store, asks_pin=True)
    house.worker.drain()
    house.do(SuspendCase(unit=UNIT, case_id=case.id, reason="có đơn"), ADMIN)
    house.do(ResumeCase(unit=UNIT, case_id=case.id), ADMIN)
    house.worker.drain()
    (job,) = house.case(case.id).jobs.values()
    assert (job.awaits, job.run_at) == (CHAIRMAN.id, None)
    assert Auditor(house.ports).differences(case.id) == []


def test_a_key_that_the_house_opens_itself_waits_for_nobody(store: SqlStore) -> None:
    house, case = decided(store, asks_pin=False)
    house.worker.drain()
    assert house.case(case.id).ended
    assert SqlAwaitedSignatures(store).case_ids(UNIT, 10) == []
