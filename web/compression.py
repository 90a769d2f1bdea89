"""Static text travels compressed. Pages do not: tokens stand beside what people typed, and sizes tell (BREACH)."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import request
from werkzeug.wrappers import Response

STATIC = Path(__file__).parent / "static"
TEXTS = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
LEAST = 1000


@lru_cache(maxsize=64)
def _packed(path: Path, changed: int) -> bytes:
    """The file compressed; made once for each of its contents."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def compress(response: Response) -> Response:
    """After every request: a static text for a browser that takes gzip is sent compressed."""
    if request.endpoint != "static" or response.status_code != 200 or response.mimetype not in TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    path = STATIC / str((request.view_args or {}).get("filename", ""))
    if not request.accept_encodings["gzip"] or request.headers.get("Range") or path.stat().st_size < LEAST:
        return response
    tag, _ = response.get_etag()
    response.close()  # the file that would have been sent as it is
    response.direct_passthrough = False
    response.set_data(b"" if request.method == "HEAD" else _packed(path, path.stat().st_mtime_ns))
    response.headers["Content-Encoding"] = "gzip"
    if tag:
        response.set_etag(f"{tag}-gzip")
    return response.make_conditional(request)
