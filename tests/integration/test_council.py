"""A council votes: each member by name, the totals counted from them, a quorum, and who dissents says why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.case import Case
from engine.domain.errors import FormInvalidError
from engine.scenarios import read
from tests.support.desk import ROOT, UNIT, desk_on_stage, officer
from tests.support.followed import Followed, open_of
from tests.support.papers import text_of

LAND = ROOT / "catalog" / "hoa-giai-tranh-chap-dat-dai" / "tests" / "01_hoa_giai_thanh.toml"
DISABILITY = ROOT / "catalog" / "xac-dinh-muc-do-khuyet-tat" / "tests" / "02_tre_duoi_6_tuoi_hoi_dong_ngang_phieu.toml"
FOR, AGAINST, ABSTAINS, ABSENT = "tan_thanh", "khong_tan_thanh", "khong_bieu_quyet", "vang_mat"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    with desk_on_stage(tmp_path_factory.mktemp("council")) as desk:
        yield Followed(desk)


def before(house: Followed, path: Any, element: str) -> tuple[Case, dict[str, Any], str]:
    """A case whose council meets now, what the scenario says of the meeting, and who enters it."""
    steps = read(path).steps
    number = next(n for n, step in enumerate(steps) if step.get("complete") == element)
    return house.desk.play(path, steps=number), dict(steps[number]["data"]), str(steps[number]["by"])


def votes(*given: str) -> list[dict[str, str]]:
    return [{"phieu": one, **({"ly_do": "Chưa rõ ranh"} if one == AGAINST else {})} for one in given]


def meet(house: Followed, case: Case, element: str, group: str, data: dict[str, Any]) -> Case:
    actor = officer(group)
    which = {"unit": UNIT, "case_id": case.id, "key": open_of(case, element).key}
    house.app.handle(ClaimTask(**which), actor, f"claim-{element}-{case.id}")
    house.app.handle(CompleteTask(**which, data=data), actor, f"meet-{element}-{case.id}")
    return house.case(case.id)


def refused(house: Followed, case: Case, element: str, group: str, data: dict[str, Any]) -> dict[str, list[str]]:
    with pytest.raises(FormInvalidError) as caught:
        meet(house, case, element, group, data)
    assert house.case(case.id).version <= case.version + 1, "nothing but the claim"
    return dict(caught.value.errors)


def variable(case: Case, name: str) -> Any:
    return case.scopes[""][name]


def test_votes_are_kept_by_member_and_counted(house: Followed) -> None:
    case, data, group = before(house, LAND, "hold_meeting")
    after = meet(house, case, "hold_meeting", group, data)
    rows = variable(after, "bieu_quyet")
    assert [row["ho_ten"] for row in rows] == [one["ho_ten"] for one in variable(case, "thanh_vien")]
    assert [row["vai_tro"] for row in rows] == [one["vai_tro"] for one in variable(case, "thanh_vien")]
    assert rows[4] == {**rows[4], "phieu": AGAINST, "ly_do": "Đề nghị đo lại ranh phía đông"}
    totals = ("so_thanh_vien_co_mat", "so_tan_thanh", "so_khong_tan_thanh", "so_khong_bieu_quyet")
    assert [int(variable(after, name)) for name in totals] == [5, 4, 1, 0]
    done = [link.event for link in house.app.store.events(case.id) if link.event.tag == "task:completed"][-1]
    assert done.data["bieu_quyet"] == rows, "history tells it for ever"


def test_the_minutes_list_the_members_with_their_votes_and_who_dissents_with_the_reason(house: Followed) -> None:
    case = house.desk.play(LAND)
    said = " ".join(text_of(house.app.files.get(house.case(case.id).results[0]["sha256"])).split())
    for member in variable(case, "thanh_vien"):
        assert said.count(member["ho_ten"]) >= 2
    assert "không tán thành: Đề nghị đo lại ranh phía đông" in said
    assert "4 thành viên tán thành, 1 không tán thành, 0 không biểu quyết" in said


def test_a_council_whose_vote_leads_to_another_paper_has_minutes_of_its_own(house: Followed) -> None:
    case, data, group = before(house, DISABILITY, "conclude_meeting")
    secretary, address = house.person("thu-ky", group), f"/can-bo/ho-so/{case.id}/bien-ban.pdf"
    secretary.get(address, 404)
    assert address not in secretary.get(f"/can-bo/ho-so/{case.id}")
    meet(house, case, "conclude_meeting", group, data)
    assert address in secretary.get(f"/can-bo/ho-so/{case.id}")
    first, second = (secretary.client.get(address).data for _ in range(2))
    assert first == second
    said = " ".join(text_of(first).split())
    assert "DỰ THẢO" not in said
    for member in variable(case, "thanh_vien"):
        assert member["ho_ten"] in said
    assert "không tán thành: Cần theo dõi thêm ba tháng" in said
    assert "2 tán thành, 1 không tán thành, 1 không biểu quyết" in said
    house.person("nguoi-dan").get(address, 403)


@pytest.mark.parametrize("rows", [[], votes(*[FOR] * 5), votes(*[FOR] * 7)])
def test_a_list_that_is_not_that_of_the_members_is_refused_at_the_list(house: Followed, rows: list[Any]) -> None:
    case, data, group = before(house, LAND, "hold_meeting")
    assert "bieu_quyet" in refused(house, case, "hold_meeting", group, {**data, "bieu_quyet": rows})


def test_totals_and_names_that_somebody_sends_do_not_count(house: Followed) -> None:
    case, data, group = before(house, LAND, "hold_meeting")
    forged = [{**row, "ho_ten": "Ai Đó", "vai_tro": "uy_tin"} for row in data["bieu_quyet"]]
    after = meet(house, case, "hold_meeting", group, {**data, "bieu_quyet": forged, "so_tan_thanh": 6})
    assert int(variable(after, "so_tan_thanh")) == 4
    assert "Ai Đó" not in str(variable(after, "bieu_quyet"))


def test_who_dissents_says_why_and_everybody_has_a_vote(house: Followed) -> None:
    case, data, group = before(house, LAND, "hold_meeting")
    silent = [*votes(*[FOR] * 4), {"phieu": AGAINST}, {}]
    said = refused(house, case, "hold_meeting", group, {**data, "bieu_quyet": silent})
    assert set(said) == {"bieu_quyet.4.ly_do", "bieu_quyet.5.phieu"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([FOR] * 3 + [ABSENT] * 3, "so_thanh_vien_co_mat"),  # half is no quorum
        ([FOR] * 2 + [AGAINST] * 2 + [ABSTAINS, ABSENT], "so_tan_thanh"),
    ],
)
def test_a_council_of_land_needs_more_than_half_present_and_more_than_half_of_them_for_it(
    house: Followed, given: list[str], field: str
) -> None:
    case, data, group = before(house, LAND, "hold_meeting")
    assert field in refused(house, case, "hold_meeting", group, {**data, "bieu_quyet": votes(*given)})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([FOR] * 3 + [ABSENT] * 3, "so_co_mat"),  # two thirds are four
        ([AGAINST, FOR, FOR, AGAINST] + [ABSENT] * 2, "so_tan_thanh"),  # a tie, and the chair is against it
    ],
)
def test_a_council_of_disability_needs_two_thirds_and_on_a_tie_its_chair(
    house: Followed, given: list[str], field: str
) -> None:
    case, data, group = before(house, DISABILITY, "conclude_meeting")
    assert field in refused(house, case, "conclude_meeting", group, {**data, "bieu_quyet": votes(*given)})
    tie = votes(FOR, AGAINST, FOR, AGAINST, ABSENT, ABSENT)
    actor, which = officer(group), {"unit": UNIT, "case_id": case.id, "key": open_of(case, "conclude_meeting").key}
    house.app.handle(CompleteTask(**which, data={**data, "bieu_quyet": tie}), actor, "tie")
    assert variable(house.case(case.id), "so_tan_thanh") == 2


def test_the_page_has_a_row_for_each_member_and_keeps_what_was_chosen(house: Followed) -> None:
    case, data, group = before(house, LAND, "hold_meeting")
    clerk = house.person("thu-ky", group)
    key = open_of(case, "hold_meeting").key
    house.app.handle(ClaimTask(unit=UNIT, case_id=case.id, key=key), officer(group, name="thu-ky"), "claim")
    address = f"/can-bo/ho-so/{case.id}/viec?key={key.replace('#', '%23').replace('/', '%2F')}"
    page = clerk.get(address)
    assert page.count('name="_rows.bieu_quyet"') == 6
    assert "Huỳnh Văn Sáu" in page
    assert "Thêm mục" not in page
    chosen = {f"bieu_quyet.{n}.phieu": FOR for n in range(5)} | {"_rows.bieu_quyet": [str(n) for n in range(6)]}
    answer = clerk.post(address, {"decision": "agreed", "_action": "complete", **chosen}, 422).text
    assert re.search(r'id="[^"]*bieu_quyet-5-phieu-error"', answer) or "Biểu quyết: hãy chọn" in answer
    assert answer.count(f'value="{FOR}" selected') == 5


def test_a_council_of_a_hundred_is_counted_and_names_keep_their_marks(house: Followed) -> None:
    steps = read(LAND).steps
    number = next(n for n, step in enumerate(steps) if step.get("complete") == "appoint_council")
    case = house.desk.play(LAND, steps=number)
    data = dict(steps[number]["data"])
    names = [unicodedata.normalize("NFD", "Nguyễn Thị Ưu Ẵng")] * 94
    data["thanh_vien"] = [*data["thanh_vien"], *({"ho_ten": name, "vai_tro": "uy_tin"} for name in names)]
    group = str(steps[number]["by"])
    one_more = [*data["thanh_vien"], {"ho_ten": "Lê Văn Thừa", "vai_tro": "uy_tin"}]
    assert "thanh_vien" in refused(house, case, "appoint_council", group, {**data, "thanh_vien": one_more})
    which = {"unit": UNIT, "case_id": case.id, "key": open_of(case, "appoint_council").key}
    house.app.handle(CompleteTask(**which, data=data), officer(group), "appoint")
    follow = next(n for n, step in enumerate(steps) if step.get("complete") == "hold_meeting")
    case = house.go_on(house.case(case.id), LAND, begin=number + 1, steps=follow)
    meeting = {
        **steps[follow]["data"],
        "bieu_quyet": votes(*[FOR] * 51, *[AGAINST] * 30, *[ABSTAINS] * 9, *[ABSENT] * 10),
    }
    after = meet(house, case, "hold_meeting", str(steps[follow]["by"]), meeting)
    totals = ("so_thanh_vien_co_mat", "so_tan_thanh", "so_khong_tan_thanh", "so_khong_bieu_quyet")
    assert [int(variable(after, name)) for name in totals] == [90, 51, 30, 9]
    assert variable(after, "bieu_quyet")[50]["ho_ten"] == unicodedata.normalize("NFC", names[0])
