"""The catalog folder: procedures with all the files they need, and the data that all procedures share."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from bpmn import feel, parse
from bpmn.errors import BpmnError
from bpmn.model import ProcessDefinition
from engine.adapters import catalog_toml as toml
from engine.adapters.catalog_check import check_all, first_error
from engine.adapters.catalog_decisions import borrowed, check_shared
from engine.adapters.catalog_findings import HEAD
from engine.adapters.catalog_shared import KINDS, SHARED, Files, Shared, expanded, read_bytes, read_shared
from engine.adapters.catalog_toml import Table, read_table
from engine.adapters.following_texts import unknown_procedures
from engine.adapters.form_expand import offered
from engine.domain.calendar import WorkingCalendar
from engine.domain.errors import CatalogError
from engine.domain.procedure import Group, Procedure, Status

_TEMPLATE = re.compile(rf'"/?({SHARED}/templates/[\w./-]+\.(?:typ|svg|png))"')


@dataclass(frozen=True)
class FileCatalog:
    """The catalog as it lies in a folder. The shared data are read at once, procedures when they are asked for."""

    root: Path
    shared: Shared

    @classmethod
    def load(cls, root: Path) -> FileCatalog:
        """Read the shared data; CatalogError names file, key and reason."""
        shared = read_shared(root / SHARED, _process_id)
        check_shared(shared)
        return cls(root, shared)

    @staticmethod
    def check(root: Path) -> dict[str, Any]:
        """{procedures, findings, low_confidence}: everything that is wrong or still to be confirmed; raises nothing."""
        try:
            catalog = FileCatalog.load(root)
        except CatalogError as error:
            return {"procedures": [], "findings": [finding_of(error, SHARED)], "low_confidence": []}
        found: list[dict[str, Any]] = []
        procedures = []
        for folder in catalog.folders():
            try:
                procedures.append((folder.name, catalog.read(folder)))
            except CatalogError as error:
                found.append(finding_of(error, f"{folder.name}/{HEAD}"))
        report = check_all(procedures, catalog.shared, root)
        texts = unknown_procedures(root, {procedure.code for _, procedure in procedures})
        return {**report, "findings": [*found, *report["findings"], *texts]}

    @cached_property
    def procedures(self) -> tuple[Procedure, ...]:
        """Every version in the folder, by code and version; CatalogError when one cannot be deployed."""
        read = []
        for folder in self.folders():
            procedure = self.read(folder)
            wrong = first_error(procedure, self.shared)
            if wrong is not None:
                raise _refusal(procedure.code, f"{folder.name}/{wrong['file']}", wrong)
            read.append(procedure)
        twice = [p.slug for p in read if sum((p.code, p.version) == (q.code, q.version) for q in read) > 1]
        if twice:
            raise CatalogError(code=twice[0], reason=f"trùng mã và phiên bản: {twice}", reason_en=f"doubled: {twice}")
        return tuple(sorted(read, key=lambda p: (p.code, p.version)))

    @property
    def groups(self) -> Mapping[str, Group]:
        """Candidate groups by id."""
        return self.shared.groups

    @property
    def statuses(self) -> Mapping[int, Status]:
        """National statuses by code."""
        return self.shared.statuses

    @property
    def calendar(self) -> WorkingCalendar:
        """The working calendar of the house."""
        return self.shared.calendar

    @property
    def settings(self) -> Mapping[str, Any]:
        """Limits and defaults of the house."""
        return self.shared.settings

    def folders(self) -> list[Path]:
        """The folders that hold a procedure, in order of their names."""
        return sorted(head.parent for head in self.root.glob(f"*/{HEAD}") if head.parent.name != SHARED)

    def read(self, folder: Path) -> Procedure:
        """The procedure of a folder with every file it needs; CatalogError."""
        own = _own_files(folder, self.shared)
        procedure = procedure_from_files({**own, **_borrowed(own, self.shared)})
        if folder.name not in (procedure.slug, f"{procedure.slug}@{procedure.version}"):
            reason = f"thư mục {folder.name} phải mang tên {procedure.slug} hoặc {procedure.slug}@{procedure.version}"
            raise CatalogError(code=procedure.code, reason=reason, reason_en=f"folder {folder.name} has another name")
        return procedure


def procedure_from_files(files: Files) -> Procedure:
    """The procedure that these files make up, shared ones included; same files, same digest. Raises CatalogError."""
    if HEAD not in files:
        raise CatalogError(code="", reason=f"thiếu {HEAD}", reason_en=f"{HEAD} is missing")
    top = read_table(HEAD, files[HEAD], feel_problem)
    name, info = top.table("name"), top.table("info", {})
    assert name is not None  # take() has refused an absent one
    assert info is not None
    procedure = Procedure(
        code=top.text("code"),
        slug=top.text("slug"),
        version=top.whole("version", least=1),
        digest=digest_of(files),
        name=name.text("vi"),
        name_en=name.text("en"),
        field=top.text("field"),
        level=top.one_of("level", (3, 4)),
        process_id=top.text("process"),
        form_id=top.text("form"),
        valid_from=top.take("valid_from", date),
        valid_to=top.take("valid_to", date, None),
        legal_basis=top.items("legal_basis", str),
        deadline=toml.read_deadline(top),
        fees=toml.read_fees(top),
        exemptions=toml.read_exemptions(top),
        documents=toml.read_documents(top),
        rules=toml.read_rules(top),
        result=toml.read_result(top),
        channels=top.items("channels", str),
        deliveries=top.items("deliveries", str),
        info={**info.rest(), **_extra(top)},
        files=dict(sorted(files.items())),
    )
    name.done()
    top.done()
    if procedure.valid_to is not None and procedure.valid_to < procedure.valid_from:
        top.wrong("valid_to", "trước valid_from", "lies before valid_from")
    return procedure


def digest_of(files: Files) -> str:
    """SHA-256 in hex over names and contents, sorted by name."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def feel_problem(text: str) -> str | None:
    """What is wrong with a FEEL text, in Vietnamese, or None."""
    try:
        feel.compile(text)
    except feel.FeelError as error:
        return error.message_vi
    return None


