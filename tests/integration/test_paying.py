"""Paying over the wire: the real pages and adapters against the stand-ins, which sign, lose, repeat and lie."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import requests

from engine.adapters.clock import SteppedClock
from engine.commands.messages import CancelCase
from engine.domain.case import Case
from engine.ports import Account
from engine.scenarios import Player, read
from tests.support.desk import OPENING, ROOT, UNIT, Desk, officer, procedure_of, stage
from tests.support.served_house import Outside, house_and_standins
from web.auth import COOKIE, token_hash

SCENARIO = min((ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan" / "tests").glob("*.toml"))
TO_PAY = 2  # steps of the scenario until the fee is due


class Browser:
    """A person at the pages, over HTTP, without scripts."""

    def __init__(self, outside: Outside, account: str) -> None:
        self.outside, self.session = outside, requests.Session()
        token, now = secrets.token_urlsafe(16), outside.app.clock.now()
        outside.app.accounts.open_session(account, token_hash(token), now, now + timedelta(days=30))
        self.session.cookies.set(COOKIE, token)
        self.page: requests.Response

    def get(self, path: str, status: int = 200) -> str:
        self.page = self.session.get(path if "://" in path else self.outside.base + path, timeout=30)
        assert self.page.status_code == status, (path, self.page.status_code, self.page.text[:2000])
        return unescape(self.page.text)

    def post(self, path: str, data: dict[str, str], status: int = 200, **more: Any) -> str:
        own = {name: self._hidden(name) for name in ("csrf_token", "_key")}
        address = path if "://" in path else self.outside.base + path
        self.page = self.session.post(address, data={**own, **data}, timeout=30, **more)
        assert self.page.status_code == status, (path, self.page.status_code, self.page.text[:2000])
        return unescape(self.page.text)

    def _hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.text)
        return found[1] if found else ""

    def choose(self, case: Case, way: str) -> str:
        """Begin a try; its order number."""
        self.get(f"/ho-so/{case.id}/thanh-toan")
        self.post(f"/ho-so/{case.id}/thanh-toan", {"way": way})
        return self.page.url.rpartition("/")[2]

    def at_provider(self, end: str) -> str:
        """Follow the page's link to the provider, and end it there; the page one is brought back to."""
        link = re.search(r'class="button primary" href="(http[^"]*)"', self.page.text)
        assert link, self.page.text
        self.get(unescape(link[1]))
        order = re.search(r'name="order" value="([^"]*)"', self.page.text)
        address = f"{self.outside.standins}/vnpay/paymentv2/decide" if order else self.page.url
        return self.post(address, {"end": end, "order": order[1] if order else ""})


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    home = tmp_path_factory.mktemp("paying")
    shutil.copyfile(stage(), home / "motcua.db")
    with house_and_standins(home, f"sqlite:///{home / 'motcua.db'}", clock=SteppedClock(OPENING)) as outside:
        yield outside


@pytest.fixture
def turned(outside: Outside) -> Iterator[Callable[..., None]]:
    """Turn a stand-in's mood, for one test."""
    yield lambda party, **mood: outside.book.turn(party, **mood) and None
    for party in outside.book.parties:
        outside.book.turn(party, refuse=False, delay=0.0, repeat=0, lie="")


@pytest.fixture
def case(outside: Outside) -> Case:
    """A case that waits for 3.000 đồng."""
    desk = Desk(outside.app, outside.app.ports.clock)  # type: ignore[arg-type]  # it is the stepped one
    case = desk.play(SCENARIO, steps=TO_PAY)
    assert any(wait.message == "payment_received" for wait in case.subscriptions.values())
    put(outside, str(case.applicant["account"]), "citizen")
    return case


def put(outside: Outside, name: str, kind: Any, *groups: str) -> str:
    account = Account(
        id=name, login=name, name=name, kind=kind, unit=UNIT, groups=frozenset(groups), password_hash="x", profile={}
    )
    outside.app.accounts.put(account)
    return name


