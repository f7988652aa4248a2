"""What is done with a broadcast: started, paused, gone on with, stopped, copied, thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import Conflict
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging.broadcasts import drafts, running
from cube_demper.seller.pages.whatsapp_broadcast.state import BroadcastState
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded

_LIST = "/messages/broadcasts"


@dataclass
class Question:
    """What is asked before it happens. `act`: "", "stop" or "remove"."""

    act: str = ""
    title: str = ""
    text: str = ""
    confirm: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


class ActState(FormErrors, rx.State):
    """Buttons of the page and the question before what cannot be undone."""

    question: Question = Question()

    @guarded(Role.USER)
    async def start(self, given: dict[str, Any]) -> Any:
        """Let the draft go out to the people who were shown."""
        self.errors = {}
        page, services = await self.get_state(BroadcastState), bootstrap.web()
        try:
            async with services.db.write() as tx:
                await running.start(
                    tx, session.current_actor(), UUID(page.form.id), services.clock.now(),
                    people=page.reach.people, has_agreed=bool(given.get("agreed")),
                    secrets=services.secrets,
                )  # fmt: skip
        except Conflict:  # not what was shown any more: show what is
            await page._read_anew()  # noqa: SLF001 - one page's states
            raise
        return await self._told("Рассылка пошла")

    @guarded(Role.USER)
    async def pause(self) -> Any:
        """Write to nobody else for now."""
        async with bootstrap.web().db.write() as tx:
            await running.pause(tx, session.current_actor(), self._id())
        return await self._told("На паузе: остальные ждут")

    @guarded(Role.USER)
    async def go_on(self) -> Any:
        """Go on with those who are left."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await running.go_on(
                tx, session.current_actor(), self._id(), services.clock.now(),
                secrets=services.secrets,
            )  # fmt: skip
        return await self._told("Рассылка продолжается")

    @guarded(Role.USER)
    async def ask(self, act: str) -> None:
        """Ask before what cannot be undone, in numbers."""
        page = await self.get_state(BroadcastState)
        if act == "stop":
            facts = [("Уже написали", page.standing.sent), ("Не напишем", page.standing.left)]
            text = "Продолжить её потом нельзя, только скопировать в новую."
            self.question = Question(act, "Остановить рассылку?", text, "Остановить", facts)
        elif act == "remove":
            text = "Никому ничего не ушло. Вернуть черновик нельзя."
            self.question = Question(act, "Удалить черновик?", text, "Удалить")

    @guarded(Role.USER)
    async def close(self) -> None:
        """Do nothing."""
        self.question = Question()

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Do what was asked about."""
        act, services = self.question.act, bootstrap.web()
        self.question = Question()
        async with services.db.write() as tx:
            actor = session.current_actor()
            if act == "remove":
                await drafts.remove(tx, actor, self._id())
                return rx.redirect(_LIST)
            if act == "stop":
                await running.stop(tx, actor, self._id(), services.clock.now())
        return await self._told("Рассылка остановлена")

    @guarded(Role.USER)
    async def copy(self) -> Any:
        """Open a draft with the same words and filter."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            kept = await drafts.copy(tx, session.current_actor(), self._id(), services.clock.now())
        return rx.redirect(f"{_LIST}/{kept}")

    async def _told(self, words: str) -> Any:
        page = await self.get_state(BroadcastState)
        await page._read_anew()  # noqa: SLF001 - one page's states
        return toasts.done(words)

    def _id(self) -> UUID:
        return UUID(self.router.url.path.rstrip("/").rsplit("/", 1)[-1])
