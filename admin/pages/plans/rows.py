"""Plans and their dated prices as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cube_demper.core.money import format_tenge
from cube_demper.domain.billing.schemas import Feature, PlanOffer
from cube_demper.models.steering import PlanPrice
from cube_demper.ui.format import moment, number

_FEATURES: Final = {
    Feature.MONITORING: "наблюдение за ценами",
    Feature.REPRICING: "бот меняет цены",
    Feature.WHATSAPP: "WhatsApp",
    Feature.PRIORITY_SUPPORT: "поддержка вне очереди",
    Feature.ANALYTICS: "аналитика",
    Feature.AI: "ИИ-сотрудники",
    Feature.INTEGRATIONS: "API",
}


@dataclass
class PlanCard:
    """A plan as it is sold now."""

    code: str
    title: str
    price: str
    people: str
    people_note: str
    can_change: bool
    facts: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class PriceRow:
    """A price from a day on."""

    id: str
    plan: str
    price: str
    price_note: str
    begins: str
    state: str
    tone: str
    can_cancel: bool


def plan_card(it: PlanOffer, holders: tuple[int, int]) -> PlanCard:
    """Put a plan into words; `holders`: who pays for it, and how many of them another price."""
    people, other = holders
    features = [words for code, words in _FEATURES.items() if code in it.features]
    return PlanCard(
        code=it.plan,
        title=it.title,
        price=f"{format_tenge(it.price)} за 30 дней" if it.price else "бесплатно",
        people=number(people),
        people_note=f"из них по прежней цене {number(other)}" if other else "",
        can_change=it.price > 0,
        facts=[
            ("Товаров с ботом", number(it.bot_limit)),
            ("Пробный срок", f"{it.trial_days} дн" if it.trial_days else "нет"),
            ("Токенов ИИ в месяц", number(it.ai_tokens) if it.ai_tokens else "нет"),
            ("Продаётся", "да" if it.is_sold else "нет"),
            ("Входит", ", ".join(features) or "—"),
        ],
    )


def price_row(it: PlanPrice, now: datetime) -> PriceRow:
    """Put a dated price into words."""
    is_planned = it.applied_at is None
    return PriceRow(
        id=str(it.id),
        plan=it.plan.upper(),
        price=format_tenge(it.price),
        price_note="",
        begins=moment(it.begins_at, now=now),
        state="Запланирована" if is_planned else "Введена",
        tone="blue" if is_planned else "gray",
        can_cancel=is_planned,
    )
