"""A page of announcements; writing one, and taking one back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from admin.asking import Question
from admin.listing import AdminList
from admin.pages.announcements.rows import AnnouncementRow, announcement_row, read_draft
from cube_demper import bootstrap
from cube_demper.core.clock import ALMATY
from cube_demper.core.ids import read_id
from cube_demper.core.paging import Page
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.announcements import service as announcements
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.format import counted, day
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.query import ListQuery

_SELLERS = ("продавец", "продавца", "продавцов")


class AnnouncementsState(AdminList, FormErrors, rx.State):
    """The list, the form, and the questions before publishing and withdrawing."""

    rows: list[AnnouncementRow] = []
    is_writing: bool = False
    today: str = ""
    question: Question = Question()
    _draft: dict[str, str] = {}

    def _asked(self) -> ListQuery:
        return self._query()

    async def _channels(self) -> list[str]:
        """Listen to announcements that start."""
        return [announcements.CHANNEL]

    async def _read(self, asked: ListQuery) -> tuple[ListQuery, Page]:
        async with bootstrap.web().db.read() as tx:
            return asked, await announcements.list_page(tx, session.current_actor(), asked.page)

    def _show(self, found: tuple[ListQuery, Page]) -> None:
        (asked, page), now = found, bootstrap.web().clock.now()
        rows = [announcement_row(it, read, now) for it, read in page.rows]
        self._show_page(page, asked, rows)

    @guarded(Role.ADMIN)
    async def begin(self) -> None:
        """Open the form."""
        self.errors, self.is_busy, self.is_writing = {}, False, True
        self.today = bootstrap.web().clock.now().astimezone(ALMATY).date().isoformat()

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the form and the question."""
        self.is_writing, self.question = False, Question()

    @guarded(Role.ADMIN)
    async def check(self, form: dict[str, str]) -> None:
        """Say whom it will reach, and ask."""
        self.errors, self.is_busy = {}, False
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        draft = read_draft(form, now)
        announcements.check(draft, now)
        async with services.db.read() as tx:
            people = await announcements.count_hearers(tx, actor, draft.plan, now)
        self._draft = form
        self.question = Question(
            deed="publish",
            title=f"Опубликовать: «{draft.title.strip()}»?",
            text="Над страницами кабинета появится полоса, и каждый получит уведомление.",
            confirm="Опубликовать",
            facts=[
                ("Увидят", counted(people, *_SELLERS)),
                ("С", day(draft.starts_at)),
                ("По", form["ends"]),
            ],
        )

    @guarded(Role.ADMIN)
    async def ask_withdraw(self, announcement_id: str) -> None:
        """Ask before taking one back."""
        row = next((it for it in self.rows if it.id == announcement_id), None)
        if row is not None:
            self.question = Question(
                deed="withdraw",
                id=row.id,
                title=f"Снять: «{row.title}»?",
                text="Полоса исчезнет сразу; у тех, кто не прочёл, пропадёт и уведомление.",
                confirm="Снять",
                facts=[
                    ("Получили", row.told),
                    ("Прочитали", row.told_note.removeprefix("прочли ")),
                ],
            )

    @dangerous(Role.ADMIN)
    async def confirm(self) -> AsyncIterator[Any]:
        """Publish, or take back."""
        services, actor, it = bootstrap.web(), session.current_actor(), self.question
        now = services.clock.now()
        async with services.db.write() as tx:
            if it.deed == "publish":
                await announcements.publish(tx, actor, read_draft(self._draft, now), now)
                done = "Опубликовано"
            else:
                forgotten = await announcements.withdraw(tx, actor, read_id(it.id), now)
                done = f"Снято, не прочли {counted(forgotten, *_SELLERS)}"
        self.is_writing, self.question, self._draft = False, Question(), {}
        await self._read_and_show()
        yield toasts.done(done)
