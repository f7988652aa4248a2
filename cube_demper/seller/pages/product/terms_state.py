"""«Границы и шаг»: the form of a product's terms, and its other cities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import DomainError, InvalidInput
from cube_demper.core.money import parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import CityChange, TermsChange
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.seller.pages.products.address import product_of
from cube_demper.seller.pages.products.edit_state import change_product
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.inline_editor import EditsMixin


class TermsState(FormErrors, rx.State):
    """Saving the form."""

    @guarded(Role.USER)
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep the terms; the bot begins anew with them."""
        self.errors = {}
        change = read_terms(form)
        self.is_busy = True
        yield
        await change_product(str(product_of(self.router.url)), change)
        self.is_busy = False
        yield toasts.done("Сохранено. Бот проверит товар с новыми границами")


class CityState(EditsMixin, rx.State):
    """Inline edits of other cities' bounds."""

    @guarded(Role.USER)
    async def save_min(self, city_id: str, text: str) -> None:
        """Keep a city's min. price; blank takes it away."""
        await self._save(f"{city_id}:min", text, lambda it: CityChange(min_price=it))

    @guarded(Role.USER)
    async def save_max(self, city_id: str, text: str) -> None:
        """Keep a city's max. price; blank takes it away."""
        await self._save(f"{city_id}:max", text, lambda it: CityChange(max_price=it))

    @guarded(Role.USER)
    async def toggle(self, city_id: str, on: bool) -> Any:
        """Let the bot keep this city's price, or stop it there."""
        await self._change(city_id, CityChange(bot_active=on))
        return toasts.done("Бот ведёт цену города" if on else "Цена города больше не меняется")

    async def _save(self, key: str, text: str, change: Callable[[int | None], CityChange]) -> None:
        try:
            value = parse_tenge(text) if text.strip() else None
            await self._change(key.partition(":")[0], change(value))
        except DomainError as error:
            self._refused(key, error)
        else:
            self._saved(key)

    async def _change(self, city_id: str, change: CityChange) -> None:
        services, product_id = bootstrap.web(), UUID(str(product_of(self.router.url)))
        async with services.db.write() as tx:
            actor, now = session.current_actor(), services.clock.now()
            await catalog.change_city(tx, actor, product_id, city_id, change, now=now)


def read_terms(form: dict[str, Any]) -> TermsChange:
    """Read the form. Raises InvalidInput, naming the field."""
    strategy = str(form.get("strategy", ""))
    return TermsChange(
        min_price=_money(form, "min_price"),
        max_price=_money(form, "max_price"),
        step=_money(form, "step"),
        strategy=strategy,
        top_n=_whole(form, "top_n") if strategy == "stay_top_n" else None,
        delivery_filter=str(form.get("delivery_filter", "")) or None,
        rival_filters=RivalFilters(
            min_rating=_rating(form),
            min_reviews=_whole(form, "min_reviews"),
            ignore_preorder=True if form.get("ignore_preorder") else None,
        ),
    )


def _money(form: dict[str, Any], field: str) -> int | None:
    text = str(form.get(field) or "").strip()
    return parse_tenge(text, field=field) if text else None


def _whole(form: dict[str, Any], field: str) -> int | None:
    text = str(form.get(field) or "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 7:
        raise InvalidInput("Введите целое число.", field=field)
    return int(text)


def _rating(form: dict[str, Any]) -> float | None:
    text = str(form.get("min_rating") or "").strip().replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise InvalidInput("Рейтинг — число от 0 до 5.", field="min_rating") from None
