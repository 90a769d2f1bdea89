"""Lets a bench open the queue page as an officer's browser does, without a socket between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.bench.queue_bench import RefusedError
from web.app import create_app
from web.auth import COOKIE
from web.house import House


def open_queue(app: House, token: str) -> Callable[[Mapping[str, str]], None]:
    """A function that renders the queue page with such parameters; `token` is the officer's session."""
    client = create_app(app).test_client()
    client.set_cookie(COOKIE, token)

    def look(parameters: Mapping[str, str]) -> None:
        answer = client.get("/can-bo/", query_string=parameters)
        if answer.status_code != 200:
            raise RefusedError(f"the queue page answered {answer.status_code}")

    return look
