"""What browsers are told, and what a page never contains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[3] / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
# other machines call here, without a page of ours: they sign what they send, or know a secret
MACHINES = {
    "/api/payments/notice",
    "/api/payments/vnpay/ipn",
    "/api/payments/momo/ipn",
    "/api/notices/sms/<secret>",
    "/api/post/state",
    "/dang-ky/ky-so",
}


def test_every_post_without_its_token_is_refused(browser, flask_app, house):
    mai = browser("id-mai")
    posts = {str(rule) for rule in flask_app.url_map.iter_rules() if "POST" in rule.methods} - MACHINES
    for path in sorted(posts):
        answer = mai.client.post(re.sub(r"<[^>]+>", "1", path), data={"_key": "a" * 32})
        assert answer.status_code == 400, path
        assert "Hãy tải lại trang rồi gửi lại" in answer.text
    assert house.handled == []
    assert len(posts) > 50


def test_a_token_of_another_browser_is_refused(browser):
    one, other = browser("id-lan"), browser("id-hung")
    one.get("/ho-so/case1")
    other.get("/ho-so")
    assert other.client.post("/dang-xuat", data={"csrf_token": one.hidden("csrf_token")}).status_code == 400


@pytest.mark.parametrize("path", ["/", "/dang-nhap", "/khong-co", "/health/live", "/can-bo/ho-so/case1"])
def test_the_policy_allows_no_inline_code_and_no_framing(browser, path):
    headers = browser("id-mai").client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_of_people_are_not_kept_by_caches(browser):
    assert browser("id-lan").client.get("/ho-so/case1").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_templates_have_no_inline_script_style_or_handler_and_trust_no_text(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text
    assert not re.search(r"""\s(style|on[a-z]+)\s*=\s*["']""", text)
    assert "|safe" not in text.replace(" ", "")
    assert "autoescape false" not in text
    assert "hx-on" not in text


def test_only_catalog_markdown_is_marked_as_html():
    marked = [path for path in WEB.rglob("*.py") if "Markup(" in path.read_text(encoding="utf-8")]
    assert {path.name for path in marked} == {"draw.py", "node.py"}


def test_markdown_of_the_catalog_shows_html_as_text(browser):
    page = browser("id-mai").get("/can-bo/tiep-nhan/2.000815")
    assert "<strong>đầy đủ</strong>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_every_post_form_of_the_templates_carries_its_token():
    # forms of a signing program, of payment providers and of a bank: none of them is sent to us
    elsewhere = {WEB / "templates" / "standins" / f"{name}.html" for name in ("signed", "vnpay", "momo", "bank")}
    for path in (one for one in TEMPLATES if one not in elsewhere):
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.S):
            assert "csrf_token" in form or "parts.hidden(" in form, path
