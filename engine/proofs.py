"""Proves the whole house: every history unbroken, every stored state what its history folds to."""

from __future__ import annotations

from typing import Any

from engine.ports import Store
from engine.replay import Auditor, Difference

PROOFS = ("readable", "stored", "applicable")


def verify_chains(store: Store, auditor: Auditor) -> tuple[int, list[dict[str, Any]]]:
    """How many cases there are, and every broken link of a history and every state that it does not fold to."""
    ids = [case_id for _, case_id in store.case_ids()]
    rows = [
        {"case_id": case_id, "seq": each.seq, "problem": f"{case_id}: {each.what}: {_problem(each)}"}
        for case_id in ids
        for each in auditor.proof(case_id)
    ]
    return len(ids), rows


def _problem(found: Difference) -> str:
    """The chain says it in its own words; of values only that they differ, for they may be personal."""
    if found.what == "chain":
        return str(found.found)
    return str(found.found) if found.expected in PROOFS else "the stored state is not what the history folds to"
