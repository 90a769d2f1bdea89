"""Calls to providers' servers: bounded in time and size, every failure one kind of error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests

LONGEST = 256 * 1024
PATIENCE = 35.0  # seconds; MoMo asks its callers for thirty at least
Values = Mapping[str, Any]


def post_json(url: str, body: Values, *, timeout: float = PATIENCE) -> Values:
    """The JSON object a server answers to a JSON object; ConnectionError."""
    return _object(_call("POST", url, timeout, json=dict(body)), url)


def get_json(url: str, query: Mapping[str, str], *, headers: Mapping[str, str], timeout: float = PATIENCE) -> Any:
    """The JSON a server answers; ConnectionError."""
    return _call("GET", url, timeout, params=dict(query), headers=dict(headers))


def _call(method: str, url: str, timeout: float, **given: Any) -> Any:
    try:
        with requests.request(method, url, timeout=timeout, stream=True, allow_redirects=False, **given) as answer:
            content = answer.raw.read(LONGEST + 1, decode_content=True)
            if answer.status_code >= 500 or len(content) > LONGEST:
                raise ConnectionError(f"{url} answers with status {answer.status_code}, {len(content)} bytes")
            return json.loads(content)
    except requests.RequestException as error:
        raise ConnectionError(f"{url} does not answer: {type(error).__name__}") from error
    except (ValueError, OSError) as error:
        raise ConnectionError(f"{url} does not answer in JSON: {error}") from error


def _object(found: Any, url: str) -> Values:
    if not isinstance(found, dict):
        raise ConnectionError(f"{url} answers with something else than an object")
    return found
