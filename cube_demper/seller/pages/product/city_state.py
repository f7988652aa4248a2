"""Edits of a product's other cities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import DomainError
from cube_demper.core.money import parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.cities import Bounds
from cube_demper.domain.catalog.edit_schemas import CityChange
from cube_demper.seller.pages.product.reading import write
from cube_demper.seller.pages.products.address import product_of
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted
from cube_demper.ui.guards import guarded
from cube_demper.ui.inline_editor import EditsMixin


class CityState(EditsMixin, rx.State):
    """Inline edits of other cities' bounds, and what is done to all of them."""

    _copied: dict[str, tuple[Bounds, Bounds]] = {}

    @guarded(Role.USER)
    async def save_min(self, city_id: str, seen: str, text: str) -> None:
        """Keep a city's min. price; blank takes it away. `seen`: the price that was shown."""
        try:
            await self._change(
                city_id, CityChange(min_price=_price(text)), CityChange(min_price=_price(seen))
            )
        except DomainError as error:
            self._refused(f"{city_id}:min", error)
        else:
            self._saved(f"{city_id}:min")

    @guarded(Role.USER)
    async def save_max(self, city_id: str, seen: str, text: str) -> None:
        """Keep a city's max. price; blank takes it away. `seen`: the price that was shown."""
        try:
            await self._change(
                city_id, CityChange(max_price=_price(text)), CityChange(max_price=_price(seen))
            )
        except DomainError as error:
            self._refused(f"{city_id}:max", error)
        else:
            self._saved(f"{city_id}:max")

    @guarded(Role.USER)
    async def toggle(self, city_id: str, on: bool) -> Any:
        """Let the bot keep this city's price, or stop it there."""
        await self._change(city_id, CityChange(bot_active=on), None)
        return toasts.done("Бот ведёт цену города" if on else "Цена города больше не меняется")

    @guarded(Role.USER)
    async def home_only(self, on: bool) -> Any:
        """Leave the other cities alone, or keep them again."""
        await write(catalog.set_home_only, session.current_actor(), self._product_id(), on)
        text = "Бот ведёт только домашний город" if on else "Бот снова ведёт и другие города"
        return toasts.done(text)

    @guarded(Role.USER)
    async def copy_home(self) -> Any:
        """Give all cities the home city's bounds."""
        actor = session.current_actor()
        self._copied = await write(catalog.copy_home_bounds, actor, self._product_id())
        if not self._copied:
            return toasts.told("Границы во всех городах уже как в домашнем")
        cities = counted(len(self._copied), "городе", "городах", "городах")
        return toasts.undo(f"Границы как в домашнем — в {cities}", CityState.undo_copy)

    @guarded(Role.USER)
    async def undo_copy(self) -> Any:
        """Give the cities their own bounds back."""
        actor, copied = session.current_actor(), self._copied
        restored = await write(catalog.restore_bounds, actor, self._product_id(), copied)
        self._copied = {}
        cities = counted(restored, "городе", "городах", "городах")
        return toasts.done(f"Прежние границы — в {cities}")

    def _product_id(self) -> UUID:
        return UUID(str(product_of(self.router.url)))

    async def _change(self, city_id: str, change: CityChange, seen: CityChange | None) -> None:
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            now = services.clock.now()
            await catalog.change_city(
                tx, actor, self._product_id(), city_id, change, now=now, seen=seen
            )


def _price(text: str) -> int | None:
    return parse_tenge(text) if text.strip() else None