def asks(text: str) -> bool:
    """Whether a FEEL text reads anything, so that it may be true at one time and false at another."""
    expression = feel.compile(text)
    return bool(expression.names or expression.functions)


def finding_of(error: CatalogError, file: str) -> dict[str, Any]:
    """The error as a finding."""
    return {
        "file": str(error.data.get("file", file)) if "/" in str(error.data.get("file", "")) else file,
        "element_id": str(error.data.get("element", "")),
        "rule": "catalog",
        "severity": "error",
        "message": str(error.data.get("reason", error)),
        "message_en": str(error.data.get("reason_en", error)),
    }


def _extra(top: Table) -> dict[str, Any]:
    """What pages show besides the law: who is in charge, why this level, special steps, what is left out or renamed."""
    steps = [
        {
            "key": row.text("key"),
            "name": row.text("name"),
            "elements": row.items("elements", str),
            "basis": row.text("basis", ""),
        }
        for row in _closing(top.tables("special_step"))
    ]
    gaps = [
        {"key": row.text("key"), "reason": row.text("reason"), "facts": row.items("facts", str, [])}
        for row in _closing(top.tables("omission"))
    ]
    found = [{"key": row.text("key"), "at": row.items("at", str)} for row in _closing(top.tables("fact"))]
    return {
        "officer_group": top.text("officer"),
        "level_reason": top.text("level_reason", ""),
        "special_steps": steps,
        "omissions": gaps,
        "facts": found,
    }


def _closing(tables: list[Table]) -> Iterable[Table]:
    for table in tables:
        yield table
        table.done()


def _own_files(folder: Path, shared: Shared) -> dict[str, bytes]:
    """The files of a procedure's folder by their paths in it, without scenarios; forms expanded."""
    found = {}
    options = _offered(folder / HEAD, shared)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("tests/") and not path.name.startswith("."):
            if path.suffix not in KINDS:
                raise CatalogError(code=folder.name, reason=f"không dùng tệp {name}", reason_en=f"{name} is of no use")
            data = read_bytes(path)
            found[name] = expanded(path, data, options, shared.fields) if path.suffix == ".json" else data
    return found


def _offered(head: Path, shared: Shared) -> Mapping[str, Any]:
    """Option sets as this procedure offers them; a head that cannot be read is told by whoever reads it whole."""
    try:
        deliveries = tomllib.loads(read_bytes(head).decode()).get("deliveries")
    except (ValueError, RecursionError):
        deliveries = None
    return offered(shared.options, deliveries) if isinstance(deliveries, list) else shared.options


def _borrowed(own: Files, shared: Shared) -> dict[str, bytes]:
    """The shared files a procedure needs: processes it calls, their forms, templates it imports; all in turn."""
    needed: dict[str, bytes] = {}
    queue = list(own.items())
    while queue:
        name, data = queue.pop()
        for other, content in _asked_by(name, data, own, shared):
            if other not in needed:
                needed[other] = content
                queue.append((other, content))
    return needed


def _asked_by(name: str, data: bytes, own: Files, shared: Shared) -> Iterable[tuple[str, bytes]]:
    if name.endswith(".typ"):
        asked = _TEMPLATE.findall(data.decode("utf-8", "replace"))
        yield from ((path, shared.templates[path]) for path in asked if path in shared.templates)
    elif name.endswith(".bpmn"):
        definition = _definition(name, data)
        yield from borrowed(definition, own, shared)
        for element in definition.elements.values():
            called = element.called_element
            if called and called in shared.processes:
                yield f"{SHARED}/processes/{called}.bpmn", shared.processes[called]
            forms = (element.form_id, element.properties.get("messageForm"))
            asked = [form for form in forms if form in shared.forms and f"forms/{form}.json" not in own]
            yield from ((f"{SHARED}/forms/{form}.json", shared.forms[str(form)]) for form in asked)


def _definition(name: str, data: bytes) -> ProcessDefinition:
    try:
        return parse.parse(data)
    except BpmnError as error:
        raise CatalogError(
            code=name, reason=f"{name}: {error.message_vi}", reason_en=f"{name}: {error.message}", file=name,
            element=error.element_id or "",
        ) from error  # fmt: skip


def _process_id(name: str, data: bytes) -> str:
    return _definition(name, data).id


def _refusal(code: str, file: str, wrong: Mapping[str, Any]) -> CatalogError:
    return CatalogError(
        code=code, reason=f"{file} {wrong['element_id']}: {wrong['message']}", file=file,
        reason_en=f"{file} {wrong['element_id']}: {wrong['message_en']}", element=wrong["element_id"],
    )  # fmt: skip
