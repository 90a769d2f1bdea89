"""Connectors come from a file of the installation; no stand-in slips into real work."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.connectors import load
from engine.settings import Settings


def settings(tmp_path: Path, text: str | None, *, demo: bool) -> Settings:
    path = tmp_path / "connectors.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    return Settings(
        home=tmp_path,
        database_url="sqlite:////nowhere.db",
        catalog=tmp_path,
        unit="xa-mau",
        demo=demo,
        connectors=path,
        standins="http://127.0.0.1:9001",
    )


def test_places_are_filled_with_the_addresses_and_keys_of_the_installation(tmp_path: Path) -> None:
    text = '[mail]\nurl = "{standins}/mail"\nport = "{smtp_port}"\nkey = "{secret:mail}"\nother = "{unknown} {x:y}"\n'
    first, second = (load(settings(tmp_path, text, demo=True))["mail"] for _ in range(2))
    assert first["url"] == "http://127.0.0.1:9001/mail"
    assert first["port"] == "9002"
    assert len(first["key"]) == 64
    assert first["key"] == second["key"]
    assert first["other"] == "{unknown} {x:y}"


@pytest.mark.parametrize(
    "text",
    [
        '[vnpay]\nstandin = true\nurl = "https://example.vn"',
        '[vnpay]\nurl = "http://127.0.0.1:8001/vnpay"',
        '[vnpay]\nurl = "http://localhost/vnpay"',
        '[vnpay]\nurl = "http://[::1]:8001/vnpay"',
        '[vnpay]\nurl = "{standins}/vnpay"',
    ],
)
def test_an_installation_for_real_work_refuses_every_standin(tmp_path: Path, text: str) -> None:
    assert load(settings(tmp_path, text, demo=True))
    with pytest.raises(ValueError, match="vnpay"):
        load(settings(tmp_path, text, demo=False))


def test_a_relay_on_this_machine_is_allowed_when_it_is_meant(tmp_path: Path) -> None:
    text = '[mail]\nlocal = true\nurl = "smtp://127.0.0.1:25"'
    assert load(settings(tmp_path, text, demo=False))["mail"]["local"] is True


@pytest.mark.parametrize("text", ["[mail", None])
def test_a_file_that_cannot_be_read_is_told_by_name(tmp_path: Path, text: str | None) -> None:
    with pytest.raises(ValueError, match=r"connectors\.toml"):
        load(settings(tmp_path, text, demo=True))
