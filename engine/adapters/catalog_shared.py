"""What all procedures share: data of the house, and the processes, forms, decisions and templates they draw on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.adapters import catalog_toml as toml
from engine.adapters.catalog_notices import read_notices
from engine.adapters.catalog_toml import read_table
from engine.adapters.form_expand import expand
from engine.domain.calendar import WorkingCalendar
from engine.domain.errors import CatalogError
from engine.domain.notice import NoticeBook
from engine.domain.procedure import Group, Status

SHARED: Final = "_shared"
MAX_FILE: Final = 2_000_000  # bytes
KINDS: Final = (".toml", ".bpmn", ".dmn", ".json", ".typ", ".svg", ".png")
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Shared:
    """What lies in _shared: data of the house, and files that procedures draw on."""

    groups: Mapping[str, Group]
    statuses: Mapping[int, Status]
    calendar: WorkingCalendar
    settings: Mapping[str, Any]
    options: Mapping[str, Any]
    fields: Mapping[str, Any]
    processes: Files  # by process id
    forms: Files  # expanded, by form id
    templates: Files  # by path from the catalog's root
    decisions: Files  # likewise
    notices: NoticeBook | None = None  # what citizens are told; None: the house tells nothing


def read_shared(root: Path, process_id: Callable[[str, bytes], str]) -> Shared:
    """Everything in _shared; CatalogError names the file and what is wrong. `process_id` reads the id of a diagram."""
    options = {path.stem: read_json(path, read_bytes(path)) for path in sorted(root.glob("options/*.json"))}
    fields = {path.stem: read_json(path, read_bytes(path)) for path in sorted(root.glob("fields/*.json"))}
    processes = {}
    for path in sorted(root.glob("processes/*.bpmn")):
        data = read_bytes(path)
        processes[process_id(path.name, data)] = data
    return Shared(
        groups=toml.read_groups("groups.toml", read_bytes(root / "groups.toml")),
        statuses=toml.read_statuses("statuses.toml", read_bytes(root / "statuses.toml")),
        calendar=toml.read_calendar("calendar.toml", read_bytes(root / "calendar.toml")),
        settings=read_table("settings.toml", read_bytes(root / "settings.toml")).rest(),
        options=options,
        fields=fields,
        processes=processes,
        forms={p.stem: expanded(p, read_bytes(p), options, fields) for p in sorted(root.glob("forms/*.json"))},
        templates={
            f"{SHARED}/{path.relative_to(root).as_posix()}": read_bytes(path)
            for path in sorted(root.glob("templates/**/*"))
            if path.is_file() and path.suffix in KINDS
        },
        notices=_notices(root / "notices.toml"),
        decisions={f"{SHARED}/decisions/{p.name}": read_bytes(p) for p in sorted(root.glob("decisions/*.dmn"))},
    )


def _notices(path: Path) -> NoticeBook | None:
    return read_notices(path.name, read_bytes(path)) if path.exists() else None


def expanded(path: Path, data: bytes, options: Any, fields: Any) -> bytes:
    """The form as it is stored: complete, so that it needs nothing else and always has the same digest."""
    schema = read_json(path, data)
    if not isinstance(schema, dict):
        reason = f"{path.name}: không phải biểu mẫu"
        raise CatalogError(code=path.name, reason=reason, reason_en=f"{path.name} is no form", file=path.name)
    return json.dumps(expand(schema, options, fields), ensure_ascii=False, indent=1).encode()


def read_json(path: Path, data: bytes) -> Any:
    """The JSON of a file; CatalogError."""
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CatalogError(
            code=path.name, reason=f"{path.name}: không đọc được: {error}", reason_en=f"{path.name}: {error}",
            file=path.name,
        ) from error  # fmt: skip


def read_bytes(path: Path) -> bytes:
    """The content of a file of the catalog; CatalogError when it cannot be opened or is too large."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"{path.name}: không mở được"
        raise CatalogError(code=path.name, reason=reason, reason_en=f"{error}", file=path.name) from error
    if len(data) > MAX_FILE:
        raise CatalogError(code=path.name, reason=f"{path.name}: quá lớn", reason_en="too large", file=path.name)
    return data
