"""What support keeps for itself, texts or labels: a list, the form of one, the question before one goes."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.ui import toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads
from support.live import STAFF


class Written(PageMixin, FormErrors, rx.State, mixin=True):
    """A state of it has `rows`, and `form` and `doomed` of the row's kind (`_blank`)."""

    is_writing: bool = False
    _blank: ClassVar[type[Any]]
    _saved: ClassVar[str]
    _removed: ClassVar[str]

    @loads(*STAFF)
    async def load(self) -> None:
        """Read the list."""
        self.is_writing, self.doomed = False, self._blank()
        await self._read_again()
        self.phase = "ready"

    @guarded(*STAFF)
    async def write(self, row_id: str) -> None:
        """Open the form: of one row, or with "" of a new one."""
        self.errors, self.is_busy = {}, False
        self.form, self.is_writing = self._find(row_id), True

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
            await self._save(tx, form)
        await self._read_again()
        self.is_writing, self.is_busy = False, False
        yield toasts.done(self._saved)

    @guarded(*STAFF)
    async def ask_remove(self, row_id: str) -> None:
        """Ask before a row goes for all of support."""
        self.doomed = self._find(row_id)

    @guarded(*STAFF)
    async def keep(self) -> None:
        """Leave it."""
        self.doomed = self._blank()

    @guarded(*STAFF)
    async def remove(self) -> Any:
        """Forget it."""
        async with bootstrap.web().db.write() as tx:
            await self._remove(tx, read_id(self.doomed.id))
        self.doomed = self._blank()
        await self._read_again()
        return toasts.done(self._removed)

    def _find(self, row_id: str) -> Any:
        return next((it for it in self.rows if it.id == row_id), self._blank())

    async def _read_again(self) -> None:
        async with bootstrap.web().db.read() as tx:
            self.rows = await self._read(tx)

    async def _read(self, tx: ReadTx) -> list[Any]:
        raise NotImplementedError

    async def _save(self, tx: WriteTx, form: dict[str, str]) -> None:
        raise NotImplementedError

    async def _remove(self, tx: WriteTx, row_id: Any) -> None:
        raise NotImplementedError
