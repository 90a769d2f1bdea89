"""Headers with an underscore in their name, which servers throw away and some outside parties insist on."""

from __future__ import annotations

import re
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

NAMED = re.compile(rb"^(access_token|secret_key)(?=:)", re.IGNORECASE | re.MULTILINE)


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # the library carries no types
    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers; those of Zalo come with a hyphen then."""
        super().parse_header(NAMED.sub(lambda found: found[1].replace(b"_", b"-"), header_plus))


class _Channel(HTTPChannel):  # type: ignore[misc]  # as above
    parser_class = _Parser


def keep_underscores(server: Any) -> Any:
    """The waitress server, which from now on hands on `access_token` and `secret_key` as Access-Token, Secret-Key."""
    server.channel_class = _Channel
    return server
