"""Where outside parties are and what they know us by: one section each, from a file of the installation.

A demonstration without a file of its own takes `_shared/standins.toml` of the catalog, which points at the stand-ins.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.settings import Settings

Section = Mapping[str, Any]
PLACE = re.compile(r"\{(\w+)(?::([\w-]+))?\}")


def load(settings: Settings) -> Mapping[str, Section]:
    """The sections by name; ValueError where one makes no sense, or where real work would go to a stand-in.

    In texts `{standins}` is the stand-ins' address, `{public}` our own, `{smtp_port}` the stand-in mail server's port,
    `{home}` the folder of the installation, and `{secret:name}` a key of it, in hex.
    """
    path = settings.connectors or (settings.catalog / "_shared" / "standins.toml" if settings.demo else None)
    if path is None or (settings.connectors is None and not path.exists()):
        return {}
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"the connectors' file {path} cannot be read: {error}") from error
    sections = {name: _filled(section, settings) for name, section in read.items()}
    if not settings.demo:
        _refuse_standins(sections)
    return sections


def _filled(value: Any, settings: Settings) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(inner, settings) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, settings) for inner in value]
    return PLACE.sub(lambda found: _word(found, settings), value) if isinstance(value, str) else value


def _word(found: re.Match[str], settings: Settings) -> str:
    name, inner = found[1], found[2]
    if name == "secret" and inner:
        return settings.secret(inner).hex()
    words = {
        "standins": settings.standins,
        "public": settings.public_url,
        "smtp_port": str(smtp_port(settings)),
        "home": str(settings.home),
    }
    return words.get(name, found[0])


def smtp_port(settings: Settings) -> int:
    """The port of the stand-in mail server: the one after the other stand-ins'."""
    return (urlsplit(settings.standins).port or 80) + 1


def _refuse_standins(sections: Mapping[str, Section]) -> None:
    for name, section in sections.items():
        if section.get("standin"):
            raise ValueError(f"[{name}] is a stand-in: only a demonstration (MOTCUA_DEMO=1) starts with it")
        near = [] if section.get("local") else [key for key, value in section.items() if _is_this_machine(value)]
        if near:
            raise ValueError(
                f"[{name}] {near[0]} points at this machine, as stand-ins do; say local = true if it is meant"
            )


def _is_this_machine(value: Any) -> bool:
    host = urlsplit(value).hostname if isinstance(value, str) and "://" in value else None
    if host is None:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def read_file(path: Path) -> bytes:
    """A file that a section names; ValueError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
