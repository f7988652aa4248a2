"""Words of the page that more than one of its parts uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

GOODS: Final = ("товар", "товара", "товаров")
OF_GOODS: Final = ("товара", "товаров", "товаров")

FEATURES: Final[Mapping[str, str]] = {
    "monitoring": "Цены и места конкурентов",
    "repricing": "Бот сам меняет цены",
    "whatsapp": "WhatsApp покупателям: статусы, переписка, отзывы",
    "priority_support": "Поддержка вне очереди",
    "analytics": "Аналитика заказов и прибыли",
    "ai": "ИИ-помощники: юрист, продавец, бухгалтер",
    "integrations": "API и вебхуки для ваших программ",
}
"""What a plan gives, in the order in which it is read."""
