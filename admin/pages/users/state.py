"""A page of people by the address (`?q=aigul&tab=blocked&plan=pro&at=…`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import reflex as rx

from admin.listing import AdminKeyset
from admin.pages.users.rows import PersonLine, person_line
from cube_demper import bootstrap
from cube_demper.db.keyset import Window
from cube_demper.domain.accounts import directory
from cube_demper.domain.accounts.directory_schemas import PeopleFilter, PersonRow
from cube_demper.domain.statistics.reading import ONLINE_WITHIN
from cube_demper.ui import session
from cube_demper.ui.query import ListQuery

_DAYS = {"1": 1, "7": 7, "30": 30, "90": 90}


class UsersState(AdminKeyset, rx.State):
    """The list."""

    _filters: ClassVar[tuple[str, ...]] = ("plan", "email", "stores", "came", "seen")
    _concern: ClassVar[frozenset[str]] = frozenset({"users"})

    rows: list[PersonLine] = []

    async def _channels(self) -> list[str]:
        return ["staff"]

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, Window[PersonRow]]:
        services = bootstrap.web()
        now, given = services.clock.now(), asked.filters
        days = _DAYS.get(given.get("came", ""))
        narrowed = PeopleFilter(
            search=asked.search,
            tab=given.get("tab", ""),
            plan=given.get("plan", ""),
            email=given.get("email", ""),
            stores=given.get("stores", ""),
            since=now - timedelta(days=days) if days else None,
            seen_since=now - ONLINE_WITHIN if given.get("seen") else None,
        )
        async with services.db.read() as tx:
            return asked, await directory.page(
                tx,
                session.current_actor(),
                narrowed,
                cursor=given.get("at", ""),
                secrets=services.secrets,
                now=now,
            )

    def _show(self, found: Any) -> None:
        asked, window = found
        now = bootstrap.web().clock.now()
        self._show_window(asked, window, [person_line(it, now) for it in window.rows])
