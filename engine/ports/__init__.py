"""What the engine needs from outside: each port is a Protocol, each adapter names its technology."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.notice import NoticeBook
from engine.ports.database import (
    COUNTED,
    Account,
    Accounts,
    Answer,
    Due,
    Lease,
    Queue,
    ReadModels,
    Remembered,
    Row,
    Store,
    Taken,
    UnitOfWork,
)
from engine.ports.knowledge import (
    Catalog,
    Clock,
    CompiledForms,
    Deployment,
    Expressions,
    Forms,
    Ids,
    ProcessDiagrams,
    ProcessRunner,
)
from engine.ports.mandates import MandateStore
from engine.ports.notices import NoticeRows
from engine.ports.outside import Documents, Files, Messages, Payments
from engine.ports.results import Signing
from engine.ports.signing_keys import SigningKeys
from engine.ports.starts import StartLease

__all__ = [
    "COUNTED",
    "Account",
    "Accounts",
    "Answer",
    "Catalog",
    "Clock",
    "CompiledForms",
    "Deployment",
    "Documents",
    "Due",
    "Expressions",
    "Files",
    "Forms",
    "Ids",
    "Lease",
    "Messages",
    "Payments",
    "Ports",
    "ProcessDiagrams",
    "ProcessRunner",
    "Queue",
    "ReadModels",
    "Remembered",
    "Row",
    "Signing",
    "SigningKeys",
    "StartLease",
    "Store",
    "Taken",
    "UnitOfWork",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """All the ports a command handler may use."""

    clock: Clock
    ids: Ids
    store: Store
    catalog: Catalog
    runner: ProcessRunner
    forms: Forms
    expressions: Expressions
    documents: Documents
    files: Files
    signing: Signing
    payments: Payments
    messages: Messages
    functions: Callable[[str], Mapping[str, Callable[..., Any]]]  # unit -> extra FEEL functions
    notices: NoticeBook | None = None  # what citizens are told of; None: nothing
    notice_rows: NoticeRows | None = None  # None: messages go elsewhere than into this database
    groups_of: Callable[[str, str], frozenset[str]] | None = None  # unit, account id -> groups; None: nobody is known
    keys: SigningKeys | None = None  # the key store; None: results are signed apart, by no key
    mandates: MandateStore | None = None  # who acts for whom; None: nobody ever does
    address: str = ""  # where the house's pages are, for what is printed; empty: nothing leads there
    serves: str | None = None  # the only unit that this process works for; None: every one it knows

    def units(self) -> list[str]:
        """Whose routines are run here."""
        return [self.serves] if self.serves is not None else list(self.catalog.settings["units"])
