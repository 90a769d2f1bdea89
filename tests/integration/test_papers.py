"""The desk's papers, read back: what each form says, in its right number, and nothing of anybody else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine.commands.messages import ExtendDeadline
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import NotFoundError, RuleError
from engine.ports.papers import setting_of
from engine.scenarios import read
from tests.support.desk import ROOT, UNIT, citizen, desk_on_stage, officer
from tests.support.followed import HAPPY, SUPPLEMENT, Followed

COPIES = ROOT / "catalog" / "chung-thuc-ban-sao" / "tests"
CLERK = officer("one_stop", name="clerk-mai")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    with desk_on_stage(tmp_path_factory.mktemp("papers")) as desk:
        yield Followed(desk)


def text_of(content: bytes) -> str:
    """The words of a PDF, in one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def form(house: Followed, case: Case, number: str, who: Actor = CLERK) -> str:
    return text_of(house.app.following.papers.form(who, case.id, number))


def test_a_supplement_is_asked_for_on_form_02_with_everything_that_is_missing(house: Followed) -> None:
    case = house.play(SUPPLEMENT, steps=1)
    (slip,) = [one for one in case.receipts if one["kind"] == "supplement"]
    said = form(house, case, "02")
    assert "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ" in said
    assert f"{slip['number']}/HDHS" in said
    assert str(case.applicant["name"]) in said
    for line in str(slip["data"]["documents"]).splitlines():
        assert " ".join(line.split()) in said
    assert " ".join(str(slip["data"]["reason"]).split()) in said


def test_a_refusal_is_told_on_form_03_to_its_applicant_too(house: Followed) -> None:
    case = house.play(COPIES / "02_ban_giay_tai_quay.toml", steps=0)
    refused = {"originals_compared": True, "decision": "refused", "reason": "Bản chính đã bị tẩy xóa."}
    (task,) = case.tasks.values()
    clerk = house.person("clerk-mai", "one_stop")
    clerk.client.post(f"/can-bo/ho-so/{case.id}/nhan", data={"key": task.key, **own(clerk, case, task.key)})
    page = clerk.get(f"/can-bo/ho-so/{case.id}/viec?key={task.key.replace('#', '%23')}")
    assert "Từ chối" in page
    data = {name: "1" if value is True else value for name, value in refused.items()}
    clerk.client.post(
        f"/can-bo/ho-so/{case.id}/viec?key={task.key.replace('#', '%23')}",
        data={**clerk.own(), **data, "_action": "complete"},
    )
    house.app.worker.drain()
    said = form(house, case, "03")
    assert "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ" in said
    assert "Bản chính đã bị tẩy xóa." in said
    assert "clerk-mai" in said


def own(clerk: object, case: Case, key: str) -> dict[str, str]:
    """What the last page's form carries."""
    clerk.get(f"/can-bo/ho-so/{case.id}/viec?key={key.replace('#', '%23')}")  # type: ignore[attr-defined]
    return dict(clerk.own())  # type: ignore[attr-defined]


def extended(house: Followed) -> Case:
    """A case whose term was moved, with a reason."""
    case = house.play(HAPPY, steps=1)
    due = house.app.file_catalog.calendar.end_of_day(
        house.app.file_catalog.calendar.add_working_days(case.deadline.due.date(), 3) if case.deadline else date.max
    )
    command = ExtendDeadline(unit=UNIT, case_id=case.id, reason="Chờ kết quả xác minh của xã Lạ.", due=due)
    house.app.handle(command, officer("chairman", name="leader"), f"extend/{case.id}")
    return house.case(case.id)


def test_a_moved_term_is_apologised_for_on_form_04_with_both_dates(house: Followed) -> None:
    case = extended(house)
    assert case.deadline
    said = form(house, case, "04")
    before, after = case.deadline.adjustments[-1].due_before, case.deadline.due
    assert "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ" in said
    assert "Chờ kết quả xác minh của xã Lạ." in said
    assert before
    assert f"ngày {before:%d/%m/%Y}" in said
    assert f"ngày {after:%d/%m/%Y}" in said
    assert case.receipts[-1]["number"] in said
    assert form(house, case, "04", citizen(str(case.applicant["account"]))) == said


def test_the_control_slip_tells_every_hand_over_with_who_and_when(house: Followed) -> None:
    case = house.desk.play(HAPPY, check=False)
    said = form(house, case, "05")
    history = house.app.store.events(case.id)
    rows = house.app.following.papers.handovers(history)
    assert len(rows) >= 4
    assert [row.given_at for row in rows] == sorted(row.given_at for row in rows)
    assert all(row.giver != row.taker for row in rows)
    for row in rows:
        assert " ".join(row.giver.split()) in said
        assert f"{row.given_at:%d/%m/%Y}" in said
    with pytest.raises(NotFoundError):
        form(house, case, "05", citizen(str(case.applicant["account"])))


def test_the_same_history_gives_the_same_bytes_and_two_copies_are_the_paper_twice(house: Followed) -> None:
    case, papers = extended(house), house.app.following.papers
    once = papers.form(CLERK, case.id, "01")
    assert once == papers.form(CLERK, case.id, "01")
    twice = papers.twice(once)
    assert twice == papers.twice(once)
    pages = len(PdfReader(BytesIO(once)).pages)
    assert len(PdfReader(BytesIO(twice)).pages) == 2 * pages
    everything = PdfReader(BytesIO(papers.everything(CLERK, case.id)))
    titles = " ".join(page.extract_text() for page in everything.pages)
    assert all(word in titles for word in ("GIẤY TIẾP NHẬN", "PHIẾU XIN LỖI", "PHIẾU KIỂM SOÁT"))


