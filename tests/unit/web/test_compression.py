"""Static text travels compressed, pages never do."""

from __future__ import annotations

import gzip

import pytest

from web.compression import STATIC


@pytest.mark.parametrize("name", ["app.css", "app.js"])
def test_a_static_text_is_compressed_for_who_takes_it_and_is_the_same_text(browser, name):
    client = browser().client
    plain = client.get(f"/static/{name}", headers={"Accept-Encoding": "identity"}, buffered=True)
    packed = client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == (STATIC / name).read_bytes()
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, packed))


@pytest.mark.parametrize("takes", ["identity", "gzip"])
def test_what_a_browser_has_is_not_sent_again(browser, takes):
    client = browser().client
    first = client.get("/static/app.css", headers={"Accept-Encoding": takes}, buffered=True)
    asked = {"Accept-Encoding": takes, "If-None-Match": first.headers["ETag"]}
    again = client.get("/static/app.css", headers=asked, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_small_files_heads_and_pages_go_as_they_are(browser):
    client = browser().client
    takes = {"Accept-Encoding": "gzip"}
    assert "Content-Encoding" not in client.get("/static/icon.svg", headers=takes, buffered=True).headers
    assert client.head("/static/app.css", headers=takes).data == b""
    assert "Content-Encoding" not in client.get("/", headers=takes).headers
    assert client.get("/static/none.css", headers=takes).status_code == 404
