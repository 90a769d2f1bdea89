"""The channels an installation has, from its connectors' file: [mail], [sms], [zalo]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.adapters.messages.sms import EsmsChannel
from engine.adapters.messages.smtp import SECURITY, SmtpChannel
from engine.adapters.messages.zalo import ZaloChannel
from engine.ports import Clock
from engine.ports.notices import Channel, Tokens

SECTIONS = ("mail", "sms", "zalo")
Sections = Mapping[str, Mapping[str, Any]]


def has_channels(sections: Sections) -> bool:
    """Whether anything leaves this installation at all."""
    return any(name in sections for name in SECTIONS)


def channels(sections: Sections, unit: str, tokens: Tokens, clock: Clock) -> dict[str, Channel]:
    """The channels by name; ValueError names what a section lacks."""
    found: dict[str, Channel] = {}
    if "mail" in sections:
        found["email"] = _mail(_Section("mail", sections["mail"]))
    if "sms" in sections:
        found["sms"] = _sms(_Section("sms", sections["sms"]))
    if "zalo" in sections:
        found["zalo"] = _zalo(_Section("zalo", sections["zalo"]), unit, tokens, clock)
    return found


class _Section:
    """A section whose keys are asked for by name."""

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        self._name = name
        self._values = values

    def text(self, key: str, default: str | None = None) -> str:
        value = self._values.get(key, default)
        if value is None or value == "":
            if default is None:
                raise ValueError(f"[{self._name}] {key} is missing")
            return default
        return str(value)

    def flag(self, key: str) -> bool:
        return bool(self._values.get(key, False))

    def texts(self, key: str) -> dict[str, str]:
        value = self._values.get(key, {})
        if not isinstance(value, Mapping):
            raise ValueError(f"[{self._name}] {key} must be a table")
        return {str(name): str(text) for name, text in value.items()}


def _mail(section: _Section) -> SmtpChannel:
    security, port = section.text("security", "starttls"), section.text("port")
    if security not in SECURITY or not port.isdecimal():
        raise ValueError(f"[mail] security is one of {', '.join(SECURITY)}, port a number")
    return SmtpChannel(
        host=section.text("host"),
        port=int(port),
        sender=section.text("sender"),
        sender_name=section.text("sender_name", ""),
        user=section.text("user", ""),
        password=section.text("password", ""),
        security=security,
    )


def _sms(section: _Section) -> EsmsChannel:
    return EsmsChannel(
        url=section.text("url"),
        api_key=section.text("api_key"),
        secret_key=section.text("secret_key"),
        brand=section.text("brand"),
        callback=section.text("callback", ""),
        callback_secret=section.text("callback_secret", ""),
        marks=section.flag("marks"),
        sandbox=section.flag("sandbox"),
    )


def _zalo(section: _Section, unit: str, tokens: Tokens, clock: Clock) -> ZaloChannel:
    return ZaloChannel(
        url=section.text("url"),
        token_url=section.text("token_url"),
        app_id=section.text("app_id"),
        secret_key=section.text("secret_key"),
        first_refresh=section.text("refresh_token"),
        templates=section.texts("templates"),
        unit=unit,
        tokens=tokens,
        clock=clock,
    )
