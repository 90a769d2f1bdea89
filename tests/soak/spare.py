"""A warm process: the program is loaded once, and every server or worker is a fresh child of it.

Run as `python -m tests.soak.spare`; each line of its input starts the command line once, each line of output is a pid.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any

from engine.commands import spreader, worker
from web import cli


def become(order: dict[str, Any]) -> None:
    """Turn this child into `motcua <arguments>`; does not come back."""
    for name in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(name, signal.SIG_DFL if name == signal.SIGCHLD else signal.default_int_handler)
    os.setsid()
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    faulthandler.register(signal.SIGUSR1)  # who is waited for in vain is asked where it is
    for name in [name for name in os.environ if name.startswith("MOTCUA_")]:
        del os.environ[name]
    os.environ.update(order["env"])
    for module in (worker, spreader):  # all that may be asked for to be unlike the field
        module.LEASE = timedelta(seconds=order["lease"])
    sys.argv = ["motcua", *order["arguments"]]
    cli.main()


def main() -> None:
    """Start what is asked for until the input ends, then take the children along."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is killed leaves no zombie
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    children: list[int] = []
    print("ready", flush=True)
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            become(json.loads(line))
        children.append(child)
        print(child, flush=True)
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
