"""Pages of statistics as leaders, officers and everybody see them, over a made-up quarter."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from engine.domain.report_ii06a import COLUMNS
from tests.support.counted import files, town
from tests.support.desk import UNIT, Desk, desk_on_stage
from tests.support.quarter import complain, quarter, write
from tests.support.web_client import Browser
from web.app import create_app
from web.auth import COOKIE, token_hash
from web.demo import add_people

NOW = datetime(2023, 3, 22, 9, tzinfo=files().calendar.zone)
Q1 = "/can-bo/thong-ke/ii-06a?ky=2023-Q1"
COUNT = 150


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A house at the end of March 2023 with a quarter of cases, everything counted."""
    with desk_on_stage(tmp_path_factory.mktemp("figures")) as found:
        add_people(found.app)
        histories = list(quarter(town(), 5, COUNT))
        write(found.app.store, histories)
        codes = [(h[0].event.case_id, h[0].event.code) for h in histories]  # type: ignore[attr-defined]  # the first event
        complain(found.app.store, town(), 5, codes)
        found.clock.set(NOW)
        found.app.desk.figures.reporting.nightly(NOW)
        yield found


@pytest.fixture
def flask(desk: Desk) -> Any:
    made = create_app(desk.app)
    made.config.update(WTF_CSRF_ENABLED=False)
    return made


def person(desk: Desk, flask: Any, account: str) -> Browser:
    """Somebody of the demonstration, signed in."""
    client, now, token = Browser(flask.test_client()), desk.clock.now(), secrets.token_urlsafe(16)
    desk.app.accounts.open_session(account, token_hash(token), now, now + timedelta(hours=9))
    client.client.set_cookie(COOKIE, token)
    return client


@pytest.fixture
def leader(desk: Desk, flask: Any) -> Browser:
    return person(desk, flask, "chairman1")


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def draft(desk: Desk, kind: str = "ii06a", period: str = "2023-Q1") -> Any:
    queries = desk.app.desk.figures.queries
    return queries.draft(UNIT, kind, queries.period(period, UNIT))


def test_every_number_of_the_form_leads_to_exactly_its_cases(desk: Desk, leader: Browser) -> None:
    page = leader.get(Q1)
    links = re.findall(r'href="(/can-bo/thong-ke/ii-06a/ho-so[^"]+)" aria-label="(\d+):', page)
    assert len(links) > 20
    for href, number in links[::7] + links[-11:]:
        shown = leader.get(unescape(href))
        assert f"{number} hồ sơ" in words(shown).replace(".", "")
        rest, codes = unescape(href), set[str]()
        for part in range(1, int(number) // 50 + 2):
            codes |= set(
                re.findall(r'class="code" href="/can-bo/ho-so/([0-9a-f]{32})"', leader.get(f"{rest}&trang={part}"))
            )
        assert len(codes) == int(number)


def test_the_table_on_the_page_is_the_draft(desk: Desk, leader: Browser) -> None:
    page = leader.get(Q1)
    rows = [[int(x) for x in re.findall(r'data-value="(\d+)"', row)] for row in page.split("<tr")[2:]]
    found = [[row["numbers"][str(n)] for n in COLUMNS] for row in draft(desk).figures["rows"]]
    assert [row for row in rows if row] == found
    assert "Quý I năm 2023: 15/12/2022 – 14/03/2023" in words(page)


def test_the_files_hold_what_the_page_shows(desk: Desk, leader: Browser) -> None:
    rows = draft(desk).figures["rows"]
    base = "/can-bo/thong-ke/ii-06a/tai?ky=2023-Q1&dang="
    answer = leader.client.get(base + "xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=ii06a-2023-Q1.xlsx"
    sheet = load_workbook(io.BytesIO(answer.data)).active
    found = [row for row in sheet.iter_rows(min_row=7, values_only=True)]
    assert [list(row[2:]) for row in found] == [[row["numbers"][str(n)] for n in COLUMNS] for row in rows]
    text = leader.client.get(base + "csv").data.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=";"))[-1][2] == str(rows[-1]["numbers"]["3"])
    pdf = PdfReader(io.BytesIO(leader.client.get(base + "pdf").data))
    assert "Quý I năm 2023" in pdf.pages[0].extract_text()
    cases = leader.client.get(base + "csv&cot=10&linh-vuc=").data.decode("utf-8-sig").splitlines()
    assert len(cases) == 1 + rows[-1]["numbers"]["10"]
    leader.get(base + "exe", 400)


