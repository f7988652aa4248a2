"""«Вернуть цены» for the goods ticked, or for everything under the list's filter."""

from __future__ import annotations

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.seller.pages.products.address import filter_of
from cube_demper.seller.pages.products.switch_state import chosen
from cube_demper.seller.returning.state import ask_about
from cube_demper.ui import session
from cube_demper.ui.guards import guarded


class ReturnSelectionState(rx.State):
    """From a selection to the question."""

    @guarded(Role.USER)
    async def ask(self, ids: list[str], everything: bool) -> None:
        """Say what would go back."""
        selection = chosen(ids, filter_of(self.router.url) if everything else None)
        async with bootstrap.web().db.read() as tx:
            found = await catalog.selected_product_ids(tx, session.current_actor(), selection)
        await ask_about(self, product_ids=found)
