"""A list of officers as a spreadsheet saves it: login, name, groups; what is wrong is told by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.domain.registration import Problem
from engine.domain.staffing import Wanted, problems_of

MOST_LINES, MOST_BYTES = 200, 200_000
COLUMNS = ("login", "name", "groups")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the list, counted as the spreadsheet does, with what is wrong with it."""

    number: int
    wanted: Wanted
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """What was read; `problems` of the file as a whole."""

    lines: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether everything in it can be taken over."""
        return bool(self.lines) and not self.problems and not any(line.problems for line in self.lines)


def read(content: bytes, known: Mapping[str, str], logins: Collection[str]) -> Roster:
    """Read a CSV of at most MOST_LINES lines in UTF-8, separated by comma or semicolon, with a first line that names
    the columns; groups are separated by blanks, or by a sign that does not separate the columns.

    `known`: name of each group by its id, both are understood; `logins`: those that are there already.
    """
    if len(content) > MOST_BYTES:
        return _unread(f"Tệp quá lớn (nhiều nhất {MOST_BYTES // 1000} kB)", "The file is too large")
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True))
    except UnicodeDecodeError:
        return _unread("Tệp không phải UTF-8; hãy lưu lại dạng CSV UTF-8", "The file is not UTF-8")
    except csv.Error:
        return _unread("Tệp không phải CSV đọc được", "This is no CSV that can be read")
    return _read(rows, known, logins)


def _read(rows: list[list[str]], known: Mapping[str, str], logins: Collection[str]) -> Roster:
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        return _unread(f"Dòng đầu thiếu cột {', '.join(missing)}", f"The first line lacks {', '.join(missing)}")
    filled = [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    if not filled:
        return _unread("Tệp không có dòng nào dưới dòng tên cột", "There is no line below the names of the columns")
    if len(filled) > MOST_LINES:
        return _unread(f"Tệp có hơn {MOST_LINES} dòng; hãy chia ra", f"More than {MOST_LINES} lines: split the file")
    places = {name: head.index(name) for name in COLUMNS}
    taken, lines = {login: 0 for login in logins}, []
    for number, row in filled:
        wanted = _wanted([row[places[name]] if places[name] < len(row) else "" for name in COLUMNS], known)
        problems = problems_of(wanted, known)
        if wanted.login in taken:
            problems.append(_repeated(wanted.login, taken[wanted.login]))
        taken.setdefault(wanted.login, number)
        lines.append(Line(number=number, wanted=wanted, problems=tuple(problems)))
    return Roster(lines=tuple(lines))


def _wanted(cells: list[str], known: Mapping[str, str]) -> Wanted:
    named = {name.casefold(): group for group, name in known.items()}
    parts = [part.strip() for part in re.split(r"[,;|\n]", cells[2]) if part.strip()]
    groups = [[named[part.casefold()]] if part.casefold() in named else part.split() for part in parts]
    return Wanted(login=cells[0], name=cells[1], groups=frozenset(sum(groups, []))).tidy()


def _repeated(login: str, line: int) -> Problem:
    vi, en = (f"trùng dòng {line}", f"as on line {line}") if line else ("đã có tài khoản", "is there already")
    return Problem("login", f"Tên đăng nhập “{login}” {vi}.", f"The login “{login}” {en}.")


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _unread(vi: str, en: str) -> Roster:
    return Roster(problems=(Problem("file", f"{vi}.", f"{en}."),))
