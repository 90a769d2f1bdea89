"""Zalo notices (ZNS): approved templates, and tokens whose renewal is good for one use."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import requests

from engine.domain.errors import ChannelDownError, ChannelRefusedError
from engine.domain.notice_text import international, one_line
from engine.ports import Clock
from engine.ports.notices import Outgoing, Token, Tokens

CHANNEL = "zalo"
LONGEST: Mapping[str, int] = {"code": 30, "status": 30, "link": 200}  # signs of a parameter
EXPIRED = (-124, -220)
UNKNOWN = -100  # of all answers the one that may be another next time
EARLY = timedelta(minutes=1)  # a token is renewed so long before its end
RENEWING = timedelta(seconds=30)  # so long one process has for it
PATIENCE, PAUSE = 20, 0.1  # how often, and after how many seconds, another process looks for the new token


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloChannel:
    """Implements the Channel port. `templates`: ids of approved templates by our own keys; "default" for all others."""

    url: str
    token_url: str
    app_id: str
    secret_key: str
    first_refresh: str  # the refresh token of the installation, used once
    templates: Mapping[str, str]
    unit: str
    tokens: Tokens
    clock: Clock
    seconds: tuple[float, float] = (3.05, 10.0)
    sleep: Callable[[float], None] = field(default=time.sleep)

    def send(self, message: Outgoing) -> str:
        """Hand the notice over; Zalo's id of it. ChannelRefusedError at once where another channel has to stand in."""
        phone = international(message.recipient)
        template = self.templates.get(message.template) or self.templates.get("default", "")
        if not phone or not template:
            raise ChannelRefusedError(channel=CHANNEL, reason="no number" if not phone else "no approved template")
        fields = {
            "phone": phone,
            "template_id": template,
            "template_data": {name: one_line(message.params.get(name, ""), most) for name, most in LONGEST.items()},
            "tracking_id": message.key,
        }
        token = self._token()
        answer = self._post(token, fields)
        if answer.get("error") in EXPIRED:
            answer = self._post(self._renewed(token), fields)
        return _read(answer)

    def _post(self, token: Token, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        return _called(self.url, self.seconds, {"access_token": token.access}, json=dict(fields))

    def _token(self) -> Token:
        """A token that is good for a while."""
        token = self.tokens.current(self.unit, CHANNEL)
        if token is None:
            first = Token(access="", refresh=self.first_refresh, expires_at=self.clock.now(), version=1)
            self.tokens.replace(self.unit, CHANNEL, first)
            token = self.tokens.current(self.unit, CHANNEL) or first
        return token if token.expires_at - EARLY > self.clock.now() else self._renewed(token)

    def _renewed(self, old: Token) -> Token:
        """The token after `old`: asked for by one process of all, kept before it is used."""
        now = self.clock.now()
        if not self.tokens.begin(self.unit, CHANNEL, old.version, now, now + RENEWING):
            return self._awaited(old)
        answer = _called(
            self.token_url,
            self.seconds,
            {"secret_key": self.secret_key},
            data={"grant_type": "refresh_token", "refresh_token": old.refresh, "app_id": self.app_id},
        )
        if not answer.get("access_token") or not answer.get("refresh_token"):
            said = one_line(str(answer.get("error_name") or answer.get("error") or ""))
            raise ChannelRefusedError(channel=CHANNEL, reason=f"the token is not renewed: {said}")
        lasting = timedelta(seconds=int(answer.get("expires_in") or 90_000))
        token = Token(
            access=str(answer["access_token"]),
            refresh=str(answer["refresh_token"]),
            expires_at=now + lasting,
            version=old.version + 1,
        )
        self.tokens.replace(self.unit, CHANNEL, token)
        return token

    def _awaited(self, old: Token) -> Token:
        """The token that another process is asking for."""
        for _ in range(PATIENCE):
            token = self.tokens.current(self.unit, CHANNEL)
            if token is not None and token.version > old.version:
                return token
            self.sleep(PAUSE)
        raise ChannelDownError(channel=CHANNEL, reason="the token is being renewed")


def _called(url: str, seconds: tuple[float, float], headers: Mapping[str, str], **body: Any) -> Mapping[str, Any]:
    try:
        answer = requests.post(url, headers=dict(headers), timeout=seconds, allow_redirects=False, **body)
        answer.raise_for_status()
        told = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ChannelDownError(channel=CHANNEL, reason=type(error).__name__) from error
    return told if isinstance(told, Mapping) else {}


def _read(answer: Mapping[str, Any]) -> str:
    error = answer.get("error")
    if error == 0:
        data = answer.get("data")
        return str(data.get("msg_id", "")) if isinstance(data, Mapping) else ""
    said = one_line(f"{error}: {answer.get('message', '')}")
    if error in (UNKNOWN, None):
        raise ChannelDownError(channel=CHANNEL, reason=said, alone=True)
    raise ChannelRefusedError(channel=CHANNEL, reason=said)
