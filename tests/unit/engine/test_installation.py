"""The communes of one installation are read from a file; what makes no sense is told by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.installation import host_of, settings_of_all

TWO = """
[xa-mot]
public_url = "https://xamot.example.vn/"
connectors = "mot.toml"
[xa-hai]
public_url = "https://xahai.example.vn:8443"
"""


def env(tmp_path: Path, text: str, **more: str) -> dict[str, str]:
    (tmp_path / "units.toml").write_text(text, encoding="utf-8")
    return {"MOTCUA_HOME": str(tmp_path / "home"), "MOTCUA_UNITS": str(tmp_path / "units.toml"), **more}


def test_each_commune_has_an_address_a_home_and_outside_parties_of_its_own(tmp_path: Path) -> None:
    first, second = settings_of_all(env(tmp_path, TWO, MOTCUA_CONNECTORS=str(tmp_path / "all.toml")))
    assert [first.unit, second.unit] == [first.serves, second.serves] == ["xa-mot", "xa-hai"]
    assert [host_of(first), host_of(second)] == ["xamot.example.vn", "xahai.example.vn:8443"]
    assert first.database_url == second.database_url
    assert [first.connectors, second.connectors] == [tmp_path / "mot.toml", tmp_path / "all.toml"]
    assert first.home != second.home
    for each in (first, second):
        each.home.mkdir(parents=True)
    assert first.secret("session") != second.secret("session"), "nobody signs what the other believes"


def test_a_process_may_serve_one_of_them(tmp_path: Path) -> None:
    assert [each.unit for each in settings_of_all(env(tmp_path, TWO, MOTCUA_UNIT="xa-hai"))] == ["xa-hai"]


def test_without_the_file_there_is_one_and_it_takes_all_work(tmp_path: Path) -> None:
    (only,) = settings_of_all({"MOTCUA_HOME": str(tmp_path)})
    assert only.serves is None


@pytest.mark.parametrize(
    ("text", "word"),
    {
        "no file of tables": ("[xa", "units.toml"),
        "empty": ("", "names no commune"),
        "no address": ("[xa-mot]\n", "public_url"),
        "an address that is none": ('[xa-mot]\npublic_url = "xamot"', "xamot"),
        "a number for a text": ("[xa-mot]\npublic_url = 7", "public_url"),
        "a name that is no folder": ('["../xa"]\npublic_url = "https://a.vn"', "../xa"),
        "a word that nobody knows": ('[xa-mot]\npublic_url = "https://a.vn"\nconector = "x"', "conector"),
        "no table": ('xa-mot = "https://a.vn"', "xa-mot"),
        "one address for two": ('[a1]\npublic_url = "https://x.vn"\n[a2]\npublic_url = "https://X.vn"', "one address"),
    }.values(),
)
def test_what_makes_no_sense_is_told(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(ValueError, match=r".") as told:
        settings_of_all(env(tmp_path, text))
    assert word in str(told.value)
    assert "\n" not in str(told.value)


def test_a_commune_that_the_file_does_not_name_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="xa-ba"):
        settings_of_all(env(tmp_path, TWO, MOTCUA_UNIT="xa-ba"))
    with pytest.raises(ValueError, match=r"nowhere\.toml"):
        settings_of_all({"MOTCUA_HOME": str(tmp_path), "MOTCUA_UNITS": str(tmp_path / "nowhere.toml")})
