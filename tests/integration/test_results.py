"""Results are found by token and by file in SQL, and their rows follow the history."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from engine.adapters.db import SqlResults
from engine.adapters.signing.standin import DigestChecker
from engine.commands.result_messages import RevokeResult
from engine.queries.results import ResultQueries
from tests.support.desk import UNIT, Desk, desk_on_stage, first_scenario, officer

SCENARIO = "xac-nhan-tinh-trang-hon-nhan"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    with desk_on_stage(tmp_path_factory.mktemp("results")) as desk:
        yield desk, desk.play(first_scenario(SCENARIO)).id


def test_a_result_is_found_by_its_token_and_by_its_file(played: tuple[Desk, str]) -> None:
    desk, case_id = played
    (result,) = desk.app.store.case(None, case_id).results
    register = SqlResults(desk.app.store)
    place = register.by_token(result["token"])
    assert (place.unit, place.case_id, place.document) == (UNIT, case_id, result["document"])
    assert register.by_file(["0" * 64, result["sha256"]]) == place
    assert register.by_token(result["token"][:-1]) is None
    assert register.by_token("") is None
    assert register.by_file([]) is None


def test_the_public_view_shows_the_result_and_never_answers_to_a_case_code(played: tuple[Desk, str]) -> None:
    desk, case_id = played
    case = desk.app.store.case(None, case_id)
    results = desk.app.portal.results
    view = results.by_token(case.results[0]["token"])
    assert (view.standing, view.number, view.mark) == ("valid", case.results[0]["number"], case.results[0]["mark"])
    for wrong in (case.code, case.id, case.results[0]["document"], "", "x" * 500, "á" * 22, "' or 1=1 --"):
        assert results.by_token(wrong) is None


def test_the_file_that_was_issued_is_genuine_and_with_a_flipped_byte_it_is_not(played: tuple[Desk, str]) -> None:
    desk, case_id = played
    result = desk.app.store.case(None, case_id).results[0]
    content = desk.app.files.get(result["sha256"])
    queries = ResultQueries(desk.app.ports, SqlResults(desk.app.store), DigestChecker())
    assert queries.check(content)[0].code == "genuine"
    verdict, found = queries.check(content[:-9] + b"\0" + content[-8:])
    assert (verdict.code, found) == ("unknown", None)


def test_the_pdf_bears_the_code_and_a_bookmark_where_it_is_signed(played: tuple[Desk, str]) -> None:
    desk, case_id = played
    result = desk.app.store.case(None, case_id).results[0]
    content = desk.app.files.get(result["sha256"])
    reader = PdfReader(io.BytesIO(content))
    assert f"Mã đối chiếu {result['mark']}" in reader.pages[0].extract_text()
    assert [entry.title for entry in reader.outline] == ["Chữ ký"]


def test_rows_are_what_the_history_folds_to_also_after_a_revocation(played: tuple[Desk, str]) -> None:
    desk, _ = played
    case_id = desk.play(first_scenario(SCENARIO)).id  # a result of its own: the others' is to stay valid
    case = desk.app.store.case(None, case_id)
    command = RevokeResult(unit=UNIT, case_id=case_id, document=case.results[0]["document"], reason="thử")
    desk.app.handle(command, officer("chairman"), "revoke/1")
    assert desk.app.auditor.differences(case_id) == []
    assert [row["sha256"] for row in desk.app.store.rows(case_id)["result_file"]] == [case.results[0]["sha256"]]
    assert desk.app.portal.results.by_token(case.results[0]["token"]).standing == "revoked"
