"""A page of partners by the address (`?tab=blocked&q=…`), and the form of one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from admin.listing import AdminList
from admin.pages.partners.rows import TABS, PartnerForm, PartnerRow, partner_form, partner_row
from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.core.paging import Page
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners import administration, people
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.query import ListQuery


class PartnersState(AdminList, FormErrors, rx.State):
    """The list, and one partner being made, changed or deleted."""

    rows: list[PartnerRow] = []
    form: PartnerForm = PartnerForm()
    asking: str = ""
    """«delete», «turn» (access) or none."""

    def _asked(self) -> ListQuery:
        return self._query()

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, Page]:
        services, tab = bootstrap.web(), asked.filters.get("tab", "")
        async with services.db.read() as tx:
            return asked, await administration.list_partners(
                tx,
                session.current_actor(),
                services.clock.now(),
                tab=tab if tab in TABS else "",
                search=asked.search,
                page=asked.page,
            )

    def _show(self, found: tuple[ListQuery, Page]) -> None:
        (asked, page), now = found, bootstrap.web().clock.now()
        self._show_page(page, asked, [partner_row(it, now) for it in page.rows], TABS)

    @guarded(Role.ADMIN)
    async def begin(self) -> None:
        """Open the form of a new partner."""
        self.errors, self.is_busy, self.form = {}, False, PartnerForm(is_open=True)

    @guarded(Role.ADMIN)
    async def open_partner(self, partner_id: str) -> None:
        """Open the form of a partner of the list."""
        self.errors, self.is_busy, self.asking = {}, False, ""
        row = next((it for it in self.rows if it.id == partner_id), None)
        if row is None:
            return
        async with bootstrap.web().db.read() as tx:
            obstacle = await administration.deletion_obstacle(
                tx, session.current_actor(), read_id(partner_id)
            )
        self.form = partner_form(row, obstacle)

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the form."""
        self.form, self.asking = PartnerForm(), ""

    @guarded(Role.ADMIN)
    async def save(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Make the partner, or change name and share."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        services, actor, percent = bootstrap.web(), session.current_actor(), _percent(form)
        name, mail = form.get("name", ""), form.get("mail", "")
        now, partner_id = services.clock.now(), self.form.id
        async with services.db.write() as tx:
            if partner_id:
                await administration.change(
                    tx, actor, read_id(partner_id), full_name=name, percent=percent
                )
                done = "Сохранено: новая доля считается со следующих оплат"
            else:
                await people.create(tx, actor, email=mail, full_name=name, percent=percent, now=now)
                done = f"Партнёр создан, письмо с приглашением отправлено на {mail}"
        await self._after()
        yield toasts.done(done)

    @dangerous(Role.ADMIN)
    async def turn(self) -> AsyncIterator[Any]:
        """Shut the partner out at once, or let them in again."""
        services, was = bootstrap.web(), self.form.is_blocked
        async with services.db.write() as tx:
            await administration.set_blocked(
                tx,
                session.current_actor(),
                read_id(self.form.id),
                is_blocked=not was,
                now=services.clock.now(),
            )
        await self._after()
        yield toasts.done("Доступ открыт" if was else "Доступ закрыт, ссылки не считают")

    @guarded(Role.ADMIN)
    async def ask(self, deed: str) -> None:
        """Ask before deleting, or shutting out and letting in."""
        self.asking = deed

    @dangerous(Role.ADMIN)
    async def delete(self) -> AsyncIterator[Any]:
        """Delete the partner."""
        async with bootstrap.web().db.write() as tx:
            await administration.delete(tx, session.current_actor(), read_id(self.form.id))
        await self._after()
        yield toasts.done("Партнёр удалён")

    async def _after(self) -> None:
        self.form, self.is_busy, self.asking = PartnerForm(), False, ""
        await self._read_and_show()


def _percent(form: dict[str, str]) -> int:
    text = form.get("percent", "").strip()
    if not text.isdecimal() or int(text) > 100:
        raise InvalidInput("Доля: целое число от 0 до 100.", field="percent")
    return int(text)
