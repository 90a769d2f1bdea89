"""Results fold from what happened to them; histories of earlier releases fold as they did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.domain import events
from engine.domain.appliers import apply
from engine.domain.case import Case
from engine.domain.codec import event_data, event_from
from tests.support.cases import case

AT = datetime(2026, 8, 3, 7, 0, tzinfo=UTC)


def issued(**more: Any) -> events.ResultIssued:
    return events.ResultIssued(document="c/R1", name="Giấy", number="01/2026", sha256="a" * 64, size=9, **more)


def signed(role: str = "leader", sha256: str = "a" * 64, **more: Any) -> events.ResultSigned:
    return events.ResultSigned(document="c/R1", signer="Bình", role=role, sha256=sha256, signature="s", **more)


def folded(*found: events.Event) -> Case:
    state = case()
    for event in found:
        state = apply(state, event, AT, "h")
    return state


def test_a_result_of_an_earlier_release_folds_to_what_it_did() -> None:
    (result,) = folded(issued(), signed()).results
    assert set(result) == {"document", "name", "number", "sha256", "size", "at", "signatures"}
    assert set(result["signatures"][0]) == {"signer", "role", "sha256", "signature", "at"}
    assert result["sha256"] == "a" * 64


def test_what_joined_the_events_is_not_written_while_it_says_nothing() -> None:
    assert "token" not in event_data(issued())
    assert "signed_sha256" not in event_data(signed())
    text = event_data(signed(signed_sha256="b" * 64, signed_size=10, serial="1f"))
    assert event_from("result:signed", 1, text) == signed(signed_sha256="b" * 64, signed_size=10, serial="1f")


def test_the_result_is_the_newest_signed_file_and_keeps_the_digests_of_all() -> None:
    (result,) = folded(
        issued(token="t" * 22, mark="AB12-CD34"),
        signed(signed_sha256="b" * 64, signed_size=20, serial="1f", subject="CN=Bình", level="PAdES B-LT"),
        signed("agency", "b" * 64, signed_sha256="c" * 64, signed_size=30),
    ).results
    assert (result["sha256"], result["size"]) == ("c" * 64, 30)
    assert result["files"] == ["a" * 64, "b" * 64, "c" * 64]
    assert [one["serial"] for one in result["signatures"]] == ["1f", ""]
    assert [one["role"] for one in result["signatures"]] == ["leader", "agency"]


def test_other_results_of_the_case_stay_as_they_are() -> None:
    other = events.ResultIssued(document="c/R2", name="Khác", number="02/2026", sha256="d" * 64, size=1)
    revoked = events.ResultRevoked(document="c/R1", reason="nhầm", by="chair")
    first, second = folded(issued(), other, revoked).results
    assert first["revoked"] == {"reason": "nhầm", "by": "chair", "at": AT}
    assert "revoked" not in second


def test_a_replaced_result_names_the_new_one() -> None:
    replaced = events.ResultReplaced(document="c/R1", new_document="c/R2", number="02/2026", reason="sai", by="chair")
    (result,) = folded(issued(), replaced).results
    assert result["replaced"] == {"document": "c/R2", "number": "02/2026", "reason": "sai", "by": "chair", "at": AT}
