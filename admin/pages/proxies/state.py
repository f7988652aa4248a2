"""A page of addresses by the address (`?tab=failing&q=…`), the import and the deeds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from admin.asking import Question
from admin.listing import AdminList
from admin.pages.proxies.rows import TABS, ProxyRow, proxy_row
from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.core.paging import Page
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.proxies import administration
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.format import counted, number
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.query import ListQuery

_ADDRESSES = ("адрес", "адреса", "адресов")


class ProxiesState(AdminList, FormErrors, rx.State):
    """The list, the import, and the question before a deed."""

    rows: list[ProxyRow] = []
    is_importing: bool = False
    plan: list[tuple[str, str]] = []
    """What the import will do, in numbers; empty: not asked yet."""
    question: Question = Question()
    _text: str = ""

    def _asked(self) -> ListQuery:
        return self._query()

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, Page]:
        tab = asked.filters.get("tab", "")
        async with bootstrap.web().db.read() as tx:
            return asked, await administration.list_proxies(
                tx,
                session.current_actor(),
                tab=tab if tab in TABS else "",
                search=asked.search,
                page=asked.page,
            )

    def _show(self, found: tuple[ListQuery, Page]) -> None:
        (asked, page), now = found, bootstrap.web().clock.now()
        self._show_page(page, asked, [proxy_row(it, now) for it in page.rows], TABS)

    @guarded(Role.ADMIN)
    async def begin(self) -> None:
        """Open the import."""
        self.errors, self.is_busy, self.plan, self.is_importing = {}, False, [], True

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close what is open over the list."""
        self.is_importing, self.question, self._text = False, Question(), ""

    @guarded(Role.ADMIN)
    async def submit(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Say what the import will do; the second time, do it."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        text, actor = form.get("lines", ""), session.current_actor()
        services = bootstrap.web()
        if not self.plan or text != self._text:
            async with services.db.read() as tx:
                found = await administration.plan_import(tx, actor, text)
            self._text, self.is_busy = text, False
            self.plan = [("Новых", number(found.new)), ("Обновятся", number(found.known))]
            return
        async with services.db.write() as tx:
            done = await administration.import_text(tx, actor, text, services.secrets)
        self.is_importing, self.is_busy, self._text = False, False, ""
        await self._read_and_show()
        yield toasts.done(f"Загружено: {counted(done, *_ADDRESSES)}")

    @guarded(Role.ADMIN)
    async def ask(self, deed: str, proxy_id: str) -> None:
        """Say what a deed will do."""
        row = next((it for it in self.rows if it.id == proxy_id), None)
        self.question = _question(deed, row) if row else Question()

    @dangerous(Role.ADMIN)
    async def confirm(self) -> AsyncIterator[Any]:
        """Do it."""
        it, actor = self.question, session.current_actor()
        proxy_id = read_id(it.id)
        async with bootstrap.web().db.write() as tx:
            match it.deed:
                case "delete":
                    done = f"{await administration.delete(tx, actor, proxy_id)}: удалён"
                case "release":
                    done = f"{await administration.release(tx, actor, proxy_id)}: в общем запасе"
                case _:
                    is_on = it.deed == "on"
                    label = await administration.set_enabled(tx, actor, proxy_id, is_enabled=is_on)
                    done = f"{label}: {'включён' if is_on else 'выключен'}"
        self.question = Question()
        await self._read_and_show()
        yield toasts.done(done)


def _question(deed: str, row: ProxyRow) -> Question:
    words = {
        "off": ("Выключить", "Запросы пойдут через остальные адреса, в течение минуты."),
        "on": ("Включить", "Запросы снова пойдут и через него, в течение минуты."),
        "release": ("Вернуть в запас", f"Сейчас закреплён за {row.owner}: у него станет меньше."),
        "delete": ("Удалить", "Вернуть можно только новой загрузкой, с паролем."),
    }
    verb, text = words[deed]
    return Question(
        deed=deed,
        id=row.id,
        title=f"{verb} {row.label}?",
        text=text,
        confirm=verb,
        facts=[("Состояние", row.state), ("Последний ответ", row.ok), ("Чей", row.owner)],
    )
