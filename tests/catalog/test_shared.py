"""What all procedures share: groups, option sets and field groups are complete, unambiguous and usable as they are."""

from __future__ import annotations

import csv
import json
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.clock import SteppedClock
from engine.adapters.form_expand import expand
from engine.adapters.form_schemas import FormSchemas
from engine.adapters.process_runner import FeelExpressions
from tests.support.desk import OPENING

SCHEMAS = FormSchemas(FeelExpressions(SteppedClock(OPENING), {}).evaluate)
SHARED = Path(__file__).resolve().parents[2] / "catalog/_shared"
FIELD_GROUPS = sorted(path.stem for path in SHARED.glob("fields/*.json"))
OPTION_SETS = sorted(path.stem for path in SHARED.glob("options/*.json"))


def data(folder: str, name: str) -> Any:
    return json.loads((SHARED / folder / f"{name}.json").read_text("utf-8"))


def form_with(group: str, **properties: str) -> Any:
    schema = {
        "id": "f",
        "components": [{"type": "group", "id": "g", "properties": {"fieldGroup": group, **properties}}],
    }
    options = {name: data("options", name) for name in OPTION_SETS}
    return SCHEMAS.compile(expand(schema, options, {name: data("fields", name) for name in FIELD_GROUPS}))


@pytest.mark.parametrize("group", FIELD_GROUPS)
@pytest.mark.parametrize("prefix", ["", "me_"])
def test_every_field_group_can_be_used_as_it_is_and_under_a_prefix(group: str, prefix: str) -> None:
    form = form_with(group, prefix=prefix)
    assert form.fields
    assert [path for path in form.fields if not path.startswith(prefix)] == []
    assert "{prefix}" not in json.dumps(form.schema)


@pytest.mark.parametrize("name", OPTION_SETS)
def test_every_option_is_said_once(name: str) -> None:
    options = data("options", name)
    assert options
    assert len({o["value"] for o in options}) == len({o["label"] for o in options}) == len(options)


def test_nationalities_are_the_countries_of_iso_3166_and_two_more() -> None:
    rows = list(csv.DictReader((SHARED / "reference/quoc_gia.csv").read_text("utf-8").splitlines()))
    assert len({row["code"] for row in rows}) == len(rows) == 249
    assert {row["name"] for row in rows} | {"Kosovo", "Không quốc tịch"} == {
        option["value"] for option in data("options", "quoc_tich")
    }


def test_there_are_fifty_four_peoples_and_the_unknown_one() -> None:
    assert len(data("options", "dan_toc")) == 55


def test_lanes_can_tell_every_group_by_its_name_and_the_demonstration_has_somebody_in_each() -> None:
    groups = tomllib.loads((SHARED / "groups.toml").read_text("utf-8"))["group"]
    assert len({g["id"] for g in groups}) == len({g["name"] for g in groups}) == len(groups)
    people = tomllib.loads((SHARED / "demo.toml").read_text("utf-8"))["person"]
    assert {"applicant"} == {g["id"] for g in groups} - {name for one in people for name in one.get("groups", ())}
    assert len({one["login"] for one in people}) == len({one["id"] for one in people}) == len(people)


@pytest.mark.parametrize(
    ("born", "asked"),
    [("2022-12-01", False), ("2008-12-20", False), ("2008-12-19", True), ("1990-01-01", True), (None, False)],
)
def test_people_under_fourteen_are_not_asked_for_an_identity_number(born: str | None, asked: bool) -> None:
    shown = form_with("disabled_person", prefix="nkt_").visible({"nkt_ngay_sinh": born} if born else {}, {"case": {}})
    assert ("nkt_cccd" in shown) is asked


def test_what_belongs_to_a_representative_is_asked_when_one_is_named() -> None:
    form = form_with("representative", prefix="dd_")
    assert "dd_quan_he" not in form.visible({}, {"case": {}})
    assert {"dd_quan_he", "dd_cccd", "dd_noi_o.phuong_xa"} <= form.visible({"dd_ho_ten": "Lê Thị B"}, {"case": {}})


def test_the_units_of_december_2022_are_complete_and_each_lies_in_one_above() -> None:
    text = (SHARED / "reference/don_vi_hanh_chinh.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    by_level = {level: {row["code"]: row for row in rows if row["level"] == level} for level in ("1", "2", "3")}
    assert [len(found) for found in by_level.values()] == [63, 705, 10_599]
    assert all(row["parent"] in by_level["1"] for row in by_level["2"].values())
    assert all(row["parent"] in by_level["2"] for row in by_level["3"].values())
    city = {code for code, row in by_level["2"].items() if row["parent"] == "79"}
    assert (len(city), sum(row["parent"] in city for row in by_level["3"].values())) == (22, 312)
    assert len({(row["parent"], row["name"]) for row in rows}) == len(rows)
    assert unicodedata.is_normalized("NFC", text)
