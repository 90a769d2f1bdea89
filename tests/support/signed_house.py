"""A small engine whose procedure makes a result: its number, the leader's signature, the agency's seal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.commands.bus import Bus
from engine.commands.worker import Worker
from engine.domain.case import Case
from engine.domain.errors import NotFoundError
from engine.domain.procedure import Procedure, ResultRule
from engine.ports.results import Signing
from tests.support import bpmn_builder as b
from tests.support.small_house import CITIZEN, PROCEDURE, UNIT, House, submit


def job(kind: str, name: str, /, **headers: str) -> b.Part:
    inner = "".join(f'<zeebe:header key="{key}" value="{value}"/>' for key, value in headers.items())
    body = f'<zeebe:taskDefinition type="{kind}" retries="3"/><zeebe:taskHeaders>{inner}</zeebe:taskHeaders>'
    return b.element("serviceTask", name, b.extensions(body), name=name)


def signing_procedure(**changes: Any) -> Procedure:
    """issue → leader → agency → end, each a job."""
    parts = [
        b.start(),
        job("document.issue", "issue"),
        job("document.sign", "leader", role="leader"),
        job("document.sign", "agency", role="agency"),
        b.end("end"),
        *b.chain("start", "issue", "leader", "agency", "end"),
    ]
    rule = ResultRule(name="Giấy xác nhận", template="result.typ", book="gxn")
    return replace(PROCEDURE, result=rule, files={"process.bpmn": b.process("small", *parts)}, **changes)


class KeptFiles:
    """Files in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.kept[sha256] = content
        return sha256

    def get(self, sha256: str) -> bytes:
        if sha256 not in self.kept:
            raise NotFoundError(what="tệp", id=sha256)
        return self.kept[sha256]

    def exists(self, sha256: str) -> bool:
        return sha256 in self.kept


class ScriptedDocuments:
    """Gives the same paper each time, and keeps what it was asked with."""

    def __init__(self, content: bytes = b"%PDF-1.7 paper") -> None:
        self.content = content
        self.asked: list[Mapping[str, Any]] = []

    def render(self, template: str, files: Mapping[str, bytes], data: Mapping[str, Any]) -> bytes:
        self.asked.append(data)
        return self.content + b"\n%" + str(data.get("verify", {}).get("token", "")).encode()


class SignedHouse(House):
    """The small house with papers; its address is printed on them."""

    def __init__(
        self,
        signing: Signing | None = None,
        documents: Any = None,
        store: Any = None,
        procedure: Procedure | None = None,
    ) -> None:
        super().__init__(procedure or signing_procedure())
        self.store = store or self.store
        self.catalog.settings["units"][UNIT].update(signer_name="Nguyễn Văn Bình", signer_title="Chủ tịch")
        self.files, self.documents = KeptFiles(), documents or ScriptedDocuments()
        self.ports = replace(
            self.ports,
            store=self.store,
            files=self.files,
            documents=self.documents,
            signing=signing or self.ports.signing,
            address="https://xa.example.vn",
        )
        self.bus = Bus(self.ports)
        self.worker = Worker(self.ports, self.bus, "test")

    def issued(self) -> Case:
        """A case whose result is signed and sealed."""
        case = self.file()
        self.worker.drain()
        return self.case(case.id)

    def file(self) -> Case:
        """A case filed by the citizen."""
        return self.case(self.do(submit(), CITIZEN).case_id)
