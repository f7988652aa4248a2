"""Words with which a person asks not to be written to any more, in Russian and Kazakh. Pure.

A person is silenced by a short message that says this alone, or by a phrase that can mean nothing else:
«стоп» inside of «автобусный стоп-кран» is no wish.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Wish(StrEnum):
    """What a person asked for."""

    SILENCE = "silence"
    LETTERS = "letters"


_ALONE: Final = frozenset(
    {
        "стоп", "stop", "не пиши", "не писать", "отписка", "отписаться", "отпишите",
        "отпишите меня", "отключите", "отстаньте", "хватит", "unsubscribe",
        "тоқта", "тоқтат", "тоқтатыңыз", "тоқтатыңыздар",
        "токта", "токтат", "токтатыныз", "жазба", "жазбаңыз", "жазбаңыздар", "жазбаныз",
        "жазбашы", "жазбаңызшы", "жазбанызшы", "тоқтатшы", "токтатшы",
    }
)  # fmt: skip
# «Не присылайте курьера до обеда» speaks of the parcel.
_NO_THING: Final = r"(?! (?:курьер|заказ|товар|посылк|цен[уы]|адрес|чек))"
_PHRASES: Final = (
    f"не пишите{_NO_THING}", "не пиши мне", "больше не пиши", f"не присылайте{_NO_THING}",
    f"не шлите{_NO_THING}", "не беспокойте(?!сь)",
    "не надо писать", "не нужно писать", "не надо мне писать", "не надо больше писать",
    "хочу отписаться", "отписаться от", "стоп рассылк", "прекратите рассылку", "хватит писать",
    "прекратите писать", "прекратите присылать", "отпишите меня",
    "удалите мой номер", "маған жазба(?!ша)", "маган жазба(?!ша)", "енді жазба", "хабарлама жазба",
    "хабарлама жіберме", "хабарлама жиберме", "жазуды тоқтат", "жазуды токтат",
    "мазаламаңыз", "мазаламаныз",
)  # fmt: skip
_AGAIN: Final = frozenset(
    {"старт", "start", "подписаться", "пишите", "қайта жазыңыз", "жаза беріңіз"}
)
"""Not «баста»: «begin» in Kazakh, «enough!» in Russian."""
_LONGEST: Final = 120
"""A longer letter is read by a person: it complains of more than letters."""


def wish_of(text: str) -> Wish | None:
    """Return what a message asks for; None for an ordinary one."""
    words = _plain(text)
    if words in _ALONE:
        return Wish.SILENCE
    if words in _AGAIN:
        return Wish.LETTERS
    if len(words) > _LONGEST:
        return None
    # «Почему не пишите адрес?» asks for letters rather; «Не пишите мне! Ясно?» does not.
    said = [_plain(it) for it in re.split(r"(?<=[.!?\n])", text) if not it.rstrip().endswith("?")]
    is_asked = any(re.search(rf"\b{phrase}", it) for phrase in _PHRASES for it in said)
    return Wish.SILENCE if is_asked else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold().replace("ё", "е")))