@pytest.fixture
def lan(outside: Outside, case: Case) -> Browser:
    return Browser(outside, str(case.applicant["account"]))


@pytest.fixture
def cashier(outside: Outside) -> Browser:
    return Browser(outside, put(outside, "thu", "officer", "cashier"))


def settled(outside: Outside, case: Case, order: str, *, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The order once it is as wanted; notices come in their own time."""
    for _ in range(100):
        now = outside.app.store.case(None, case.id)
        assert now is not None
        entry = next(dict(one) for one in now.payments if one["order"] == order)
        if wanted(entry):
            return entry
        time.sleep(0.1)
    raise AssertionError(entry)


def later(outside: Outside, minutes: int) -> Any:
    clock: Any = outside.app.ports.clock
    clock.set(clock.now() + timedelta(minutes=minutes))
    return clock.now()


def paid(entry: dict[str, Any]) -> object:
    return entry["paid"]


def answers(outside: Outside, party: str, order: str = "") -> list[str]:
    """What the house answered to the party's notices, about one order or all, newest first."""
    told = [entry for entry in outside.book.entries(party) if entry.what.startswith("notice")]
    return [entry.what for entry in told if order in str(entry.fields)]


def test_a_fee_is_paid_at_vnpay_and_the_receipt_fetched(outside: Outside, case: Case, lan: Browser) -> None:
    page = lan.get(f"/ho-so/{case.id}/thanh-toan")
    assert "3.000 đồng" in page
    assert "Ba nghìn đồng" in page
    order = lan.choose(case, "vnpay")
    assert order.startswith("DEMO")
    lan.at_provider("pay")
    assert lan.page.url.startswith(f"{outside.base}/ho-so/{case.id}/thanh-toan/{order}")
    settled(outside, case, order, wanted=paid)
    assert "Đã nhận tiền" in lan.get(f"/ho-so/{case.id}/thanh-toan/{order}")
    outside.app.worker.drain()
    link = re.search(rf'href="(/ho-so/{case.id}/bien-lai/[^"]*)"', lan.get(f"/ho-so/{case.id}/bien-lai"))
    assert link
    lan.get(link[1])
    assert lan.page.content.startswith(b"%PDF-")
    lan.get(f"/ho-so/{case.id}/bien-lai/2022/9999", 404)
    assert "đã nộp đủ" in lan.get(f"/ho-so/{case.id}/thanh-toan")
    assert '"00"' in answers(outside, "vnpay", order)[0]


@pytest.mark.parametrize(
    ("end", "code", "words"),
    [("cancel", "24", "đã hủy giao dịch"), ("funds", "51", "không đủ số dư"), ("doubt", "07", "không nộp lại")],
)
def test_what_went_wrong_is_said_in_words_and_the_payer_may_try_again(
    outside: Outside, case: Case, lan: Browser, end: str, code: str, words: str
) -> None:
    order = lan.choose(case, "vnpay")
    lan.at_provider(end)
    settled(outside, case, order, wanted=lambda one: code in (one.get("failed"), one.get("doubted")))
    page = lan.get(f"/ho-so/{case.id}/thanh-toan/{order}")
    assert words in page
    assert ("Nộp lại" in page) is (end != "doubt")
    again = lan.choose(case, "vnpay")
    assert again != order
    lan.at_provider("pay")
    settled(outside, case, again, wanted=paid)


def test_the_browser_that_comes_back_decides_nothing(
    outside: Outside, case: Case, lan: Browser, turned: Callable[..., None]
) -> None:
    turned("vnpay", lie="lost")
    order = lan.choose(case, "vnpay")
    page = lan.at_provider("pay")
    assert "Đang chờ xác nhận" in page
    assert lan.page.headers["Refresh"].startswith("5; url=")
    assert "Refresh" not in lan.session.get(f"{lan.page.url.partition('?')[0]}?cho=99", timeout=30).headers
    assert settled(outside, case, order, wanted=lambda one: True)["paid"] is False
    stranger = requests.get(f"{outside.base}/thanh-toan/vnpay/ket-qua?vnp_TxnRef={order}", timeout=30)
    assert "không cho biết điều gì" in unescape(stranger.text)
    now = later(outside, 20)
    outside.app.paying.reconciler.ask(now)
    assert settled(outside, case, order, wanted=paid)["reference"]


@pytest.mark.parametrize(("lie", "code"), [("forged", "97"), ("unknown", "01"), ("amount", "04")])
def test_a_gateway_that_lies_is_answered_as_the_protocol_asks_and_books_nothing(
    outside: Outside, case: Case, lan: Browser, turned: Callable[..., None], lie: str, code: str
) -> None:
    turned("vnpay", lie=lie)
    before = len(answers(outside, "vnpay"))
    order = lan.choose(case, "vnpay")
    lan.at_provider("pay")
    for _ in range(100):
        if len(answers(outside, "vnpay")) > before:
            break
        time.sleep(0.1)
    assert f'"{code}"' in answers(outside, "vnpay")[0]
    assert settled(outside, case, order, wanted=lambda one: True)["paid"] is False


def test_a_notice_that_is_repeated_is_booked_once(
    outside: Outside, case: Case, lan: Browser, turned: Callable[..., None]
) -> None:
    turned("vnpay", repeat=2, lie="early")
    before = len(answers(outside, "vnpay"))
    order = lan.choose(case, "vnpay")
    lan.at_provider("pay")
    for _ in range(100):
        if len(answers(outside, "vnpay")) >= before + 3:
            break
        time.sleep(0.1)
    assert ['"00"' in one for one in answers(outside, "vnpay")[: len(answers(outside, "vnpay")) - before]].count(
        True
    ) == 1
    tags = [link.event.tag for link in outside.app.store.events(case.id)]
    assert tags.count("payment:received") == 1
    assert settled(outside, case, order, wanted=paid)


def test_a_refund_whose_answer_was_lost_goes_back_once(
    outside: Outside, case: Case, lan: Browser, turned: Callable[..., None]
) -> None:
    order = lan.choose(case, "vnpay")
    lan.at_provider("pay")
    settled(outside, case, order, wanted=paid)
    stop = CancelCase(unit=UNIT, case_id=case.id, reason="Trùng hồ sơ")
    outside.app.handle(stop, officer("chairman"), f"stop-{case.id}")
    turned("vnpay", lie="timeout")
    outside.app.paying.reconciler.give_back(later(outside, 1))
    assert settled(outside, case, order, wanted=lambda one: True)["refund"]["state"] == "asked"
    turned("vnpay", lie="unsigned")
    outside.app.paying.reconciler.give_back(later(outside, 30))
    turned("vnpay", lie="")
    outside.app.paying.reconciler.give_back(later(outside, 30))
    refund = settled(outside, case, order, wanted=lambda one: True)["refund"]
    assert (refund["state"], refund["code"]) == ("settled", "94")


def test_a_fee_is_paid_and_given_back_at_momo(outside: Outside, case: Case, lan: Browser) -> None:
    order = lan.choose(case, "momo")
    lan.at_provider("pay")
    settled(outside, case, order, wanted=paid)
    assert "204" in answers(outside, "momo", order)[0]
    stop = CancelCase(unit=UNIT, case_id=case.id, reason="Trùng hồ sơ")
    outside.app.handle(stop, officer("chairman"), f"stop-{case.id}")
    outside.app.paying.reconciler.give_back(later(outside, 1))
    assert settled(outside, case, order, wanted=lambda one: True)["refund"]["state"] == "settled"


@pytest.mark.parametrize(
    ("mood", "booked"), [({"lie": "forged"}, False), ({"lie": "amount"}, False), ({"lie": "lost"}, True)]
)
def test_momo_is_believed_when_signed_and_asked_when_silent(
    outside: Outside, case: Case, lan: Browser, turned: Callable[..., None], mood: dict[str, str], booked: bool
) -> None:
    turned("momo", **mood)
    order = lan.choose(case, "momo")
    lan.at_provider("pay")
    time.sleep(0.5)
    assert settled(outside, case, order, wanted=lambda one: True)["paid"] is False
    if booked:
        outside.app.paying.reconciler.ask(later(outside, 20))
        assert settled(outside, case, order, wanted=paid)


def test_a_provider_that_is_silent_costs_nothing_and_another_way_is_open(
    outside: Outside, case: Case, lan: Browser, turned: Callable[..., None]
) -> None:
    turned("momo", refuse=True)
    lan.get(f"/ho-so/{case.id}/thanh-toan")
    page = lan.post(f"/ho-so/{case.id}/thanh-toan", {"way": "momo"}, 502)
    assert "không trả lời" in page
    assert "<title>Lỗi: " in page
    assert lan.choose(case, "vnpay")


def test_a_way_that_was_not_chosen_is_asked_for(case: Case, lan: Browser) -> None:
    lan.get(f"/ho-so/{case.id}/thanh-toan")
    for way in ("", "cash", "../x"):
        assert "Hãy chọn một cách nộp tiền." in lan.post(f"/ho-so/{case.id}/thanh-toan", {"way": way}, 422)


@pytest.mark.parametrize("way", ["prefix", "torn", "glued", "plain"])
def test_a_transfer_is_booked_by_the_banks_statement(outside: Outside, case: Case, lan: Browser, way: str) -> None:
    order = lan.choose(case, "vietqr")
    page = lan.get(f"/ho-so/{case.id}/thanh-toan/{order}")
    assert order in page
    assert "0123456789" in page
    lan.get(f"/ho-so/{case.id}/thanh-toan/{order}/ma-qr.svg")
    assert lan.page.headers["Content-Type"].startswith("image/svg+xml")
    transfer(outside, 3000, order, way)
    assert settled(outside, case, order, wanted=paid)


def transfer(outside: Outside, amount: int, content: str, way: str = "prefix") -> None:
    """Somebody transfers at the bank, and the house reads its statement."""
    fields = {"amount": str(amount), "content": content, "way": way}
    assert requests.post(f"{outside.standins}/bank/", data=fields, timeout=30).status_code == 200
    today = requests.get(f"{outside.standins}/bank/statement.csv", timeout=30).content
    outside.app.paying.statements.take(outside.app.paying.read_csv(today))


def test_a_cashier_reads_a_file_twice_and_settles_what_does_not_match(
    outside: Outside, case: Case, cashier: Browser
) -> None:
    at = "2022-12-19T10:00:00+07:00"
    rows = f"A{case.id},{at},0123456789,3000,phi xac nhan\nB{case.id},{at},0123456789,500,nham"
    file = ("id,at,account,amount,content\n" + rows).encode()
    for added in ("2 dòng mới", "0 dòng mới"):
        cashier.get("/can-bo/thu-phi/sao-ke")
        assert added in cashier.post("/can-bo/thu-phi/sao-ke", {}, files={"file": ("s.csv", file, "text/csv")})
    line = f"0123456789/A{case.id}"
    wrong = {"line": line, "code": "KHONG-CO", "_action": "match"}
    assert "KHONG-CO" in cashier.post("/can-bo/thu-phi/sao-ke/dong", wrong, 404)
    cashier.post("/can-bo/thu-phi/sao-ke/dong", {**wrong, "code": case.code})
    cashier.post("/can-bo/thu-phi/sao-ke/dong", {**wrong, "code": case.code}, 409)
    now = outside.app.store.case(None, case.id)
    assert now is not None
    assert now.payments[-1]["reference"] == line
    back = {"line": f"0123456789/B{case.id}", "reason": "UNC 5", "_action": "return"}
    assert "UNC 5" in cashier.post("/can-bo/thu-phi/sao-ke/dong", back)
    broken = {"file": ("s.csv", b"id,amount\n1,2", "text/csv")}
    assert "thiếu cột" in cashier.post("/can-bo/thu-phi/sao-ke", {}, 422, files=broken)
    cashier.post("/can-bo/thu-phi/sao-ke", {}, 422)


def test_a_cashier_gives_a_transfer_back_by_hand_and_sees_the_days(
    outside: Outside, case: Case, lan: Browser, cashier: Browser
) -> None:
    order = lan.choose(case, "vietqr")
    transfer(outside, 3000, order)
    stop = CancelCase(unit=UNIT, case_id=case.id, reason="Trùng hồ sơ")
    outside.app.handle(stop, officer("chairman"), f"stop-{case.id}")
    assert case.code in cashier.get("/can-bo/thu-phi/hoan-tien")
    fields = {"case": case.id, "order": order, "_action": "settle"}
    cashier.post("/can-bo/thu-phi/hoan-tien", {**fields, "reference": " "}, 422)
    cashier.get("/can-bo/thu-phi/hoan-tien")
    cashier.post("/can-bo/thu-phi/hoan-tien", {**fields, "reference": "UNC 9"})
    assert settled(outside, case, order, wanted=lambda one: True)["refund"]["reference"] == "UNC 9"
    outside.app.paying.reconciler.close_day(later(outside, 24 * 60))
    assert "VNPAY" in cashier.get("/can-bo/thu-phi/doi-soat")


def test_the_cashiers_pages_are_for_cashiers_and_the_chairman_who_only_looks(outside: Outside, lan: Browser) -> None:
    clerk = Browser(outside, put(outside, "mai", "officer", "one_stop"))
    chair = Browser(outside, put(outside, "binh", "officer", "chairman"))
    for path in ("sao-ke", "hoan-tien", "doi-soat"):
        clerk.get(f"/can-bo/thu-phi/{path}", 403)
        lan.get(f"/can-bo/thu-phi/{path}", 403)
        chair.get(f"/can-bo/thu-phi/{path}")
    for path in ("sao-ke", "sao-ke/dong", "hoan-tien"):
        chair.post(f"/can-bo/thu-phi/{path}", {}, 403)


def test_a_notice_that_is_too_large_or_no_json_is_refused_at_the_door(outside: Outside) -> None:
    address = f"{outside.base}/api/payments"
    large = "x" * 40_000
    assert requests.post(f"{address}/momo/ipn", data=large, timeout=30).status_code == 413
    assert requests.post(f"{address}/vnpay/ipn", data={"vnp_TxnRef": large}, timeout=30).status_code == 413
    for body in (b"", b"[]", b"{", b'{"amount": {"a": 1}}', b'"\\ud800"'):
        assert requests.post(f"{address}/momo/ipn", data=body, timeout=30).status_code == 403
    assert requests.get(f"{address}/vnpay/ipn?vnp_TxnRef=%00&vnp_Amount=1", timeout=30).json()["RspCode"] == "97"
    assert requests.post(f"{address}/vnpay/ipn", timeout=30).json()["RspCode"] == "97"


def test_a_case_without_a_fee_has_no_page_to_pay_and_a_receipt_over_nothing(outside: Outside) -> None:
    path = next(one for one in sorted((ROOT / "catalog").glob("*/tests/*.toml")) if "fee_total = 0" in one.read_text())
    made, clock = outside.app, outside.app.ports.clock
    player = Player(made.ports, made.bus, made.worker, clock, member=officer)  # type: ignore[arg-type]  # the stepped one
    case = player.play(read(path), procedure_of(path), check=False)
    assert case.fee_total == 0
    owner = Browser(outside, put(outside, str(case.applicant["account"] or "khach"), "citizen"))
    if case.applicant["account"]:
        assert "không phải nộp" in owner.get(f"/ho-so/{case.id}/thanh-toan")
    number, year = next(slip["number"] for slip in case.receipts if slip["kind"] == "fee").split("/")
    thu = Browser(outside, put(outside, "thu", "officer", "cashier"))
    thu.get(f"/can-bo/ho-so/{case.id}/bien-lai/{year}/{number}")
    assert thu.page.content.startswith(b"%PDF-")
    owner.get(f"/can-bo/ho-so/{case.id}/bien-lai/{year}/{number}", 403)
