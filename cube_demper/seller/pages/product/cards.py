"""What the page shows of a product, its sellers and its cities, as text."""

from __future__ import annotations

from dataclasses import dataclass, field

from cube_demper.core.money import format_tenge
from cube_demper.domain.catalog.view_schemas import (
    CityRow,
    ProductView,
    SellerNow,
    SellersNow,
    Side,
)
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.seller.pages.product.inherited import (
    as_in_store,
    delivery_options,
    named_words,
    preorder_options,
)
from cube_demper.seller.pages.products.rows import RowView, plain, row_view
from cube_demper.seller.pages.products.words import DELIVERY_WORDS
from cube_demper.ui.format import counted, iso, number, percent, plural, signed_tenge


@dataclass
class Terms:
    """The form of bounds, step and filters; `key` changes when somebody else changes them."""

    key: str = ""
    seen: str = ""
    min_price: str = ""
    max_price: str = ""
    step: str = ""
    step_help: str = ""
    strategy: str = "standard"
    top_n: str = ""
    delivery_filter: str = ""
    min_rating: str = ""
    min_reviews: str = ""
    preorder: str = ""
    delivery_options: list[dict[str, str]] = field(default_factory=list)
    preorder_options: list[dict[str, str]] = field(default_factory=list)
    store_rating: str = ""
    store_reviews: str = ""
    named: str = ""
    """Who is left out or followed by name on this product, in words."""
    schedule: str = ""


@dataclass
class ProductCard:
    """The head of the page and its numbers."""

    id: str = ""
    row: RowView | None = None
    name: str = ""
    subtitle: str = ""
    kaspi_url: str = ""
    store_id: str = ""
    store_name: str = ""
    only_advises: bool = False
    rival_words: str = ""
    reserve: str = "—"
    reserve_words: str = ""
    checked_at: str = ""
    schedule: str = ""
    big_fall_until: str = ""
    city: str = ""
    home_only: bool = False
    is_store_home_only: bool = False


@dataclass
class SellerView:
    """One line of «Продавцы сейчас»."""

    id: str
    number: str
    name: str
    note: str
    price: str
    difference: str
    mark: str
    is_ours: bool
    is_ignored: bool
    merchant: str = ""
    is_excluded: bool = False
    is_followed: bool = False
    """Left out, or followed, by name on this product."""


@dataclass
class CityView:
    """One line of «Цены по городам»."""

    id: str
    name: str
    is_home: bool
    price: str
    min_price: str
    max_price: str
    bot_on: bool
    place: int
    rival_price: str
    checked_at: str


def product_card(view: ProductView, shop_url: str) -> ProductCard:
    """Put the head of the page into words."""
    row = row_view(view.row)
    url = f"{shop_url}/shop/p/-{view.card}/?c={view.city_id}" if view.card else ""
    reserve, words = _reserve(view)
    return ProductCard(
        id=row.id,
        row=row,
        name=row.name,
        subtitle=" · ".join(part for part in (row.note, view.row.store_name) if part),
        kaspi_url=url,
        store_id=str(view.row.store_id),
        store_name=view.row.store_name,
        only_advises=view.row.bot_active and view.row.is_suggest_mode,
        rival_words=_rival_words(view),
        reserve=reserve,
        reserve_words=words,
        checked_at=iso(view.checked_at),
        schedule=_schedule(view),
        big_fall_until=iso(view.big_fall_allowed_until),
        city=view.city_name,
        home_only=view.home_city_only or view.is_store_home_only,
        is_store_home_only=view.is_store_home_only,
    )


def terms_of(view: ProductView) -> Terms:
    """Put the terms into the form."""
    row, filters = view.row, view.rival_filters
    own_step = plain(row.step) if row.is_step_own else ""
    terms = Terms(
        seen=view.terms_mark,
        min_price=plain(row.min_price),
        max_price=plain(row.max_price),
        step=own_step,
        step_help=f"магазин: {format_tenge(view.store_step)}",
        strategy=row.strategy,
        top_n=str(row.top_n),
        delivery_filter=view.delivery_filter or "",
        min_rating="" if filters.min_rating is None else f"{filters.min_rating:g}",
        min_reviews="" if filters.min_reviews is None else str(filters.min_reviews),
        preorder={True: "yes", False: "no", None: ""}[filters.ignore_preorder],
        delivery_options=delivery_options(view.store_delivery_filter),
        preorder_options=preorder_options(view.store_rival_filters.ignore_preorder),
        store_rating=as_in_store(view.store_rival_filters.min_rating),
        store_reviews=as_in_store(view.store_rival_filters.min_reviews),
        named=named_words(filters),
        schedule=_schedule(view),
    )
    terms.key = f"{row.id}:{terms}"
    return terms


