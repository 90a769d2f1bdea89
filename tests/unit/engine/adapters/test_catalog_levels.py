"""The catalog refuses procedures whose ways of filing, paying and receiving contradict their level."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.catalog_files import FileCatalog
from engine.domain.errors import CatalogError

CATALOG = Path(__file__).parents[4] / "catalog"
FOUR, THREE = "xac-nhan-tinh-trang-hon-nhan", "dang-ky-khai-sinh"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("_shared", FOUR, THREE):
        shutil.copytree(CATALOG / name, tmp_path / name)
    return tmp_path


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text("utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), "utf-8")


def level_findings(root: Path) -> list[tuple[str, str]]:
    report: dict[str, Any] = FileCatalog.check(root)
    return [(f["element_id"], f["message"]) for f in report["findings"] if f["rule"] == "level"]


def options(root: Path, slug: str) -> list[str]:
    catalog = FileCatalog.load(root)
    form = json.loads(catalog.read(root / slug).files["form.json"])
    stack, found = [form], []
    while stack:
        component = stack.pop()
        stack += component.get("components", [])
        if (component.get("properties") or {}).get("optionSet") == "hinh_thuc_nhan_ket_qua":
            found = component["values"]
    assert all(set(option) == {"value", "label"} for option in found)
    return [option["value"] for option in found]


def test_both_levels_as_they_are_have_nothing_to_mend(root: Path) -> None:
    assert level_findings(root) == []


@pytest.mark.parametrize(
    ("slug", "key", "old", "new", "said"),
    [
        (THREE, "deliveries", '["desk", "post"]', '["desk", "electronic"]', "mức độ 3 không có cách nhận “electronic”"),
        (FOUR, "deliveries", '["desk", "post", "electronic"]', '["desk"]', "mức độ 4 phải nhận được bản điện tử"),
        (FOUR, "channels", '["online", "desk", "post"]', '["desk"]', "mức độ 4 phải nộp được trực tuyến"),
        (THREE, "channels", '["online", "desk", "post"]', '["online", "fax"]', "không có cách “fax”"),
        (FOUR, "deliveries", '["desk", "post", "electronic"]', '["electronic", "drone"]', "không có cách “drone”"),
    ],
)
def test_ways_that_contradict_the_level_are_errors_and_keep_the_procedure_out(
    root: Path, slug: str, key: str, old: str, new: str, said: str
) -> None:
    edit(root, f"{slug}/procedure.toml", f"{key} = {old}", f"{key} = {new}")
    assert (key, said) in level_findings(root)
    with pytest.raises(CatalogError):
        _ = FileCatalog.load(root).procedures


@pytest.mark.parametrize("job", ["fee.collect", "result.deliver"])
def test_a_diagram_of_level_three_may_not_take_money_online_or_send_results_electronically(
    root: Path, job: str
) -> None:
    header = '<zeebe:taskHeaders><zeebe:header key="way" value="electronic"/></zeebe:taskHeaders>'
    new = f'<zeebe:taskDefinition type="{job}" retries="3"/>{header if job == "result.deliver" else ""}'
    diagram = (root / THREE / "process.bpmn").read_text("utf-8")
    old = next(line.strip() for line in diagram.splitlines() if "taskDefinition" in line and "notify" in line)
    (root / THREE / "process.bpmn").write_text(diagram.replace(old, new, 1), "utf-8")
    assert any("mức độ 3" in message for _, message in level_findings(root))


def test_forms_offer_the_ways_of_receiving_that_the_procedure_has(root: Path) -> None:
    assert options(root, THREE) == ["truc_tiep", "buu_chinh"]
    assert options(root, FOUR) == ["truc_tiep", "buu_chinh", "dien_tu"]
    edit(root, f"{THREE}/procedure.toml", 'deliveries = ["desk", "post"]', 'deliveries = ["desk"]')
    assert options(root, THREE) == ["truc_tiep"]


def test_a_head_that_cannot_be_read_is_told_as_such(root: Path) -> None:
    (root / THREE / "procedure.toml").write_text("code = [", "utf-8")
    found = FileCatalog.check(root)["findings"]
    assert any(f["file"] == f"{THREE}/procedure.toml" and f["severity"] == "error" for f in found)
