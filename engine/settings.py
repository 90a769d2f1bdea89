"""Settings come from the environment; docs/settings.md lists them."""

from __future__ import annotations

import contextlib
import os
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

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; ValueError names a setting that makes no sense."""
        home = Path(env.get("MOTCUA_HOME", "var")).resolve()
        demo = _flag(env, "MOTCUA_DEMO", False)
        return cls(
            home=home,
            database_url=env.get("MOTCUA_DATABASE_URL") or f"sqlite:///{home / 'motcua.db'}",
            catalog=Path(env.get("MOTCUA_CATALOG", str(ROOT / "catalog"))),
            unit=env.get("MOTCUA_UNIT", "xa-mau"),
            host=env.get("MOTCUA_HOST", "127.0.0.1"),
            port=_number(env, "MOTCUA_PORT", 8000),
            demo=demo,
            secure_cookies=_flag(env, "MOTCUA_SECURE_COOKIES", not demo),
            session_hours=_number(env, "MOTCUA_SESSION_HOURS", 12),
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


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if text and not text.isdecimal():
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return int(text) if text else default
