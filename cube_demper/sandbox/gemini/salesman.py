"""What the sandbox's model says as a shop's salesman: the first goods it was shown, in plain words."""

from __future__ import annotations

from typing import Any

import orjson

from cube_demper.sandbox.gemini.brain import Asked

_OF_SALESMAN = "от имени магазина на Kaspi.kz"
_TEXTS = {
    "попроси честный отзыв": "Здравствуйте, {name}! Всё ли понравилось? Будем рады честному отзыву.",
    "покупают снова": "Здравствуйте, {name}! Приятно, что вы снова с нами. Смотрите:\n{goods}",
    "поблагодари за заказ": "Здравствуйте, {name}! Спасибо за заказ {order}. К нему подойдёт:\n{goods}",
    "ответь на последнее": "Да, это есть в наличии:\n{goods}",
}


def offer(asked: Asked) -> str | None:
    """Answer as the salesman; None when somebody else is asked."""
    if _OF_SALESMAN not in asked.instructions:
        return None
    text = next(text for aim, text in _TEXTS.items() if aim in asked.instructions)
    data: dict[str, Any] = orjson.loads(asked.turns[0].split("\n", 1)[1])
    skus = [it["sku"] for it in data["goods"][:2]] if "{goods}" in text else []
    said = {"text": text, "language": "ru", "skus": skus, "discount_percent": 0}
    if "{goods}" in text and not skus:
        said["text"] = text.split("\n")[0].split(". ")[0] + "."
    return orjson.dumps({**said, "wants_seller": False}).decode()
