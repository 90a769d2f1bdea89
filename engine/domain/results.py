"""What a result of a case is worth, which file of it counts, and what that file is called."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Literal

from engine.domain.case import Case
from engine.domain.procedure import Procedure

Result = Mapping[str, Any]
Standing = Literal["valid", "replaced", "revoked", "unsigned"]
SEAL = "agency"


def standing(case: Case, result: Result) -> Standing:
    """Whether the result counts. It does from the agency's seal on, or from any signature where the case has ended."""
    if "revoked" in result:
        return "revoked"
    if "replaced" in result:
        return "replaced"
    sealed = any(one["role"] == SEAL for one in result["signatures"])
    return "valid" if sealed or (result["signatures"] and case.ended) else "unsigned"


def find(case: Case, document: str) -> Result | None:
    """The result of this name in the case."""
    return next((one for one in case.results if one["document"] == document), None)


def newest_signed(case: Case, procedure: Procedure) -> Result | None:
    """The newest signed file of the procedure's own result that still counts: what is handed over and attached.

    Its `sha256` and `size` are those of the file with all signatures made so far.
    """
    own = procedure.result.name if procedure.result else None
    found = (one for one in reversed(case.results) if own in (None, one["name"]) and one["signatures"])
    return next((one for one in found if not {"revoked", "replaced"} & one.keys()), None)


def file_name(result: Result) -> str:
    """What the PDF is called when it leaves the house: name and number, composed, without slashes."""
    text = unicodedata.normalize("NFC", f"{result['name']} {result['number']}.pdf")
    return "".join("-" if sign in "/\\" else sign for sign in text if sign.isprintable())
