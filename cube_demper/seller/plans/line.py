"""The plan as every page shows it: the card at the sidebar's foot and the banner over pages. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cube_demper.core.money import format_tenge
from cube_demper.domain.billing.view_schemas import PlanView, Standing, Usage
from cube_demper.seller.plans.saying import DAYS, card_words, day_of, days_left
from cube_demper.ui.format import ALMATY, counted, moment, number

_SOON: Final = 3
"""Days before the end from which every page says so."""
_OF_GOODS: Final = ("товара", "товаров", "товаров")


@dataclass
class Banner:
    """What stands over every page; `tone` "" shows nothing."""

    tone: str = ""
    title: str = ""
    text: str = ""
    verb: str = ""
    link: str = ""


@dataclass
class PlanLine:
    """The plan in one line.

    Attributes:
        title: «PRO»; empty until it is read.
        until: «до 27 дек»; `until_words` says the same with what it is («Пробный до 27 дек»).
        used: «812 из 5 000 товаров», with its `percent` and `tone`.
        lacks: the features that the plan has not got.
        sold_with: the cheapest plan that has each of them, by feature: its title, price, code.
        banner: what must be said on every page.
    """

    title: str = ""
    until: str = ""
    until_words: str = ""
    used: str = ""
    percent: int = 0
    tone: str = "blue"
    lacks: list[str] = field(default_factory=list)
    sold_with: dict[str, dict[str, str]] = field(default_factory=dict)
    banner: Banner = field(default_factory=Banner)


def plan_line(
    standing: Standing, usage: Usage, plans: list[PlanView], has: frozenset[str], now: datetime
) -> PlanLine:
    """Return the line; `has`: the features in force, which a landing takes away from the plan's."""
    every = frozenset().union(*(it.features for it in plans))
    lacks = sorted(every - has)
    return PlanLine(
        title=standing.plan.title,
        until=_until(standing, now),
        until_words=_until_words(standing, now),
        used=f"{number(usage.bots)} из {number(usage.bot_limit)} товаров",
        percent=min(100, usage.bots * 100 // usage.bot_limit) if usage.bot_limit else 0,
        tone="red" if usage.over else "blue",
        lacks=lacks,
        sold_with={it: _sold_with(it, plans) for it in lacks},
        banner=banner_of(standing, usage, now),
    )


def _until(standing: Standing, now: datetime) -> str:
    if standing.grace_until is not None or standing.landed_at is not None:
        return "ждёт оплаты"
    return f"до {day_of(standing.ends_at, now)}" if standing.ends_at else ""


def _until_words(standing: Standing, now: datetime) -> str:
    if standing.ends_at is None:
        return "Бесплатно, без срока"
    until, left = day_of(standing.ends_at, now), counted(days_left(standing.ends_at, now), *DAYS)
    if standing.is_landing:
        return "Закончился, бот останавливается"
    if standing.landed_at is not None:
        return f"Закончился, бот стоит с {day_of(standing.landed_at, now)}"
    if standing.grace_until is not None:
        return f"Не оплачен, работает до {day_of(standing.grace_until, now)}"
    if standing.is_trial:
        return f"Пробный до {until}, ещё {left}"
    return f"Без продления, до {until}" if standing.is_ending else f"Оплачен до {until}"


def _sold_with(feature: str, plans: list[PlanView]) -> dict[str, str]:
    plan = min((it for it in plans if feature in it.features), key=lambda it: it.price)
    return {"code": plan.code, "title": plan.title, "price": format_tenge(plan.price)}


def banner_of(standing: Standing, usage: Usage, now: datetime) -> Banner:
    """Return what every page must say about the plan: the worst of what is so."""
    title, bots = standing.plan.title, usage.bots
    pay = _where_paid(standing)
    if standing.landed_at is not None:
        stands = f"бот стоит с {day_of(standing.landed_at, now)}"
        return Banner(
            "red",
            f"{'Пробный' if standing.is_trial else 'Тариф'} {title} закончился: "
            f"{'бот останавливается' if standing.is_landing else stands}",
            f"{_prices(bots, 'замирают' if standing.is_landing else 'замерли')}."
            " Оплатите, и бот продолжит с этого места.",
            f"Оплатить {format_tenge(standing.renewal)}",
            pay,
        )
    if standing.grace_until is not None:
        words = f"Банк ответил: «{standing.trouble.rstrip('.')}». " if standing.trouble else ""
        again = f" Повторим {moment(standing.retry_at)}." if standing.retry_at else ""
        return Banner(
            "amber",
            f"Не получилось продлить {title}: бот работает до {day_of(standing.grace_until, now)}",
            f"{words}Потом {_prices(bots, 'замрут').lower()}.{again}",
            f"Оплатить {format_tenge(standing.renewal)}",
            pay,
        )
    return _ending_soon(standing, bots, now)


def _prices(bots: int, verb: str) -> str:
    goods = f" {counted(bots, *_OF_GOODS)}" if bots else ""
    return f"Цены{goods} {verb}"


def for_manager(banner: Banner) -> Banner:
    """Return what somebody reads who may not pay: no button, and whom to tell."""
    if not banner.tone:
        return banner
    return Banner(banner.tone, banner.title, f"{banner.text} Скажите владельцу кабинета.")


def _where_paid(standing: Standing) -> str:
    return f"/billing?plan={(standing.next_plan or standing.plan).code}"


def _ending_soon(standing: Standing, bots: int, now: datetime) -> Banner:
    if standing.ends_at is None or days_left(standing.ends_at, now) > _SOON:
        return Banner()
    left = days_left(standing.ends_at, now)
    rest = f"осталось {counted(left, *DAYS)}" if left else "сегодня последний день"
    title = f"{standing.plan.title} закончится {day_of(standing.ends_at, now)}, {rest}"
    where = f" у {counted(bots, *_OF_GOODS)}" if bots else ""
    after = f"Потом бот перестанет менять цены{where}."
    if standing.is_trial:
        return Banner("amber", f"Пробный {title}", after, "Выбрать тариф", "/billing")
    if standing.is_ending:
        return Banner(
            "amber", title, f"Продление вы отменили. {after}", "Открыть тариф", "/billing"
        )
    if not standing.renews_itself and standing.plan.price:
        return Banner(
            "amber", title, f"Карты для продления нет. {after}", "Оплатить", _where_paid(standing)
        )
    if standing.card is not None and _is_short(standing):
        card = card_words(standing.card)
        text = f"Срок карты {card} истечёт раньше списания. Привяжите другую."
        return Banner("amber", title, text, "Сменить карту", "/billing?tab=cards")
    return Banner()


def _is_short(standing: Standing) -> bool:
    card = standing.card
    if card is None or card.expires_on is None or standing.ends_at is None:
        return False
    return card.expires_on < standing.ends_at.astimezone(ALMATY).date()
