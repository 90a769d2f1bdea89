"""Several communes in one process: whom a request is for, its host says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WATCHED = "/health/"  # what looks after machines asks by the machine's own address
NOBODY = (
    "Địa chỉ này không thuộc xã, phường nào ở đây. Hãy mở lại trang từ địa chỉ của xã, phường mình.\n"
    "No commune here has this address. Open the page again from the address of your commune.\n"
).encode()


class ByHost:
    """A WSGI application that hands each request to the commune of its host, and to none where no commune has it:
    what one commune shows is never shown under another's name."""

    def __init__(self, apps: Mapping[str, WSGIApplication]) -> None:
        """`apps` by host as browsers send it, with the port where it is not the usual one."""
        self._apps = {_plain(host): app for host, app in apps.items()}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or 421 Misdirected Request (RFC 9110, 15.5.20)."""
        app = self._apps.get(_plain(environ.get("HTTP_HOST", "")))
        if app is None and environ.get("PATH_INFO", "").startswith(WATCHED):
            app = next(iter(self._apps.values()))
        if app is not None:
            return app(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(NOBODY)))]
        start_response("421 Misdirected Request", headers)
        return [NOBODY]


def _plain(host: str) -> str:
    """Without the ports that addresses leave out."""
    return host.strip().lower().removesuffix(":443").removesuffix(":80")
