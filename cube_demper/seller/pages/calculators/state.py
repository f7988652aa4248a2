"""The list of kept calculations: renamed, shared, removed and taken back."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.calculations import service as calculations
from cube_demper.seller.pages.calculators.rows import KeptRow, kept_row
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads


class CalculatorsState(FormErrors, PageMixin, rx.State):
    """What the page shows."""

    rows: list[KeptRow] = []
    renamed: KeptRow = KeptRow()
    link: str = ""
    link_of: str = ""

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the kept calculations."""
        self.renamed, self.link, self.errors = KeptRow(), "", {}
        await self._read()
        self.phase = "ready"

    @guarded(Role.USER)
    async def ask_title(self, saved_id: str) -> None:
        """Ask for another title."""
        self.errors = {}
        self.renamed = next((it for it in self.rows if it.id == saved_id), KeptRow())

    @guarded(Role.USER)
    async def rename(self, form: dict[str, Any]) -> None:
        """Give the asked one the title of the form."""
        self.errors = {}
        actor, title = session.current_actor(), str(form.get("title") or "")
        async with bootstrap.web().db.write() as tx:
            await calculations.rename(tx, actor, read_id(self.renamed.id), title)
        self.renamed = KeptRow()
        await self._read()

    @guarded(Role.USER)
    async def close(self) -> None:
        """Close what is open over the page."""
        self.renamed, self.link = KeptRow(), ""

    @guarded(Role.USER)
    async def remove(self, saved_id: str) -> Any:
        """Remove one; it can be taken back from the message."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            await calculations.remove(tx, actor, read_id(saved_id), services.clock.now())
        await self._read()
        return toasts.undo("Расчёт удалён", CalculatorsState.restore(saved_id))

    @guarded(Role.USER)
    async def restore(self, saved_id: str) -> None:
        """Take a removal back."""
        async with bootstrap.web().db.write() as tx:
            await calculations.restore(tx, session.current_actor(), read_id(saved_id))
        await self._read()

    @guarded(Role.USER)
    async def share(self, saved_id: str) -> None:
        """Show the link that opens one without a sign-in."""
        services, actor = bootstrap.web(), session.current_actor()
        now, box = services.clock.now(), services.secrets
        async with services.db.write() as tx:
            path = await calculations.share(tx, actor, read_id(saved_id), box, now)
        self.link, self.link_of = f"{services.settings.app_url(CubeApp.SELLER)}{path}", saved_id
        await self._read()

    @guarded(Role.USER)
    async def unshare(self) -> Any:
        """Revoke the link that is shown."""
        async with bootstrap.web().db.write() as tx:
            await calculations.unshare(tx, session.current_actor(), read_id(self.link_of))
        self.link = ""
        await self._read()
        return toasts.done("Ссылка отозвана: по ней больше ничего не видно")

    async def _read(self) -> None:
        services = bootstrap.web()
        async with services.db.read() as tx:
            kept = await calculations.list_kept(tx, session.current_actor())
        self.rows = [kept_row(it, services.clock.now()) for it in kept]
