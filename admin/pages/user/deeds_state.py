"""What an admin does about a person: each by one dialog, the dangerous after the password again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
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
        self.errors, self.is_busy = {}, True
        yield None
        await _do(
            administration.set_blocked,
            self._user_id(),
            is_blocked=True,
            reason=form.get("reason", ""),
        )
        yield self._done("Доступ закрыт: сеансы завершены, бот ничего не отправляет")

    @guarded(Role.ADMIN)
    async def unblock(self) -> Any:
        """Let the person in again."""
        await _do(administration.set_blocked, self._user_id(), is_blocked=False)
        return self._done("Доступ открыт")

    @guarded(Role.ADMIN)
    async def extend(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Give days."""
        self.errors, self.is_busy = {}, True
        yield None
        given, plan = form.get("days", "").strip(), form.get("plan", "")
        days = int(given) if given.isdecimal() and len(given) < 5 else 0
        chosen = Plan(plan) if plan in set(Plan) else None
        until = await _do(extending.extend, self._user_id(), days, plan=chosen)
        yield self._done(f"Тариф действует до {day(until)}")

    @dangerous(Role.ADMIN)
    async def change_role(self, form: dict[str, str]) -> Any:
        """Make the person a seller, support or admin."""
        role = form.get("role", "")
        if role not in set(UserRole):
            raise InvalidInput("Выберите роль.", field="role")
        await _do(administration.set_role, self._user_id(), Role(role))
        return self._done("Роль изменена, сеансы завершены")

    @dangerous(Role.ADMIN)
    async def delete(self, form: dict[str, str]) -> Any:
        """Delete the person."""
        await _do(erasing.delete_user, self._user_id(), form.get("reason", ""))
        return self._done("Пользователь удалён, личные данные стираются")

    @dangerous(Role.ADMIN)
    async def visit(self, form: dict[str, str]) -> list[Any]:
        """Sign in as the person, in a tab of its own."""
        code = await _do(visits.begin, self._user_id(), form.get("reason", ""))
        address = f"{bootstrap.web().settings.app_url(CubeApp.SELLER)}/enter?code={code}"
        return [rx.redirect(address, is_external=True), self._done("Кабинет открыт на 30 минут")]

    @guarded(Role.ADMIN)
    async def end_sessions(self) -> Any:
        """Sign the person out everywhere."""
        await _do(administration.end_sessions, self._user_id())
        return self._done("Все сеансы завершены")

    @dangerous(Role.ADMIN)
    async def export(self) -> Any:
        """Save the person's data."""
        return save_file(f"/api/admin/users/{self._user_id()}/archive")

    def _user_id(self) -> UUID:
        return user_of(self.router.url) or read_id("")

    def _done(self, words: str) -> Any:
        self.dialog, self.errors, self.is_busy = "", {}, False
        return toasts.done(words)


async def _do(deed: Callable[..., Awaitable[Any]], *about: Any, **more: Any) -> Any:
    """Do it in a transaction, as the admin of this event, now."""
    services = bootstrap.web()
    async with services.db.write() as tx:
        return await deed(tx, session.current_actor(), *about, now=services.clock.now(), **more)
