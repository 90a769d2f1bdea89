"""Unit tests lie where their sources lie, and what decides has a test of its own or a reason why not."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "tests" / "unit"
DECIDING = ("engine/domain", "engine/commands")
# Where the rules of a module without a test file of its own are tested.
ELSEWHERE = {
    "engine/commands/inbox_claiming.py": "tests/integration/test_claiming_next.py",
    "engine/commands/membership.py": "tests/unit/engine/commands/test_tasks.py",
    "engine/commands/cash.py": "tests/integration/test_drawers.py",
    "engine/commands/drawers.py": "tests/contract/test_drawers.py",
    "engine/domain/drawer_day.py": "tests/integration/test_drawers.py",
    "engine/domain/actor.py": "tests/unit/engine/domain/test_mandate.py",
    "engine/commands/mandates.py": "tests/contract/test_mandates.py",
    "engine/commands/signer.py": "tests/integration/test_mandates.py",
    "engine/commands/answers.py": "tests/unit/engine/commands/test_tasks.py",
    "engine/commands/holding.py": "tests/contract/test_awaited_signatures.py",
    "engine/commands/leading.py": "tests/integration/test_signing_queue.py",
    "engine/commands/signature_check.py": "tests/integration/test_pins.py",
    "engine/commands/signing_act.py": "tests/integration/test_pins.py",
    "engine/commands/paper_seals.py": "tests/contract/test_paper_seals.py",
    "engine/commands/sealing.py": "tests/contract/test_paper_seals.py",
    "engine/domain/access.py": "tests/unit/engine/commands/test_tasks.py",
    "engine/domain/appliers.py": "tests/unit/engine/test_replay.py",
    "engine/domain/context.py": "tests/integration/test_law.py",
    "engine/domain/errors.py": "tests/architecture/test_structure.py",
    "engine/domain/events.py": "tests/architecture/test_structure.py",
    "engine/domain/following_appliers.py": "tests/unit/engine/commands/test_following.py",
    "engine/domain/handling_appliers.py": "tests/unit/engine/domain/test_handling.py",
    "engine/commands/books.py": "tests/integration/test_books.py",
    "engine/commands/amending.py": "tests/integration/test_supplement.py",
    "engine/domain/form.py": "tests/unit/engine/adapters/test_form_schemas.py",
    "engine/domain/form_patterns.py": "tests/unit/engine/adapters/test_form_schemas_values.py",
    "engine/domain/form_state.py": "tests/unit/engine/adapters/test_form_schemas_conditions.py",
    "engine/domain/form_values.py": "tests/unit/engine/adapters/test_form_schemas_values.py",
    "engine/domain/steering_appliers.py": "tests/integration/test_suspending.py",
    "engine/commands/ending.py": "tests/unit/engine/commands/test_cases.py",
    "engine/commands/expiring.py": "tests/integration/test_supplement_in_hand.py",
    "engine/commands/offers.py": "tests/integration/test_other_acts.py",
    "engine/commands/returning.py": "tests/integration/test_returning.py",
    "engine/commands/rounds.py": "tests/integration/test_supplement_in_hand.py",
    "engine/commands/supplementing.py": "tests/integration/test_supplement_in_hand.py",
    "engine/commands/incidents.py": "tests/integration/test_incidents.py",
    "engine/commands/suspending.py": "tests/integration/test_suspending.py",
    "engine/commands/calendars.py": "tests/integration/test_housekeeping.py",
    "engine/commands/unit_facts.py": "tests/integration/test_housekeeping.py",
    "engine/commands/unit_fees.py": "tests/integration/test_unit_fees.py",
    "engine/commands/wordings.py": "tests/integration/test_wordings.py",
    "engine/commands/migrating.py": "tests/integration/test_migrating.py",
    "engine/commands/migrator.py": "tests/integration/test_migrating.py",
    "engine/commands/modifying.py": "tests/integration/test_modifying.py",
    "engine/domain/steering.py": "tests/integration/test_modifying.py",
    "engine/commands/taking.py": "tests/integration/test_incidents.py",
    "engine/domain/signal_appliers.py": "tests/unit/engine/commands/test_signals.py",
    "engine/commands/spreader.py": "tests/unit/engine/commands/test_signals.py",
    "engine/domain/start_timer.py": "tests/unit/engine/commands/test_starts.py",
    "engine/commands/start_planning.py": "tests/unit/engine/commands/test_starts.py",
    "engine/commands/starter.py": "tests/unit/engine/commands/test_starts.py",
    "engine/commands/deploy.py": "tests/contract/test_store.py",
    "engine/commands/job_documents.py": "tests/integration/test_law.py",
    "engine/commands/job_notices.py": "tests/unit/engine/commands/test_worker.py",
    "engine/commands/job_room.py": "tests/unit/engine/commands/test_worker.py",
    "engine/commands/job_types.py": "tests/integration/test_law.py",
    "engine/commands/posting.py": "tests/integration/test_posting.py",
    "engine/commands/slips.py": "tests/integration/test_papers.py",
    "engine/commands/payments.py": "tests/integration/test_collecting.py",
    "engine/commands/collector.py": "tests/integration/test_collecting.py",
    "engine/commands/refunds.py": "tests/integration/test_reconciling.py",
    "engine/commands/reconciler.py": "tests/integration/test_reconciling.py",
    "engine/commands/statements.py": "tests/integration/test_reconciling.py",
    "engine/domain/payment_appliers.py": "tests/integration/test_collecting.py",
    "engine/commands/reminding.py": "tests/integration/test_reminding.py",
    "engine/commands/reporting.py": "tests/integration/test_reporting.py",
    "engine/domain/case_facts.py": "tests/unit/engine/domain/test_counting.py",
    "engine/domain/score_basis.py": "tests/unit/engine/domain/test_score_formulas.py",
}


def decides(path: Path) -> bool:
    """Whether a module branches or loops; plain records and protocols do not."""
    choices = (ast.If, ast.IfExp, ast.For, ast.While, ast.Match, ast.comprehension, ast.Try, ast.BoolOp)
    return any(isinstance(node, choices) for node in ast.walk(ast.parse(path.read_text())))


def deciding_modules() -> dict[str, Path]:
    """Modules that decide, with the file that would test each."""
    found = [path for folder in DECIDING for path in sorted((ROOT / folder).rglob("*.py")) if decides(path)]
    return {str(p.relative_to(ROOT)): UNIT / p.relative_to(ROOT).parent / f"test_{p.name}" for p in found}


def test_every_folder_of_unit_tests_is_the_folder_of_its_sources() -> None:
    folders = {path.parent.relative_to(UNIT) for path in UNIT.rglob("test_*.py")}
    assert folders
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder).is_dir()] == []


def test_what_decides_has_a_test_file_or_a_named_place_where_it_is_tested() -> None:
    modules = deciding_modules()
    assert len(modules) > 20
    assert [name for name, test in modules.items() if not test.exists() and name not in ELSEWHERE] == []


def test_places_named_elsewhere_exist_and_are_still_needed() -> None:
    modules = deciding_modules()
    assert [name for name in ELSEWHERE if name not in modules or modules[name].exists()] == []
    assert [place for place in ELSEWHERE.values() if not (ROOT / place).exists()] == []
