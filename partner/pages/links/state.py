"""The partner's links, and the kit of one: address, QR code, texts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import service as billing
from cube_demper.domain.partners import links
from cube_demper.domain.partners import service as partners
from cube_demper.models.billing import Plan
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads
from partner.live import PartnerLive
from partner.pages.links.rows import KitView, LinkView, kit_view, link_view


class LinksState(PartnerLive, PageMixin, FormErrors, rx.State):
    """The list, the form of a new link and the kit."""

    rows: list[LinkView] = []
    code: str = ""
    trial_days: int = 0
    kit: KitView = KitView()
    is_adding: bool = False
    renames: str = ""
    """The link that the form gives another name; "" makes a new one."""
    campaign: str = ""

    @loads(Role.PARTNER)
    async def load(self) -> None:
        """Read the links."""
        self.kit, self.is_adding = KitView(), False
        self.rows, self.code, self.trial_days = await _read()
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        found = await _read()
        async with self:
            self.rows, self.code, self.trial_days = found

    @guarded(Role.PARTNER)
    async def open_kit(self, link_id: str) -> None:
        """Show what it takes to spread a link."""
        found = next((it for it in self.rows if it.id == link_id), None)
        if found is not None:
            self.kit = kit_view(found, self.code, self.trial_days)

    @guarded(Role.PARTNER)
    async def close_kit(self) -> None:
        """Put the kit away."""
        self.kit = KitView()

    @guarded(Role.PARTNER)
    async def begin(self) -> None:
        """Open the form of a new link."""
        self._ask("", "")

    @guarded(Role.PARTNER)
    async def begin_renaming(self) -> None:
        """Open the form with the name of the link whose kit is shown."""
        self._ask(self.kit.id, self.kit.campaign)

    @guarded(Role.PARTNER)
    async def cancel(self) -> None:
        """Put the form away."""
        self.is_adding = False

    @guarded(Role.PARTNER)
    async def submit(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Make a link, or give one another name, and show its kit."""
        self.errors, self.is_busy = {}, True
        yield None
        actor, campaign, link_id = session.current_actor(), form.get("campaign", ""), self.renames
        async with bootstrap.web().db.write() as tx:
            if link_id:
                await links.rename(tx, actor, read_id(link_id), campaign)
            else:
                link_id = str(await links.create(tx, actor, campaign))
        self.is_adding, self.is_busy = False, False
        self.rows, self.code, self.trial_days = await _read()
        yield LinksState.open_kit(link_id)

    @guarded(Role.PARTNER)
    async def archive(self, link_id: str) -> Any:
        """Put a link out of use."""
        await self._set_archived(link_id, is_archived=True)
        return toasts.undo("Ссылка в архиве, переходы не считаем", LinksState.restore(link_id))

    @guarded(Role.PARTNER)
    async def restore(self, link_id: str) -> Any:
        """Put a link back into use."""
        await self._set_archived(link_id, is_archived=False)
        return toasts.done("Ссылка снова работает")

    def _ask(self, renames: str, campaign: str) -> None:
        self.renames, self.campaign = renames, campaign
        self.errors, self.is_busy, self.is_adding = {}, False, True

    async def _set_archived(self, link_id: str, *, is_archived: bool) -> None:
        services = bootstrap.web()
        async with services.db.write() as tx:
            await links.set_archived(
                tx,
                session.current_actor(),
                read_id(link_id),
                is_archived=is_archived,
                now=services.clock.now(),
            )
        self.rows, self.code, self.trial_days = await _read()
        self.kit = KitView()


async def _read() -> tuple[list[LinkView], str, int]:
    services, actor = bootstrap.web(), session.current_actor()
    site = services.settings.app_url(CubeApp.SELLER)
    async with services.db.read() as tx:
        rows = await links.listing(tx, actor)
        profile = await partners.profile(tx, actor)
        trial = (await billing.plans(tx))[Plan.PRO].trial_days
    return [link_view(it, site) for it in rows], profile.code, trial
