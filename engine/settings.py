"""Settings come from the environment; docs/settings.md lists them."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that differs from one installation to the next."""

    home: Path
    database_url: str
    catalog: Path
    unit: str
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    secure_cookies: bool = True
    session_hours: int = 12
    public_url: str = "http://127.0.0.1:8000"
    standins: str = "http://127.0.0.1:8001"
    connectors: Path | None = None
    shared: bool = False  # other communes work in the same database

    @property
    def serves(self) -> str | None:
        """The only commune whose work is taken and whose people are known; None: whatever is in the database."""
        return self.unit if self.shared else None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; ValueError names a setting that makes no sense."""
        home = Path(env.get("MOTCUA_HOME", "var")).resolve()
        demo = _flag(env, "MOTCUA_DEMO", False)
        host, port = env.get("MOTCUA_HOST", "127.0.0.1"), _number(env, "MOTCUA_PORT", 8000)
        connectors = env.get("MOTCUA_CONNECTORS", "").strip()
        return cls(
            home=home,
            database_url=env.get("MOTCUA_DATABASE_URL") or f"sqlite:///{home / 'motcua.db'}",
            catalog=Path(env.get("MOTCUA_CATALOG", str(ROOT / "catalog"))),
            unit=env.get("MOTCUA_UNIT", "xa-mau"),
            host=host,
            port=port,
            demo=demo,
            secure_cookies=_flag(env, "MOTCUA_SECURE_COOKIES", not demo),
            session_hours=_number(env, "MOTCUA_SESSION_HOURS", 12),
            public_url=read_address(env, "MOTCUA_PUBLIC_URL", f"http://{host}:{port}"),
            standins=read_address(env, "MOTCUA_STANDINS", f"http://127.0.0.1:{port + 1}"),
            connectors=Path(connectors).resolve() if connectors else None,
        )

    def secret(self, name: str) -> bytes:
        """A random key of this installation, made once and kept readable for its owner only under home/keys."""
        path = self.home / "keys" / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = path.with_name(f"{name}.{os.getpid()}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            with contextlib.suppress(FileExistsError):  # another process was first: its key is the key
                os.link(part, path)
            part.unlink()
        return path.read_bytes()


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    if text in ("", "0", "false", "no", "1", "true", "yes"):
        return default if not text else text in ("1", "true", "yes")
    raise ValueError(f"{name} must be 0 or 1, not {text!r}")


def read_address(env: Mapping[str, str], name: str, default: str) -> str:
    """An address that others reach us or we reach others at, without a slash at its end; ValueError."""
    text = env.get(name, "").strip().rstrip("/") or default
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text):
        raise ValueError(f"{name} must be an address like https://dichvucong.example.vn, not {text!r}")
    return text


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if text and not text.isdecimal():
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return int(text) if text else default
