"""Labels: their list and the form of one."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import reflex as rx

from cube_demper.core.ids import find_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.support import labels
from cube_demper.ui import session
from support.desk.inbox_rows import LabelView, label_views
from support.pages.replies.written import Written

TONES: Final = {
    "gray": "Серая",
    "blue": "Синяя",
    "green": "Зелёная",
    "amber": "Жёлтая",
    "red": "Красная",
}


class LabelsState(Written, rx.State):
    """The list and the form."""

    rows: list[LabelView] = []
    form: LabelView = LabelView()
    doomed: LabelView = LabelView()
    _blank: ClassVar[type[Any]] = LabelView
    _saved: ClassVar[str] = "Метка сохранена"
    _removed: ClassVar[str] = "Метка удалена"

    async def _read(self, tx: ReadTx) -> list[LabelView]:
        return label_views(await labels.list_all(tx, session.current_actor()))

    async def _save(self, tx: WriteTx, form: dict[str, str]) -> None:
        given = form.get("label", ""), form.get("tone", "")
        await labels.save(tx, session.current_actor(), *given, label_id=find_id(self.form.id))

    async def _remove(self, tx: WriteTx, row_id: Any) -> None:
        await labels.remove(tx, session.current_actor(), row_id)
