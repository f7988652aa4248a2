"""What an admin does about a person: each by one dialog, the dangerous after the password again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import reflex as rx

from admin.pages.user.state import user_of
from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import administration, erasing, visits
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import extending
from cube_demper.models.accounts import UserRole
from cube_demper.models.billing import Plan
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.downloads import save_file
from cube_demper.ui.format import day
from cube_demper.ui.guards import FormErrors, guarded


class DeedsState(FormErrors, rx.State):
    """The dialogs."""

    dialog: str = ""
    """Which is open: "block", "extend", "role", "delete", "visit"."""

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close what is open."""
        self.dialog, self.errors, self.is_busy = "", {}, False

    @guarded(Role.ADMIN)
    async def ask(self, dialog: str) -> None:
        """Open a dialog."""
        self.dialog, self.errors, self.is_busy = dialog, {}, False

    @guarded(Role.ADMIN)
    async def block(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Shut the person out."""
        yield self._begin()
        await self._set_blocked(is_blocked=True, reason=form.get("reason", ""))
        yield self._done("Доступ закрыт: сеансы завершены, бот ничего не отправляет")

    @guarded(Role.ADMIN)
    async def unblock(self) -> Any:
        """Let the person in again."""
        await self._set_blocked(is_blocked=False)
        return self._done("Доступ открыт")

    @guarded(Role.ADMIN)
    async def extend(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Give days."""
        yield self._begin()
        given = form.get("days", "").strip()
        days = int(given) if given.isdecimal() and len(given) < 5 else 0
        plan = form.get("plan", "")
        services = bootstrap.web()
        async with services.db.write() as tx:
            until = await extending.extend(
                tx,
                session.current_actor(),
                self._user_id(),
                days,
                services.clock.now(),
                plan=Plan(plan) if plan in set(Plan) else None,
            )
        yield self._done(f"Тариф действует до {day(until)}")

    @dangerous(Role.ADMIN)
    async def change_role(self, form: dict[str, str]) -> Any:
        """Make the person a seller, support or admin."""
        role = form.get("role", "")
        if role not in set(UserRole):
            raise InvalidInput("Выберите роль.", field="role")
        services = bootstrap.web()
        async with services.db.write() as tx:
            await administration.set_role(
                tx, session.current_actor(), self._user_id(), Role(role), services.clock.now()
            )
        return self._done("Роль изменена, сеансы завершены")

    @dangerous(Role.ADMIN)
    async def delete(self, form: dict[str, str]) -> Any:
        """Delete the person."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await erasing.delete_user(
                tx,
                session.current_actor(),
                self._user_id(),
                form.get("reason", ""),
                services.clock.now(),
            )
        return self._done("Пользователь удалён, личные данные стираются")

    @dangerous(Role.ADMIN)
    async def visit(self, form: dict[str, str]) -> list[Any]:
        """Sign in as the person, in a tab of its own."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            code = await visits.begin(
                tx,
                session.current_actor(),
                self._user_id(),
                form.get("reason", ""),
                services.clock.now(),
            )
        site = services.settings.app_url(CubeApp.SELLER)
        address = f"{site}/enter?code={code}"
        return [rx.redirect(address, is_external=True), self._done("Кабинет открыт на 30 минут")]

    @guarded(Role.ADMIN)
    async def end_sessions(self) -> Any:
        """Sign the person out everywhere."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await administration.end_sessions(
                tx, session.current_actor(), self._user_id(), services.clock.now()
            )
        return self._done("Все сеансы завершены")

    @dangerous(Role.ADMIN)
    async def export(self) -> Any:
        """Save the person's data."""
        return save_file(f"/api/admin/users/{self._user_id()}/archive")

    def _user_id(self) -> UUID:
        return user_of(self.router.url) or read_id("")

    def _begin(self) -> None:
        self.errors, self.is_busy = {}, True

    def _done(self, words: str) -> Any:
        self.dialog, self.errors, self.is_busy = "", {}, False
        return toasts.done(words)

    async def _set_blocked(self, *, is_blocked: bool, reason: str = "") -> None:
        services = bootstrap.web()
        async with services.db.write() as tx:
            await administration.set_blocked(
                tx,
                session.current_actor(),
                self._user_id(),
                is_blocked=is_blocked,
                reason=reason,
                now=services.clock.now(),
            )
