"""Quick answers: their list, a form for one, and what is about to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id, read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging.inbox import quick
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded


@dataclass
class QuickRow:
    """One quick answer."""

    id: str
    title: str
    message: str


@dataclass
class QuickForm:
    """The one that is being written; `id` "" for a new one."""

    id: str = ""
    title: str = ""
    message: str = ""
    is_open: bool = False


class QuickState(FormErrors, rx.State):
    """The dialog of quick answers."""

    is_open: bool = False
    rows: list[QuickRow] = []
    form: QuickForm = QuickForm()
    doomed: QuickRow = QuickRow("", "", "")

    @guarded(Role.USER)
    async def open(self) -> None:
        """Show the list."""
        await self._read()
        self.errors, self.form, self.is_open = {}, QuickForm(), True

    @guarded(Role.USER)
    async def close(self) -> None:
        """Put the dialog away."""
        self.is_open, self.form, self.doomed = False, QuickForm(), QuickRow("", "", "")

    @guarded(Role.USER)
    async def write(self, reply_id: str) -> None:
        """Open the form: for one answer, or with "" for a new one."""
        self.errors = {}
        found = next((it for it in self.rows if it.id == reply_id), None)
        self.form = QuickForm(is_open=True)
        if found is not None:
            self.form = QuickForm(found.id, found.title, found.message, is_open=True)

    @guarded(Role.USER)
    async def back(self) -> None:
        """Return to the list."""
        self.errors, self.form = {}, QuickForm()

    @guarded(Role.USER)
    async def save(self, form: dict[str, Any]) -> None:
        """Keep what is in the form."""
        self.errors = {}
        given = str(form.get("title", "")), str(form.get("message", ""))
        self.form = QuickForm(self.form.id, *given, is_open=True)
        async with bootstrap.web().db.write() as tx:
            await quick.save(tx, session.current_actor(), *given, find_id(self.form.id))
        await self._read()
        self.form = QuickForm()

    @guarded(Role.USER)
    async def ask_remove(self, reply_id: str) -> None:
        """Ask before an answer goes."""
        found = next((it for it in self.rows if it.id == reply_id), None)
        self.doomed = found or QuickRow("", "", "")

    @guarded(Role.USER)
    async def keep(self) -> None:
        """Leave it."""
        self.doomed = QuickRow("", "", "")

    @guarded(Role.USER)
    async def remove(self) -> None:
        """Forget it."""
        async with bootstrap.web().db.write() as tx:
            await quick.remove(tx, session.current_actor(), read_id(self.doomed.id))
        self.doomed = QuickRow("", "", "")
        await self._read()

    async def _read(self) -> None:
        async with bootstrap.web().db.read() as tx:
            found = await quick.list_replies(tx, session.current_actor())
        self.rows = [QuickRow(str(it.id), it.title, it.message) for it in found]
