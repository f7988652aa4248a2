"""Actions in words for sellers: what is going on, what came of it, what to do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cube_demper.models.doing import ActionKind, ActionRefusal

GOING_ON: Final[Mapping[ActionKind, str]] = MappingProxyType(
    {
        ActionKind.ACCEPT: "Принимаем в Kaspi",
        ActionKind.ASSEMBLE: "Передаём в Kaspi, что заказ собран",
        ActionKind.SEND_CODE: "Просим Kaspi отправить код покупателю",
        ActionKind.COMPLETE: "Проверяем код в Kaspi",
        ActionKind.CANCEL: "Отменяем в Kaspi",
        ActionKind.REDUCE: "Убираем товар из заказа в Kaspi",
        ActionKind.ARRIVE: "Говорим Kaspi, что товар поступил",
        ActionKind.TAKE_BACK: "Говорим Kaspi, что товар вернулся",
    }
)
DONE: Final[Mapping[ActionKind, str]] = MappingProxyType(
    {
        ActionKind.ACCEPT: "Принят",
        ActionKind.ASSEMBLE: "Собран",
        ActionKind.SEND_CODE: "Код отправлен покупателю",
        ActionKind.COMPLETE: "Выдан",
        ActionKind.CANCEL: "Отменён",
        ActionKind.REDUCE: "Товар убран из заказа",
        ActionKind.ARRIVE: "Товар поступил",
        ActionKind.TAKE_BACK: "Возврат принят",
    }
)
FAILED: Final[Mapping[ActionKind, str]] = MappingProxyType(
    {
        ActionKind.ACCEPT: "Не получилось принять",
        ActionKind.ASSEMBLE: "Не получилось собрать",
        ActionKind.SEND_CODE: "Код не отправлен",
        ActionKind.COMPLETE: "Не получилось выдать",
        ActionKind.CANCEL: "Не получилось отменить",
        ActionKind.REDUCE: "Не получилось убрать товар",
        ActionKind.ARRIVE: "Не получилось отметить поступление",
        ActionKind.TAKE_BACK: "Не получилось принять возврат",
    }
)
REFUSALS: Final[Mapping[ActionRefusal, str]] = MappingProxyType(
    {
        ActionRefusal.WRONG_CODE: "Код не подошёл.",
        ActionRefusal.CODE_SPENT: "Этот код больше не действует. Отправьте покупателю новый.",
        ActionRefusal.CODE_UNSURE: (
            "Kaspi не ответил. Спросите покупателя, пришёл ли код; если нет, отправьте ещё раз."
        ),
        ActionRefusal.CANCELLED: "Заказ уже отменён.",
        ActionRefusal.COMPLETED: "Заказ уже выдан.",
        ActionRefusal.UNSIGNED: "Покупатель ещё не подписал документы в Kaspi.",
        ActionRefusal.MOVED_ON: "Заказ уже в другом состоянии.",
        ActionRefusal.NO_TOKEN: "Нужен токен заказов: без него Kaspi этого не разрешает.",
        ActionRefusal.NO_RIGHT: "У этой учётной записи Kaspi нет права на это.",
        ActionRefusal.UNREACHABLE: "Kaspi не отвечает. В заказе ничего не изменилось.",
        ActionRefusal.NOT_DONE: "Kaspi не ответил, и заказ остался как был. Повторите.",
        ActionRefusal.UNSURE: "Kaspi не ответил, и по заказу не видно, сделано ли. Проверьте в кабинете.",
        ActionRefusal.OTHER: "Kaspi отказал.",
    }
)
SHORT: Final[Mapping[ActionRefusal, str]] = MappingProxyType(
    {
        ActionRefusal.WRONG_CODE: "не подошёл код",
        ActionRefusal.CODE_SPENT: "код больше не действует",
        ActionRefusal.CODE_UNSURE: "неизвестно, ушёл ли код",
        ActionRefusal.CANCELLED: "уже отменены",
        ActionRefusal.COMPLETED: "уже выданы",
        ActionRefusal.UNSIGNED: "не подписаны документы",
        ActionRefusal.MOVED_ON: "уже в другом состоянии",
        ActionRefusal.NO_TOKEN: "нет токена заказов",
        ActionRefusal.NO_RIGHT: "нет права в Kaspi",
        ActionRefusal.UNREACHABLE: "Kaspi не отвечает",
        ActionRefusal.NOT_DONE: "Kaspi не ответил",
        ActionRefusal.UNSURE: "неизвестно, сделано ли",
        ActionRefusal.OTHER: "Kaspi отказал",
    }
)
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "MERCHANT_OUT_OF_STOCK": "Товара нет в наличии",
        "BUYER_NOT_REACHABLE": "Не удалось связаться с покупателем",
        "BUYER_CANCELLATION_BY_MERCHANT": "Покупатель отказался от заказа",
        "PRODUCT_UNDERWEIGHT": "Вес товара меньше заказанного",
    }
)
"""Kaspi's reasons (KASPI.md §4.3)."""


def refusal_words(refusal: ActionRefusal, said: str) -> str:
    """Say why an action ended; what we have no words for in Kaspi's own."""
    words = REFUSALS[refusal]
    return f"Kaspi отказал: {said}" if refusal is ActionRefusal.OTHER and said else words
