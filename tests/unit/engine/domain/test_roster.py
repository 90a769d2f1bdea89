"""Lists of officers from spreadsheets: read as they come, told by line what is wrong."""

from __future__ import annotations

import pytest

from engine.domain.roster import MOST_BYTES, MOST_LINES, Roster, read

KNOWN = {"one_stop": "Bộ phận Một cửa", "cashier": "Thu phí, lệ phí", "applicant": "Người nộp"}


def roster(text: str, *logins: str) -> Roster:
    return read(text.encode(), KNOWN, logins)


def wrong(found: Roster) -> list[tuple[int, str]]:
    return [(line.number, problem.field) for line in found.lines for problem in line.problems]


@pytest.mark.parametrize(
    "text",
    [
        "login,name,groups\nmai,Lê Thị Mai,one_stop cashier\n",
        "\ufefflogin;name;groups\r\nMAI;  Lê  Thị Mai ;one_stop|cashier\r\n\r\n",
        'name;groups;login;note\nLê Thị Mai;"Thu phí| Bộ phận Một cửa| cashier";mai;x\n'.replace(
            "Thu phí|", "one_stop|"
        ),
        'login,name,groups\n"mai","Lê Thị Mai","one_stop\ncashier"\n',
    ],
)
def test_a_list_is_read_as_spreadsheets_write_it(text: str) -> None:
    found = roster(text)
    assert found.is_sound, found
    wanted = found.lines[0].wanted
    assert (wanted.login, wanted.name, wanted.groups) == ("mai", "Lê Thị Mai", {"one_stop", "cashier"})


def test_what_is_wrong_is_told_by_the_line_that_a_spreadsheet_shows() -> None:
    found = roster(
        "login,name,groups\nmai,Mai,one_stop\n\nMai,Mai hai,one_stop\n12345,Số,one_stop\n"
        "lan,Lan,kings applicant\nx\nhung,Hùng,cashier\n",
        "hung",
    )
    assert wrong(found) == [
        (4, "login"),
        (5, "login"),
        (6, "groups"),
        (7, "login"),
        (7, "name"),
        (7, "groups"),
        (8, "login"),
    ]
    assert not found.is_sound
    assert "dòng 2" in found.lines[1].problems[0].vi


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"login,name\nmai,Mai\n",
        b"login,name,groups\n , ,\n",
        "login,name,groups\nmai,Mai,one_stop".encode("utf-16"),
        b'login,name,groups\n"mai,Mai,one_stop',
        b"x" * (MOST_BYTES + 1),
        b"login,name,groups\n" + b"mai,Mai,one_stop\n" * (MOST_LINES + 1),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(content: bytes) -> None:
    found = read(content, KNOWN, ())
    assert [one.field for one in found.problems] == ["file"]
    assert found.lines == ()
    assert not found.is_sound