def test_a_leader_approves_once_and_the_page_shows_what_was_approved(desk: Desk, leader: Browser) -> None:
    part = desk.app.desk.figures
    page = leader.get(Q1.replace("2023-Q1", "2022-Q4"))
    seen = leader.hidden("seen")
    assert len(seen) == 64
    path = "/can-bo/thong-ke/ii-06a?ky=2022-Q4&ban=0"
    answer = leader.post(path, {"seen": "0" * 64}, 409)
    assert "Số liệu đã thay đổi" in words(answer.text)
    for _ in range(2):  # a double click
        answer = leader.post(path, {"seen": seen})
    assert answer.headers["Location"].endswith("/can-bo/thong-ke/ii-06a?ky=2022-Q4&ban=1")
    page = leader.get(answer.headers["Location"])
    assert "Số liệu đã duyệt, bản 1: Nguyễn Văn Bình, 09:00 ngày 22/03/2023" in words(page)
    assert len(part.reports.all(UNIT, "ii06a", "2022-Q4")) == 1
    pdf = leader.client.get("/can-bo/thong-ke/ii-06a/tai?ky=2022-Q4&dang=pdf").data
    assert "Duyệt lúc 09:00 ngày 22/03/2023" in " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert "Hai bên giống nhau" in words(leader.get("/can-bo/thong-ke/ii-06a?ky=2022-Q4&ban=0"))
    leader.get("/can-bo/thong-ke/ii-06a?ky=2022-Q4&ban=7", 404)


def test_a_correction_asks_for_its_reason_beside_the_field_and_keeps_both(desk: Desk, leader: Browser) -> None:
    path = "/can-bo/thong-ke/766?ky=2022-Q4"
    leader.get(path)
    leader.post(f"{path}&ban=0", {"seen": leader.hidden("seen")})
    leader.post(
        "/can-bo/thong-ke/766/nhap?ky=2022-Q4",
        {"item": "1.1", "hits": "1.200", "total": "1.300", "source": "Sở Tư pháp"},
    )
    page = leader.get(f"{path}&ban=0")
    assert "Nguồn: Sở Tư pháp" in words(page)
    answer = leader.post(f"{path}&ban=0", {"seen": leader.hidden("seen")}, 422)
    assert 'id="error-reason"' in answer.text
    assert "Hãy ghi lý do đính chính" in words(answer.text)
    leader.post(f"{path}&ban=0", {"seen": leader.hidden("seen"), "reason": "Bổ sung số liệu"})
    page = words(leader.get(path))
    assert "bản 2" in page
    assert "Lý do đính chính: Bổ sung số liệu" in page
    assert len(desk.app.desk.figures.reports.all(UNIT, "766", "2022-Q4")) == 2


def test_a_period_that_runs_on_offers_no_approval(leader: Browser) -> None:
    page = leader.get("/can-bo/thong-ke/ii-06a")
    assert "Quý II năm 2023" in words(page)
    assert 'name="seen"' not in page
    assert "Kỳ chưa kết thúc" in words(page)


def test_each_item_of_the_score_leads_to_what_meets_it_and_what_does_not(desk: Desk, leader: Browser) -> None:
    page = leader.get("/can-bo/thong-ke/766?ky=2023-Q1")
    found = {one["id"]: one for one in draft(desk, "766").figures["items"]}
    assert f"{found['2.1']['points']}".replace(".", ",") in page
    for item, which, number in (("2.1", 1, "hits"), ("4.1", 0, "missed"), ("3.5", 0, "missed"), ("5.2", 1, "hits")):
        numbers = {**found[item], "missed": found[item]["total"] - found[item]["hits"]}
        text = leader.get(f"/can-bo/thong-ke/766/chi-tiet?ky=2023-Q1&muc={item}&dat={which}")
        assert f"({numbers[number]})" in words(text)
        assert len(re.findall(r"<li><(?:a data-open|a|span)[^>]*class=\"code\"", text)) == min(50, numbers[number])
    leader.get("/can-bo/thong-ke/766/chi-tiet?muc=9.9", 404)
    assert "1.1" in leader.client.get("/can-bo/thong-ke/766/tai?ky=2023-Q1&dang=csv").data.decode("utf-8-sig")


def test_numbers_that_make_no_sense_are_said_beside_their_field_and_kept(leader: Browser) -> None:
    wrong = {"item": "1.2", "hits": "9", "total": "tám", "source": "Cổng <b>"}
    answer = leader.post("/can-bo/thong-ke/766/nhap?ky=2023-Q1", wrong, 422)
    assert 'id="error-total-1.2"' in answer.text
    assert 'value="tám"' in answer.text
    assert "Cổng &lt;b&gt;" in answer.text


def test_leaders_see_times_ratings_and_fees_with_a_table_under_each_chart(desk: Desk, leader: Browser) -> None:
    page = leader.get("/can-bo/thong-ke?ky=2023-Q1")
    shown = words(page)
    for text in ("Kiểm tra hồ sơ", "Trực tuyến", "Lê Thị Mai", "rất hài lòng", "Tiền mặt"):
        assert text in shown, text
    assert page.count("data-chart=") >= 6
    assert all("data-series" in table for table in page.split("<table")[1:])
    assert "<style" not in page
    assert " style=" not in page
    for table in ("steps", "channels", "procedures", "officers", "ratings", "days", "fees"):
        text = leader.client.get(f"/can-bo/thong-ke/tai?ky=2023-Q1&bang={table}&dang=csv").data.decode("utf-8-sig")
        assert len(text.splitlines()) > 1, table
    leader.get("/can-bo/thong-ke/tai?bang=case_figure&dang=csv", 400)


