"""Books of numbers: read, printed, numbers struck out for good, books closed at the end of the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine.adapters.db import SqlNumberBooks
from engine.commands.book_messages import CancelNumber
from engine.domain.appliers import fold
from engine.domain.case import Case
from engine.domain.errors import (
    BookClosedError,
    DomainError,
    ForbiddenError,
    NotFoundError,
    OpenNumbersError,
    RuleError,
)
from engine.replay import compare
from tests.support.desk import UNIT, desk_on_stage, officer
from tests.support.facts import ZONE
from tests.support.followed import HAPPY, Followed

INTAKE = "receipt/intake/2022"
HOA, CHAIR, MAI = officer("records_clerk", name="hoa"), officer("chairman"), officer("one_stop", name="mai")
AUDITOR = officer("auditor", name="soát")
NEXT_YEAR = datetime(2023, 1, 3, 8, 0, tzinfo=ZONE)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        yield Followed(desk)


def books(house: Followed) -> SqlNumberBooks:
    return SqlNumberBooks(house.app.store)


def numbers(house: Followed, book: str = INTAKE) -> list[tuple[int, str]]:
    return [(line.number, line.state) for line in books(house).lines(UNIT, book, 1, 99)]


def cancel(house: Followed, case: Case, book: str, number: int, job: str = "") -> CancelNumber:
    return CancelNumber(unit=UNIT, case_id=case.id, book=book, number=number, reason="Ghi nhầm người", job=job)


def result_of(case: Case) -> tuple[str, int]:
    return str(case.results[0]["book"]), int(case.results[0]["running"])


def test_every_number_stands_in_its_book_with_its_case_and_whoever_gave_it(house: Followed) -> None:
    first, second = house.play(HAPPY), house.play(HAPPY, steps=1)
    assert [x.case_code for x in books(house).lines(UNIT, INTAKE, 1, 9)] == [first.code, second.code]
    shelf = dict(house.app.desk.books.books.shelf(HOA, 2022))
    assert shelf["Sổ giấy tiếp nhận hồ sơ và hẹn trả kết quả"].last == 2
    assert all(head.open == head.struck == 0 for head in shelf.values())
    book, number = result_of(first)
    (line,) = books(house).lines(UNIT, book, number, number)
    assert (line.written, line.kind, line.case_id) == (first.results[0]["number"], "result", first.id)
    assert line.by == first.results[0]["signatures"][0]["signer"]


def test_a_number_is_struck_out_once_with_a_reason_and_never_given_again(house: Followed) -> None:
    first = house.play(HAPPY, steps=1)
    house.app.handle(cancel(house, first, INTAKE, 1), HOA, "strike")
    with pytest.raises(RuleError, match="Số này"):
        house.app.handle(cancel(house, first, INTAKE, 1), HOA, "again")
    house.play(HAPPY, steps=1)
    assert numbers(house) == [(1, "cancelled"), (2, "issued")]
    assert compare(house.case(first.id), fold(house.app.store.events(first.id))) == []
    (event,) = [x.event for x in house.app.store.events(first.id) if x.event.tag == "number:cancelled"]
    assert (event.reason, event.by, event.written) == ("Ghi nhầm người", "hoa", "0001/2022")  # type: ignore[attr-defined]  # of NumberCancelled


@pytest.mark.parametrize(
    ("actor", "more", "refusal"),
    [
        (MAI, {}, ForbiddenError),
        (AUDITOR, {}, ForbiddenError),
        (HOA, {"reason": " \n "}, RuleError),
        (HOA, {"book": "receipt/intake/2021"}, NotFoundError),
        (HOA, {"book": "receipt/intake/2021", "job": "x#1"}, NotFoundError),
    ],
)
def test_who_may_not_or_says_no_reason_or_names_no_number_strikes_nothing(
    house: Followed, actor: object, more: dict[str, str], refusal: type[DomainError]
) -> None:
    case = house.play(HAPPY, steps=1)
    with pytest.raises(refusal):
        house.app.handle(replace(cancel(house, case, INTAKE, 1), **more), actor, "strike")  # type: ignore[arg-type]  # an Actor
    assert numbers(house) == [(1, "issued")]


def test_the_number_of_a_signed_result_stays_until_a_leader_takes_the_result_back(house: Followed) -> None:
    case = house.play(HAPPY)
    with pytest.raises(RuleError, match="thu hồi"):
        house.app.handle(cancel(house, case, *result_of(case)), HOA, "strike")
    page = house.person("officer-chairman", "chairman")
    page.get(f"/can-bo/ho-so/{case.id}/ket-qua/1")
    page.post(f"/can-bo/ho-so/{case.id}/ket-qua/1", {"_action": "revoke", "reason": "Cấp sai họ tên"})
    book, number = result_of(case)
    assert books(house).lines(UNIT, book, number, number)[0].note == "Cấp sai họ tên"
    house.app.handle(cancel(house, case, book, number), HOA, "now")
    assert numbers(house, book)[-1] == (number, "cancelled")


def test_a_number_that_was_drawn_for_a_paper_that_never_came_is_found_and_struck_out(house: Followed) -> None:
    case, book = house.play(HAPPY, steps=1), "result/1.000894/2022"
    at = house.app.clock.now()
    assert house.app.store.draw(UNIT, book, f"number/{book}/{case.id}/issue#1", at) == 1
    (line,) = books(house).lines(UNIT, book, 1, 9)
    assert (line.state, line.case_code, line.job) == ("reserved", case.code, "issue#1")
    house.app.handle(cancel(house, case, book, 1, job="issue#1"), HOA, "strike")
    assert numbers(house, book) == [(1, "cancelled")]


def test_a_book_is_closed_when_its_year_is_over_and_every_number_is_settled(house: Followed) -> None:
    case, closing = house.play(HAPPY, steps=1), house.app.desk.books.closing
    with pytest.raises(RuleError, match="hết năm"):
        closing.close(HOA, INTAKE)
    house.app.store.draw(UNIT, INTAKE, f"number/{INTAKE}/{case.id}/lost#1", house.app.clock.now())
    house.desk.clock.set(NEXT_YEAR)
    with pytest.raises(OpenNumbersError) as told:
        closing.close(HOA, INTAKE)
    assert told.value.data == {"numbers": "2", "count": 1}
    house.app.handle(cancel(house, case, INTAKE, 2, job="lost#1"), HOA, "strike")
    for reader in (MAI, AUDITOR):
        with pytest.raises(ForbiddenError):
            closing.close(reader, INTAKE)
    done = closing.close(HOA, INTAKE)
    assert (done.last, done.struck, done.by) == (2, 1, "hoa")
    with pytest.raises(BookClosedError):
        closing.close(HOA, INTAKE)
    head = books(house).head(UNIT, INTAKE)
    assert head is not None
    assert head.closing == done
    assert head.last == 2


def test_a_closed_book_gives_no_number_and_next_years_begins_with_the_first(house: Followed) -> None:
    house.play(HAPPY, steps=1)
    house.desk.clock.set(NEXT_YEAR)
    house.app.desk.books.closing.close(HOA, INTAKE)
    store, at = house.app.store, house.app.clock.now()
    with pytest.raises(BookClosedError), store.begin() as uow:
        uow.next_number(UNIT, INTAKE)
    with pytest.raises(BookClosedError):
        store.draw(UNIT, INTAKE, "late", at)
    with store.begin() as uow:
        assert uow.next_number(UNIT, "receipt/intake/2023") == 1


def test_the_book_is_printed_with_every_number_and_lines_through_the_cancelled(house: Followed) -> None:
    first, second = house.play(HAPPY, steps=1), house.play(HAPPY, steps=1)
    house.app.handle(cancel(house, first, INTAKE, 1), HOA, "strike")
    clerk = house.person("hoa", "records_clerk")
    assert "0002/2022" in clerk.get(f"/can-bo/so/quyen?so={INTAKE}")
    answer = clerk.client.get(f"/can-bo/so/quyen.pdf?so={INTAKE}")
    assert answer.mimetype == "application/pdf"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages).split())
    for part in ("SỔ GIẤY TIẾP NHẬN HỒ SƠ", "Năm 2022", "0001/2022", first.code, second.code, "Đã hủy: Ghi nhầm người"):
        assert part in text, part
    assert "Cộng: 2 số, trong đó 1 số đã hủy" in text
    assert answer.data == clerk.client.get(f"/can-bo/so/quyen.pdf?so={INTAKE}").data


def test_the_records_clerk_strikes_out_and_closes_on_the_page_and_auditors_only_read(house: Followed) -> None:
    case = house.play(HAPPY, steps=1)
    clerk, auditor = house.person("hoa", "records_clerk"), house.person("soát", "auditor")
    assert "/can-bo/so/quyen?so=receipt/intake/2022" in auditor.get("/can-bo/so/")
    assert "Hủy số" not in auditor.get(f"/can-bo/so/quyen?so={INTAKE}")
    auditor.get(f"/can-bo/so/huy-so?so={INTAKE}&stt=1", 403)
    house.person("mai", "one_stop").get("/can-bo/so/", 403)
    place = {"so": INTAKE, "stt": "1"}
    clerk.get(f"/can-bo/so/huy-so?so={INTAKE}&stt=1")
    said = clerk.post("/can-bo/so/huy-so", {**place, "reason": " "}, 422).text
    assert 'href="#reason"' in said
    clerk.post("/can-bo/so/huy-so", {**place, "reason": "Ghi nhầm"})
    assert "<s>0001/2022</s>" in clerk.get(f"/can-bo/so/quyen?so={INTAKE}")
    assert case.code in clerk.get(f"/can-bo/so/quyen?so={INTAKE}&tu=1")
    assert "Chưa khóa được sổ" in clerk.post("/can-bo/so/khoa-so", {"so": INTAKE}, 422).text
    house.desk.clock.set(NEXT_YEAR)
    clerk, chair = house.person("hoa", "records_clerk"), house.person("officer-chairman", "chairman")
    clerk.get(f"/can-bo/so/quyen?so={INTAKE}")
    clerk.post("/can-bo/so/khoa-so", {"so": INTAKE})
    page = chair.get(f"/can-bo/so/quyen?so={INTAKE}")
    assert "Khóa sổ lúc" in page
    for address in ("/can-bo/so/quyen?so=case/221219", "/can-bo/so/quyen", "/can-bo/so/quyen.pdf?so=x"):
        chair.get(address, 404)
    chair.get(f"/can-bo/so/huy-so?so={INTAKE}&stt=99", 400)