def sellers_view(found: SellersNow, filters: RivalFilters) -> list[SellerView]:
    """Put the sellers into lines; those that the filters drop have no number."""
    lines, place = [], 0
    for index, seller in enumerate(found.sellers):
        place += seller.side is not Side.IGNORED
        line = _seller(seller, index, place)
        line.is_excluded = seller.merchant_id in filters.excluded_merchants
        line.is_followed = seller.merchant_id in filters.only_merchants
        lines.append(line)
    return lines


def more_sellers(found: SellersNow) -> str:
    """Say how many sellers are not listed: only the cheapest ones are kept."""
    rest = found.total - len(found.sellers)
    return f"И ещё {counted(rest, 'продавец', 'продавца', 'продавцов')} дороже" if rest > 0 else ""


def city_view(city: CityRow) -> CityView:
    """Put one city into words."""
    return CityView(
        id=city.city_id,
        name=city.name,
        is_home=city.is_home,
        price=format_tenge(city.price),
        min_price=plain(city.min_price),
        max_price=plain(city.max_price),
        bot_on=city.bot_active,
        place=city.place or 0,
        rival_price=format_tenge(city.rival_price),
        checked_at=iso(city.checked_at),
    )


def _seller(seller: SellerNow, index: int, place: int) -> SellerView:
    marks = {Side.OWN: "вы", Side.SISTER: "ваш магазин", Side.IGNORED: "не учитывается"}
    facts = [
        f"★ {number(seller.rating, digits=1)}" if seller.rating is not None else "",
        counted(seller.reviews, "отзыв", "отзыва", "отзывов") if seller.reviews else "",
        DELIVERY_WORDS.get(seller.delivery or "", ""),
        f"предзаказ {seller.preorder_days} дн" if seller.preorder_days else "",
    ]
    is_own = seller.side is Side.OWN
    return SellerView(
        id=f"{index}:{seller.merchant_id}",
        number="" if seller.side is Side.IGNORED else str(place),
        name=seller.name or "Без названия",
        note=" · ".join(fact for fact in facts if fact),
        price=format_tenge(seller.price),
        difference="" if is_own or seller.difference is None else signed_tenge(seller.difference),
        mark=marks.get(seller.side, ""),
        is_ours=seller.side in {Side.OWN, Side.SISTER},
        is_ignored=seller.side is Side.IGNORED,
        merchant=seller.merchant_id,
    )


def _rival_words(view: ProductView) -> str:
    name, difference = view.row.rival_name or "конкурент", view.row.rival_difference
    if difference is None:
        return "конкурентов не видно" if view.checked_at else ""
    if difference == 0:
        return f"{name}, как у вас"
    return f"{name}, {'дороже' if difference > 0 else 'дешевле'} на {format_tenge(abs(difference))}"


def _reserve(view: ProductView) -> tuple[str, str]:
    """Say how far the price may still fall."""
    if view.row.price is None or view.floor is None:
        return "—", "мин. цена не задана" if view.floor is None else ""
    reserve = view.row.price - view.floor
    share = percent(reserve * 100 / view.row.price)
    return format_tenge(reserve), f"{share} цены" if reserve > 0 else "ниже бот не опустит"


def _schedule(view: ProductView) -> str:
    minutes = view.check_interval_minutes
    each = plural(minutes, "каждую", "каждые", "каждые")
    count = "" if minutes == 1 else f"{minutes}{chr(160)}"
    every = f"{each} {count}{plural(minutes, 'минуту', 'минуты', 'минут')}"
    if view.work_hours is None:
        return f"{every}, круглосуточно"
    start, end = view.work_hours
    return f"{every}, с {start:%H:%M} до {end:%H:%M}"
