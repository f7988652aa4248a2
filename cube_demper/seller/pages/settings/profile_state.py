"""Name, password and the browsers that are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import Role, SessionRow
from cube_demper.seller.pages.settings.devices import device_of
from cube_demper.ui import format as fmt
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.password_change import password_changed, passwords_of

_TABS = ("profile", "notifications", "staff", "data")


@dataclass
class DeviceRow:
    """A signed-in browser."""

    id: str = ""
    name: str = ""
    icon: str = ""
    note: str = ""
    is_current: bool = False


class ProfileState(FormErrors, rx.State):
    """What the first tab shows, and which tab the address asks for."""

    tab: str = "profile"
    email: str = ""
    full_name: str = ""
    devices: list[DeviceRow] = []

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read the person and their browsers."""
        asked = self.router.url.query_parameters.get("tab", "")
        self.tab = asked if asked in _TABS else "profile"
        self.errors, self.is_busy = {}, False
        await self._read()

    @guarded(Role.USER)
    async def rename(self, form: dict[str, Any]) -> Any:
        """Save the name."""
        self.errors = {}
        async with bootstrap.web().db.write() as tx:
            await accounts.rename(tx, session.current_actor(), str(form.get("full_name", "")))
        await self._read()
        return toasts.done("Имя сохранено.")

    @guarded(Role.USER)
    async def change_password(self, form: dict[str, Any]) -> Any:
        """Set a new password by the old one; other browsers are signed out."""
        self.errors, self.is_busy = {}, True
        yield
        current, new = passwords_of(form)
        services, signed = bootstrap.web(), await session.find_signed_in(self)
        if signed is None:
            return
        async with services.db.write() as tx:
            await accounts.change_password(
                tx,
                session.current_actor(),
                current=current,
                new=new,
                session_id=signed.session_id,
                visitor=session.visitor(self),
                attempts=session.attempts(),
                now=services.clock.now(),
            )
        self.is_busy = False
        await self._read()
        yield password_changed()

    @guarded(Role.USER)
    async def sign_out(self, session_id: str) -> Any:
        """Sign one browser out."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await accounts.revoke_session(
                tx, session.current_actor(), read_id(session_id), services.clock.now()
            )
        await self._read()
        return toasts.done("Сеанс завершён.")

    async def _read(self) -> None:
        services, signed = bootstrap.web(), await session.find_signed_in(self)
        if signed is None:
            return
        async with services.db.read() as tx:
            rows = await accounts.list_sessions(
                tx,
                session.current_actor(),
                CubeApp.SELLER,
                services.clock.now(),
                current=signed.session_id,
            )
        self.email, self.full_name = signed.actor.email, signed.full_name
        self.devices = [_device(row) for row in rows]


def _device(row: SessionRow) -> DeviceRow:
    name, icon = device_of(row.user_agent)
    place = f" · {row.ip}" if row.ip else ""
    note = f"вход {fmt.moment(row.created_at)}{place}"
    return DeviceRow(str(row.id), name, icon, note, row.is_current)
