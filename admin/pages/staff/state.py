"""Admins and support people: invite, shut out, let in, take the second factor of who lost it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.pages.staff.rows import MemberLine, member_line
from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts import administration, second_factor
from cube_demper.domain.accounts.schemas import Role
from cube_demper.models.accounts import UserRole
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads


class TeamState(PageMixin, FormErrors, rx.State):
    """The team."""

    members: list[MemberLine] = []
    is_inviting: bool = False

    @loads(Role.ADMIN)
    async def load(self) -> None:
        """Read the team."""
        self.is_inviting, self.errors, self.is_busy = False, {}, False
        await self._reread()
        self.phase = "ready"

    @guarded(Role.ADMIN)
    async def ask(self) -> None:
        """Open the form of an invitation."""
        self.is_inviting, self.errors, self.is_busy = True, {}, False

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the form."""
        self.is_inviting = False

    @dangerous(Role.ADMIN)
    async def invite(self, form: dict[str, str]) -> Any:
        """Make a member; a letter lets them set a password."""
        self.errors = {}
        role = form.get("role", "")
        if role not in (UserRole.ADMIN, UserRole.SUPPORT):
            raise InvalidInput("Выберите роль.", field="role")
        services = bootstrap.web()
        async with services.db.write() as tx:
            await administration.invite(
                tx,
                session.current_actor(),
                form.get("email", ""),
                name=form.get("full_name", ""),
                role=Role(role),
                now=services.clock.now(),
            )
        self.is_inviting = False
        await self._reread()
        return toasts.done("Письмо со ссылкой отправлено")

    @dangerous(Role.ADMIN)
    async def revoke(self, user_id: str) -> Any:
        """Shut a member out."""
        return await self._set_blocked(user_id, is_blocked=True)

    @dangerous(Role.ADMIN)
    async def restore(self, user_id: str) -> Any:
        """Let a member in again."""
        return await self._set_blocked(user_id, is_blocked=False)

    @dangerous(Role.ADMIN)
    async def reset_second(self, user_id: str) -> Any:
        """Take the second factor from who lost it."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await second_factor.reset(
                tx, session.current_actor(), read_id(user_id), services.clock.now()
            )
        await self._reread()
        return toasts.done("Второй шаг сброшен: при следующем входе его настроят заново")

    async def _set_blocked(self, user_id: str, *, is_blocked: bool) -> Any:
        services = bootstrap.web()
        async with services.db.write() as tx:
            await administration.set_blocked(
                tx,
                session.current_actor(),
                read_id(user_id),
                is_blocked=is_blocked,
                now=services.clock.now(),
            )
        await self._reread()
        return toasts.done("Доступ закрыт" if is_blocked else "Доступ открыт")

    async def _reread(self) -> None:
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.read() as tx:
            found = await administration.list_staff(tx, actor)
        now = services.clock.now()
        self.members = [member_line(it, str(actor.user_id), now) for it in found]
