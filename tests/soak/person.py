"""Somebody at a browser: signs in, reads a page, presses a button, and presses it again when no answer came."""

from __future__ import annotations

import html
import http.client
import random
import re
import time
import urllib.parse
from dataclasses import dataclass
from http.cookies import SimpleCookie

from tests.soak.installation import Installation, Program
from tests.soak.ledger import Ledger

WAIT_SECONDS = 20.0  # longer than any answer may take
GIVE_UP_SECONDS = 180.0
HIDDEN = ("csrf_token", "_key", "_version")


class NoAnswerError(Exception):
    """The connection broke, or never opened."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str


class Person:
    """One account in one browser. `slowest`: the longest that any answer took, in seconds."""

    def __init__(self, house: Installation, ledger: Ledger, account: str, dice: random.Random) -> None:
        self._house, self._ledger, self._dice = house, ledger, dice
        self.account = account
        self.slowest = 0.0
        self._cookies: dict[str, str] = {}

    def sign_in(self) -> None:
        """Sign in as a person of the demonstration."""
        page = self.read("/dang-nhap")
        token = hidden(page.text).get("csrf_token", "")
        answer = self.press("/dang-nhap/thu", {"csrf_token": token, "account": self.account})
        if answer.status != 302:
            self._ledger.find(f"{self.account} could not sign in: {answer.status}")

    def read(self, path: str) -> Answer:
        """A page; asks until it is answered."""
        return self._insist("GET", path, [])

    def press(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> Answer:
        """Send a form until it is answered; always the same form."""
        return self._insist("POST", path, list(fields.items()) if isinstance(fields, dict) else fields)

    def once(self, method: str, path: str, fields: list[tuple[str, str]]) -> Answer:
        """One try at any web process; NoAnswerError."""
        program = self._house.pick(self._dice)
        program.asked(1)
        begun = time.monotonic()
        try:
            return self._exchange(program, method, path, fields)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, TimeoutError):
                self._house.ask(program)
            raise NoAnswerError(type(error).__name__) from error
        finally:
            program.asked(-1)
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def _insist(self, method: str, path: str, fields: list[tuple[str, str]]) -> Answer:
        until = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < until:
            try:
                answer = self.once(method, path, fields)
            except NoAnswerError as error:
                self._ledger.count("no answer" if "imeout" not in str(error) else "timed out")
            else:
                if answer.status not in (502, 503):
                    return self._judged(method, path, answer)
                self._ledger.count("answered 503")
            time.sleep(0.05 + 0.2 * self._dice.random())
        self._ledger.find(f"{method} {path} was never answered")
        raise NoAnswerError(path)

    def _judged(self, method: str, path: str, answer: Answer) -> Answer:
        if answer.status >= 500:
            self._ledger.find(f"{method} {path}: {answer.status} {said(answer.text)}")
        return answer

    def _exchange(self, program: Program, method: str, path: str, fields: list[tuple[str, str]]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=WAIT_SECONDS)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
            if method == "POST":
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, urllib.parse.urlencode(fields) if fields else None, headers)
            response = connection.getresponse()
            text = response.read().decode()
            for line in response.headers.get_all("Set-Cookie") or ():
                self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return Answer(response.status, text, response.headers.get("Location", ""))
        finally:
            connection.close()


def hidden(page: str) -> dict[str, str]:
    """The first hidden fields of a page that every form carries."""
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in HIDDEN}
    return {name: html.unescape(match[1]) for name, match in found.items() if match}


def said(page: str) -> str:
    """The heart of an error page."""
    lead = re.search(r'<p class="lead">(.*?)</p>|role="alert".*?<p>(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", lead[1] or lead[2]).strip() if lead else page[:80]
