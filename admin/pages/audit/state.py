"""A page of the log by the address (`?who=admin@example.kz&action=user_blocked&since=2026-11-01`).

It is not live: rows that move while one reads a log are worse than a press of F5.
"""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from admin.listing import AdminKeyset
from admin.pages.audit.rows import Entry, entry_row
from cube_demper import bootstrap
from cube_demper.db.keyset import Window
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.audit import reading
from cube_demper.domain.audit.reading import Record
from cube_demper.domain.audit.words import words_of
from cube_demper.ui import session
from cube_demper.ui.downloads import save_file
from cube_demper.ui.guards import guarded
from cube_demper.ui.query import ListQuery


class AuditState(AdminKeyset, rx.State):
    """The log."""

    _filters: ClassVar[tuple[str, ...]] = ("who", "role", "action", "about", "since", "until")

    rows: list[Entry] = []
    actions: list[dict[str, str]] = []

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, Window[Record], list[str]]:
        actor = session.current_actor()
        async with bootstrap.web().db.read() as tx:
            known = await reading.actions(tx, actor)
            narrowed = reading.read_filter(asked.filters)
            found = await reading.page(tx, actor, narrowed, asked.filters.get("at", ""))
        return asked, found, known

    def _show(self, found: Any) -> None:
        asked, window, known = found
        pairs = sorted((words_of(it), it) for it in known)
        self.actions = [{"value": it, "label": words} for words, it in pairs]
        now = bootstrap.web().clock.now()
        self._show_window(asked, window, [entry_row(it, now) for it in window.rows])

    @guarded(Role.ADMIN)
    async def export(self) -> rx.event.EventSpec:
        """Save what the filters show as a table."""
        return save_file("/api/admin/audit?format=xlsx&", with_filter=True)