def test_fees_of_the_period_are_what_came_in(desk: Desk, leader: Browser) -> None:
    start, end = datetime(2022, 12, 15, tzinfo=NOW.tzinfo), datetime(2023, 3, 15, tzinfo=NOW.tzinfo)
    store = desk.app.store
    links = [link for _, case_id in store.case_ids(UNIT) for link in store.events(case_id)]
    paid = [x.event.amount for x in links if x.event.tag == "payment:received" and start <= x.at < end]  # type: ignore[attr-defined]  # of this tag
    text = leader.client.get("/can-bo/thong-ke/tai?ky=2023-Q1&bang=days&dang=csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    assert sum(int(row[2]) + int(row[3]) for row in rows) == sum(paid)
    assert sum(int(row[1]) for row in rows) == len(paid)


def test_an_officer_sees_the_own_work_and_nothing_of_anybody_elses(desk: Desk, flask: Any) -> None:
    clerk = person(desk, flask, "clerk1")
    shown = words(clerk.get("/can-bo/thong-ke?ky=2023-Q1"))
    assert "Công việc của tôi" in shown
    assert "Kiểm tra hồ sơ" in shown
    for text in ("Ký kết quả", "Thụ lý hồ sơ", "Tiền mặt", "rất hài lòng", "Phạm Văn Đức"):
        assert text not in shown, text
    text = clerk.client.get("/can-bo/thong-ke/tai?ky=2023-Q1&bang=officers&dang=csv").data.decode("utf-8-sig")
    assert len(text.splitlines()) == 1
    for path in (Q1, "/can-bo/thong-ke/766", "/can-bo/thong-ke/ii-06a/tai?dang=csv"):
        clerk.get(path, 403)
    clerk.post("/can-bo/thong-ke/cap-nhat", {}, 403)


def test_an_auditor_looks_but_does_not_approve_or_enter(desk: Desk, flask: Any) -> None:
    auditor = person(desk, flask, "auditor1")
    page = auditor.get(Q1)
    assert 'name="seen"' not in page
    auditor.post(Q1, {"seen": "0" * 64}, 403)
    auditor.post("/can-bo/thong-ke/766/nhap?ky=2023-Q1", {"item": "1.1"}, 403)


@pytest.mark.parametrize(
    "asked", ["ky=2023-Q9", "tu=2023-02-30&den=2023-03-01", "tu=2023-03-02&den=2023-03-01", "tu=x"]
)
def test_a_period_that_is_none_is_said_on_top_and_the_present_quarter_shown(leader: Browser, asked: str) -> None:
    for path in ("/can-bo/thong-ke", "/can-bo/thong-ke/ii-06a", "/can-bo/thong-ke/766"):
        page = leader.get(f"{path}?{asked}", 422)
        assert 'role="alert"' in page
        assert "Quý II năm 2023" in words(page)


def test_days_may_be_chosen_freely(leader: Browser) -> None:
    shown = words(leader.get("/can-bo/thong-ke/ii-06a?tu=2023-01-05&den=2023-01-20"))
    assert "05/01/2023 – 20/01/2023" in shown
    assert "Quarter I of 2023" in words(leader.get(Q1 + "&lang=en"))


def test_bringing_up_to_date_counts_what_has_gone_on_and_leads_back(desk: Desk, leader: Browser) -> None:
    desk.app.desk.figures.reporting._figures.forget(UNIT)
    leader.get(Q1)
    answer = leader.post("/can-bo/thong-ke/cap-nhat", {"back": Q1})
    assert answer.headers["Location"] == Q1
    assert f"Đã tính lại {COUNT} hồ sơ" in words(leader.get(Q1))
    answer = leader.post("/can-bo/thong-ke/cap-nhat", {"back": "https://evil.example/"})
    assert answer.headers["Location"] == "/can-bo/thong-ke"


def test_everybody_sees_months_without_names_and_nothing_small(desk: Desk, flask: Any) -> None:
    page = Browser(flask.test_client()).get("/thong-ke")
    shown = words(page)
    assert "01/2023" in shown
    assert re.search(r"\d+,\d %", shown)
    for text in ("Nguyễn Thị Lan", "000.00.00.H29", "Lê Thị Mai"):
        assert text not in shown
    months = desk.app.desk.figures.reports.kept(UNIT, "month")
    assert all(part["received"] >= 5 for one in months for part in one.figures["fields"].values())


def test_a_new_house_says_what_will_be_there(tmp_path: Any) -> None:
    with desk_on_stage(tmp_path) as empty:
        add_people(empty.app)
        made = create_app(empty.app)
        assert "sau đêm đầu tiên" in words(Browser(made.test_client()).get("/thong-ke"))
        boss = person(empty, made, "chairman1")
        for path in ("/can-bo/thong-ke", "/can-bo/thong-ke/ii-06a", "/can-bo/thong-ke/766"):
            boss.get(path)
