"""Texts at hand: their list and the form of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id, read_id
from cube_demper.domain.support import replies
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads
from support.live import STAFF


@dataclass
class ReplyRow:
    """One text."""

    id: str = ""
    shortcut: str = ""
    title: str = ""
    message: str = ""
    used: str = ""


class RepliesState(PageMixin, FormErrors, rx.State):
    """The list and the form."""

    rows: list[ReplyRow] = []
    form: ReplyRow = ReplyRow()
    is_writing: bool = False
    doomed: ReplyRow = ReplyRow()

    @loads(*STAFF)
    async def load(self) -> None:
        """Read the texts."""
        self.is_writing, self.doomed = False, ReplyRow()
        self.rows = await _read()
        self.phase = "ready"

    @guarded(*STAFF)
    async def write(self, reply_id: str) -> None:
        """Open the form: of one text, or with "" of a new one."""
        self.errors, self.is_busy = {}, False
        self.form = self._find(reply_id)
        self.is_writing = True

    @guarded(*STAFF)
    async def put_away(self) -> None:
        """Close the form."""
        self.is_writing = False

    @guarded(*STAFF)
    async def save(self, form: dict[str, str]) -> Any:
        """Keep what is in the form."""
        self.errors, self.is_busy = {}, True
        yield None
        given = form.get("shortcut", ""), form.get("title", ""), form.get("message", "")
        async with bootstrap.web().db.write() as tx:
            await replies.save(tx, session.current_actor(), *given, reply_id=find_id(self.form.id))
        self.rows = await _read()
        self.is_writing, self.is_busy = False, False
        yield toasts.done("Ответ сохранён")

    @guarded(*STAFF)
    async def ask_remove(self, reply_id: str) -> None:
        """Ask before a text goes: all of support lose it."""
        self.doomed = self._find(reply_id)

    @guarded(*STAFF)
    async def keep(self) -> None:
        """Leave it."""
        self.doomed = ReplyRow()

    @guarded(*STAFF)
    async def remove(self) -> Any:
        """Forget it."""
        async with bootstrap.web().db.write() as tx:
            await replies.remove(tx, session.current_actor(), read_id(self.doomed.id))
        self.doomed, self.rows = ReplyRow(), await _read()
        return toasts.done("Ответ удалён")

    def _find(self, reply_id: str) -> ReplyRow:
        return next((it for it in self.rows if it.id == reply_id), ReplyRow())


async def _read() -> list[ReplyRow]:
    async with bootstrap.web().db.read() as tx:
        found = await replies.list_all(tx, session.current_actor())
    return [
        ReplyRow(
            str(it.id), it.shortcut, it.title, it.message, counted(it.used, "раз", "раза", "раз")
        )
        for it in found
    ]
