"""The inbox over a real engine: its views, what people chose, how the work is shared out, and what is fresh."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from engine.commands.messages import ClaimTask
from engine.domain.case import Case
from engine.ports.inbox import SavedFilter
from tests.support.desk import UNIT, desk_on_stage, officer
from tests.support.followed import HAPPY, Followed, open_of
from tests.support.web_client import Browser

QUEUE = "/can-bo/"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    with desk_on_stage(tmp_path_factory.mktemp("inbox")) as desk:
        yield Followed(desk)


@pytest.fixture
def case(followed: Followed) -> Case:
    """A case that was just filed: the desk has to check it."""
    return followed.play(HAPPY, steps=0)


def key_of(case: Case) -> str:
    return open_of(case, "check_documents").key


def task_of(case: Case) -> str:
    return f"{case.id} {key_of(case)}"


def codes(page: str) -> list[str]:
    return re.findall(r'data-row="(\w+) ', page)


def holder(followed: Followed, case: Case) -> str | None:
    return open_of(followed.case(case.id), "check_documents").assignee


def clerk(followed: Followed, name: str = "mai", *groups: str) -> Browser:
    return followed.person(f"{name}-desk", *(groups or ("one_stop",)))


def leader(followed: Followed) -> Browser:
    return followed.person("binh", "chairman")


def claimed(followed: Followed, case: Case, name: str) -> None:
    actor = replace(officer("one_stop"), id=f"{name}-desk")
    followed.app.handle(ClaimTask(unit=UNIT, case_id=case.id, key=key_of(case)), actor, f"{name}/{case.id}")


def test_a_case_is_found_by_code_name_identity_number_and_telephone_without_accents(
    followed: Followed, case: Case
) -> None:
    mai, person = clerk(followed), case.applicant
    for text in (case.code, case.code.lower(), person["name"], "nguyen thi", person["id_number"], person["phone"]):
        page = mai.get(f"{QUEUE}?q={text}")
        assert case.id in codes(page), text
        rows = page[page.index("<tbody") :]
        assert person["id_number"] not in rows
        assert person["phone"] not in rows
        assert person["name"] not in rows, "names are masked"
    assert "khớp với từ đã tìm" in mai.get(f"{QUEUE}?q=khong+ai+ten+nhu+the")


def test_a_view_is_its_address_and_what_makes_no_sense_in_it_is_left_out(followed: Followed, case: Case) -> None:
    mai = clerk(followed)
    assert case.id in codes(mai.get(f"{QUEUE}?procedure={case.procedure}&free=1&group=one_stop"))
    assert case.id not in codes(mai.get(f"{QUEUE}?procedure=9.999999"))
    assert case.id not in codes(mai.get(f"{QUEUE}?mine=1"))
    claimed(followed, case, "mai")
    assert case.id in codes(mai.get(f"{QUEUE}?mine=1")), "one reads what one has just written"
    assert case.id not in codes(mai.get(f"{QUEUE}?free=1"))
    assert case.id in codes(mai.get(f"{QUEUE}?aside=nonsense&overdue=2&after=x"))


def test_deadlines_have_words_beside_their_colour(followed: Followed, case: Case) -> None:
    mai, clock = clerk(followed), followed.desk.clock
    begun = clock.now()
    page = mai.get(QUEUE)
    row = page[page.index(f'data-row="{case.id}') :]
    assert re.search(r'class="due (?:soon)?">(?:Hôm nay|Còn)', row)
    clock.set(begun + timedelta(days=30))
    page = mai.get(f"{QUEUE}?overdue=1")
    row = page[page.index(f'data-row="{case.id}') :]
    assert 'class="due late">Quá hạn' in row
    assert 'class="is-late"' in page


def test_filters_are_named_opened_first_renamed_and_deleted(followed: Followed) -> None:
    mai = clerk(followed, "loc")
    mai.get(f"{QUEUE}?overdue=1&q=nguyễn")
    place = mai.post("/can-bo/bo-loc", {"_action": "save", "name": "Trễ", "overdue": "1", "q": "nguyễn"}).location
    asked = parse_qs(urlsplit(place).query)
    assert (asked["overdue"], asked["q"]) == (["1"], ["nguyễn"])
    assert ">Trễ</a>" in mai.get(place)
    page = mai.get("/can-bo/bo-loc")
    mai.post("/can-bo/bo-loc", {"_action": "save", "name": "Trễ"}, 422)
    assert "đã có một bộ lọc tên “Trễ”" in html.unescape(mai.page)
    mai.post("/can-bo/bo-loc", {"_action": "save", "name": "  "}, 422)
    (own,) = re.findall(r'name="id" value="(\w+)"', page)
    mai.get("/can-bo/bo-loc")
    mai.post("/can-bo/bo-loc", {"_action": "first", "id": own})
    assert mai.client.get(QUEUE).location == place, "the inbox opens with it"
    mai.get(f"{QUEUE}?all=1")
    mai.get("/can-bo/bo-loc")
    mai.post("/can-bo/bo-loc", {"_action": "rename", "id": own, "name": "Quá hạn"})
    assert ">Quá hạn</a>" in mai.get(place)
    mai.get("/can-bo/bo-loc")
    mai.post("/can-bo/bo-loc", {"_action": "delete", "id": own})
    mai.get(QUEUE)
    assert followed.app.desk.inbox.choices.of(UNIT, "loc-desk").filter == ""


def test_a_filter_of_a_group_one_has_lost_opens_without_it_and_says_so(followed: Followed, case: Case) -> None:
    saved = SavedFilter(id="lost", name="Hộ tịch", query={"group": "justice_officer"})
    mai = clerk(followed, "doi")
    followed.app.desk.inbox.choices.save(UNIT, "doi-desk", saved)
    followed.app.desk.inbox.choices.choose(UNIT, "doi-desk", columns=(), first="lost")
    page = mai.get(mai.client.get(QUEUE).location)
    assert "không còn thuộc nhóm" in page
    assert "Công chức Tư pháp - Hộ tịch" in page
    assert case.id in codes(page)


def test_somebody_elses_filter_is_not_changed(followed: Followed) -> None:
    choices = followed.app.desk.inbox.choices
    choices.save(UNIT, "chu-desk", SavedFilter(id="theirs", name="Riêng", query={}))
    mai = clerk(followed, "khach")
    for action in ("rename", "delete", "first"):
        mai.get("/can-bo/bo-loc")
        mai.post("/can-bo/bo-loc", {"_action": action, "id": "theirs", "name": "Lấy"})
    assert [one.name for one in choices.of(UNIT, "chu-desk").saved] == ["Riêng"]
    assert choices.of(UNIT, "khach-desk").filter == ""


def test_columns_are_shown_as_chosen(followed: Followed, case: Case) -> None:
    mai = clerk(followed, "cot")
    assert '<th scope="col">Hẹn trả</th>' in mai.get(QUEUE)
    mai.get("/can-bo/bo-loc")
    mai.post("/can-bo/bo-loc", {"_action": "columns", "column": ["groups", "since", "nonsense"]})
    page = mai.get(QUEUE)
    assert '<th scope="col">Nhóm xử lý</th>' in page
    assert '<th scope="col">Hẹn trả</th>' not in page
    assert case.id in codes(page)


def test_the_most_urgent_free_task_is_claimed_and_opened_once_a_click(followed: Followed, case: Case) -> None:
    mai = clerk(followed, "gap")
    mai.get(QUEUE)
    sent = mai.own()
    first, second = (mai.client.post("/can-bo/nhan-tiep", data=sent).location for _ in range(2))
    assert first == second
    taken = urlsplit(first).path.split("/")[3]
    assert open_of(followed.case(taken), "check_documents").assignee == "gap-desk"
    mai.get(f"{QUEUE}?procedure=9.999999")
    wish = {"procedure": "9.999999", "back": "/can-bo/?free=1"}
    assert mai.post("/can-bo/nhan-tiep", wish).location == "/can-bo/?free=1"
    assert "Không còn việc nào" in mai.get(QUEUE)


def test_of_the_ticked_tasks_free_ones_are_claimed_and_of_others_it_is_said_who_has_them(followed: Followed) -> None:
    mine, theirs = followed.play(HAPPY, steps=0), followed.play(HAPPY, steps=0)
    clerk(followed, "tam")
    account = followed.app.accounts.by_id("tam-desk")
    assert account
    followed.app.accounts.put(replace(account, name="Võ Minh Tâm"))
    claimed(followed, theirs, "tam")
    mai = clerk(followed, "nhieu")
    mai.get(QUEUE)
    mai.post("/can-bo/nhan-nhieu", {"task": [task_of(mine), task_of(theirs), "nonsense", "a b"]})
    page = html.unescape(mai.get(QUEUE))
    assert "Đã nhận 1 việc." in page
    assert f"{theirs.code}: Công việc này đang do Võ Minh Tâm giữ." in page
    assert (holder(followed, mine), holder(followed, theirs)) == ("nhieu-desk", "tam-desk")


def test_a_leader_sees_every_queue_and_gives_tasks_to_people(followed: Followed, case: Case) -> None:
    clerk(followed, "duoc")
    boss = leader(followed)
    page = boss.get(f"{QUEUE}?group=one_stop")
    assert case.id in codes(page)
    assert case.id not in codes(boss.get(QUEUE))
    boss.post("/can-bo/giao", {"task": [task_of(case)], "assignee": "duoc-desk"})
    assert "Đã giao 1 việc cho duoc-desk." in boss.get(QUEUE)
    assert holder(followed, case) == "duoc-desk"
    boss.get(f"/can-bo/ho-so/{case.id}/giao?key={key_of(case).replace('#', '%23')}")
    boss.post(f"/can-bo/ho-so/{case.id}/giao", {"key": key_of(case), "assignee": "binh"}, 422)
    assert "không thuộc nhóm xử lý" in html.unescape(boss.page)
    mai = clerk(followed)
    mai.get(QUEUE)
    mai.post("/can-bo/giao", {"task": [task_of(case)], "assignee": "mai-desk"}, 403)
    assert case.id in codes(mai.get(f"{QUEUE}?group=one_stop&q={case.code}"))


def test_a_task_set_aside_steps_aside_until_its_day_and_what_was_typed_stays_when_refused(
    followed: Followed, case: Case
) -> None:
    mai, now = clerk(followed, "sau"), followed.desk.clock.now()
    address = f"/can-bo/ho-so/{case.id}/hen-lai"
    mai.get(f"{address}?key={key_of(case).replace('#', '%23')}")
    page = mai.post(address, {"key": key_of(case), "until": "hôm qua", "reason": "Chờ bản chính"}, 422).text
    assert "Hãy chọn ngày." in html.unescape(page)
    assert "Chờ bản chính" in page
    mai.post(address, {"key": key_of(case), "until": f"{now:%Y-%m-%d}", "reason": "Chờ bản chính"}, 422)
    day = (now + timedelta(days=1)).date()
    mai.post(address, {"key": key_of(case), "until": day.isoformat(), "reason": "Chờ bản chính"})
    kept = open_of(followed.case(case.id), "check_documents")
    assert kept.follow_up is not None
    assert kept.follow_up.astimezone(now.tzinfo).date() == day
    assert case.id not in codes(mai.get(f"{QUEUE}?procedure={case.procedure}"))
    assert case.id in codes(mai.get(f"{QUEUE}?aside=only"))
    assert case.id in codes(mai.get(f"{QUEUE}?q={case.code}")), "who looks for it finds it"
    mai.get(f"{address}?key={key_of(case).replace('#', '%23')}")
    mai.post(address, {"key": key_of(case), "_action": "again"})
    assert case.id in codes(mai.get(f"{QUEUE}?q={case.code}&free=1"))
    assert open_of(followed.case(case.id), "check_documents").follow_up is None


def test_whom_a_note_asks_finds_it_until_the_case_was_opened(followed: Followed, case: Case) -> None:
    tam, mai = clerk(followed, "duocnhac"), clerk(followed, "nhac")
    address = f"/can-bo/ho-so/{case.id}/nhac"
    mai.get(address)
    page = mai.post(address, {"text": "Xem giúp trang 3"}, 422).text
    assert "Xem giúp trang 3" in page
    mai.get(address)
    mai.post(address, {"text": "Xem giúp trang 3", "account": ["duocnhac-desk"]})
    assert 'data-number="mentions">1<' in tam.get(QUEUE)
    page = tam.get("/can-bo/nhac-den-toi")
    assert "Xem giúp trang 3" in page
    assert "chưa đọc" in page
    tam.get(f"/can-bo/ho-so/{case.id}")
    assert 'data-number="mentions">0<' in tam.get(QUEUE)
    assert "chưa đọc" not in tam.get("/can-bo/nhac-den-toi")


def test_an_open_page_is_told_nothing_until_something_reads_otherwise(followed: Followed, case: Case) -> None:
    mai, tam = clerk(followed, "moi"), "khac"
    clerk(followed, tam)
    page = mai.get(f"{QUEUE}?q={case.code}")
    (address,) = re.findall(r'data-fresh="([^"]+)"', page)
    (version,) = re.findall(r'data-version="([^"]+)"', page)
    address = html.unescape(address)

    def ask(seen: str) -> Any:
        return mai.client.get(f"{address}&v={quote(seen)}")

    quiet = ask(version)
    assert (quiet.status_code, quiet.data) == (204, b"")
    claimed(followed, case, tam)
    news = ask(quiet.headers["X-Version"])
    assert news.status_code == 200
    assert "khac-desk" in news.text
    assert 'data-number="free"' in news.text
    assert "<html" not in news.text
    assert ask(news.headers["X-Version"]).status_code == 204
    followed.desk.clock.set(followed.desk.clock.now() + timedelta(days=40))
    assert "Quá hạn" in ask(news.headers["X-Version"]).text, "time alone is news"


def test_pages_without_a_list_ask_for_numbers_alone(followed: Followed, case: Case) -> None:
    mai = clerk(followed)
    news = mai.client.get("/can-bo/moi")
    assert news.status_code == 200
    assert "data-part" not in news.text
    assert mai.client.get("/can-bo/moi", query_string={"v": news.headers["X-Version"]}).status_code == 204


def test_whoever_is_not_signed_in_any_more_is_sent_away_so_that_the_page_can_say_so(followed: Followed) -> None:
    mai = clerk(followed)
    mai.client.delete_cookie("motcua_session")
    assert mai.client.get("/can-bo/moi?list=1").status_code == 302
