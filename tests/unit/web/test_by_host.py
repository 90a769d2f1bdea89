"""A request goes to the commune of its host, and to nobody where no commune has it."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import Client

from web.by_host import ByHost


def one(name: str) -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", "home", lambda: name)
    app.add_url_rule("/health/ready", "ready", lambda: f"{name} is well")
    return app


@pytest.fixture
def client() -> Client:
    return Client(ByHost({"a.example.vn": one("a"), "b.example.vn:8443": one("b")}))


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("a.example.vn", "a"),
        ("A.Example.VN", "a"),
        ("a.example.vn:443", "a"),
        ("a.example.vn:80", "a"),
        ("b.example.vn:8443", "b"),
    ],
)
def test_the_host_says_whose_request_it_is(client: Client, host: str, name: str) -> None:
    assert client.get("/", headers={"Host": host}).text == name


@pytest.mark.parametrize(
    "host", ["c.example.vn", "", "a.example.vn.evil.example", "a.example.vn:8443", "b.example.vn", "a.example.vn@c"]
)
def test_a_host_of_nobody_is_told_so_in_both_languages(client: Client, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "Hãy mở lại" in answer.text
    assert "Open the page again" in answer.text


def test_what_watches_the_machine_need_know_no_commune(client: Client) -> None:
    assert client.get("/health/ready", headers={"Host": "10.0.0.7"}).text == "a is well"
