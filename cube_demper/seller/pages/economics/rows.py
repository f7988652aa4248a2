"""The margins as text: the browser formats nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.core.money import format_tenge, to_tenge
from cube_demper.domain.economics.profit_floors import GAP_WORDS, Gap
from cube_demper.domain.economics.shop.schemas import (
    LOW_MARGIN,
    MarginPage,
    MarginRow,
    MarginTab,
    StoreTermsView,
)
from cube_demper.seller.pages.products.words import of_goods
from cube_demper.seller.profit_hint.words import whole
from cube_demper.ui.format import day, number, percent


@dataclass
class RowView:
    """One row."""

    id: str
    name: str
    note: str
    image_url: str
    price: str
    cost: str
    commission: str
    delivery: str
    tax: str
    profit: str
    margin: str
    margin_note: str
    tone: str


@dataclass
class Head:
    """What stands above the table."""

    summary: str = ""
    median: str = "—"
    known: str = ""
    losses: str = "0"
    low: str = "0"
    no_cost: str = "0"
    no_cost_note: str = ""
    has_goods: bool = True


@dataclass
class ToDo:
    """What keeps figures from being whole: a sentence, what it means and where it is mended."""

    title: str
    text: str
    link: str
    verb: str
    tone: str = "amber"


@dataclass
class StoreOption:
    """A store in the filter."""

    value: str
    label: str


def row_view(row: MarginRow, *, with_store: bool) -> RowView:
    """Put one product into words."""
    note = f"{row.sku} · {row.store_name}" if with_store else row.sku
    return RowView(
        id=str(row.id),
        name=row.name,
        note=note,
        image_url=row.image_url or "",
        price=format_tenge(row.price),
        cost=cost_text(row.cost),
        commission=whole(row.commission),
        delivery=whole(row.delivery),
        tax=whole(row.tax),
        profit=whole(row.profit),
        margin=percent(row.margin),
        margin_note=_note(row),
        tone=_tone(row),
    )


def cost_text(tiyn: int | None) -> str:
    """Show a cost for its editor: tenge, with tiyn where there are some; missing is empty."""
    if tiyn is None:
        return ""
    return number(to_tenge(tiyn), digits=2 if tiyn % 100 else 0)


def head_of(page: MarginPage, now: datetime) -> Head:
    """Sum up all goods under the filter."""
    counts = page.counts
    missing = counts[MarginTab.NO_COST]
    note = f"не хватает у {of_goods(missing)}" if missing else "указана у всех"
    return Head(
        summary=f"По ценам на витрине и тарифам на {day(now)}; одна штука в заказе",
        median=percent(page.median),
        known=f"посчитана у {of_goods(page.known)}",
        losses=number(counts[MarginTab.LOSS]),
        low=number(counts[MarginTab.LOW]),
        no_cost=number(missing),
        no_cost_note=note,
        has_goods=counts[MarginTab.ALL] > 0,
    )


def to_dos(page: MarginPage, stores: list[StoreTermsView]) -> list[ToDo]:
    """Say what is missing, in numbers, and lead there."""
    found = []
    for store in stores:
        link = f"/economics/terms?store={store.store_id}"
        if store.terms is None:
            text = "Налог, доставка, вес и упаковка: один раз для всего магазина."
            found.append(ToDo(f"«{store.store_name}»: заполните условия", text, link, "Заполнить"))
        elif store.unsure:
            count = len(store.unsure)
            text = f"Расчёт показан с ними, но мин. цены бота по ним не считаются: {count} шт."
            title = f"«{store.store_name}»: подтвердите неточные цифры тарифов"
            found.append(ToDo(title, text, link, "Посмотреть"))
    for gap in (Gap.CATEGORY, Gap.WEIGHT, Gap.RATE):
        if count := page.gaps.get(gap, 0):
            title = f"Не посчитана прибыль у {of_goods(count)}: {GAP_WORDS[gap]}"
            text = "Выберите для магазина или для самих товаров."
            store_id = stores[0].store_id if stores else ""
            link = f"/economics/terms?store={store_id}"
            found.append(ToDo(title, text, link, "Исправить"))
    return found


def _note(row: MarginRow) -> str:
    if row.cost is None:
        return "нет себестоимости"
    if row.gap is not None:
        return GAP_WORDS[row.gap]
    if row.price is None:
        return "нет цены на витрине"
    return "" if row.is_sure else "оценка"


def _tone(row: MarginRow) -> str:
    if row.profit is None:
        return "gray"
    if row.profit < 0:
        return "red"
    return "amber" if row.margin is not None and row.margin < LOW_MARGIN else "green"
