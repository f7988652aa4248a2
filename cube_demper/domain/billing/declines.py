"""Why a bank said no, in words for the card's holder. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

THREE_DS = "three_ds"
NO_CARD = "no_card"
REFUSED = "refused"
CANCELLED = "cancelled"
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "5051": "Недостаточно средств на карте",
        "5054": "Срок действия карты истёк",
        "5082": "Неверный код CVV",
        "5206": "Банк не подтвердил владельца карты",
        "5300": "Банк отклонил платёж из соображений безопасности",
        THREE_DS: "Банк просит подтвердить списание: оплатите по ссылке",
        NO_CARD: "Карта удалена: выберите другую",
        REFUSED: "Платёжный сервис не принял карту: привяжите её заново",
        CANCELLED: "Банк отменил удержание денег",
    }
)
"""By TipTopPay's ReasonCode (INTEGRATIONS.md B.2) and by reasons of our own."""
_OTHER = "Банк отклонил платёж"


def words_of(code: str, words: str = "") -> str:
    """Return why, by the code; what the gateway says itself only in Russian."""
    is_russian = any("а" <= letter <= "я" for letter in words.lower())
    return WORDS.get(code) or (words if is_russian else _OTHER)
