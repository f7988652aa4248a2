"""What the list and the panel show of a rival, as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from cube_demper.core.money import MINUS, NBSP, format_tenge
from cube_demper.domain.market.rivals.page_schemas import RivalRow
from cube_demper.domain.market.rivals.schemas import Delay, Place, Profile
from cube_demper.seller.pages.rivals.words import delay_words, minutes
from cube_demper.ui.format import counted, iso, number, percent, plural


@dataclass
class RowView:
    """One rival in the list."""

    id: str
    name: str
    note: str
    goods: str
    goods_note: str
    ahead: str
    ahead_note: str
    share: str
    share_note: str
    delay: str
    delay_note: str
    deep: str
    deep_note: str
    code: str
    reason: str
    is_excluded: bool


@dataclass
class PlaceView:
    """One product of ours that the rival sells too."""

    id: str
    name: str
    link: str
    prices: str
    note: str
    is_excluded: bool


@dataclass
class PanelView:
    """One rival in full."""

    id: str = ""
    name: str = ""
    store: str = ""
    code: str = ""
    reasons: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    places: list[PlaceView] = field(default_factory=list)
    is_excluded: bool = False
    is_followed: bool = False
    counted_at: str = ""


def row_view(row: RivalRow, *, with_store: bool) -> RowView:
    """Put one rival into a line."""
    profile = row.profile
    reason = profile.reasons[0] if profile.reasons else ""
    return RowView(
        id=str(row.id),
        name=name_of(profile),
        note=row.store_name if with_store else "",
        goods=number(profile.goods_now),
        goods_note=f"из {number(profile.goods)} за 30 дней"
        if profile.goods > profile.goods_now
        else "",
        ahead=percent(profile.ahead_percent, digits=0),
        ahead_note=f"сейчас на {number(profile.ahead_now)}" if profile.ahead_now else "",
        share=percent(profile.answer_percent, digits=0),
        share_note=f"{number(profile.answers)} из {number(profile.chances)}"
        if profile.chances
        else "",
        delay=delay_words(profile.delay),
        delay_note="обычно" if profile.delay else "",
        deep=_signed_percent(profile.deepest_percent),
        deep_note="от мин. цены" if profile.deepest_percent is not None else "",
        code=profile.behaviour,
        reason="Не учитывается ботом" if row.is_excluded else reason,
        is_excluded=row.is_excluded,
    )


def panel_view(row: RivalRow, excluded: frozenset[UUID], *, is_followed: bool = False) -> PanelView:
    """Put one rival into the panel; `excluded`: goods on which it is left out by themselves."""
    profile = row.profile
    return PanelView(
        id=str(row.id),
        name=name_of(profile),
        store=row.store_name,
        code=profile.behaviour,
        reasons=list(profile.reasons),
        facts=list(_facts(profile)),
        places=[_place(it, is_excluded=it.product_id in excluded) for it in profile.places],
        is_excluded=row.is_excluded,
        is_followed=is_followed,
        counted_at=iso(row.counted_at),
    )


def name_of(profile: Profile) -> str:
    """Name a rival; one whose name was never seen by its number."""
    return profile.name or f"Продавец №{NBSP}{profile.merchant_id}"


def _facts(profile: Profile) -> list[tuple[str, str]]:
    facts = [
        ("Встречаетесь", counted(profile.goods_now, "товар", "товара", "товаров")),
        ("Дешевле вас", _ahead(profile)),
        ("Отвечает на ваши цены", _share(profile)),
    ]
    delay = profile.delay
    if delay is not None:
        facts += [
            ("Обычно отвечает за", delay_words(delay)),
            ("Половина ответов", _spread(delay)),
        ]
    if profile.step is not None:
        facts.append(
            ("Шаг", f"{format_tenge(profile.step)} ({percent(profile.step_percent)} ответов)")
        )
    facts.append(
        ("Менял цены за 30 дней", counted(profile.moves, "раз", "раза", "раз")),
    )
    if profile.deepest_percent is not None:
        facts.append(("Ниже всего опускался", _depth(profile.deepest_percent)))
    if profile.under_floor:
        goods = counted(profile.under_floor, "товаре", "товарах", "товарах")
        facts.append(("Ниже вашей мин. цены", f"сейчас на {goods}"))
    return facts


def _spread(delay: Delay) -> str:
    slow = minutes(delay.slow)
    return f"от {minutes(delay.quick)} до {slow}" if delay.quick else f"не позже чем за {slow}"


def _depth(share: int) -> str:
    """Say how deep it went, measured from the seller's own bound."""
    if not share:
        return "до вашей мин. цены"
    return f"на {abs(share)}{NBSP}% {'ниже' if share < 0 else 'выше'} вашей мин. цены"


def _ahead(profile: Profile) -> str:
    if profile.ahead_percent is None:
        return "—"
    now = f", сейчас на {number(profile.ahead_now)}" if profile.ahead_now else ""
    return f"{percent(profile.ahead_percent)} времени{now}"


def _share(profile: Profile) -> str:
    if profile.answer_percent is None:
        return "пока неизвестно: нужно 2 часа наблюдений"
    times = plural(profile.chances, "раза", "раз", "раз")
    chances = f"{number(profile.answers)} из {number(profile.chances)} {times}"
    return f"{percent(profile.answer_percent)}: {chances}"


def _place(place: Place, *, is_excluded: bool) -> PlaceView:
    notes = []
    if place.lowest is not None:
        notes.append(f"опускался до {format_tenge(place.lowest)}")
    if place.stops_at is not None:
        notes.append(f"ниже {format_tenge(place.stops_at)}, вероятно, не пойдёт")
    if place.floor is not None:
        notes.append(f"ваша мин. цена {format_tenge(place.floor)}")
    if place.price is None:
        prices = "сейчас не продаёт"
    else:
        ours = "вас на карточке не видно"
        if place.our_price is not None:
            ours = f"у вас {format_tenge(place.our_price)}"
        prices = f"{format_tenge(place.price)}, {ours}"
    return PlaceView(
        id=str(place.product_id),
        name=place.name,
        link=f"/products/{place.product_id}",
        prices=prices,
        note=" · ".join(notes),
        is_excluded=is_excluded,
    )


def _signed_percent(value: int | None) -> str:
    if value is None:
        return "—"
    sign = MINUS if value < 0 else "+" if value > 0 else ""
    return f"{sign}{abs(value)}{NBSP}%"
