"""Words of the partner programme, for pages, files and the operator's terminal."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cube_demper.core.clock import ALMATY

KIND_WORDS: Final = {
    "commission": "Комиссия",
    "take_back": "Возврат клиенту",
    "payout": "Выплата",
    "payout_returned": "Выплата не прошла",
}
STATUS_WORDS: Final = {
    "held": "На удержании",
    "doubted": "На проверке",
    "released": "Зачислено",
    "denied": "Не начислено",
}
TAKEN_BACK: Final = "Снято"
PAYOUT_WORDS: Final = {
    "requested": "Ждёт решения",
    "approved": "Одобрена",
    "paid": "Выплачена",
    "refused": "Отказано",
}
STAGE_WORDS: Final = {
    "signed_up": "Не подтвердил почту",
    "confirmed": "Без магазина",
    "store": "Подключил магазин",
    "held": "Оплатил, удержание",
    "paying": "Платит",
    "returned": "Вернули деньги",
    "doubted": "На проверке",
    "refused": "Отказано",
}
DOUBT_WORDS: Final = {
    "self": "это ваша собственная учётная запись",
    "own_address": "регистрация с вашего интернет-адреса",
    "own_device": "регистрация с вашего устройства",
    "own_card": "оплата картой, которой платил другой ваш клиент или вы сами",
    "many_from_address": "несколько регистраций с одного адреса",
    "throwaway_mail": "одноразовая почта",
    "many_refunds": "слишком часто оплаты ваших клиентов возвращаются",
}


SHUT_OUT: Final = "когда клиент оплатил, ваш доступ был закрыт"


def status_in_words(kind: str, status: str) -> str:
    """Say where a line stands: what a refund took is not «зачислено»."""
    is_taken = kind == "take_back" and status == "released"
    return TAKEN_BACK if is_taken else STATUS_WORDS[status]


def doubts_in_words(doubts: tuple[str, ...]) -> str:
    """Return the signs of fraud as the end of a sentence."""
    return ", ".join(DOUBT_WORDS[it] for it in doubts)


def sentence(typed: str) -> str:
    """End what a person typed as a sentence, whether or not they did."""
    words = typed.strip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def moment(when: datetime) -> str:
    """Return a time of these days as a letter or a terminal says it."""
    return f"{when.astimezone(ALMATY):%d.%m %H:%M}"
