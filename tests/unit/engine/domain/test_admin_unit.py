"""Names of places as people write them: official when a place is meant without doubt, a warning when two do not fit."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from engine.adapters.catalog_units import read_units
from engine.domain.admin_unit import AdminUnit, AdminUnits, doubts, folded, official
from engine.domain.errors import CatalogError
from engine.domain.form import read_level
from tests.support.desk import ROOT
from tests.support.forms import field, group, rows

UNITS = read_units(ROOT / "catalog")
CITY = "Thành phố Hồ Chí Minh"
PARTS = [field("textfield", key, properties={"unit": str(n)}) for n, key in enumerate(("tinh", "huyen", "xa"), 1)]
LEVEL = read_level({"components": [group("noi_o", *PARTS), rows("cac_ben", group("o", *PARTS))]})


def address(*names: Any) -> dict[str, Any]:
    return dict(zip(("tinh", "huyen", "xa"), names, strict=False))


def written(*names: Any) -> tuple[Any, ...]:
    data = {"noi_o": address(*names), "cac_ben": [{"o": address(*names)}]}
    official(UNITS, LEVEL, data)
    assert data["cac_ben"] == [{"o": data["noi_o"]}]
    return tuple(data["noi_o"].values())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("TP HCM", "q.1", "ben nghe"), (CITY, "Quận 1", "Phường Bến Nghé")),
        (("tp. hồ chí minh", "Q1", "P. Đa Kao"), (CITY, "Quận 1", "Phường Đa Kao")),
        (("Hồ Chí Minh", "Củ Chi", "Xã Phước Thạnh"), (CITY, "Huyện Củ Chi", "Xã Phước Thạnh")),
        (("  THÀNH PHỐ   hồ chí minh ", "QUẬN 03", "Phường 5"), (CITY, "Quận 3", "Phường 05")),
        (("an giang", "tx tan chau", "Long Thạnh"), ("Tỉnh An Giang", "Thị xã Tân Châu", "Phường Long Thạnh")),
    ],
)
def test_what_people_write_becomes_the_official_name(typed: tuple[str, ...], meant: tuple[str, ...]) -> None:
    assert tuple(map(folded, written(*typed))) == tuple(map(folded, meant))
    assert written(*meant)[:2] == meant[:2]
    assert written(*typed) == written(*meant)


def test_decomposed_letters_are_the_same_name() -> None:
    names = (CITY, "Huyện Củ Chi")
    assert written(*(unicodedata.normalize("NFD", name) for name in names)) == names


@pytest.mark.parametrize(
    "names",
    [
        ("Tỉnh Hà Tây", "Thị xã Hà Đông", "Xã Văn Khê"),
        (CITY, "Huyện Mẫu", "Xã Mẫu"),
        ("", "Quận 1", "Phường Bến Nghé"),
        ("x" * 100_000, "Quận 1"),
        (7, None, ["a"]),
        ("Tỉnh Đồng Tháp", "Cao Lãnh"),
    ],
)
def test_old_unknown_ambiguous_and_odd_names_stay_as_they_are(names: tuple[Any, ...]) -> None:
    assert written(*names) == names


def told(*names: Any) -> dict[str, list[str]]:
    data = {"noi_o": address(*names), "cac_ben": [{"o": address(*names)}]}
    return doubts(UNITS, LEVEL, data)


def test_a_known_commune_of_another_district_is_a_warning_at_its_field_in_rows_too() -> None:
    found = told(CITY, "Quận 1", "Xã Phước Thạnh")
    assert sorted(found) == ["cac_ben.0.o.xa", "noi_o.xa"]
    assert "không thuộc Quận 1" in found["noi_o.xa"][0]
    assert sorted(told(CITY, "Huyện Trảng Bom", "Xã Bình Minh")) == ["cac_ben.0.o.huyen", "noi_o.huyen"]


@pytest.mark.parametrize(
    "names", [(CITY, "Quận 1", "Phường Bến Nghé"), (CITY, "Quận 2", "Phường An Phú"), (CITY, "Huyện Mẫu", "Xã Mẫu"), ()]
)
def test_what_fits_and_names_that_nobody_knows_any_more_are_no_warning(names: tuple[str, ...]) -> None:
    assert told(*names) == {}


def test_a_house_without_the_list_changes_and_says_nothing() -> None:
    data = {"noi_o": address("TP HCM", "q.1", "ben nghe")}
    official(AdminUnits(), LEVEL, data)
    assert data == {"noi_o": address("TP HCM", "q.1", "ben nghe")}
    assert doubts(AdminUnits(), LEVEL, data) == {}


def test_two_units_of_one_bare_name_are_told_apart_by_their_kind_only() -> None:
    units = AdminUnits([AdminUnit("1", "Thị trấn Mới", 3, "0"), AdminUnit("2", "Xã Mới", 3, "0")])
    assert units.find(3, "mới", "0") is None
    assert (units.find(3, "xã mới", "0") or AdminUnit("", "", 0)).code == "2"


def test_a_table_that_is_wrong_is_named_by_its_line(tmp_path: Any) -> None:
    table = tmp_path / "_shared/reference/don_vi_hanh_chinh.csv"
    table.parent.mkdir(parents=True)
    table.write_text("code,name,level,parent,also\n79,X,1,,\n760,Y,2,80,\n", "utf-8")
    with pytest.raises(CatalogError) as refused:
        read_units(tmp_path)
    assert "dòng 3" in str(refused.value.data["reason"])
    assert read_units(tmp_path / "nowhere").find(1, "X") is None
