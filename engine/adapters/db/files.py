"""A procedure's files in one column: named, compressed."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping


def pack(files: Mapping[str, bytes]) -> bytes:
    """Names and contents as compressed JSON; the same files give the same bytes."""
    texts = {name: base64.b64encode(content).decode() for name, content in sorted(files.items())}
    return zlib.compress(json.dumps(texts).encode(), 6)


def unpack(data: bytes) -> dict[str, bytes]:
    """The files again."""
    return {name: base64.b64decode(text) for name, text in json.loads(zlib.decompress(data)).items()}
