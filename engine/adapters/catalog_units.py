"""The list of administrative units, read from the catalog's table of reference."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from engine.domain.admin_unit import AdminUnit, AdminUnits
from engine.domain.errors import CatalogError

TABLE = "_shared/reference/don_vi_hanh_chinh.csv"


def read_units(root: Path) -> AdminUnits:
    """The units of a catalog folder, none when it has no table; CatalogError names a line that is wrong."""
    path = root / TABLE
    if not path.is_file():
        return AdminUnits()
    stat = path.stat()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> AdminUnits:
    units: list[AdminUnit] = []
    codes = {""}
    for number, row in enumerate(csv.reader(path.read_text("utf-8").splitlines()), 1):
        if number == 1:
            continue
        if len(row) != 5 or row[2] not in ("1", "2", "3") or row[3] not in codes or row[0] in codes:
            reason = f"{TABLE} dòng {number}: không đúng"
            raise CatalogError(code=TABLE, reason=reason, reason_en=f"{TABLE} line {number} is wrong", file=TABLE)
        codes.add(row[0])
        also = tuple(name for name in row[4].split("|") if name)
        units.append(AdminUnit(row[0], row[1], int(row[2]), row[3], also))
    return AdminUnits(units)
