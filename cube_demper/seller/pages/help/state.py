"""Which answers the search leaves."""

from __future__ import annotations

import reflex as rx

from cube_demper.domain.accounts.schemas import Role
from cube_demper.seller.pages.help.answers import found
from cube_demper.ui.guards import guarded
from cube_demper.ui.support import support_mail


class HelpState(rx.State):
    """The search of the page; the answers themselves are in it from the start."""

    search: str = ""
    support: str = ""
    slugs: list[str] = found("")

    @guarded(Role.USER)
    async def load(self) -> None:
        """Look for what the address asks for."""
        self.search = self.router.url.query_parameters.get("q", "")[:200]
        self.slugs = found(self.search)
        self.support = support_mail()
