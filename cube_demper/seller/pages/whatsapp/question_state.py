"""What is asked before a number stops or goes, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging.sessions import service
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded


@dataclass
class Question:
    """What is asked before it happens. `act`: "", "restart", "log_out" or "remove"."""

    act: str = ""
    id: str = ""
    title: str = ""
    text: str = ""
    confirm: str = ""


_QUESTIONS = {
    "restart": (
        "Перезапустить номер?",
        "Связь прервётся на несколько секунд. Сообщения, которые ждут, уйдут после.",
        "Перезапустить",
    ),
    "log_out": (
        "Отключить номер?",
        (
            "Телефон отвяжется, сообщения покупателям с него больше не уходят. Переписка останется, "
            "номер можно подключить снова."
        ),
        "Отключить номер",
    ),
    "remove": (
        "Удалить номер?",
        (
            "Телефон отвяжется, номер исчезнет из списка, магазины перестанут писать с него. "
            "Переписка останется."
        ),
        "Удалить номер",
    ),
}
_DONE = {
    "restart": "Перезапускаем.",
    "log_out": "Отключаем номер.",
    "remove": "Удаляем номер.",
}


@dataclass
class Named:
    """The number that is being renamed; no id: none."""

    id: str = ""
    label: str = ""


class NumberQuestionState(rx.State):
    """The question on the screen."""

    question: Question = Question()
    named: Named = Named()

    @guarded(Role.USER)
    async def ask(self, act: str, session_id: str) -> None:
        """Ask before a change."""
        if act in _QUESTIONS:
            self.question = Question(act, session_id, *_QUESTIONS[act])

    @guarded(Role.USER)
    async def close(self) -> None:
        """Change nothing."""
        self.question, self.named = Question(), Named()

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Do what was asked."""
        asked, self.question = self.question, Question()
        await _carry(asked.act, asked.id)
        return toasts.done(_DONE[asked.act])

    @guarded(Role.USER)
    async def ask_name(self, session_id: str, label: str) -> None:
        """Ask for another name."""
        self.named = Named(session_id, label)

    @guarded(Role.USER)
    async def rename(self, form: dict[str, Any]) -> None:
        """Give a number the seller's own word."""
        asked, self.named = self.named, Named()
        label = str(form.get("new_label", ""))
        async with bootstrap.web().db.write() as tx:
            await service.rename(tx, session.current_actor(), read_id(asked.id), label)

    @guarded(Role.USER)
    async def renew(self, session_id: str) -> None:
        """Ask for a fresh QR: nothing is lost, so nothing is asked."""
        await _carry("restart", session_id)


async def _carry(act: str, session_id: str) -> None:
    acts = {"restart": service.restart, "log_out": service.log_out, "remove": service.remove}
    services = bootstrap.web()
    async with services.db.write() as tx:
        now = services.clock.now()
        await acts[act](tx, session.current_actor(), read_id(session_id), now)
