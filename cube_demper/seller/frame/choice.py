"""The store that a seller chose last: remembered in the browser, asked for when a tab is opened anew."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from cube_demper.domain.accounts.schemas import Role
from cube_demper.seller.frame.state import FrameState
from cube_demper.seller.navigation import is_by_store
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
        frame = await self.get_state(FrameState)
        own = {store.id for store in frame.stores}
        asked = self.router.url.query_parameters.get("store", "")
        is_new, self._is_recalled = not self._is_recalled, True
        if is_new and not asked and self.remembered in own:
            query = urlencode({**self.router.url.query_parameters, "store": self.remembered})
            return rx.redirect(f"{self.router.url.path}?{query}", replace=True)
        self.remembered = asked if asked in own else ""
        return None
