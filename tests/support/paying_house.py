"""A house that is paid by VNPAY and by transfers, on a real database: the providers' own words are signed here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.adapters.db import SqlLedger, upgrade
from engine.adapters.payments import vnpay_signing as signing
from engine.adapters.payments.portal import PortalPayments
from engine.adapters.payments.vietqr import Vietqr
from engine.adapters.payments.vnpay import Vnpay
from engine.commands.bus import Bus
from engine.commands.collector import Collector, Payer
from engine.commands.reconciler import Reconciler
from engine.commands.statements import Statements
from engine.commands.worker import Worker
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import PaymentRefusedError
from engine.domain.procedure import Procedure
from engine.ports.payments import Asked, Line, Notice, Refunded
from tests.support import bpmn_builder as b
from tests.support.small_house import CITIZEN, UNIT
from tests.support.steered_house import CLERKS, SteeredHouse, version

STORES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
SECRET = "SANDBOXSECRET"
ACCOUNT = "0123456789"
CASHIER = Actor(id="thu", name="Thu", kind="officer", unit=UNIT, groups=frozenset({"cashier"}))
SETTINGS = {"payments": {"refund_on": [3, 7, 8]}}


def drawn(**changes: Any) -> Procedure:
    """A fee of 3.000 đồng is ordered and waited for, and a receipt issued; beside it a clerk checks."""
    return version(
        1,
        b.message("payment_received"),
        b.start(),
        b.both("split"),
        b.user("check", zeebe=CLERKS),
        b.job("assess", "fee.assess"),
        b.job("order", "fee.collect"),
        b.receive("pay", "payment_received"),
        b.job(
            "receipt",
            "receipt.issue",
            zeebe='<zeebe:taskHeaders><zeebe:header key="kind" value="fee"/></zeebe:taskHeaders>',
        ),
        b.both("join"),
        b.end(),
        *b.chain("start", "split", "check", "join", "end"),
        *b.chain("split", "assess", "order", "pay", "receipt", "join"),
        **changes,
    )


class ScriptedVnpay:
    """VNPAY: signs and reads as it does, and its API says what a test told it to."""

    name, title, title_en, refunds = "vnpay", "VNPAY", "VNPAY", True

    def __init__(self) -> None:
        real = Vnpay(code="TESTCODE", secret=SECRET, pay_url="https://pay.example", api_url="https://a.example")
        self.takes, self.create, self.answer = real.takes, real.create, real.answer
        self.read_notice, self.verify_return = real.read_notice, real.verify_return
        self.known: dict[str, Notice | Exception] = {}
        self.asked: list[str] = []
        self.refunded: list[str] = []
        self.moods: list[Exception] = []
        self.lines: list[Line] | None = None

    def query(self, asked: Asked) -> Notice | None:
        self.asked.append(asked.order)
        found = self.known.get(asked.order)
        if isinstance(found, Exception):
            raise found
        return found

    def refund(self, asked: Asked) -> Refunded:
        """Gives the money back, once; a mood that is no refusal is an error after it did so."""
        code = "94" if asked.order in self.refunded else "00"
        mood = self.moods.pop(0) if self.moods else None
        if code == "00" and not isinstance(mood, PaymentRefusedError):
            self.refunded.append(asked.order)
        if mood is not None:
            raise mood
        return Refunded(code=code, reference="R" + asked.order)

    def statement(self, day: date) -> list[Line] | None:
        return self.lines


class PayingHouse(SteeredHouse):
    """The engine with the collector and what belongs to it."""

    def __init__(self, url: str, *versions: Procedure) -> None:
        super().__init__(*(versions or (drawn(),)), url=url)
        self.catalog.settings = {**self.catalog.settings, **SETTINGS}
        self.ports = replace(self.ports, payments=PortalPayments(), catalog=self.catalog)
        self.bus = Bus(self.ports)
        self.worker = Worker(self.ports, self.bus, "test")
        self.vnpay = ScriptedVnpay()
        self.vietqr = Vietqr(bank="970436", account=ACCOUNT, holder="UBND XA")
        self.ledger = SqlLedger(self.store)
        providers: Any = {"vnpay": self.vnpay, "vietqr": self.vietqr}
        self.collector = Collector(
            self.ports, self.bus, self.ledger, providers, prefix="MC", public="https://dvc.example.vn"
        )
        self.statements = Statements(self.ports, self.collector, self.vietqr, UNIT)
        self.reconciler = Reconciler(self.ports, self.bus, self.collector, UNIT)
        self._begun = 0

    def asked(self) -> Case:
        """A case that waits for its fee."""
        case = self.file()
        self.worker.drain()
        return self.case(case.id)

    def begin(self, case: Case, provider: str = "vnpay", key: str = "") -> str:
        """The applicant begins a try; its order number."""
        self._begun += 1
        return self.collector.begin(CITIZEN, case.id, provider, Payer(), key or f"begin-{case.id}-{self._begun}")

    def signed(self, order: str, **changes: str) -> dict[str, str]:
        """What VNPAY would send of a payment of 3.000 đồng."""
        fields = {
            "vnp_Amount": "300000",
            "vnp_ResponseCode": "00",
            "vnp_TmnCode": "TESTCODE",
            "vnp_TransactionNo": f"1{order[-6:-1]}",
            "vnp_TransactionStatus": "00",
            "vnp_TxnRef": order,
            **changes,
        }
        return {**fields, signing.SIGNATURE: signing.sign(SECRET, signing.signed_text(fields))}

    def hear(self, fields: dict[str, str]) -> str:
        """VNPAY's notice comes in; the RspCode it is answered with."""
        status, body = self.collector.hear(UNIT, "vnpay", fields, str(fields))
        assert status == 200
        return str((body or {})["RspCode"])

    def entry(self, case: Case, order: str) -> dict[str, Any]:
        """What the case holds of an order."""
        return dict(next(one for one in self.case(case.id).payments if one["order"] == order))

    def money(self, case: Case, *wanted: str) -> list[str]:
        """The tags of the case's events of these kinds, in order."""
        return [link.event.tag for link in self.store.events(case.id) if link.event.tag.startswith(wanted)]

    def line(self, number: str, text: str, amount: int = 3000, account: str = ACCOUNT) -> Line:
        """A line of the bank's statement."""
        return Line(id=number, account=account, amount=amount, text=text, at=self.clock.now())


@contextmanager
def opened(request: pytest.FixtureRequest, *versions: Procedure) -> Iterator[PayingHouse]:
    """A house on the database that the test is run with."""
    url = request.getfixturevalue(f"{request.param}_url")
    upgrade(url)
    house = PayingHouse(url, *versions)
    yield house
    house.store.close()
