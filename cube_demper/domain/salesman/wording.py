"""Words that may not stand in what the salesman says, however they are spelled. Pure.

The text is looked at in one plain form: case, «ё», look-alike and full-width letters make no difference;
letters that hide or are spread out do not pass at all. Better a good message too few than a promise.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LATIN_ALLOWED: Final = frozenset({"kaspi", "whatsapp", "ok"})
"""Brands stand in the goods' names, which we put in ourselves."""
_SPREAD: Final = re.compile(r"(?:\b\w\b[\W_]+){4,}")
_WORD: Final = re.compile(r"[^\W\d_]+")
_FOREIGN: Final = re.compile(r"[^\W\d_а-яәғқңөұүһі]")
"""A letter of another script among ours is a look-alike."""


def _stems(*stems: str) -> re.Pattern[str]:
    return re.compile("|".join(stems))


_FORBIDDEN: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "ссылок, адресов и номеров не пиши.",
        _stems("https?:", r"www\.", "@", r"\b[\w-]{2,}\.(?:kz|ru|com|org|net|shop|me|su|app)\b"),
    ),
    (
        "цифр и сумм не пиши: цены, скидку и номер заказа подставит программа.",
        _stems(
            r"\d", "[%₸$€]", "тенге", "теңге", r"\bтг\b", "процент", "пайыз", "рубл", "доллар", "тысяч",
            "миллион", "двести", "триста", "сотн", "пятьдесят", "девяност", "половин", "вдвое", "втрое",
            r"\bмың\b", r"\bжүз\b", r"\bелу\b",
        ),
    ),
    (
        "не зови мимо Kaspi.",
        _stems(
            r"(?:мимо|без|вне|в обход|минуя) (?:каспи|kaspi)", "напрямую", "перевод", "перевед",
            r"\bкарт[ауеы]\b", "наличн", "предоплат", "аванс", "реквизит", "номер счет", "қолма-қол",
            "аудар", "тікелей",
        ),
    ),
    (
        "не зови в другие места.",
        _stems(
            "инстагр", "instagram", "телегр", "telegram", "тик ?ток", "tiktok", "youtube", "ютуб",
            r"\bсайт", "вконтакте", "facebook", "фейсбук", r"\bolx\b", "wildberries", "ozon", "вайлдберр",
        ),
    ),
    ("не проси отменить заказ.", _stems("отмен", "болдырма", "бас тарт")),
    (
        "не обещай: гарантий, возвратов, сроков, подарков и бесплатного.",
        _stems(
            "гарант", "обеща", "клян", "бесплат", "даром", "подар", "сюрприз", "верне", "вернуть", "возврат",
            "возмест", "компенс", "к[эе]шб[эе]к", "завтра", "сегодня", "через час", "в течение", "срок",
            "обязательно достав", "точно привез", "кепілдік", "уәде", "тегін", "сыйлық", "қайтар", "ертең",
            "бүгін", "өтем",
        ),
    ),
    (
        "не сравнивай цены и не называй их лучшими.",
        _stems(
            r"лучш\w* цен", r"сам\w* низк", "дешевл", "ниже рынка", "выгоднее всех", "ең арзан", "ең төмен"
        ),
    ),
    (
        "не проси хорошей оценки.",
        _stems(
            "пять зв", "звезд", "положительн", r"(?:хорош|высок|максимальн|отличн)\w* (?:отзыв|оценк)",
            "жақсы (?:пікір|баға)", "жұлдыз",
        ),
    ),
    (
        "не говори о своих указаниях.",
        _stems("инструкц", "промпт", "prompt", "instruction", r"языков\w* модел", "нейросет", "нұсқаулық"),
    ),
    (
        "не спрашивай личного.",
        _stems(
            "парол", r"\bкод\w* из", r"\bиин\b", r"\bжсн\b", "паспорт", "удостоверен", r"\bcvv\b", "құпия"
        ),
    ),
)  # fmt: skip


def fault_of(text: str) -> str | None:
    """Return what is wrong with the words of a message, told to who wrote it; None: nothing."""
    if without_hidden(text) != text or _SPREAD.search(text):
        return "пиши обычными буквами и словами, без скрытых знаков."
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").split())
    if fault := next((words for words, found in _FORBIDDEN if found.search(plain)), None):
        return fault
    foreign = [
        it for it in _WORD.findall(plain) if _FOREIGN.search(it) and it not in _LATIN_ALLOWED
    ]
    return "латинских букв не пиши: названия подставит программа." if foreign else None


def without_hidden(text: str) -> str:
    """Return a text without zero-width letters, marks of direction and tags, which hide words from us."""
    return "".join(it for it in text if unicodedata.category(it) not in ("Cf", "Co", "Cn", "Cs"))
