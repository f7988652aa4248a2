"""«Границы и шаг»: the form of a product's terms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.catalog.errors import TermsChanged
from cube_demper.domain.pricing.checks import check_delivery_filter, check_rival_filters
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.seller.pages.product.inherited import preview_words
from cube_demper.seller.pages.product.reading import read_product
from cube_demper.seller.pages.product.state import ProductState
from cube_demper.seller.pages.products.address import product_of
from cube_demper.seller.pages.products.edit_state import change_product
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded


class TermsState(FormErrors, rx.State):
    """Saving the form."""

    preview: str = ""

    @guarded(Role.USER)
    async def load(self) -> None:
        """Begin without a preview."""
        self.preview, self.errors = "", {}

    @guarded(Role.USER)
    async def show_preview(self, form: dict[str, Any]) -> None:
        """Say how many rivals the rules as typed would leave; nothing is saved."""
        self.errors = {}
        change = read_terms({**form, "strategy": ""})
        filters, delivery = change.rival_filters, check_delivery_filter(change.delivery_filter)
        if not isinstance(filters, RivalFilters):
            return
        check_rival_filters(filters)
        product_id, actor = UUID(str(product_of(self.router.url))), session.current_actor()
        async with bootstrap.web().db.read() as tx:
            found = await catalog.preview_product(tx, actor, product_id, filters, delivery)
        self.preview = preview_words(found)

    @guarded(Role.USER)
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep the terms; the bot begins anew with them."""
        self.errors = {}
        change = read_terms(form)
        self.is_busy = True
        yield
        product_id = UUID(str(product_of(self.router.url)))
        try:
            await change_product(str(product_id), change, seen=str(form.get("seen", "")))
        except TermsChanged:  # what is drawn anew is what stands now
            page = await self.get_state(ProductState)
            page._show(await read_product(session.current_actor(), product_id))  # noqa: SLF001 - parts of one page
            raise
        self.is_busy = False
        yield toasts.done("Сохранено. Бот проверит товар с новыми границами")


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
            ignore_preorder={"yes": True, "no": False}.get(str(form.get("preorder", ""))),
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
