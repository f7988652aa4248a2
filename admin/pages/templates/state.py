"""One default text at a time: typed, seen on an invented order, agreed to, brought back."""

from __future__ import annotations

from typing import Any

import reflex as rx

from admin.asking import Question
from admin.pages.templates.rows import VersionRow, question, reach_words, version_rows
from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging import defaults, templates
from cube_demper.domain.messaging.defaults import Reach
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.template_editor import Editor, WordRow, event_of, open_editor, show, words_of


class TemplatesState(FormErrors, PageMixin, rx.State):
    """The editor, its versions, and the question before saving."""

    editor: Editor = Editor()
    text: str = ""
    """What the field begins with; what is typed is never sent back."""
    words: list[WordRow] = []
    versions: list[VersionRow] = []
    reach: str = ""
    question: Question = Question()
    _saved: str = ""
    _typed: str = ""
    _seen: int = 0
    _sellers: int = 0
    _own: int = 0

    @loads(Role.ADMIN)
    async def load(self) -> None:
        """Open the text that the address names, else the first."""
        given = self.router.url.query_parameters
        event = event_of(given.get("event", ""), has_bonus=True)
        await self._open(event, Language.KK if given.get("lang") == "kk" else Language.RU)
        self.phase = "ready"

    @guarded(Role.ADMIN)
    async def type_text(self, text: str) -> None:
        """Show the typed text as a buyer would read it; nothing is saved."""
        self.errors = {}
        self._try_on(text)

    @guarded(Role.ADMIN)
    async def bring_back(self, number: int) -> None:
        """Put an earlier version into the field; it holds when it is saved."""
        row = next((it for it in self.versions if it.number == number), None)
        if row is None:
            return
        self.errors, self.text = {}, row.text
        self._try_on(row.text)

    @guarded(Role.ADMIN)
    async def ask(self) -> None:
        """Say whom the text will reach, and ask."""
        self.errors = {}
        templates.read_text(self._typed)
        if self._typed.strip() == self._saved:
            raise InvalidInput("Текст тот же: сохранять нечего.", field="text")
        self.question = question(self.editor, Reach(self._sellers, self._own))

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the question."""
        self.question = Question()

    @dangerous(Role.ADMIN)
    async def confirm(self) -> Any:
        """Let the text hold."""
        self.question = Question()
        event, language = TriggerEvent(self.editor.event), Language(self.editor.language)
        async with bootstrap.web().db.write() as tx:
            await defaults.save(
                tx, session.current_actor(), event, language, self._typed, seen=self._seen
            )
        await self._open(event, language)
        return toasts.done("Текст сменён: так уйдут и те сообщения, что уже ждут")

    async def _open(self, event: TriggerEvent, language: Language) -> None:
        services = bootstrap.web()
        async with services.db.read() as tx:
            found = await defaults.open_text(tx, session.current_actor(), event, language)
        self.errors, self.question = {}, Question()
        self.editor = open_editor(event, language, is_own=not found.now.is_shipped)
        self.words, self.versions = words_of(event), version_rows(found, services.clock.now())
        self.reach = reach_words(found.reach)
        self._sellers, self._own = found.reach.sellers, found.reach.own
        self._seen, self._saved, self.text = found.now.number, found.now.text, found.now.text
        self._try_on(found.now.text)

    def _try_on(self, text: str) -> None:
        event, language = TriggerEvent(self.editor.event), Language(self.editor.language)
        self._typed = text
        seen = templates.on_example(event, language, text)
        self.editor = show(self.editor, text, self._saved, seen)
