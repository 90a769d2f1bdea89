"""The page of a procedure has every part that the law wants published, and says what is unsure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from engine.domain.procedure import DeadlineRule, DocumentRule, Exemption, Extension, FeeRule, Rule
from tests.unit.web.fake_house import PROCEDURE

PAGE = "/thu-tuc/2.000815"
NOTE = {"key": "k", "name": "Xem bản chính", "elements": ("check_documents",), "basis": "Điều 20"}
FULL = replace(
    PROCEDURE,
    valid_from=date(2022, 12, 19),
    valid_to=date(2025, 6, 30),
    deadline=DeadlineRule(
        kind="working_days",
        days=3,
        text="03 ngày làm việc",
        confidence="medium",
        extension=Extension(days=2, unit="working_days", total=False, when="Nhiều bản", basis="Điều 21"),
    ),
    fees=(
        FeeRule(key="a", name="Phí A", amount="2000", unit="trang", confidence="low", when='case.channel = "online"'),
        FeeRule(key="b", name="Phí B", amount="min(1, 2)", basis="Thông tư 226"),
    ),
    exemptions=(Exemption(key="x", name="Hộ nghèo", when="true"),),
    documents=(
        DocumentRule(key="d1", name="Giấy một", kind="submit", form="ban_sao", quantity=2),
        DocumentRule(
            key="d2", name="Giấy hai", kind="submit", required='application.loai = "khac"', note="Ghi chú hai"
        ),
        DocumentRule(key="d3", name="Giấy ba", kind="present", required="count(x) > 1"),
        DocumentRule(key="d4", name="Giấy bốn", kind="present", required="false"),
    ),
    rules=(Rule(key="r", check="x", message="Phải đủ 18 tuổi", message_en="18 or older", basis="Điều 8"),),
    channels=("online", "desk", "post"),
    info={
        "applicant": "Mọi người",
        "jurisdiction": "Nơi cư trú",
        "officer": "Công chức Tư pháp",
        "signer": "Chủ tịch",
        "authorization_allowed": True,
        "form_name": "Phiếu yêu cầu",
        "sets": 2,
        "breakdown": (
            {"what": "Xã đề nghị", "days": 2, "unit": "working_days"},
            {"what": "Huyện quyết định", "days": 3},
        ),
        "related": ("2.000815", "9.999999"),
        "confidence": {"documents": "low", "time": "high"},
        "special_steps": (NOTE, {**NOTE, "name": "Bước không vẽ", "elements": ("nowhere",)}),
    },
)


@pytest.fixture
def page(browser, house, monkeypatch):
    """Reads the page of a procedure as text without tags."""

    def read(procedure, address=PAGE, known=None):
        monkeypatch.setattr(house.catalog, "current", lambda code, day: procedure)
        house.catalog.known = known or [procedure]
        text = re.sub(r"<[^>]+>", " ", browser().get(address))
        return " ".join(text.split())

    return read


def test_every_part_is_there(page):
    text = page(FULL)
    for part in (
        "Trình tự thực hiện", "Kiểm tra hồ sơ", "Xem bản chính (Điều 20)", "Bước không vẽ",
        "Cách thức thực hiện", "Trực tuyến, trên trang này – phí, lệ phí trả trực tuyến", "Qua dịch vụ bưu chính",
        "Phải nộp", "Giấy một (bản sao, 02 bản)", "Khi “Loại giấy tờ” là “Giấy tờ khác”", "Ghi chú hai",
        "Phải xuất trình", "Giấy ba Tùy trường hợp", "Giấy bốn Không bắt buộc", "Số lượng hồ sơ: 02 bộ",
        "03 ngày làm việc", "Kéo dài thêm không quá 2 ngày làm việc : Nhiều bản. Căn cứ: Điều 21",
        "Đối tượng thực hiện Mọi người", "Cơ quan thực hiện UBND xã Mẫu Nơi cư trú", "Công chức Tư pháp", "Chủ tịch",
        "Kết quả Bản sao có chứng thực", "Phí A: 2.000 đồng/trang", "Khi nộp trực tuyến", "Phí B: tính theo tờ khai",
        "Hộ nghèo", "Phiếu yêu cầu", "Xem và in mẫu trống", "Phải đủ 18 tuổi", "Căn cứ: Điều 8",
        "Nghị định 23/2015/NĐ-CP", "Phiên bản 1 : áp dụng cho hồ sơ nộp từ 19/12/2022 đến hết 30/06/2025",
        "Mức độ 4 (toàn trình)", "Xã đề nghị: 02 ngày làm việc", "Huyện quyết định: 03 ngày",
        "Thủ tục liên quan Chứng thực bản sao từ bản chính 9.999999",
    ):  # fmt: skip
        assert part.replace(" :", ":") in text.replace(" :", ":"), part


def test_unsure_figures_are_marked_where_they_stand(page):
    text = page(FULL)
    assert "Thành phần hồ sơ cần xác nhận" in text
    assert "Thời hạn giải quyết cần xác nhận" in text
    assert "Phí A: 2.000 đồng/trang cần xác nhận" in text
    assert "tính theo tờ khai cần xác nhận" not in text
    assert text.count(" cần xác nhận ") == 3
    sure = replace(FULL, info={}, deadline=PROCEDURE.deadline, fees=())
    assert " cần xác nhận " not in page(sure)
    assert page(replace(sure, info={"confidence": "medium"})).count(" cần xác nhận ") == 6


def test_nothing_is_made_up_where_the_catalog_is_silent(page):
    bare = replace(PROCEDURE, info={}, fees=(), documents=(), result=None, channels=(), deliveries=(), rules=())
    text = page(bare)
    assert "Không cần giấy tờ kèm theo." in text
    assert "Không thu phí, lệ phí." in text
    assert "Số lượng hồ sơ: 01 bộ" in text
    for absent in ("Người ký", "Yêu cầu, điều kiện", "None", "Nộp hồ sơ trực tuyến"):
        assert absent not in text
    assert "01 bộ" in page(replace(bare, info={"sets": "hai"}))


def test_past_and_coming_versions_are_shown_but_not_filed(page):
    new = replace(FULL, version=2, valid_from=date(2025, 7, 1), valid_to=None)
    text = page(new, known=[FULL, new])
    assert text.index("Phiên bản 2") < text.index("Phiên bản 1")
    old = page(new, f"{PAGE}?version=1", [FULL, new])
    assert "Đây là phiên bản 1, không phải phiên bản đang áp dụng" in old
    assert "Nộp hồ sơ trực tuyến" not in old
    assert "Nộp hồ sơ trực tuyến" in page(new, f"{PAGE}?version=2", [FULL, new])


@pytest.mark.parametrize("version", ["3", "x", "-1", "1" * 5000, "١"])
def test_a_version_that_is_not_there_is_not_found(browser, version):
    browser().get(f"{PAGE}?version={version}", 404)
    browser().get(f"{PAGE}/mau-don?version={version}", 404)
    browser().get("/thu-tuc/khong-co/mau-don", 404)


def test_the_blank_form_is_an_empty_sheet_with_its_name(page):
    text = page(FULL, f"{PAGE}/mau-don")
    for part in ("Phiếu yêu cầu", "Kính gửi: UBND xã Mẫu", "Họ và tên", "Kèm theo: Ảnh chụp bản chính"):
        assert part in text


def test_english_pages_mark_what_is_vietnamese(browser):
    page = browser().get(f"{PAGE}?lang=en")
    assert '<html lang="en"' in page
    assert '<span lang="vi">Bản chính giấy tờ</span>' in page
    assert "Ways to file" in page
