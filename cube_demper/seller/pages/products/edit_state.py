"""Edits where the value stands: bounds, step and strategy of one row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import DomainError
from cube_demper.core.money import parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.inline_editor import EditsMixin


class EditState(EditsMixin, rx.State):
    """Inline edits; the row itself is read again when the change is announced."""

    @guarded(Role.USER)
    async def save_min(self, product_id: str, text: str) -> None:
        """Keep a new min. price; blank takes it away."""
        await self._save(f"{product_id}:min_price", text, lambda it: TermsChange(min_price=it))

    @guarded(Role.USER)
    async def save_max(self, product_id: str, text: str) -> None:
        """Keep a new max. price; blank takes it away."""
        await self._save(f"{product_id}:max_price", text, lambda it: TermsChange(max_price=it))

    @guarded(Role.USER)
    async def save_step(self, product_id: str, text: str) -> None:
        """Keep the product's own step; blank means the store's."""
        await self._save(f"{product_id}:step", text, lambda it: TermsChange(step=it))

    @guarded(Role.USER)
    async def save_strategy(self, product_id: str, code: str) -> Any:
        """Keep a strategy chosen from the list: «standard», «stay_top_n:3»."""
        await change_product(product_id, strategy_change(code))
        return toasts.done("Стратегия сохранена")

    @guarded(Role.USER)
    async def apply_suggestion(self, history_id: str) -> Any:
        """Send the price that the bot suggests."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            now = services.clock.now()
            await catalog.apply_suggestion(tx, session.current_actor(), UUID(history_id), now)
        return toasts.done("Цена поставлена в очередь на отправку")

    async def _save(self, key: str, text: str, change: Callable[[int | None], TermsChange]) -> None:
        try:
            value = parse_tenge(text) if text.strip() else None
            await change_product(key.partition(":")[0], change(value))
        except DomainError as error:
            self._refused(key, error)
        else:
            self._saved(key)


def strategy_change(code: str) -> TermsChange:
    """Read one value of the strategy select; the service refuses what does not exist."""
    strategy, _, place = code.partition(":")
    if place.isdecimal():
        return TermsChange(strategy=strategy, top_n=int(place))
    return TermsChange(strategy=strategy)


async def change_product(product_id: str, change: TermsChange, *, seen: str | None = None) -> None:
    """Change one product's terms on behalf of whoever this event is from; see `change_terms`."""
    services = bootstrap.web()
    async with services.db.write() as tx:
        now = services.clock.now()
        await catalog.change_terms(
            tx, session.current_actor(), UUID(product_id), change, now, seen=seen
        )
