"""Decision files of the catalog: pinned with the procedure, checked with it, borrowed from the shared ones."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.catalog_files import FileCatalog
from engine.adapters.process_runner import Library
from engine.domain.errors import CatalogError
from tests.support.dmn_builder import file, literal, table

CATALOG = Path(__file__).parents[4] / "catalog"
SLUG = "chung-thuc-ban-sao"
STEP = table("step", [(["> 1"], ['"many"']), (["-"], ['"one"'])], inputs=[("limit * case.supplements", "number")],
             policy="FIRST", needs=["limit"])  # fmt: skip
LIMIT = literal("limit", "1")
OWN = f"{SLUG}/step.dmn"
SHARED = "_shared/decisions/step.dmn"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the catalog with one procedure, one of whose jobs is now the decision "step"."""
    for name in ("_shared", SLUG):
        shutil.copytree(CATALOG / name, tmp_path / name, ignore=shutil.ignore_patterns("life_events.toml"))
    path = tmp_path / SLUG / "process.bpmn"
    called = '<bpmn:extensionElements><zeebe:calledDecision decisionId="step" resultVariable="step"/>'
    old = r'<bpmn:sendTask (id="notify_stop"[^>]*>)\s*<bpmn:ext.*?</bpmn:extensionElements>(.*?)</bpmn:sendTask>'
    text, count = re.subn(
        old,
        rf"<bpmn:businessRuleTask \1{called}</bpmn:extensionElements>\2</bpmn:businessRuleTask>",
        path.read_text("utf-8"),
        flags=re.DOTALL,
    )
    assert count == 1
    path.write_text(text, "utf-8")
    return tmp_path


def put(root: Path, name: str, *parts: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_bytes(file(*parts))


def findings(root: Path) -> list[dict[str, Any]]:
    return [each for each in FileCatalog.check(root)["findings"] if each["rule"] != "name-not-vietnamese"]


def rules(root: Path) -> set[tuple[str, str, str, str]]:
    return {(each["severity"], each["rule"], each["file"], each["element_id"]) for each in findings(root)}


def digest(root: Path) -> str:
    (procedure,) = FileCatalog.load(root).procedures
    return procedure.digest


@pytest.mark.parametrize("name", [OWN, SHARED])
def test_a_decision_is_part_of_the_version_and_can_be_made(root: Path, name: str) -> None:
    put(root, name, STEP, LIMIT)
    (procedure,) = FileCatalog.load(root).procedures
    assert (name if name == SHARED else "step.dmn") in procedure.files
    assert Library(procedure).runner
    assert rules(root) == set()


@pytest.mark.parametrize("name", [OWN, SHARED])
def test_a_changed_decision_is_another_digest(root: Path, name: str) -> None:
    put(root, name, STEP, LIMIT)
    before = digest(root)
    put(root, name, STEP, literal("limit", "2"))
    assert digest(root) != before


def test_shared_decisions_that_nobody_names_are_not_borrowed_but_told(root: Path) -> None:
    put(root, OWN, STEP, LIMIT)
    before = digest(root)
    put(root, "_shared/decisions/other.dmn", literal("other", "1"))
    assert digest(root) == before
    assert rules(root) == {("warning", "decision-unused", "_shared/decisions/other.dmn", "other")}


def test_a_procedure_s_own_decision_goes_before_the_shared_one(root: Path) -> None:
    put(root, SHARED, STEP, literal("limit", "7"))
    put(root, OWN, STEP, LIMIT)
    (procedure,) = FileCatalog.load(root).procedures
    assert SHARED not in procedure.files


def test_an_unknown_decision_keeps_the_procedure_out(root: Path) -> None:
    with pytest.raises(CatalogError, match="quyết định step"):
        _ = FileCatalog.load(root).procedures
    found = rules(root)
    assert ("error", "called-decision-unknown", f"{SLUG}/process.bpmn", "notify_stop") in found
    assert ("error", "reference", f"{SLUG}/process.bpmn", "notify_stop") in found


def test_a_decision_that_nothing_asks_for_is_a_warning(root: Path) -> None:
    put(root, OWN, STEP, LIMIT, literal("spare", "1"))
    assert rules(root) == {("warning", "decision-unused", OWN, "spare")}
    assert FileCatalog.load(root).procedures


def test_the_same_decision_in_two_files_keeps_the_procedure_out(root: Path) -> None:
    put(root, OWN, STEP, LIMIT)
    put(root, f"{SLUG}/more.dmn", LIMIT)
    with pytest.raises(CatalogError, match="limit"):
        _ = FileCatalog.load(root).procedures
    assert ("error", "decision", f"{SLUG}/process.bpmn", "limit") in rules(root)


def test_a_wrong_expression_keeps_the_procedure_out_and_names_its_rule(root: Path) -> None:
    put(root, OWN, table("step", [(["1"], ["1"]), (["< "], ["1"])], inputs=[("case.supplements",)]))
    with pytest.raises(CatalogError) as refusal:
        _ = FileCatalog.load(root).procedures
    assert f"{OWN} step_r2" in refusal.value.message
    assert ("error", "decision-expression", OWN, "step_r2") in rules(root)


def test_a_name_that_nobody_writes_is_found(root: Path) -> None:
    put(root, OWN, table("step", [(["> 1"], ["so_ban"])], inputs=[("case.supplements",)]))
    assert rules(root) == {("error", "decision-unknown-variable", OWN, "step_r1")}


def test_overlapping_rules_are_a_warning(root: Path) -> None:
    put(root, OWN, table("step", [(["> 1"], ["1"]), (["5"], ["2"])], inputs=[("case.supplements",)]))
    assert rules(root) == {("warning", "rules-overlap", OWN, "step_r2")}


def test_an_unreadable_file_keeps_the_procedure_out(root: Path) -> None:
    (root / OWN).write_bytes(b"<definitions/>")
    with pytest.raises(CatalogError, match=r"step\.dmn"):
        _ = FileCatalog.load(root).procedures
    assert any(each["file"].endswith("step.dmn") or "step.dmn" in each["message"] for each in findings(root))


@pytest.mark.parametrize("other", ["<definitions/>", file(LIMIT).decode()])
def test_shared_files_that_cannot_be_read_or_repeat_each_other_are_refused(root: Path, other: str) -> None:
    put(root, SHARED, STEP, LIMIT)
    (root / "_shared/decisions/zzz.dmn").write_text(other, "utf-8")
    with pytest.raises(CatalogError, match=r"zzz\.dmn"):
        FileCatalog.load(root)
    (only,) = FileCatalog.check(root)["findings"]
    assert "zzz.dmn" in only["file"]
