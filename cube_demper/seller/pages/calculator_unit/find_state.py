"""Starting from a product: found by name, SKU or a link to Kaspi, put into the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.core.money import format_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.calculations import goods
from cube_demper.domain.calculations.goods import Search
from cube_demper.domain.calculations.schemas import Good
from cube_demper.seller.pages.calculator_unit.state import UnitState
from cube_demper.ui import format as fmt
from cube_demper.ui import session
from cube_demper.ui.guards import guarded


@dataclass
class FoundRow:
    """A product that was found."""

    id: str = ""
    name: str = ""
    note: str = ""


class FindState(rx.State):
    """What was found."""

    found: list[FoundRow] = []

    @guarded(Role.USER)
    async def find(self, form: dict[str, Any]) -> None:
        """Look for a product; a link to a card of nobody's gives what its market says."""
        text = str(form.get("find") or "").strip()[:300]
        services = bootstrap.web()
        async with services.db.read() as tx:
            search = await goods.search(tx, session.current_actor(), text)
        self.found = [_row(it) for it in search.goods]
        page = await self.get_state(UnitState)
        page.told = _told(search) if text else ""
        if search.sighting is not None:
            price = str(search.sighting.lowest_price // 100)
            page._remember(form)  # noqa: SLF001 - parts of one page
            page._fill({"price": price}, f"Карточка {search.card}")  # noqa: SLF001 - parts of one page

    @guarded(Role.USER)
    async def take(self, form: dict[str, Any]) -> None:
        """Put the price, cost and category of the product named by `take` into every column."""
        product_id = str(form.get("take") or "")
        async with bootstrap.web().db.read() as tx:
            start = await goods.start_from(tx, session.current_actor(), read_id(product_id))
        self.found = []
        page = await self.get_state(UnitState)
        page._remember(form)  # noqa: SLF001 - parts of one page
        page._begin_from(start)  # noqa: SLF001 - parts of one page


def _row(good: Good) -> FoundRow:
    cost = "закупки нет" if good.cost is None else f"закупка {format_tenge(good.cost)}"
    return FoundRow(
        str(good.id),
        good.name,
        f"{good.sku} · {format_tenge(good.price)} · {cost} · {good.store_name}",
    )


def _told(search: Search) -> str:
    if search.is_wrong_link:
        return "В ссылке нет кода товара. Скопируйте адрес карточки: kaspi.kz/shop/p/…-123456789/"
    if search.goods:
        return ""
    if search.sighting is not None:
        seen = search.sighting
        return (
            f"Карточки {search.card} нет среди ваших товаров, но её рынок записан: лучшая цена"
            f" {format_tenge(seen.lowest_price)}, {fmt.moment(seen.seen_at)}. Остальное заполните сами."
        )
    if search.card:
        return (
            f"Карточки {search.card} нет ни среди ваших товаров, ни в записанных рынках."
            " Заполните поля сами: цена и категория видны на странице товара."
        )
    return "Такого товара у вас нет. Заполните поля сами или вставьте ссылку на карточку Kaspi."
