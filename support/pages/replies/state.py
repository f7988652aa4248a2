"""Texts at hand: their list and the form of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from cube_demper.core.ids import find_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.support import replies
from cube_demper.ui import session
from cube_demper.ui.format import counted
from support.pages.replies.written import Written


@dataclass
class ReplyRow:
    """One text."""

    id: str = ""
    shortcut: str = ""
    title: str = ""
    message: str = ""
    used: str = ""


class RepliesState(Written, rx.State):
    """The list and the form."""

    rows: list[ReplyRow] = []
    form: ReplyRow = ReplyRow()
    doomed: ReplyRow = ReplyRow()
    _blank: ClassVar[type[Any]] = ReplyRow
    _saved: ClassVar[str] = "Ответ сохранён"
    _removed: ClassVar[str] = "Ответ удалён"

    async def _read(self, tx: ReadTx) -> list[ReplyRow]:
        found = await replies.list_all(tx, session.current_actor())
        return [
            ReplyRow(
                str(it.id),
                it.shortcut,
                it.title,
                it.message,
                counted(it.used, "раз", "раза", "раз"),
            )
            for it in found
        ]

    async def _save(self, tx: WriteTx, form: dict[str, str]) -> None:
        given = form.get("shortcut", ""), form.get("title", ""), form.get("message", "")
        await replies.save(tx, session.current_actor(), *given, reply_id=find_id(self.form.id))

    async def _remove(self, tx: WriteTx, row_id: Any) -> None:
        await replies.remove(tx, session.current_actor(), row_id)
