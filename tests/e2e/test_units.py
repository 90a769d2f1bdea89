"""Names of places are offered in Chromium while an address is typed, narrowed by what stands above them."""

from __future__ import annotations

import pytest

from tests.support.browser import People

pytestmark = pytest.mark.browser
STEM = "nguoi_yeu_cau_noi_cu_tru."


def test_districts_and_communes_are_offered_within_what_was_chosen_above(people: People) -> None:
    people["Nguyễn Thị Lan"].begin("1.001193")
    people["Nguyễn Thị Lan"].press("Tiếp tục")
    page = people["Nguyễn Thị Lan"].page
    page.wait_for_url("**/phan/*")

    def offered(key: str) -> list[str]:
        field = page.locator(f'[name="{STEM}{key}"]')
        with page.expect_response("**/danh-muc/don-vi*"):
            field.focus()
        page.wait_for_function("name => document.getElementsByName(name)[0].list?.options.length", arg=f"{STEM}{key}")
        names: list[str] = field.evaluate("field => [...field.list.options].map(one => one.value)")
        return names

    page.locator(f'[name="{STEM}tinh_thanh"]').fill("tp hcm")
    assert {"Quận 1", "Huyện Củ Chi", "Thành phố Thủ Đức"} <= set(offered("quan_huyen"))
    page.locator(f'[name="{STEM}quan_huyen"]').fill("Huyện Củ Chi")
    communes = offered("phuong_xa")
    assert "Xã Phước Thạnh" in communes
    assert "Phường Bến Nghé" not in communes
    page.locator(f'[name="{STEM}phuong_xa"]').fill("Xã Tên Cũ")
    assert page.locator(f'[name="{STEM}phuong_xa"]').input_value() == "Xã Tên Cũ"
