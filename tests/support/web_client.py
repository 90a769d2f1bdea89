"""A browser without a screen: sends forms as one does, with the token and key of the page it has."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient


class Browser:
    """A client that takes the CSRF token and the key out of the last page, as a browser does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.page = client, ""

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        self.page = answer.text
        return self.page

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return found[1] if found else ""

    def own(self) -> dict[str, str]:
        """What the last page's form carries beside the answers."""
        return {name: self.hidden(name) for name in ("csrf_token", "_key", "_version")}

    def post(self, path: str, data: dict[str, Any], status: int = 302) -> Any:
        answer = self.client.post(path, data={**self.own(), **data}, content_type="multipart/form-data")
        assert answer.status_code == status, (path, answer.status_code, answer.text[:3000])
        self.page = answer.text
        return answer

    def sign_in(self, account: str) -> Browser:
        self.get("/dang-nhap")
        self.post("/dang-nhap/thu", {"account": account})
        return self
