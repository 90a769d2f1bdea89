"""Lets a bench open the queue page as an officer's browser does, without a socket between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.bench.queue_bench import RefusedError
from web.app import create_app
from web.auth import COOKIE
from web.house import House
from web.serving import settle


def open_queue(app: House, token: str) -> Callable[[str, Mapping[str, str]], str | None]:
    """A function that opens an address of the inbox with such parameters; `token` is the officer's session."""
    client = create_app(app).test_client()
    client.set_cookie(COOKIE, token)
    settle()

    def look(address: str, parameters: Mapping[str, str]) -> str | None:
        answer = client.get(address, query_string=parameters)
        if answer.status_code not in (200, 204):
            raise RefusedError(f"{address} answered {answer.status_code}")
        return answer.headers.get("X-Version")

    return look
