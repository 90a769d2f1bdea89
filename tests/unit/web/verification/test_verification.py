"""The page that a QR code leads to, and the check of a copy."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest

from engine.ports.results import PROBLEMS, CopyFinding, SignatureFinding
from engine.queries.copies import CHECKS, CopyVerdict, judge
from engine.queries.results import ResultView
from tests.unit.web.fake_house import NOW
from web.verification import COPIES, LOOKS, sentences

TOKEN = "AbCdEfGhIjKlMnOpQrStUv"


def view(**changes: Any) -> ResultView:
    values: dict[str, Any] = {
        "standing": "valid",
        "agency": "Ủy ban nhân dân xã Mẫu",
        "name": "Giấy xác nhận <b>",
        "number": "01/2026",
        "at": NOW - timedelta(days=3),
        "applicant": "Nguyễn Thị Lan",
        "sha256": "c" * 64,
        "mark": "AB12-CD34",
        "files": ("a" * 64, "b" * 64, "c" * 64),
        "signatures": (
            {
                "signer": "Nguyễn Văn Bình",
                "role": "leader",
                "at": NOW,
                "serial": "1f",
                "subject": "CN",
                "level": "B-LT",
            },
            {"signer": "UBND xã Mẫu", "role": "agency", "at": NOW},
        ),
        "became": {},
        "finding": finding(),
    }
    return ResultView(**{**values, **changes})


def finding(*problems: str, digests: tuple[str, ...] = ("c" * 64,), **more: Any) -> CopyFinding:
    one = SignatureFinding(
        signer="Bình", subject="CN=Bình", issuer="CN=CA", serial="1f", at=NOW, problems=tuple(problems)
    )
    return CopyFinding(readable=True, signatures=(one,), digests=digests, **more)


def hand_in(page: Any, path: str, content: bytes = b"%PDF-1.7", name: str = "ket-qua.pdf", status: int = 200) -> str:
    page.get("/ket-qua")
    answer = page.client.post(path, data={"csrf_token": page.hidden("csrf_token"), "copy": (io.BytesIO(content), name)})
    assert answer.status_code == status, answer.text[:500]
    return str(answer.text)


@pytest.fixture
def page(browser, house):
    one = browser()
    house.results.known[TOKEN] = view()
    return one


def test_the_page_of_a_token_tells_what_the_register_says(page):
    text = page.get(f"/ket-qua/{TOKEN}")
    for part in (
        "Có hiệu lực",
        "Ủy ban nhân dân xã Mẫu",
        "Giấy xác nhận &lt;b&gt;",
        "01/2026",
        "31/07/2026",
        "Nguyễn T. L.",
        "AB12-CD34",
        "c" * 64,
        "Lãnh đạo ký",
        "1f",
    ):
        assert part in text
    assert "Nguyễn Thị Lan" not in text


@pytest.mark.parametrize(
    ("standing", "became", "wanted"),
    [
        ("revoked", {"reason": "kín", "at": NOW}, "Đã bị thu hồi"),
        ("replaced", {"reason": "kín", "at": NOW, "number": "09/2026"}, "Thay bằng số 09/2026"),
        ("unsigned", {}, "Chưa ký xong"),
    ],
)
def test_a_result_that_no_longer_counts_says_so_without_the_reason(page, house, standing, became, wanted):
    house.results.known[TOKEN] = view(standing=standing, became=became)
    text = page.get(f"/ket-qua/{TOKEN}")
    assert wanted in text
    assert "Có hiệu lực" not in text
    assert "kín" not in text  # why is the applicant's business


@pytest.mark.parametrize("token", ["x" * 22, "000.05.12.H29-260803-0001", "case1", "%2e%2e", "a'--", "Ả" * 5])
def test_an_unknown_token_gives_the_same_page_and_404(page, token):
    text = page.get(f"/ket-qua/{token}", 404)
    assert "Không có kết quả hay giấy tờ nào ứng với mã này" in text
    assert 'name="copy"' in text


def test_the_address_of_a_page_is_told_to_nobody(page):
    headers = page.client.get(f"/ket-qua/{TOKEN}").headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]


def test_guessing_tokens_ends_in_a_pause(page, house):
    house.accounts.attempts_["verify/look:127.0.0.1"] = LOOKS
    assert "15 phút" in page.get(f"/ket-qua/{TOKEN}", 429)
    house.accounts.attempts_["verify/copy:127.0.0.1"] = COPIES
    page.get("/ket-qua")
    assert "15 phút" in hand_in(page, "/ket-qua", status=429)


def test_a_copy_is_judged_and_not_kept(page, house):
    house.results.answer = (judge(finding(), view()), view())
    text = hand_in(page, "/ket-qua", b"%PDF-1.7 mine")
    assert "Đúng là bản do cơ quan này phát hành" in text
    assert house.results.seen == [b"%PDF-1.7 mine"]
    assert house.files.kept == {}


def test_an_altered_copy_is_said_to_be_altered_even_on_the_page_of_its_result(page, house):
    altered = finding("changed_later", digests=("e" * 64, "c" * 64))
    house.results.answer = (judge(altered, view(), view()), view())
    text = hand_in(page, f"/ket-qua/{TOKEN}")
    assert "Bản này đã bị sửa sau khi ký" in text
    assert "Đúng là bản" not in text
    assert "Không đạt" in text


@pytest.mark.parametrize("why", ["not_pdf", "encrypted", "damaged", "too_large"])
def test_what_cannot_be_read_is_said_at_the_field_and_above(page, house, why):
    house.results.answer = (judge(CopyFinding(readable=False, why=why), None), None)
    text = hand_in(page, "/ket-qua", status=422)
    assert text.count(sentences.UNREADABLE[why][0]) == 2
    assert 'aria-invalid="true"' in text


def test_no_file_is_asked_for_again(page, house):
    page.get("/ket-qua")
    answer = page.client.post("/ket-qua", data={"csrf_token": page.hidden("csrf_token")})
    assert answer.status_code == 422
    assert "Hãy chọn tệp PDF" in answer.text
    assert house.results.seen == []


def test_a_copy_is_read_no_further_than_the_limit(page, house, monkeypatch):
    monkeypatch.setattr(sentences, "LARGEST", 100)
    house.results.answer = (judge(CopyFinding(readable=False, why="too_large"), None), None)
    hand_in(page, "/ket-qua", b"%PDF" + b"x" * 150, status=422)
    assert len(house.results.seen[0]) == 101


def test_sixty_megabytes_are_turned_away_before_they_are_read(page, house, flask_app):
    page.get("/ket-qua")
    flask_app.config["MAX_CONTENT_LENGTH"] = 1000
    assert "quá lớn" in hand_in(page, "/ket-qua", b"x" * 5000, status=413)
    assert house.results.seen == []


def test_a_copy_without_a_token_of_the_form_is_not_taken(browser):
    answer = browser().client.post("/ket-qua", data={"copy": (io.BytesIO(b"%PDF"), "a.pdf")})
    assert answer.status_code == 400


def test_every_verdict_check_and_reason_has_words_in_both_languages(page):
    codes = {
        "genuine",
        "replaced",
        "revoked",
        "earlier",
        "unsigned",
        "altered",
        "untrusted",
        "foreign",
        "unknown",
        "other",
    }
    assert set(sentences.VERDICTS) == codes
    assert set(sentences.CHECKS) == {*CHECKS, "issued", "in_force"}
    assert {problem for against in CHECKS.values() for problem in against} == set(PROBLEMS)
    assert all(vi != en for vi, en, *_ in [*sentences.VERDICTS.values(), *sentences.STANDINGS.values()])


def test_the_page_speaks_english(page, house):
    house.results.answer = (CopyVerdict(code="altered", finding=finding("altered")), None)
    page.client.get("/ngon-ngu/en?next=/")
    assert "In force" in page.get(f"/ket-qua/{TOKEN}")
    assert "was altered after it had been signed" in hand_in(page, "/ket-qua")
