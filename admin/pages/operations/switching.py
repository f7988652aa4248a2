"""Switches for an incident."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from admin.pages.operations.rows import SWITCHES, SwitchRow, switch_row
from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.switches import service as switches
from cube_demper.models.steering import Switch
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.guards import FormErrors, guarded


class SwitchesState(FormErrors, rx.State):
    """All switches, and the one that is about to be turned."""

    switches: list[SwitchRow] = []
    turning: SwitchRow = SwitchRow("", "", "", is_on=True, state="", reason="")

    @guarded(Role.ADMIN)
    async def load(self) -> None:
        """Read how they stand."""
        services = bootstrap.web()
        async with services.db.read() as tx:
            found = await switches.list_switches(tx, session.current_actor())
        order = list(SWITCHES)
        found.sort(key=lambda it: order.index(it.code))
        self.switches = [switch_row(it, services.clock.now()) for it in found]

    @guarded(Role.ADMIN)
    async def begin(self, code: str) -> None:
        """Ask before turning one."""
        self.errors, self.is_busy = {}, False
        self.turning = next(it for it in self.switches if it.code == code)

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the question."""
        self.turning = SwitchRow("", "", "", is_on=True, state="", reason="")

    @dangerous(Role.ADMIN)
    async def turn(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Turn it."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        it = self.turning
        async with bootstrap.web().db.write() as tx:
            await switches.turn(
                tx,
                session.current_actor(),
                Switch(it.code),
                is_on=not it.is_on,
                reason=form.get("reason") or "",
            )
        self.is_busy = False
        self.turning = SwitchRow("", "", "", is_on=True, state="", reason="")
        yield SwitchesState.load
        yield toasts.done(f"{it.name}: {'выключено' if it.is_on else 'включено'} для всех")
