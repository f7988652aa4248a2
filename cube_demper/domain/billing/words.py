"""Words of plans, for the seller's page and the front page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.core.russian import counted
from cube_demper.domain.billing.schemas import Feature, PlanOffer
from cube_demper.models.billing import PaymentMethod

METHOD_WORDS: Final[Mapping[str, str]] = {
    PaymentMethod.CARD: "Карта",
    PaymentMethod.BANK_INVOICE: "Счёт в банке",
    PaymentMethod.KASPI_TRANSFER: "Перевод Kaspi",
    PaymentMethod.BALANCE: "Баланс",
}
"""How a payment was, or is to be, paid."""

FEATURE_WORDS: Final[Mapping[Feature, str]] = {
    Feature.MONITORING: "Цены и места конкурентов",
    Feature.REPRICING: "Бот сам меняет цены",
    Feature.WHATSAPP: "WhatsApp покупателям: статусы, переписка, отзывы",
    Feature.PRIORITY_SUPPORT: "Поддержка вне очереди",
    Feature.ANALYTICS: "Аналитика заказов и прибыли",
    Feature.AI: "ИИ-помощники: юрист, продавец, бухгалтер",
    Feature.INTEGRATIONS: "API и вебхуки для ваших программ",
}
"""What a plan gives, in the order in which it is read."""


def trial_words(plan: PlanOffer) -> str:
    """Say what a new account has for nothing; "" where that is nothing."""
    if not plan.trial_days:
        return ""
    days = counted(plan.trial_days, "день", "дня", "дней")
    return f"{days} тарифа {plan.title} бесплатно, карта не нужна."
