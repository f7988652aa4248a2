"""What the seller has and may have, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.billing import rules
from cube_demper.domain.billing.schemas import COMING
from cube_demper.domain.billing.view_schemas import PlanView, Standing
from cube_demper.domain.billing.words import FEATURE_WORDS
from cube_demper.seller.pages.billing.words import OF_GOODS
from cube_demper.seller.plans.saying import (
    DAYS,
    day_of,
    days_left,
    moment_of,
    price_words,
    sources_of,
)
from cube_demper.ui.format import counted

_LANDINGS = {"stay": "на текущих ценах", "floor": "на мин. ценах", "base": "на исходных ценах"}


@dataclass
class PlanNow:
    """The card «Сейчас».

    `can`: "cancel", "resume", "stay" (the smaller plan does not follow) or ""; `pays`: the button that leads
    to paying for `pay_code`.
    """

    title: str = ""
    line: str = ""
    word: str = ""
    tone: str = "gray"
    icon: str = "circle-check"
    facts: list[tuple[str, str]] = field(default_factory=list)
    can: str = ""
    pays: str = ""
    pay_code: str = ""
    is_repricing: bool = False
    lands: str = ""
    lands_how: str = ""
    can_land: bool = False
    """Over the choice of the landing: when it happens, and what comes before it."""


@dataclass
class FeatureLine:
    """One line of a plan: `has` chooses the check or the lock; `is_coming`: not built yet."""

    words: str = ""
    has: bool = True
    is_coming: bool = False


@dataclass
class PlanOffer:
    """One of the plans side by side. `act`: "yours", "choose", "end", "next" or ""."""

    code: str = ""
    title: str = ""
    price: str = ""
    per: str = ""
    limit: str = ""
    features: list[FeatureLine] = field(default_factory=list)
    act: str = ""
    verb: str = ""
    is_here: bool = False
    """In force now, on trial too."""
    is_better: bool = False
    """The one to go up to, or to stay with after the trial: its button is the page's primary."""


def plan_now(standing: Standing, now: datetime) -> PlanNow:
    """Return what the seller has, until when and what renews it."""
    plan = standing.plan
    word, tone, icon = _badge(standing)
    facts = [("Стоимость", price_words(plan.price))]
    if standing.ends_at is not None:
        facts.append(
            ("Пробный до" if standing.is_trial else "Оплачен до", moment_of(standing.ends_at, now))
        )
    facts += _what_next(standing, now)
    pays = _pays(standing, now)
    lands, lands_how = _landing(standing)
    return PlanNow(
        title=plan.title,
        line=summary_of(standing, now),
        word=word,
        tone=tone,
        icon=icon,
        facts=facts,
        can=_can(standing),
        pays=pays,
        pay_code=(standing.next_plan or plan).code if pays else "",
        is_repricing="repricing" in plan.features,
        lands=lands,
        lands_how=lands_how,
        can_land=standing.landed_at is None,
    )


def _landing(standing: Standing) -> tuple[str, str]:
    """Return when prices freeze, and what is done before that."""
    freeze = "цены замрут там, где вы скажете."
    if standing.is_landing:
        return (
            "Бот останавливается",
            "Цены замирают. Магазин, который сейчас недоступен, ждём до суток.",
        )
    if standing.landed_at is not None:
        return "Цены заморожены", "Он продолжит с этого места, как только тариф будет оплачен."
    if standing.is_trial:
        return "Когда пробный период закончится", f"Если тариф не выбран, {freeze}"
    if standing.is_ending:
        return "Когда тариф закончится", f"Продление вы отменили: в последний день {freeze}"
    before = (
        "Сначала предупредим вас"
        if not standing.renews_itself
        else ("Сначала попробуем списать ещё раз и предупредим вас")
    )
    return "Если оплата не пройдёт", f"{before}, а после льготных дней {freeze}"


def _pays(standing: Standing, now: datetime) -> str:
    """Return the button that pays the next 30 days, where they may be paid by hand now."""
    total = format_tenge(standing.renewal)
    if standing.grace_until is not None or standing.landed_at is not None:
        return f"Оплатить {total}"
    ends_at, is_renewed = standing.ends_at, standing.renews_itself or standing.is_ending
    if ends_at is None or standing.is_trial or is_renewed or ends_at - now > rules.RENEW_EARLY:
        return ""
    return f"Продлить за {total}"


def _badge(standing: Standing) -> tuple[str, str, str]:
    if standing.landed_at is not None:
        return "Закончился", "red", "octagon-alert"
    if standing.grace_until is not None:
        return "Ждёт оплаты", "amber", "hourglass"
    if standing.ends_at is None:
        return "Бесплатный", "gray", "circle"
    if standing.is_trial:
        return "Пробный", "blue", "sparkles"
    if standing.is_ending:
        return "Без продления", "amber", "calendar-x-2"
    return "Действует", "green", "check"


def _what_next(standing: Standing, now: datetime) -> list[tuple[str, str]]:
    if standing.landed_at is not None:
        label = "Цены замирают" if standing.is_landing else "Цены заморожены"
        return [(label, _LANDINGS.get(standing.landing, "на текущих ценах"))]
    if standing.grace_until is not None:
        facts = [("Работает до", moment_of(standing.grace_until, now))]
        if standing.retry_at is not None:
            facts.append(("Следующая попытка", moment_of(standing.retry_at, now)))
        return facts
    return [] if standing.ends_at is None else _after_period(standing, now)


