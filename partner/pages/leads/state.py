"""A page of leads by the address (`?tab=held&page=2`), and the panel of one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners import reading
from cube_demper.domain.partners.reading import Page
from cube_demper.domain.partners.words import STAGE_WORDS
from cube_demper.ui import session
from cube_demper.ui.downloads import save_file
from cube_demper.ui.guards import guarded
from cube_demper.ui.query import ListQuery
from partner.listing import PartnerList
from partner.pages.leads.rows import LeadRow, LeadView, lead_row, lead_view


class LeadsState(PartnerList, rx.State):
    """The list and its panel."""

    rows: list[LeadRow] = []
    lead: LeadView = LeadView()

    async def _read(self, asked: ListQuery) -> tuple[str, Page]:
        stage = asked.filters.get("tab", "")
        stage = stage if stage in STAGE_WORDS else ""
        async with bootstrap.web().db.read() as tx:
            return stage, await reading.leads(tx, session.current_actor(), stage, asked.page)

    def _show(self, found: tuple[str, Page]) -> None:
        (tab, page), now = found, bootstrap.web().clock.now()
        page.counts.update({it: page.counts.get(it, 0) for it in STAGE_WORDS})
        self._show_page(page, tab, [lead_row(it, stage, now) for it, stage in page.rows])

    def _put_away(self) -> None:
        self.lead = LeadView()

    async def _changed(self, events: list[Any]) -> None:
        await super()._changed(events)
        async with self:
            shown = self.lead.id
        if shown:
            view = await _read_lead(shown)
            async with self:
                if self.lead.id == shown:
                    self.lead = view

    @guarded(Role.PARTNER)
    async def open_lead(self, lead_id: str) -> None:
        """Show the way of one lead."""
        self.lead = await _read_lead(lead_id)

    @guarded(Role.PARTNER)
    async def close_lead(self) -> None:
        """Put the panel away."""
        self.lead = LeadView()

    @guarded(Role.PARTNER)
    async def export(self) -> rx.event.EventSpec:
        """Save what the tab shows as CSV."""
        return save_file("/api/partner/leads?format=csv&", with_filter=True)


async def _read_lead(lead_id: str) -> LeadView:
    services = bootstrap.web()
    wanted = read_id(lead_id)
    async with services.db.read() as tx:
        found = await reading.lead(tx, session.current_actor(), wanted)
    return lead_view(*found, services.clock.now()) if found else LeadView()
