"""An uploaded list: shown with what it changes, taken in after a yes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.feed import service as feed
from cube_demper.seller.pages.feed.reading import read_list
from cube_demper.seller.pages.feed.rows import ListView
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded


class ImportState(FormErrors, rx.State):
    """The list on the screen."""

    uploaded: ListView = ListView()

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read the list that was uploaded last."""
        self.uploaded = await read_list()

    @guarded(Role.USER)
    async def take(self, _import_id: str) -> None:
        """Show what was just uploaded."""
        self.errors = {"form": ""}
        self.uploaded = await read_list()

    @guarded(Role.USER)
    async def confirm(self, form: dict[str, Any]) -> Any:
        """Have the list taken in."""
        self.errors, self.is_busy = {"form": ""}, True
        yield
        services, actor = bootstrap.web(), session.current_actor()
        given = {name: str(value) for name, value in form.items()}
        async with services.db.write() as tx:
            await feed.confirm_import(
                tx,
                actor,
                read_id(self.uploaded.id),
                merchant_id=given.get("merchant_id", ""),
                merchant_name=given.get("merchant_name", ""),
                cities={it.code: given.get(it.field, "") for it in self.uploaded.points},
                now=services.clock.now(),
            )
        self.uploaded, self.is_busy = await read_list(), False

    @guarded(Role.USER)
    async def cancel(self) -> Any:
        """Forget the list."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            await feed.cancel_import(tx, actor, read_id(self.uploaded.id))
        self.uploaded = await read_list()
        return toasts.told("Файл убрали, в магазине ничего не изменилось.")