def _after_period(standing: Standing, now: datetime) -> list[tuple[str, str]]:
    if standing.paid_plan is not None:
        return [
            (f"С {moment_of(standing.paid_from, now)}", f"{standing.paid_plan.title}, уже оплачен")
        ]
    if standing.is_trial or standing.is_ending:
        return [("Потом", "FREE: бот советует, цены не меняет")]
    if standing.next_plan is not None:
        following, until = standing.next_plan, day_of(standing.ends_at, now)
        facts = [(f"С {until}", f"{following.title}, {price_words(following.price)}")]
        return [*facts, *_charge(standing, now)]
    if not standing.renews_itself:
        return [("Продление", "карты нет, напомним об оплате")]
    return _charge(standing, now) or [("Продление", sources_of(standing))]


def _charge(standing: Standing, now: datetime) -> list[tuple[str, str]]:
    """Return when what is charged, to the minute: it is some hours before the end, often the day before."""
    if standing.charge_at is None:
        return []
    return [(f"Спишем {moment_of(standing.charge_at, now)}", sources_of(standing))]


def _can(standing: Standing) -> str:
    if standing.ends_at is None or standing.is_trial or standing.landed_at is not None:
        return ""
    if standing.is_ending:
        return "resume"
    return "stay" if standing.next_plan is not None else "cancel"


def summary_of(standing: Standing, now: datetime) -> str:
    """Answer in one line whether all is well with the plan."""
    title, until = standing.plan.title, day_of(standing.ends_at, now)
    if standing.landed_at is not None:
        stands = f"бот стоит с {day_of(standing.landed_at, now)}"
        return f"{title} закончился: {'бот останавливается' if standing.is_landing else stands}"
    if standing.grace_until is not None:
        return f"Оплата не прошла, {title} работает до {day_of(standing.grace_until, now)}"
    if standing.ends_at is None:
        return f"{title}: бот советует цены, сам не меняет"
    if standing.is_trial:
        left = days_left(standing.ends_at, now)
        rest = f"осталось {counted(left, *DAYS)}" if left else "последний день"
        return f"Пробный {title} до {until}, {rest}. Деньги сами не спишутся"
    if standing.paid_plan is not None:
        change, following = day_of(standing.paid_from, now), standing.paid_plan.title
        return f"{title} до {change}, потом {following}, оплачен до {until}"
    return f"{title} до {until}{_summary_of_renewal(standing, now)}"


def _summary_of_renewal(standing: Standing, now: datetime) -> str:
    if standing.is_ending:
        return ", продления не будет"
    if standing.next_plan is not None:
        return f", потом {standing.next_plan.title}"
    if not standing.renews_itself:
        return ". Чтобы не прерваться, оплатите до этого дня"
    if standing.charge_at is None:
        return f", потом {sources_of(standing)}"
    return f", {day_of(standing.charge_at, now)} спишем {sources_of(standing)}"


def plan_offers(plans: Sequence[PlanView], standing: Standing, now: datetime) -> list[PlanOffer]:
    """Return the plans side by side, each with what it lacks."""
    in_order = sorted(plans, key=lambda it: it.price)
    bigger = [it.code for it in in_order if it.price > standing.plan.price]
    is_settled = standing.grace_until is None and standing.landed_at is None
    better = standing.plan.code if standing.is_trial else next(iter(bigger), "")
    if not is_settled or _pays(standing, now):
        better = ""  # there is something more urgent to press
    return [_offer(plan, standing, is_better=plan.code == better) for plan in in_order]


def _offer(plan: PlanView, standing: Standing, *, is_better: bool) -> PlanOffer:
    act, verb = _act(plan, standing)
    return PlanOffer(
        code=plan.code,
        title=plan.title,
        price=format_tenge(plan.price),
        per="за 30 дней" if plan.price else "без срока",
        limit=f"До {counted(plan.bot_limit, *OF_GOODS)} с ботом",
        features=[
            FeatureLine(words, code in plan.features, code in COMING)
            for code, words in FEATURE_WORDS.items()
        ],
        act=act,
        verb=verb,
        is_here=plan.code == standing.plan.code and standing.landed_at is None,
        is_better=is_better,
    )


def _act(plan: PlanView, standing: Standing) -> tuple[str, str]:
    is_unpaid = standing.grace_until is not None or standing.landed_at is not None
    if standing.next_plan is not None and plan.code == standing.next_plan.code:
        return "next", "Выбран следующим"
    if plan.code == (standing.paid_plan or standing.plan).code:
        if is_unpaid:
            return "choose", f"Оплатить {plan.title}"
        return ("choose", f"Оставить {plan.title}") if standing.is_trial else ("yours", "Ваш тариф")
    if plan.price:
        return "choose", f"Перейти на {plan.title}"
    is_coming_anyway = standing.is_trial or standing.is_ending or standing.landed_at is not None
    return ("", "") if is_coming_anyway else ("end", "Перейти на FREE")
