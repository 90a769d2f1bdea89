"""The catalog folder: versions that carry all they need, digests that see every change, and mistakes that are found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.catalog_files import FileCatalog, digest_of, procedure_from_files
from engine.domain.errors import CatalogError

CATALOG = Path(__file__).parents[4] / "catalog"
SLUG = "chung-thuc-ban-sao"
HEAD = f"{SLUG}/procedure.toml"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the shared folder and of one procedure."""
    for name in ("_shared", SLUG):
        shutil.copytree(CATALOG / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def edit(root: Path) -> Edit:
    def replace(file: str, old: str, new: str) -> None:
        text = (root / file).read_text("utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new, 1), "utf-8")

    return replace


def digest(root: Path) -> str:
    (procedure,) = FileCatalog.load(root).procedures
    return procedure.digest


def findings(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = FileCatalog.check(root)["findings"]
    return found


def test_every_procedure_of_the_catalog_is_read_and_without_errors() -> None:
    report = FileCatalog.check(CATALOG)
    assert [f for f in report["findings"] if f["severity"] == "error"] == []
    assert len(report["procedures"]) == len(list(CATALOG.glob("*/procedure.toml")))
    assert {"file", "key", "confidence", "code"} <= set(report["low_confidence"][0])


def test_deployed_version_carries_what_it_calls_and_nothing_else(root: Path) -> None:
    (procedure,) = FileCatalog.load(root).procedures
    files = set(procedure.files)
    assert {"procedure.toml", "process.bpmn", "form.json", "result.typ", "_shared/templates/letter.typ"} <= files
    assert {"_shared/processes/intake.bpmn", "_shared/processes/supplement.bpmn"} <= files  # called by what is called
    assert "_shared/forms/supplement_reply.json" in files
    assert not [name for name in files if name.startswith("tests/") or "groups" in name]


def test_stored_forms_need_nothing_from_outside(root: Path) -> None:
    (procedure,) = FileCatalog.load(root).procedures
    form = json.loads(procedure.files["form.json"])
    parts = [c for section in form["components"] for c in section["components"]]
    paper = next(c for c in parts if c.get("path") == "nguoi_yeu_cau_giay_to")
    assert [c["key"] for c in paper["components"]][:2] == ["loai", "so"]
    assert paper["components"][0]["id"] == "nguoi_yeu_cau_giay_to_loai"
    assert paper["components"][0]["values"]


def test_version_is_the_same_when_loaded_back_from_its_files(root: Path) -> None:
    (procedure,) = FileCatalog.load(root).procedures
    again = procedure_from_files(dict(reversed(list(procedure.files.items()))))
    assert again == procedure
    assert again.digest == digest_of(procedure.files)


def test_digest_sees_shared_files_that_are_used_and_only_those(root: Path, edit: Edit) -> None:
    before = digest(root)
    (root / SLUG / "tests" / "99_new.toml").write_text('name = "x"', "utf-8")
    (root / "_shared" / "options" / "unused.json").write_text('[{"value": 1, "label": "1"}]', "utf-8")
    assert digest(root) == before
    edit("_shared/options/hinh_thuc_nhan_ket_qua.json", "bưu chính", "bưu điện")
    with_options = digest(root)
    edit("_shared/templates/letter.typ", "//", "// ")
    with_template = digest(root)
    edit("_shared/processes/supplement.bpmn", 'name="', 'name="X ')
    assert len({before, with_options, with_template, digest(root)}) == 4


def test_several_versions_lie_side_by_side(root: Path, edit: Edit) -> None:
    shutil.copytree(root / SLUG, root / f"{SLUG}@2")
    edit(f"{SLUG}@2/procedure.toml", "version = 1", "version = 2")
    assert [p.version for p in FileCatalog.load(root).procedures] == [1, 2]
    edit(f"{SLUG}@2/procedure.toml", "version = 2", "version = 3")
    with pytest.raises(CatalogError, match="@2"):
        _ = FileCatalog.load(root).procedures


def test_one_broken_procedure_does_not_keep_the_shared_data_from_being_read(root: Path, edit: Edit) -> None:
    edit(HEAD, 'code = "', 'kode = "')
    catalog = FileCatalog.load(root)
    assert catalog.groups
    assert catalog.statuses[4].clock == "run"
    assert catalog.settings["units"]["xa-mau"]["agency_code"]
    with pytest.raises(CatalogError, match="code"):
        _ = catalog.procedures


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (HEAD, 'process = "copy_certification"', 'process = "other"', "quy trình other"),
        (HEAD, 'form = "application"', 'form = "application"\nfrom = 1', "from"),
        (HEAD, "level = 4", "level = 5", "level"),
        (HEAD, 'officer = "justice_officer"', 'officer = "nobody"', "nhóm nobody"),
        (HEAD, 'template = "result.typ"', 'template = "other.typ"', "mẫu other.typ"),
        (HEAD, 'field = "danh_sach.tep_chup"', 'field = "danh_sach.so_trang"', "ô tải tệp"),
        (HEAD, '"compare_original",', '"compare_nothing",', "phần tử compare_nothing"),
        (HEAD, 'fields = ["ngay_hen"]', 'fields = ["ngay_den"]', "ô ngay_den"),
        (HEAD, 'quantity = "item.so_ban"', 'quantity = "item.so_ban +"', "biểu thức"),
        (f"{SLUG}/form.json", '"optionSet": "hinh', '"optionSet": "hính', "optionSet"),
        (f"{SLUG}/form.json", '"fieldGroup": "address"', '"fieldGroup": "nowhere"', "fieldGroup"),
        (f"{SLUG}/form.json", '"appendix": "ban_sao"', '"appendix": "ban_xao"', "ban_xao"),
        (f"{SLUG}/form.json", '"hide": "=khai', '"hide": "=khai(', "biểu thức"),
        (f"{SLUG}/form.json", '"type": "checkbox"', '"type": "html"', "html"),
        (f"{SLUG}/process.bpmn", 'formId="compare_original"', 'formId="compare"', "biểu mẫu compare"),
        (f"{SLUG}/process.bpmn", 'processId="fee"', 'processId="fees"', "quy trình fees"),
        (f"{SLUG}/process.bpmn", "<bpmn:process", "<bpmn:prozess", "process.bpmn"),
    ],
)
def test_mistake_keeps_the_procedure_out(root: Path, edit: Edit, *, file: str, old: str, new: str, words: str) -> None:
    edit(file, old, new)
    with pytest.raises(CatalogError) as refusal:
        _ = FileCatalog.load(root).procedures
    assert words in refusal.value.message


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (HEAD, "level = 4", "level = 5", "level"),
        (HEAD, 'officer = "justice_officer"', 'officer = "nobody"', "nhóm nobody"),
        (f"{SLUG}/form.json", '"type": "checkbox"', '"type": "html"', "html"),
    ],
)
def test_what_keeps_a_procedure_out_is_an_error_of_the_check(
    root: Path, edit: Edit, *, file: str, old: str, new: str, words: str
) -> None:
    edit(file, old, new)
    assert words in "\n".join(f["message"] for f in findings(root) if f["severity"] == "error")


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (HEAD, 'required = "false"', 'required = "aplication.x"', "aplication"),
        (HEAD, 'each = "application.danh_sach"', 'each = "applications"', "applications"),
        (HEAD, "item.so_ban", "dong.so_ban", "dong"),
        (f"{SLUG}/form.json", "=khai_noi_cu_tru", "=khai_noi_cu_chu", "khai_noi_cu_chu"),
        (f"{SLUG}/process.bpmn", ">=intake_decision", ">=intake_desicion", "intake_desicion"),
    ],
)
def test_name_that_nobody_writes_is_found(root: Path, edit: Edit, *, file: str, old: str, new: str, words: str) -> None:
    edit(file, old, new)
    assert words in "\n".join(f["message"] for f in findings(root))


def test_findings_name_file_element_and_both_languages(root: Path, edit: Edit) -> None:
    edit(f"{SLUG}/process.bpmn", 'formId="compare_original"', 'formId="compare"')
    wrong = [f for f in findings(root) if f["element_id"] == "compare_original"]
    assert {f["file"] for f in wrong} == {f"{SLUG}/process.bpmn"}
    assert all(f["message"] and f["message_en"] and f["rule"] and f["severity"] for f in wrong)


def test_shared_folder_that_cannot_be_read_is_one_finding(root: Path, edit: Edit) -> None:
    edit("_shared/statuses.toml", "code = 1\n", "code = one\n")
    (found,) = findings(root)
    assert (found["severity"], "statuses.toml" in found["message"]) == ("error", True)
    (root / "_shared" / "groups.toml").unlink()
    assert len(findings(root)) == 1


def test_file_of_another_kind_is_refused(root: Path) -> None:
    (root / SLUG / "hook.py").write_text("print('hello')", "utf-8")
    with pytest.raises(CatalogError, match=r"hook\.py"):
        _ = FileCatalog.load(root).procedures


def test_files_without_a_procedure_are_refused() -> None:
    with pytest.raises(CatalogError, match=r"procedure\.toml"):
        procedure_from_files({})
