"""Stand-ins of outside parties, answering in this process on a free port of loopback."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from waitress.server import create_server

from tests.support.listening import running


def standing(app: Any) -> AbstractContextManager[str]:
    """The address of a WSGI application while it is served."""
    return running(create_server(app, host="127.0.0.1", port=0, threads=4, ident=None))
