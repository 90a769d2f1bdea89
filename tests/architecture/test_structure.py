"""The house keeps its shape: sizes, layers, names, and a check for every rule."""

from __future__ import annotations

import ast
import configparser
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain import events
from engine.domain.appliers import APPLIERS
from engine.domain.errors import DomainError
from engine.domain.events import EVENT_TYPES, CaseSubmitted, Event

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bpmn", "engine", "web")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "base", "misc"}


def modules(*packages: str) -> list[Path]:
    found = [p for package in packages for p in (ROOT / package).rglob("*.py") if "node_modules" not in p.parts]
    assert found, packages
    return sorted(found)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_module_is_longer_than_300_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for p in modules(*PACKAGES) if (n := len(p.read_text().splitlines())) > 300}
    assert not long


def test_no_function_is_longer_than_40_lines() -> None:
    long = [
        f"{p.relative_to(ROOT)}:{f.name} ({f.end_lineno - f.lineno + 1})"
        for p in modules(*PACKAGES)
        for f in functions(ast.parse(p.read_text()))
        if f.end_lineno is not None and f.end_lineno - f.lineno + 1 > 40 and "migrations" not in p.parts
    ]
    assert not long


def test_no_function_takes_more_than_five_positional_parameters() -> None:
    many = [
        f"{p.relative_to(ROOT)}:{f.name}"
        for p in modules(*PACKAGES)
        for f in functions(ast.parse(p.read_text()))
        if len([a for a in (*f.args.posonlyargs, *f.args.args) if a.arg not in ("self", "cls")]) > 5
    ]
    assert not many


def test_every_module_says_in_one_docstring_what_it_is_for() -> None:
    silent = [str(p.relative_to(ROOT)) for p in modules(*PACKAGES) if not ast.get_docstring(ast.parse(p.read_text()))]
    assert not silent


def test_the_domain_imports_the_standard_library_and_itself_only() -> None:
    foreign = []
    for path in modules("engine/domain"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            foreign += [f"{path.name}: {n}" for n in names if not _allowed_in_domain(n)]
    assert not foreign


def _allowed_in_domain(name: str) -> bool:
    return name.startswith("engine.domain") or name.split(".")[0] in sys.stdlib_module_names


def test_nothing_is_imported_inside_a_function() -> None:
    inner = [
        f"{p.relative_to(ROOT)}:{node.lineno}"
        for p in modules(*PACKAGES)
        for f in functions(ast.parse(p.read_text()))
        for node in ast.walk(f)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inner


def test_nothing_is_evaluated_as_code() -> None:
    calls = [
        f"{p.relative_to(ROOT)}:{node.lineno}"
        for p in modules(*PACKAGES)
        for node in ast.walk(ast.parse(p.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("eval", "exec", "__import__")
    ]
    assert not calls


def test_files_bear_names_that_say_something() -> None:
    vague = [str(p.relative_to(ROOT)) for p in modules(*PACKAGES) if p.stem in FORBIDDEN_NAMES]
    assert not vague


def test_no_procedure_code_stands_in_python() -> None:
    codes = [
        p.read_text().split('code = "', 1)[1].split('"', 1)[0] for p in (ROOT / "catalog").glob("*/procedure.toml")
    ]
    assert codes
    found = [f"{p.relative_to(ROOT)}: {c}" for p in modules(*PACKAGES) for c in codes if c in p.read_text()]
    assert not found


def test_every_event_has_an_applier_and_a_tag_of_its_own() -> None:
    kinds = {k for k in vars(events).values() if isinstance(k, type) and issubclass(k, Event) and k is not Event}
    assert kinds == set(EVENT_TYPES.values())
    assert kinds - set(APPLIERS) == {CaseSubmitted}
    assert len(EVENT_TYPES) == len(kinds)


def all_errors(root: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for error in root.__subclasses__():
        yield error
        yield from all_errors(error)


def test_every_refusal_speaks_vietnamese_and_english_under_a_code_of_its_own() -> None:
    errors = list(all_errors())
    assert len({e.code for e in errors}) == len(errors)
    assert [e.__name__ for e in errors if " | " not in " ".join((e.__doc__ or "").split())] == []


def test_ignore_marks_carry_their_reason() -> None:
    bare = [
        f"{p.relative_to(ROOT)}:{number}"
        for p in modules(*PACKAGES)
        for number, line in enumerate(p.read_text().splitlines(), 1)
        if ("type: ignore" in line or "noqa" in line) and "  # " not in line.split("ignore", 1)[-1].split("noqa", 1)[-1]
    ]
    assert not bare


WRONG_IMPORTS = {
    "flow": ("engine/domain/errors.py", "import engine.bootstrap"),
    "bpmn-stands-alone": ("bpmn/errors.py", "import sqlalchemy"),
    "bpmn-one-door": ("engine/settings.py", "import bpmn.model"),
    "pure-core": ("engine/commands/tasks.py", "import marshmallow"),
    "engine-no-flask": ("engine/settings.py", "import flask"),
    "db-one-door": ("engine/settings.py", "import sqlalchemy"),
    "spiff-one-door": ("engine/adapters/process_runner.py", "import SpiffWorkflow"),
    "library-doors": ("engine/adapters/process_runner.py", "import apscheduler"),
    "bootstrap-callers": ("web/errors.py", "import engine.bootstrap"),
    "web-no-adapters": ("web/errors.py", "import engine.adapters.clock"),
    "blueprints": ("web/citizen/__init__.py", "import web.desk"),
    "handlers": ("engine/commands/cases.py", "import engine.commands.tasks"),
    "no-cycles": ("engine/domain/case.py", "import engine.domain.appliers"),
}


def contract_ids() -> list[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return [s.rsplit(":", 1)[-1] for s in parser.sections() if s.startswith("importlinter:contract:")]


def test_each_contract_has_a_wrong_import_that_proves_it() -> None:
    assert sorted(contract_ids()) == sorted(WRONG_IMPORTS)


@pytest.mark.parametrize("contract", WRONG_IMPORTS)
def test_contract_bites(contract: str, tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=shutil.ignore_patterns("node_modules", "vendor", "__pycache__", "templates"),
        )
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    file, line = WRONG_IMPORTS[contract]
    path = tmp_path / file
    path.write_text(path.read_text() + f"\n{line}\n")
    done = lint_imports(tmp_path, contract)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def lint_imports(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--contract", contract]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder)}
    )
