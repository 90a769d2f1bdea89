"""The communes of one installation: each has an address, outside parties, keys and files of its own, all one database.

`MOTCUA_UNITS` names a file with a table for each commune:

    [xa-mau]
    public_url = "https://xamau.example.vn"
    connectors = "xa-mau.toml"      # beside this file; without it, as MOTCUA_CONNECTORS says
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.settings import Settings, read_address

UNIT = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")  # it is a folder, too
KEYS = frozenset(("public_url", "connectors"))


def settings_of_all(env: Mapping[str, str] = os.environ) -> list[Settings]:
    """The settings of every commune that this process serves; ValueError names a setting that makes no sense.

    With `MOTCUA_UNIT`, only that one: a large installation spreads its communes over processes.
    """
    base, named = Settings.from_env(env), env.get("MOTCUA_UNITS", "").strip()
    if not named:
        return [base]
    path = Path(named).resolve()
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"the file of communes {path} cannot be read: {error}") from error
    found = [_of_unit(base, path, unit, section) for unit, section in read.items()]
    _check_apart(path, found)
    wanted = env.get("MOTCUA_UNIT", "").strip()
    chosen = [each for each in found if wanted in ("", each.unit)]
    if not chosen:
        raise ValueError(f"{path} names no commune {wanted or 'at all'}")
    return chosen


def host_of(settings: Settings) -> str:
    """The host that a commune is asked for by, as browsers send it: `xamau.example.vn`, `127.0.0.1:8000`."""
    return urlsplit(settings.public_url).netloc.lower()


def _of_unit(base: Settings, path: Path, unit: str, section: Any) -> Settings:
    if not UNIT.fullmatch(unit) or not isinstance(section, Mapping):
        raise ValueError(f"{path}: [{unit}] is no commune: small letters, digits and hyphens")
    if unknown := sorted(set(section) - KEYS):
        raise ValueError(f"{path}: [{unit}] knows no {unknown[0]}; it has {', '.join(sorted(KEYS))}")
    if not all(isinstance(value, str) for value in section.values()) or "public_url" not in section:
        raise ValueError(f"{path}: [{unit}] needs public_url, a text")
    own = section.get("connectors")
    return replace(
        base,
        unit=unit,
        home=base.home / "units" / unit,
        public_url=read_address({"public_url": section["public_url"]}, "public_url", ""),
        connectors=(path.parent / own).resolve() if own else base.connectors,
        shared=True,
    )


def _check_apart(path: Path, found: list[Settings]) -> None:
    seen: dict[str, str] = {}
    for each in found:
        first = seen.setdefault(host_of(each), each.unit)
        if first != each.unit:
            raise ValueError(f"{path}: [{first}] and [{each.unit}] have one address, {host_of(each)}")
