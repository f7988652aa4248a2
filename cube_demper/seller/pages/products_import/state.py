"""One file from upload to undo; the work is a worker's, so the page may be left and come back to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.importing import service as importing
from cube_demper.models.catalog import CostMethod
from cube_demper.models.imports import ImportKind, RowVerdict
from cube_demper.seller.pages.products_import.rows import (
    Current,
    HistoryLine,
    Line,
    current_of,
    history_line,
    line_of,
)
from cube_demper.ui import session
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.query import ListQuery, read_query


class ImportState(LiveMixin, PageMixin, rx.State):
    """The page of imports."""

    current: Current = Current()
    kind: str = ImportKind.TERMS
    """What the next file is about."""
    method: str = CostMethod.FIFO
    """How batches will make costs."""
    tab: str = RowVerdict.CHANGE
    page: int = 1
    lines: list[Line] = []
    history: list[HistoryLine] = []
    lacks: str = ""
    """What there must be before a file makes sense: "store" or "goods"."""

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the import that the address names, and the last ones."""
        await self._read()

    @guarded(Role.USER)
    async def show(self, import_id: str) -> Any:
        """Go to an import: a file has come, or one of the past was chosen."""
        return rx.redirect(f"/products/import?id={UUID(import_id)}")

    @guarded(Role.USER)
    async def apply(self) -> None:
        """Make the changes that are shown."""
        services = bootstrap.web()
        actor, now = session.current_actor(), services.clock.now()
        async with services.db.write() as tx:
            await importing.apply_import(
                tx, actor, UUID(self.current.id), now, CostMethod(self.method)
            )
        await self._read()

    @guarded(Role.USER)
    async def undo(self) -> None:
        """Take the import back."""
        services = bootstrap.web()
        actor, now = session.current_actor(), services.clock.now()
        async with services.db.write() as tx:
            await importing.undo_import(tx, actor, UUID(self.current.id), now)
        await self._read()

    @guarded(Role.USER)
    async def cancel(self) -> None:
        """Drop the import."""
        async with bootstrap.web().db.write() as tx:
            actor = session.current_actor()
            await importing.cancel_import(tx, actor, UUID(self.current.id))
        await self._read()

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if not any(it.kind in {REREAD, "import"} for it in events):
            return
        async with self:
            await self._read()

    async def _read(self) -> None:
        asked = read_query(self.router.url, sorts=(), filters=("id", "tab", "kind", "method"))
        verdict = asked.filters.get("tab", "")
        tab = RowVerdict(verdict) if verdict in tuple(RowVerdict) else RowVerdict.CHANGE
        import_id = find_id(asked.filters.get("id", ""))
        services = bootstrap.web()
        actor, now = session.current_actor(), services.clock.now()
        async with services.db.read() as tx:
            stores = await catalog.list_stores(tx, actor)
            history = await importing.list_imports(tx, actor)
            view = await importing.get_import(tx, actor, import_id) if import_id else None
            current = current_of(view, now) if view else Current()
            if view and not verdict and not view.changed and view.refused:
                tab = RowVerdict.REFUSED
            rows = (
                await importing.list_rows(tx, actor, view.id, tab, asked.page)
                if view and current.has_rows
                else ()
            )
        has_goods = any(store.goods for store in stores)
        self.lacks = "" if has_goods else "goods" if stores else "store"
        self.tab, self.page, self.current = tab, asked.page, current
        self.lines = [line_of(row, view.kind) for row in rows if view]
        self.kind, self.method = _kind(asked), _method(asked)
        self.history = [history_line(it, now) for it in history]
        self.phase = "ready"


def _kind(asked: ListQuery) -> str:
    kind = asked.filters.get("kind", "")
    return kind if kind in tuple(ImportKind) else ImportKind.TERMS


def _method(asked: ListQuery) -> str:
    method = asked.filters.get("method", "")
    return method if method in tuple(CostMethod) else CostMethod.FIFO
