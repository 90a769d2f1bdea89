"""A working day in Chromium: cases of ten procedures by everybody of the house, from the counter to the return."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.adapters.clock import SteppedClock
from engine.scenarios import Scenario, read
from tests.support.browser import serving
from tests.support.counted import counted
from tests.support.desk import OPENING, ROOT, procedure_of
from tests.support.quarter import UNIT
from tests.support.second_count import check_all
from tests.support.working_day import WorkingDay, copies, sign_together

pytestmark = pytest.mark.browser
SHORT = {
    "chung-thuc-ban-sao": "02_ban_giay_tai_quay",  # cash
    "xac-nhan-tinh-trang-hon-nhan": "02_bo_sung_roi_tiep_nhan_tai_quay",  # supplement
    "ke-khai-chan-nuoi-tap-trung": "03_thuy_san_xac_nhan_ngay",
}
LONG = {
    "dang-ky-lai-ket-hon": "03_qua_20_ngay_cam_doan",  # nobody answers the verification
    "ho-tro-chi-phi-mai-tang": "05_lanh_dao_tra_lai",  # leader sends back, district decides
    "tro-cap-xa-hoi-hang-thang": "08_khoan_2_phong_ldtbxh_tu_choi",  # council's minutes
    "dang-ky-hoat-dong-tin-nguong": "07_cong_an_mat_tran",  # police and front are heard
    "thong-bao-to-chuc-le-hoi": "07_da_ky_chua_trao",
    "chung-thuc-chu-ky": "02_nhieu_nguoi_tai_quay_lanh_dao_tra_lai",
    "dang-ky-khai-sinh": "03_tre_bi_bo_roi",  # extended
}
NAMES = [
    "Nguyễn Thị Lan",
    "Trần Quốc Hùng",
    "Lê Văn Đức",
    "Phạm Thị Ngọc Ánh",
    "Đỗ Hoàng Yến",
    "Ngô Văn Tý",
    "Vũ Thị Ổi",
]
EVERYTHING = os.environ.get("EVERY") == "1"


def short(slug: str, name: str) -> tuple[str, Scenario]:
    """One that is filed on the day when the last of them is."""
    code, told = scenario(slug, name)
    return code, replace(told, start_at=told.start_at.replace(day=26))


def scenario(slug: str, name: str) -> tuple[str, Scenario]:
    path = ROOT / "catalog" / slug / "tests" / f"{name}.toml"
    return procedure_of(path), read(path)


def refused() -> tuple[str, Scenario]:
    """Copies that are asked for of a paper nobody may copy."""
    code, told = short("chung-thuc-ban-sao", SHORT["chung-thuc-ban-sao"])
    no = {"by": "one_stop", "complete": "check_documents"}
    data = {"originals_compared": True, "decision": "refused", "reason": "Bản chính đã bị tẩy xóa, sửa chữa."}
    return code, replace(told, steps=({**no, "data": data},))


def apologised(slug: str, name: str) -> tuple[str, Scenario]:
    """One that will be late: the leader gives another day, with an apology, before it is looked into."""
    code, told = short(slug, name)
    at = next(number for number, step in enumerate(told.steps) if step.get("complete") == "review_application")
    step = {"extend": {"reason": "Chờ nơi cư trú trước đây trả lời."}}
    return code, replace(told, steps=(*told.steps[:at], step, *told.steps[at:]))


def test_a_working_day_from_counter_to_return(browser: Browser, tmp_path: Path) -> None:
    chosen = [short(*each) for each in SHORT.items()]
    chosen += [scenario(*each) for each in (LONG if EVERYTHING else {}).items()]
    late = apologised("xac-nhan-tinh-trang-hon-nhan", SHORT["xac-nhan-tinh-trang-hon-nhan"])
    cases = copies([*chosen, refused(), late], 3 if EVERYTHING else 1, NAMES)
    clock = SteppedClock(OPENING)
    with serving(tmp_path, clock=clock) as (app, base):
        day = WorkingDay(browser, app, base, clock)
        day.run(cases, sign_together)
        assert day.problems == []
        assert max(day.batches) > 1
        for one in cases:
            case = day.case(one)
            assert case.ended == one.scenario.end.get("ended", True), one.code
        day.until(clock.now() + timedelta(hours=9))
        assert [line for one in cases for line in day.missing(one)] == []
        excused = [one for one in cases if any("extend" in step for step in one.scenario.steps)]
        assert excused
        for one in excused:
            assert any("PHIẾU XIN LỖI" in text for text in day.papers(one).values()), one.code
        house = counted(app.store, clock.now())
        assert house.reporting.refresh() == len(cases)
        check_all(house, ("2023-Q1", "2022-12-26..2022-12-26"))
        rows = house.queries.ii06a(UNIT, house.queries.period("2023-Q1", UNIT)).figures["rows"]
        taken_in = [one for one in cases if day.case(one).received_at]
        assert next(row["numbers"]["3"] for row in rows if not row["field"]) == len(taken_in) > 0
        day.leave()
