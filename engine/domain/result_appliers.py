"""How what happens to the results of a case folds into its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.domain import case_events as events
from engine.domain.case import Case
from engine.domain.event import Event
from engine.domain.records import replace

CERTIFICATE = ("subject", "serial", "signed_at", "level")


def _issued(case: Case, e: events.ResultIssued, at: datetime) -> Case:
    result = {
        "document": e.document,
        "name": e.name,
        "number": e.number,
        "sha256": e.sha256,
        "size": e.size,
        "at": at,
        "signatures": [],
    }
    public = {"token": e.token, "mark": e.mark, "files": [e.sha256]} if e.token else {}
    booked = {"book": e.book, "running": e.running} if e.book else {}
    return replace(case, results=(*case.results, {**result, **public, **booked}))


def _signed(case: Case, e: events.ResultSigned, at: datetime) -> Case:
    mark = {"signer": e.signer, "role": e.role, "sha256": e.sha256, "signature": e.signature, "at": at}
    if e.acts_for:
        mark |= {"acts_for": e.acts_for, "acting": e.acting}
    if e.signed_sha256:
        mark |= {name: getattr(e, name) for name in CERTIFICATE}

    def sign(result: Mapping[str, Any]) -> dict[str, Any]:
        return {**result, "signatures": [*result["signatures"], mark], **_newest(result, e)}

    return _changed(case, e.document, sign)


def _newest(result: Mapping[str, Any], e: events.ResultSigned) -> dict[str, Any]:
    """The result is now the signed file; the earlier ones stay known, the unsigned first."""
    if not e.signed_sha256:
        return {}
    files = result.get("files", [result["sha256"]])
    return {"sha256": e.signed_sha256, "size": e.signed_size, "files": [*files, e.signed_sha256]}


def _revoked(case: Case, e: events.ResultRevoked, at: datetime) -> Case:
    revoked = {"reason": e.reason, "by": e.by, "at": at}
    return _changed(case, e.document, lambda result: {**result, "revoked": revoked})


def _replaced(case: Case, e: events.ResultReplaced, at: datetime) -> Case:
    replaced = {"document": e.new_document, "number": e.number, "reason": e.reason, "by": e.by, "at": at}
    return _changed(case, e.document, lambda result: {**result, "replaced": replaced})


def _changed(case: Case, document: str, change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Case:
    return replace(case, results=tuple(change(r) if r["document"] == document else r for r in case.results))


RESULT_APPLIERS: dict[type[Event], Callable[[Case, Any, datetime], Case]] = {
    events.ResultIssued: _issued,
    events.ResultSigned: _signed,
    events.ResultRevoked: _revoked,
    events.ResultReplaced: _replaced,
}
