"""One text at a time: typed, seen on a real order, saved, sent to oneself."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging import templates
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.template_editor import Editor, WordRow, event_of, open_editor, show, words_of


class TemplatesState(FormErrors, PageMixin, rx.State):
    """The editor."""

    editor: Editor = Editor()
    text: str = ""
    """What the field begins with. What is typed is never sent back: it would undo what is typed meanwhile."""
    words: list[WordRow] = []
    has_bonus: bool = False
    _saved: str = ""
    _typed: str = ""

    @loads(Role.USER)
    async def load(self) -> None:
        """Open the text that the address names, else the first."""
        given = self.router.url.query_parameters
        self.has_bonus = bootstrap.web().settings.is_review_bonus_allowed
        event = event_of(given.get("event", ""), has_bonus=self.has_bonus)
        self.errors = {}
        await self._open(event, Language.KK if given.get("lang") == "kk" else Language.RU)
        self.phase = "ready"

    @guarded(Role.USER)
    async def type_text(self, text: str) -> None:
        """Show the typed text as a buyer would read it; nothing is saved."""
        self.errors = {}
        await self._try_on(text)

    @guarded(Role.USER)
    async def save(self) -> Any:
        """Keep the text."""
        self.errors = {}
        event, language = self._which()
        async with bootstrap.web().db.write() as tx:
            await templates.save(tx, session.current_actor(), event, language, self._typed)
        await self._open(event, language)
        return toasts.done("Текст сохранён: так уйдут и те сообщения, что уже ждут")

    @guarded(Role.USER)
    async def reset_text(self) -> Any:
        """Go back to the text that we ship."""
        event, language = self._which()
        async with bootstrap.web().db.write() as tx:
            await templates.reset(tx, session.current_actor(), event, language)
        await self._open(event, language)
        return toasts.done("Вернули наш текст")

    @guarded(Role.USER)
    async def send_test(self) -> Any:
        """Send the typed text to oneself."""
        self.errors = {}
        services, (event, language) = bootstrap.web(), self._which()
        async with services.db.write() as tx:
            await templates.send_test(
                tx, session.current_actor(), event, language, self._typed,
                secrets=services.secrets, now=services.clock.now(),
            )  # fmt: skip
        return toasts.done("Отправляем на ваш номер: придёт в течение минуты")

    def _which(self) -> tuple[TriggerEvent, Language]:
        return TriggerEvent(self.editor.event), Language(self.editor.language)

    async def _open(self, event: TriggerEvent, language: Language) -> None:
        async with bootstrap.web().db.read() as tx:
            found = await templates.list_templates(tx, session.current_actor())
        view = next(it for it in found if (it.event, it.language) == (event, language))
        self.editor = open_editor(event, language, is_own=view.is_own)
        self.words, self._saved, self.text = words_of(event), view.text, view.text
        await self._try_on(view.text)

    async def _try_on(self, text: str) -> None:
        services, (event, language) = bootstrap.web(), self._which()
        async with services.db.read() as tx:
            seen = await templates.preview(
                tx, session.current_actor(), event, language, text, secrets=services.secrets
            )
        self._typed = text
        self.editor = show(self.editor, text, self._saved, seen)
