"""What the table shows of one product, as text: the browser formats nothing."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.core.money import NBSP, format_tenge, whole_tenge
from cube_demper.domain.catalog.list_schemas import ProductRow, StoreChoice
from cube_demper.seller.pages.products.words import goods, of_goods, status_words, strategy_words
from cube_demper.ui.format import iso, number, signed_tenge


@dataclass
class RowView:
    """One row."""

    id: str
    name: str
    note: str
    is_missing: bool
    image_url: str
    place: int
    sellers: int
    price: str
    price_at: str
    price_note: str
    rival_price: str
    rival_note: str
    rival_name: str
    min_price: str
    max_price: str
    step: str
    is_step_own: bool
    strategy: str
    strategy_words: str
    bot_on: bool
    status: str
    tone: str
    suggestion_id: str
    suggestion: str


@dataclass
class StoreView:
    """A store in the filter, and whether its bot only advises."""

    value: str
    label: str
    only_advises: bool
    advice: str


def row_view(row: ProductRow) -> RowView:
    """Put one product into words."""
    status = status_words(row.status, is_suggest=row.is_suggest_mode)
    return RowView(
        id=str(row.id),
        name=row.name,
        note=row.sku + (f" · {stock_words(row)}" if stock_words(row) else ""),
        is_missing=not row.is_available,
        image_url=row.image_url or "",
        place=row.place or 0,
        sellers=max(row.offers_count or 0, row.place or 0),
        price=format_tenge(row.price),
        price_at=iso(row.price_seen_at),
        price_note=_on_its_way(row),
        rival_price=format_tenge(row.rival_price) if row.rival_price else "",
        rival_note=signed_tenge(row.rival_difference) if row.rival_price else "",
        rival_name=row.rival_name or "",
        min_price=plain(row.min_price),
        max_price=plain(row.max_price),
        step=plain(row.step),
        is_step_own=row.is_step_own,
        strategy=strategy_code(row.strategy, row.top_n),
        strategy_words=strategy_words(row.strategy, row.top_n),
        bot_on=row.bot_active,
        status=status.word,
        tone=status.tone,
        suggestion_id=str(row.suggestion_id or ""),
        suggestion=format_tenge(row.suggested_price) if row.suggestion_id else "",
    )


def store_view(store: StoreChoice) -> StoreView:
    """Put one store into words."""
    advises = store.is_suggest_mode and store.bots_on > 0
    return StoreView(
        value=str(store.id),
        label=store.name,
        only_advises=advises,
        advice=f"«{store.name}»: бот включён у {of_goods(store.bots_on)}, но цены не отправляет",
    )


def headline(stores: tuple[StoreChoice, ...], total: int, *, can_reprice: bool) -> str:
    """Say in one line how much the bot looks after; `can_reprice`: the plan lets it change prices."""
    bots = sum(store.bots_on for store in stores)
    if not total:
        is_read = stores and all(store.is_read for store in stores)
        return "В Kaspi у вас нет товаров" if is_read else ""
    if not bots:
        return f"{goods(total)}, бот пока не включён ни у одного"
    if not can_reprice:
        switched = f"бот включён у {of_goods(bots)}"
        return f"{goods(total)}, {switched}: на вашем тарифе он советует цены, сам не меняет"
    asleep = [store.name for store in stores if store.needs_reauth and store.bots_on]
    trouble = f". Нужен вход в Kaspi: {', '.join(asleep)}" if asleep else ""
    return f"Бот ведёт {number(bots)} из {of_goods(total)}{trouble}"


def stock_words(row: ProductRow) -> str:
    """Say how much there is: «14 шт», «нет в наличии»; nothing when Kaspi was told no number."""
    if not row.is_available:
        return "нет в наличии"
    return "" if row.stock is None else f"{number(row.stock)}{NBSP}шт"


def plain(tiyn: int | None) -> str:
    """Show whole tenge without the unit, for inputs that carry it themselves; missing is empty."""
    return "" if tiyn is None else number(whole_tenge(tiyn))


def strategy_code(strategy: str, top_n: int) -> str:
    """Write a strategy with its place as one value of a select: «stay_top_n:3»."""
    return f"stay_top_n:{top_n}" if strategy == "stay_top_n" else strategy


def _on_its_way(row: ProductRow) -> str:
    if row.sending_price is None or row.sending_price == row.price:
        return ""
    return f"→{NBSP}{format_tenge(row.sending_price)}"
