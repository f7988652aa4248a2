"""Files that sellers sent: which kinds there are, and the work on one of them."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from cube_demper.bootstrap import Services
from cube_demper.domain.catalog.importing import work
from cube_demper.domain.catalog.importing.schemas import asked_by
from cube_demper.domain.catalog.importing.terms import TermsFile
from cube_demper.domain.economics.costs.importing import BatchFile
from cube_demper.integrations.spreadsheets.reader import lines_of
from cube_demper.models.imports import ImportKind

KINDS: Final[work.Kinds] = {
    ImportKind.TERMS: TermsFile(lines_of),
    ImportKind.BATCHES: BatchFile(lines_of),
}


class GoodsImports:
    """Takes imports on, one step a message."""

    def __init__(self, services: Services) -> None:
        """Read files as spreadsheets."""
        self._services = services

    async def handle(self, payload: dict[str, Any]) -> None:
        """Read, apply or take back the import named in `payload`, as its status says."""
        services = self._services
        import_id, now = UUID(payload["import_id"]), services.clock.now()
        await work.run(services.db, asked_by(payload), import_id, KINDS, now)
