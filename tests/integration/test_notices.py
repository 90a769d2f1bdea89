"""Notices of whole cases: each thing is told once, whatever is repeated, rebuilt or killed meanwhile."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.db import SqlNotices
from engine.domain.case import Case
from engine.domain.codec import dumps
from engine.domain.notice import KeptNotice, Preferences
from engine.replay import rebuilt
from tests.support.desk import ROOT, UNIT, Desk, citizen, desk_on_stage, open_desk
from tests.support.posted import posted
from web.app import create_app

CATALOG = ROOT / "catalog"
CONNECTORS = """
[mail]
host = "127.0.0.1"
port = 9
security = "none"
sender = "mot-cua@xa-mau.example"
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    connectors = tmp_path / "connectors.toml"
    connectors.write_text(CONNECTORS, encoding="utf-8")
    url = request.getfixturevalue(f"deployed_{request.param}_url")
    desk = open_desk(tmp_path, url, deployed=True, connectors=connectors)
    yield desk
    desk.app.store.close()


def told(desk: Desk, case: Case) -> list[KeptNotice]:
    return SqlNotices(desk.app.store).of_case(UNIT, case.id)


# What each case tells, in the order of the catalog's scenarios: nothing else, nothing twice.
EXPECTED = {
    "xac-nhan-tinh-trang-hon-nhan/01_truc_tuyen": [
        "case_filed", "case_received", "fee_due", "payment_received", "draft_ready", "answer_received", "result_ready",
        "result_delivered",
    ],
    "xac-nhan-tinh-trang-hon-nhan/02_bo_sung_roi_tiep_nhan_tai_quay": [
        "case_filed", "supplement_requested", "answer_received", "case_received", "fee_due", "payment_received",
        "result_ready", "result_delivered",
    ],
    "xac-nhan-tinh-trang-hon-nhan/03_qua_han_bo_sung": [
        "case_filed", "supplement_requested", "supplement_reminder", "supplement_expired",
    ],
    "xac-nhan-tinh-trang-hon-nhan/04_khong_tiep_nhan": ["case_filed", "case_refused"],
    "xac-nhan-tinh-trang-hon-nhan/05_rut_ho_so": ["case_filed", "case_received", "case_withdrawn"],
    "xac-nhan-tinh-trang-hon-nhan/08_tu_choi_sau_xac_minh": ["case_filed", "case_received", "application_refused"],
    "xac-nhan-tinh-trang-hon-nhan/10_qua_han_nop_tai_quay": ["case_filed", "case_received", "fee_due", "fee_expired"],
}  # fmt: skip


class Rebuilder:
    """Throws away after every step what the events fold to, and makes it anew."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __call__(self, live: Case) -> None:
        self.desk.app.store.rebuild(rebuilt(self.desk.app.ports, live.id))


@pytest.mark.parametrize("scenario", EXPECTED)
def test_each_thing_is_told_once_also_when_the_case_is_rebuilt_after_every_step(desk: Desk, scenario: str) -> None:
    folder, _, name = scenario.partition("/")
    case = desk.play(CATALOG / folder / "tests" / f"{name}.toml", watch=Rebuilder(desk))
    assert Counter(each.notice.template for each in told(desk, case)) == Counter(EXPECTED[scenario])
    for kept in told(desk, case):
        title, text = desk.app.portal.notices.shown(kept, "vi")
        assert case.code in title
        assert "{" not in text


def test_what_is_asked_for_is_said_with_its_term_and_a_refusal_with_its_reason(desk: Desk) -> None:
    folder = CATALOG / "xac-nhan-tinh-trang-hon-nhan/tests"
    asked = desk.play(folder / "03_qua_han_bo_sung.toml")
    refused = desk.play(folder / "04_khong_tiep_nhan.toml")
    shown = desk.app.portal.notices.shown
    texts = {each.notice.template: shown(each, "vi")[1] for each in told(desk, asked) + told(desk, refused)}
    assert "Ảnh giấy tờ tùy thân rõ chữ" in texts["supplement_requested"]
    assert "Hạn bổ sung: 08:30 ngày 18/01/2023" in texts["supplement_requested"]
    assert "Lý do: " in texts["case_refused"]


def test_the_signed_result_goes_along_with_the_notice_of_its_delivery(desk: Desk) -> None:
    case = desk.play(CATALOG / "xac-nhan-tinh-trang-hon-nhan/tests/01_truc_tuyen.toml")
    delivered = next(each.notice for each in told(desk, case) if each.notice.template == "result_delivered")
    assert [file.sha256 for file in delivered.attachments] == [case.results[0]["sha256"]]
    assert desk.app.ports.files.get(delivered.attachments[0].sha256).startswith(b"%PDF")


def test_letters_to_agencies_lie_in_the_spool_as_ever_and_nothing_else_does(desk: Desk, tmp_path: Path) -> None:
    desk.play(CATALOG / "xac-nhan-tinh-trang-hon-nhan/tests/06_qua_20_ngay_khong_tra_loi.toml")
    spooled = [json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "spool").glob("*.json")]
    assert {each["channel"] for each in spooled} == {"agency"}
    assert spooled


def test_every_notice_of_every_template_in_the_catalog_has_both_languages(desk: Desk) -> None:
    case = desk.play(CATALOG / "xac-nhan-tinh-trang-hon-nhan/tests/01_truc_tuyen.toml")
    for kept in told(desk, case):
        vi, en = (desk.app.portal.notices.shown(kept, lang) for lang in ("vi", "en"))
        assert vi != en
        assert dumps(kept.notice.data)


def test_a_message_that_did_not_arrive_is_followed_by_a_mail_and_forged_callbacks_change_nothing(
    tmp_path: Path,
) -> None:
    """Through the house's own address, as the gateway would call it."""
    with posted(tmp_path) as outside, desk_on_stage(tmp_path, connectors=_file(tmp_path, outside.connectors)) as desk:
        desk.clock.set(desk.clock.now().replace(hour=9))
        told_by, client = desk.app.portal.notices, create_app(desk.app).test_client()
        reader = citizen("citizen1")
        told_by.prefer(reader, Preferences(email=True, sms=True))
        told_by.tell(
            template="status",
            data={"code": "H-1"},
            key="k",
            account=reader.id,
            phone="0903000111",
            email="lan@example.vn",
        )
        told_by.deliverer.drain()
        number = told_by.inbox(reader)[0].tries[0].provider_id
        lost = {"SMSID": number, "SendStatus": "4"}
        for secret, fields in (
            ("guessed", lost),
            ("known-to-the-gateway", {**lost, "SMSID": "sms-999"}),
            ("known-to-the-gateway", {**lost, "SendStatus": "2"}),
        ):
            assert client.get(f"/api/notices/sms/{secret}", query_string=fields).status_code == 204
        assert told_by.deliverer.drain() == 0
        for _ in range(3):  # gateways repeat themselves
            assert client.get("/api/notices/sms/known-to-the-gateway", query_string=lost).status_code == 204
        told_by.deliverer.drain()
        outcomes = [(each.channel, each.outcome) for each in told_by.inbox(reader)[0].tries]
        assert outcomes == [("sms", "undelivered"), ("email", "sent")]
        assert len(outside.got("mail")) == 1


def _file(home: Path, sections: Mapping[str, Mapping[str, Any]]) -> Path:
    lines = []
    for name, section in sections.items():
        lines += [
            f"[{name}]",
            "local = true",
            *(f"{k} = {json.dumps(v)}" for k, v in section.items() if k != "templates"),
        ]
    lines += ["[zalo.templates]", 'default = "300001"']
    path = home / "outside.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
