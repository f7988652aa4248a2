"""What a chosen plan costs, in words and numbers, and the ways to pay it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.money import MINUS, format_tenge
from cube_demper.domain.billing.quotes import days_between
from cube_demper.domain.billing.schemas import Quote
from cube_demper.domain.billing.view_schemas import CardView, PlanView, Standing, Usage
from cube_demper.models.billing import PaymentPurpose
from cube_demper.seller.pages.billing.words import GOODS, OF_GOODS
from cube_demper.seller.plans.saying import DAYS, card_words, day_of, price_words
from cube_demper.ui.format import counted

_TITLES = {
    PaymentPurpose.SUBSCRIBE: "Подключить {}",
    PaymentPurpose.RENEW: "Продлить {}",
    PaymentPurpose.UPGRADE: "Перейти на {}",
}
LISTED = 50
"""Goods that lose their bot, as many as the dialog lists."""


@dataclass
class WayRow:
    """One way to pay; `is_off`: it cannot be chosen here, and `text` says why."""

    code: str = ""
    title: str = ""
    text: str = ""
    is_off: bool = False


@dataclass
class Offer:
    """The dialog; `title` "" shows none. `is_later`: nothing is paid now, the plan changes at the end."""

    code: str = ""
    title: str = ""
    text: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    total_label: str = ""
    total: str = ""
    balance: str = ""
    losing_words: str = ""
    losing_more: str = ""
    asks_way: bool = True
    is_later: bool = False
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """How one may pay here: what the operator has set up, and the saved cards."""

    has_card: bool
    has_bank: bool
    has_kaspi: bool
    cards: Sequence[CardView] = ()


def offer_now(plan: PlanView, quote: Quote, balance: int, usage: Usage, now: datetime) -> Offer:
    """Return the dialog of a plan that is paid now."""
    days = counted(days_between(quote.service_from, quote.service_to), *DAYS)
    since, until = day_of(quote.service_from, now), day_of(quote.service_to, now)
    facts = [
        ("За какие дни", f"{since} — {until}, {days}"),
        (_price_label(quote), format_tenge(quote.amount)),
    ]
    if quote.from_balance:
        facts.append(("С баланса", f"{MINUS}{format_tenge(quote.from_balance)}"))
    verb = f"Оплатить {format_tenge(quote.to_pay)}" if quote.to_pay else "Оплатить с баланса"
    return Offer(
        code=plan.code,
        title=_TITLES[quote.purpose].format(plan.title),
        text=f"{quote.words}.",
        facts=facts,
        total_label="К оплате сейчас",
        total=format_tenge(quote.to_pay),
        balance=f"На балансе {format_tenge(balance)}" if balance else "",
        asks_way=quote.to_pay > 0,
        verb=verb,
        **_losing(plan, usage),
    )


def _price_label(quote: Quote) -> str:
    return "Доплата" if quote.purpose is PaymentPurpose.UPGRADE else "Цена"


def offer_later(plan: PlanView, standing: Standing, usage: Usage, now: datetime) -> Offer:
    """Return the dialog of a smaller plan that follows at the end of the period."""
    until = day_of(standing.ends_at, now)
    return Offer(
        code=plan.code,
        title=f"Перейти на {plan.title} с {until}?",
        text=f"{standing.plan.title} уже оплачен, поэтому доработает целиком. Передумать можно в "
        f"любой день до {until}.",
        facts=[
            (f"До {until}", f"{standing.plan.title}, как сейчас"),
            (f"С {until}", f"{plan.title}, {price_words(plan.price)}"),
        ],
        total_label="К оплате сейчас",
        total=format_tenge(0),
        asks_way=False,
        is_later=True,
        verb=f"Перейти с {until}",
        **_losing(plan, usage),
    )


def _losing(plan: PlanView, usage: Usage) -> dict[str, str]:
    count = usage.bots - plan.bot_limit
    if count <= 0:
        return {}
    rest = count - LISTED
    more = f"и ещё {counted(rest, *GOODS)}" if rest > 0 else ""
    goods = counted(count, *OF_GOODS)
    return {"losing_words": f"Бот остановится у {goods}, включённых позже", "losing_more": more}


def ways_of(means: Means) -> list[WayRow]:
    """Return the ways to pay, those that work here first."""
    saved = [
        WayRow(f"saved:{it.id}", card_words(it), "Спишем сразу, вводить ничего не нужно")
        for it in means.cards
        if means.has_card
    ]
    card = WayRow(
        "card",
        "Новая карта" if saved else "Банковская карта",
        "Откроется страница TipTopPay. Карта сохранится и будет продлевать тариф"
        if means.has_card
        else "Оплата картой пока не подключена",
        is_off=not means.has_card,
    )
    bank = WayRow(
        "bank_invoice",
        "Счёт для ТОО или ИП",
        "Выставим счёт на ваши реквизиты. Деньги идут 1–2 рабочих дня"
        if means.has_bank
        else "Реквизиты для переводов ещё не заданы",
        is_off=not means.has_bank,
    )
    kaspi = WayRow(
        "kaspi_transfer",
        "Перевод Kaspi",
        "Переведёте в приложении Kaspi, мы проверим в течение рабочего дня"
        if means.has_kaspi
        else "Номер для переводов Kaspi ещё не задан",
        is_off=not means.has_kaspi,
    )
    return sorted([*saved, card, bank, kaspi], key=lambda it: it.is_off)


def first_way(ways: Sequence[WayRow]) -> str:
    """Return the way that stands chosen when the dialog opens; "" when none works."""
    return next((it.code for it in ways if not it.is_off), "")