def test_what_is_printed_of_several_cases_holds_their_receipts_and_results_and_notes_each_look(house: Followed) -> None:
    done, short = house.desk.play(HAPPY, check=False), extended(house)
    bare = house.play(HAPPY, steps=0)
    clerk = house.person("clerk-mai", "one_stop")
    answer = clerk.client.get(f"/can-bo/ho-so/giay-to.pdf?case={done.id}&case={short.id}&case={bare.id}&case={done.id}")
    said = text_of(answer.data)
    assert answer.mimetype == "application/pdf"
    assert all(str(result["number"]) in said for result in done.results)
    assert [one["number"] in said for one in done.receipts if one["kind"] == "fee"] == [True]
    assert said.index(done.code) < said.index(short.code)
    assert bare.code not in said
    looks = house.app.following.looks
    assert [bool(looks.of(UNIT, case.id)) for case in (done, short, bare)] == [True, True, False]


def test_of_several_cases_nothing_is_printed_where_one_is_not_for_these_eyes_or_none_is_ticked(house: Followed) -> None:
    clerk, case = house.person("clerk-mai", "one_stop"), extended(house)
    assert clerk.client.get(f"/can-bo/ho-so/giay-to.pdf?case={case.id}&case={'0' * 32}").status_code == 404
    back = clerk.client.get("/can-bo/ho-so/giay-to.pdf?q=lan&status=2")
    assert back.location.endswith("/can-bo/ho-so?q=lan&status=2")
    with pytest.raises(NotFoundError):
        house.app.following.papers.several(replace(CLERK, unit="xa-khac"), [case.id])


def test_nobody_else_gets_a_paper_and_there_is_none_before_its_time(house: Followed) -> None:
    case, papers = house.play(HAPPY, steps=0), house.app.following.papers
    for who in (CLERK, citizen(str(case.applicant["account"]))):
        for number in ("01", "02", "03", "04", "05", "09"):
            with pytest.raises(NotFoundError):
                papers.form(who, case.id, number)
    done = extended(house)
    for stranger in (
        citizen("somebody-else"),
        Actor(id="x", name="x", kind="officer", unit="xa-khac", groups=CLERK.groups),
    ):
        with pytest.raises(NotFoundError):
            papers.form(stranger, done.id, "01")


def test_the_register_holds_the_cases_of_its_days_and_their_returns(house: Followed) -> None:
    case = house.desk.play(HAPPY, check=False)
    day, register = case.submitted_at.astimezone(house.app.clock.now().tzinfo).date(), house.app.following.register
    (row,) = [one for one in register.rows(CLERK, day, day) if one.case.id == case.id]
    assert row.returned_at is not None
    assert row.returned_at >= case.submitted_at
    said = text_of(register.pdf(CLERK, day, day))
    assert "SỔ THEO DÕI HỒ SƠ" in said
    assert row.collector == ""  # it came electronically
    assert "".join(case.code.split()) in said.replace(" ", "")
    before = day - timedelta(days=1)
    assert not [one for one in register.rows(CLERK, before, before) if one.case.id == case.id]
    with pytest.raises(RuleError):
        register.rows(CLERK, day, before)


def test_the_register_names_who_came_for_a_result_at_the_counter(house: Followed) -> None:
    case = house.play(COPIES / "02_ban_giay_tai_quay.toml")
    day, register = case.submitted_at.astimezone(house.app.clock.now().tzinfo).date(), house.app.following.register
    (row,) = [one for one in register.rows(CLERK, day, day) if one.case.id == case.id]
    assert (row.collector, bool(row.returned_at)) == ("Trần Quốc Hùng", True)
    assert text_of(register.pdf(CLERK, day, day)).count("Trần Quốc Hùng") >= 1


def test_the_pages_show_the_register_and_refuse_what_is_no_date(house: Followed) -> None:
    case, clerk = house.play(HAPPY, steps=1), house.person("clerk-mai", "one_stop")
    day = f"{case.submitted_at:%d/%m/%Y}"
    assert case.code in clerk.get(f"/can-bo/so/ho-so?tu={day}&den={day}")
    assert str(case.applicant["name"]) not in clerk.page
    assert "31/12/2022" in clerk.get("/can-bo/so/ho-so?tu=hôm qua", 422)
    assert clerk.client.get(f"/can-bo/so/ho-so.pdf?tu={day}&den={day}").data.startswith(b"%PDF")


@pytest.mark.parametrize("normal", ["NFC", "NFD"])
def test_long_names_and_many_papers_stay_on_the_receipt(house: Followed, normal: str, tmp_path: Path) -> None:
    scenario = read(HAPPY)
    name = unicodedata.normalize(normal, "Nguyễn Hoàng Thị Thúy Phượng " * 4).strip()
    case = house.play(HAPPY, steps=1)
    assert scenario.applicant
    changed = {**case.applicant, "name": name, "address": "Ấp " * 80}
    papers = [{"key": f"k{n}", "name": f"Giấy tờ thứ {n}", "sha256": "a" * 64} for n in range(40)]
    store = house.app.store
    fat = type(case)(
        **{
            **{f: getattr(case, f) for f in case.__slots__ if f != "__weakref__"},
            "applicant": changed,
            "documents": tuple(papers),
        }
    )
    maker, history = house.app.following.papers, store.events(case.id)
    (slip,) = [one.slip for one in maker._issued(history) if one.slip.kind == "intake"]
    content = maker._maker.slip(fat, maker._procedure(fat), slip, setting_of(maker._ports.catalog, fat.unit))
    said = text_of(content)
    assert "Giấy tờ thứ 39" in said
    assert "Phượng" in unicodedata.normalize("NFC", said)
