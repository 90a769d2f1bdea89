"""A bucket as S3 serves it: objects by PUT, GET and HEAD; a PUT that says If-None-Match: * never replaces one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from threading import Lock, Thread
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

ACCESS_KEY = "AKIAEXAMPLE"
BUSY = 503


class Bucket:
    """A WSGI application; `objects` by path, `asked` in order; while `away` it answers nothing but 503."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.away = False
        self._lock = Lock()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        with self._lock:
            self.asked.append((request.method, request.path))
            answer = self._answer(request)
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if self.away:
            return _error(BUSY, "SlowDown")
        if f"Credential={ACCESS_KEY}/" not in request.headers.get("Authorization", ""):
            return _error(403, "AccessDenied")
        if request.method == "PUT":
            return self._put(request)
        content = self.objects.get(request.path)
        return _error(404, "NoSuchKey") if content is None else _object(content)

    def _put(self, request: Request) -> Response:
        if request.headers.get("If-None-Match") == "*" and request.path in self.objects:
            return _error(412, "PreconditionFailed")
        content = request.get_data()
        if hashlib.sha256(content).hexdigest() != request.headers.get("x-amz-content-sha256"):
            return _error(400, "XAmzContentSHA256Mismatch")
        self.objects[request.path] = content
        return Response(headers={"ETag": _tag(content)})


@contextmanager
def serving(bucket: Bucket) -> Iterator[str]:
    """Its address while it is served; every request is answered before its server is gone."""
    server = make_server("127.0.0.1", 0, bucket, threaded=True)
    server.daemon_threads = False  # waited for at the end
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def section(endpoint: str) -> dict[str, Any]:
    """The connectors' section for a bucket at this address."""
    keys = {"access_key": ACCESS_KEY, "secret_key": "khong-ai-biet"}
    place = {"bucket": "motcua", "prefix": "xa-mau", "region": "hcm-1", "endpoint": endpoint}
    return {"kind": "s3", **place, **keys, "allow_http": True, "local": True, "timeout": 5}


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _object(content: bytes) -> Response:
    return Response(content, headers={"ETag": _tag(content), "Last-Modified": formatdate(usegmt=True)})


def _error(status: int, code: str) -> Response:
    return Response(f"<Error><Code>{code}</Code></Error>", status, mimetype="application/xml")
