"""The seller's managers, what they may, what was done; and whose cabinet the person is in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts import staff
from cube_demper.domain.accounts.schemas import Role
from cube_demper.seller.pages.settings.staff_rows import (
    CabinetRow,
    DeedRow,
    MemberRow,
    deed_row,
    member_row,
)
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.live import REREAD, LiveMixin


@dataclass
class Picture:
    """Everything the tab shows; `is_owner` False: a manager sees only the cabinets."""

    is_owner: bool = True
    members: list[MemberRow] = field(default_factory=list)
    deeds: list[DeedRow] = field(default_factory=list)
    cabinets: list[CabinetRow] = field(default_factory=list)


class StaffState(FormErrors, LiveMixin, rx.State):
    """The tab «Сотрудники»."""

    picture: Picture = Picture()
    leaving: MemberRow = MemberRow()

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read managers, deeds and cabinets."""
        self.errors, self.is_busy, self.leaving = {}, False, MemberRow()
        self.picture = await _read()

    @guarded(Role.USER)
    async def invite(self, form: dict[str, Any]) -> Any:
        """Send an invitation."""
        self.errors = {}
        # An unticked box comes too, as False.
        ticked = [name for name, value in form.items() if value]
        rights = [it.removeprefix("right_") for it in ticked if it.startswith("right_")]
        services, email = bootstrap.web(), str(form.get("email", ""))
        async with services.db.write() as tx:
            await staff.invite(tx, session.current_actor(), email, rights, services.clock.now())
        self.picture = await _read()
        # Ticks too: the next person must not get these rights unseen.
        emptied = rx.call_script("document.getElementById('email').form.reset()")
        return [emptied, toasts.done(f"Приглашение отправим на {email.strip()}.")]

    @guarded(Role.USER)
    async def give(self, staff_id: str, area: str, is_given: bool) -> None:
        """Give a manager a right, or take it."""
        member = next((it for it in self.picture.members if it.id == staff_id), None)
        if member is None:
            raise InvalidInput("Этого сотрудника в списке уже нет.")
        rights = {area, *member.rights} if is_given else set(member.rights) - {area}
        async with bootstrap.web().db.write() as tx:
            await staff.change_rights(tx, session.current_actor(), read_id(staff_id), rights)
        self.picture = await _read()

    @guarded(Role.USER)
    async def ask_revoke(self, staff_id: str) -> None:
        """Ask before somebody is let go."""
        found = [it for it in self.picture.members if it.id == staff_id]
        self.leaving = found[0] if found else MemberRow()

    @guarded(Role.USER)
    async def keep(self) -> None:
        """Change nothing."""
        self.leaving = MemberRow()

    @guarded(Role.USER)
    async def revoke(self) -> Any:
        """Let them go."""
        services, gone = bootstrap.web(), self.leaving
        self.leaving = MemberRow()
        async with services.db.write() as tx:
            await staff.revoke(tx, session.current_actor(), read_id(gone.id), services.clock.now())
        self.picture = await _read()
        return toasts.done(f"{gone.name}: доступ закрыт.")

    @guarded(Role.USER)
    async def choose(self, owner_id: str) -> Any:
        """Go to a cabinet: another seller's, or one's own when none is named."""
        async with bootstrap.web().db.write() as tx:
            await staff.choose_cabinet(
                tx, session.current_actor(), read_id(owner_id) if owner_id else None
            )
        return rx.call_script("location.assign('/')")  # every state of the tab begins anew

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if any(event.kind in {REREAD, "staff"} for event in events):
            picture = await _read()
            async with self:
                self.picture = picture


async def _read() -> Picture:
    actor = session.current_actor()
    async with bootstrap.web().db.read() as tx:
        cabinets = [
            CabinetRow(str(it.owner_id), it.name, it.is_current)
            for it in await staff.list_cabinets(tx, actor)
        ]
        if actor.acts_for is not None:
            return Picture(is_owner=False, cabinets=cabinets)
        return Picture(
            True,
            [member_row(it) for it in await staff.list_staff(tx, actor)],
            [deed_row(it) for it in await staff.deeds(tx, actor)],
            cabinets,
        )
