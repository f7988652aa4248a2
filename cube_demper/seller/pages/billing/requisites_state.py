"""The tab «Реквизиты»."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.models.staff import Area
from cube_demper.seller.pages.billing.reading import is_asked
from cube_demper.seller.pages.billing.requisites_rows import (
    RequisitesRow,
    read_requisites,
    save_requisites,
)
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads


class RequisitesState(FormErrors, PageMixin, rx.State):
    """Who pays, for invoices and acts."""

    requisites: RequisitesRow = RequisitesRow()

    @loads(Role.USER)
    async def load(self) -> None:
        """Read what was saved, when the address asks for it."""
        self.errors = {"form": ""}
        may_see = session.current_actor().may(Area.MONEY)
        if not (may_see and is_asked(self.router.url, "requisites")):
            return
        async with bootstrap.web().db.read() as tx:
            self.requisites = await read_requisites(tx, session.current_actor())
        self.phase = "ready"

    @guarded(Role.USER)
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep what was typed."""
        self.errors = {"form": ""}
        async with bootstrap.web().db.write() as tx:
            self.requisites = await save_requisites(tx, session.current_actor(), form)
        return toasts.done("Сохранено: следующие счета и акты выйдут с этими реквизитами")
