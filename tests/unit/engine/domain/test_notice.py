"""A notice is told once: its key and its id say so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.domain.notice import Notice, Template, topic_key

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def template(**changes: Any) -> Template:
    return Template(key="t", title={"vi": "", "en": ""}, body={"vi": "", "en": ""}, **changes)


def test_notices_of_one_topic_of_a_case_have_one_key() -> None:
    asked = template(topic="outcome")
    assert topic_key(asked, "c1", {}, "c1/7/t") == topic_key(asked, "c1", {}, "c1/job#1") == "c1/outcome"
    assert topic_key(asked, "c2", {}, "x") != topic_key(asked, "c1", {}, "x")


def test_what_a_topic_is_told_per_makes_another_key() -> None:
    fee = template(topic="fee_due", per=("amount",))
    assert topic_key(fee, "c1", {"amount": 8000}, "x") != topic_key(fee, "c1", {"amount": 9000}, "x")
    assert topic_key(fee, "c1", {}, "x") == "c1/fee_due/"


def test_without_topic_or_case_the_senders_own_key_holds() -> None:
    assert topic_key(template(), "c1", {}, "own") == "own"
    assert topic_key(template(topic="outcome"), "", {}, "own") == "own"
    assert topic_key(None, "c1", {}, "own") == "own"


def test_the_id_is_made_of_unit_and_key() -> None:
    one = Notice(unit="a", key="k", template="t", created_at=NOW, run_at=NOW)
    assert one.id == Notice(unit="a", key="k", template="u", created_at=NOW, run_at=NOW).id
    assert one.id != Notice(unit="b", key="k", template="t", created_at=NOW, run_at=NOW).id
    assert not one.reachable
