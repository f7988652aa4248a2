"""The store that a seller chose last: remembered in the browser, asked for when a tab is opened anew."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import NotFound
from cube_demper.core.ids import find_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.stores import service as stores
from cube_demper.seller.navigation import is_by_store
from cube_demper.ui import session
from cube_demper.ui.guards import guarded


class StoreChoice(rx.State):
    """What the switcher remembers; the address alone says what is shown."""

    remembered: str = rx.LocalStorage("", name="cube_store")
    _is_recalled: bool = False

    @guarded(Role.USER)
    async def follow(self) -> Any:
        """Remember the store of the address; a new tab whose address names none gets the last one."""
        if not is_by_store(self.router.url.path):
            return None
        asked = self.router.url.query_parameters.get("store", "")
        is_new, self._is_recalled = not self._is_recalled, True
        if is_new and not asked and await _is_own(self.remembered):
            query = urlencode({**self.router.url.query_parameters, "store": self.remembered})
            return rx.redirect(f"{self.router.url.path}?{query}", replace=True)
        if asked != self.remembered:
            self.remembered = asked if await _is_own(asked) else ""
        return None


async def _is_own(store_id: str) -> bool:
    key = find_id(store_id)
    if key is None:
        return False
    async with bootstrap.web().db.read() as tx:
        try:
            await stores.get_store(tx, session.current_actor(), key)
        except NotFound:
            return False
    return True
