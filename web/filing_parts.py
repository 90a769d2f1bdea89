"""What pages of filing ask of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from engine.commands.drafting import Drafting
from engine.commands.receiving import Receiving
from engine.domain.procedure import Procedure
from engine.ports.drafts import PageReports
from engine.ports.uploads import ViewingCopies
from engine.queries.preview import FeePreview


class Filing(Protocol):
    """Unfinished applications, files that are handed in, what people say about pages."""

    @property
    def drafting(self) -> Drafting:
        """Drafts."""

    @property
    def receiving(self) -> Receiving:
        """Files on their way in."""

    @property
    def copies(self) -> ViewingCopies:
        """What is shown of files that must stay as they came."""

    @property
    def reports(self) -> PageReports:
        """What people say about pages."""

    @property
    def rules(self) -> Mapping[str, Any]:
        """The catalog's `filing.toml`: who may file for whom, and which answers the house knows already."""

    def fees(self, procedure: Procedure, context: Mapping[str, Any]) -> FeePreview | None:
        """What would be charged for an application; None when that is worked out at the desk."""
