"""Labels: their list and the form of one."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id, read_id
from cube_demper.domain.support import labels
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads
from support.desk.inbox_rows import LabelView, label_views
from support.live import STAFF

TONES: Final = {
    "gray": "Серая",
    "blue": "Синяя",
    "green": "Зелёная",
    "amber": "Жёлтая",
    "red": "Красная",
}


class LabelsState(PageMixin, FormErrors, rx.State):
    """The list and the form."""

    rows: list[LabelView] = []
    form: LabelView = LabelView()
    is_writing: bool = False
    doomed: LabelView = LabelView()

    @loads(*STAFF)
    async def load(self) -> None:
        """Read the labels."""
        self.is_writing, self.doomed = False, LabelView()
        self.rows = await _read()
        self.phase = "ready"

    @guarded(*STAFF)
    async def write(self, label_id: str) -> None:
        """Open the form: of one label, or with "" of a new one."""
        self.errors, self.is_busy = {}, False
        self.form = self._find(label_id)
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
        async with bootstrap.web().db.write() as tx:
            await labels.save(
                tx,
                session.current_actor(),
                form.get("label", ""),
                form.get("tone", ""),
                label_id=find_id(self.form.id),
            )
        self.rows = await _read()
        self.is_writing, self.is_busy = False, False
        yield toasts.done("Метка сохранена")

    @guarded(*STAFF)
    async def ask_remove(self, label_id: str) -> None:
        """Ask before a label goes from all chats."""
        self.doomed = self._find(label_id)

    @guarded(*STAFF)
    async def keep(self) -> None:
        """Leave it."""
        self.doomed = LabelView()

    @guarded(*STAFF)
    async def remove(self) -> Any:
        """Forget it."""
        async with bootstrap.web().db.write() as tx:
            await labels.remove(tx, session.current_actor(), read_id(self.doomed.id))
        self.doomed, self.rows = LabelView(), await _read()
        return toasts.done("Метка удалена")

    def _find(self, label_id: str) -> LabelView:
        return next((it for it in self.rows if it.id == label_id), LabelView())


async def _read() -> list[LabelView]:
    async with bootstrap.web().db.read() as tx:
        return label_views(await labels.list_all(tx, session.current_actor()))
