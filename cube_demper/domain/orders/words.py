"""Orders in words for sellers: statuses, sources, what stops the reading. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cube_demper.models.orders import Order, OrderSource, OrderStatus
from cube_demper.models.polling import PollProblem

STATUS_WORDS: Final[Mapping[OrderStatus, str]] = MappingProxyType(
    {
        OrderStatus.APPROVED: "Новый",
        OrderStatus.ACCEPTED_BY_MERCHANT: "Принят",
        OrderStatus.DELIVERY: "В доставке",
        OrderStatus.DELIVERED: "Ждёт покупателя",
        OrderStatus.COMPLETED: "Выдан",
        OrderStatus.CANCELLED: "Отменён",
        OrderStatus.RETURNED: "Возвращён",
        OrderStatus.UNKNOWN: "Неясен",
    }
)
SOURCE_WORDS: Final[Mapping[OrderSource, str]] = MappingProxyType(
    {OrderSource.API: "по токену", OrderSource.CABINET: "через кабинет"}
)
PROBLEM_TITLES: Final[Mapping[PollProblem, str]] = MappingProxyType(
    {
        PollProblem.TOKEN: "токен заказов больше не подходит",
        PollProblem.SIGNED_OUT: "заказы не читаются без входа",
        PollProblem.NO_RIGHT: "кабинет не показывает заказы",
        PollProblem.SILENT: "Kaspi не отвечает на запросы о заказах",
        PollProblem.CROWDED: "Kaspi просит спрашивать о заказах реже",
        PollProblem.CHANGED: "Kaspi изменил ответ с заказами",
    }
)
PROBLEM_WORDS: Final[Mapping[PollProblem, str]] = MappingProxyType(
    {
        PollProblem.TOKEN: (
            "Kaspi не принимает токен: похоже, в кабинете сделали новый. Возьмите его из кабинета"
            " или вставьте снова."
        ),
        PollProblem.SIGNED_OUT: (
            "Токена нет, а вход в кабинет истёк. Войдите в Kaspi или вставьте токен заказов."
        ),
        PollProblem.NO_RIGHT: (
            "У этой учётной записи нет права на заказы. Войдите как руководитель или вставьте"
            " токен заказов."
        ),
        PollProblem.SILENT: "Повторим сами. Уже полученные заказы на месте.",
        PollProblem.CROWDED: "Подождём и продолжим сами. Уже полученные заказы на месте.",
        PollProblem.CHANGED: "Мы уже разбираемся. Уже полученные заказы на месте.",
    }
)
_PAID: Final[Mapping[str, str]] = MappingProxyType(
    {"PAY_WITH_CREDIT": "в кредит или рассрочку", "PREPAID": "сразу"}
)
_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "BUYER_CANCELLATION_BY_MERCHANT": "покупатель передумал",
        "BUYER_NOT_REACHABLE": "покупатель не отвечает",
        "MERCHANT_OUT_OF_STOCK": "товара нет в наличии",
        "TIMEOUT_BUYER_PICKUP": "покупатель не забрал вовремя",
    }
)


def delivery_words(row: Order) -> str:
    """Say how an order reaches its buyer (KASPI.md §4.1)."""
    match row.delivery_mode, row.is_kaspi_delivery:
        case "DELIVERY_PICKUP", True:
            words = "Postomat"
        case "DELIVERY_PICKUP", _:
            words = "Самовывоз"
        case "DELIVERY_LOCAL", True:
            words = "Kaspi Доставка по городу"
        case "DELIVERY_LOCAL", _:
            words = "Своя доставка"
        case (("DELIVERY_REGIONAL_TODOOR" | "DELIVERY_REGIONAL_PICKUP"), _):
            words = "Kaspi Доставка в другой город"
        case _:
            words = row.delivery_mode or "Не указана"
    return f"{words}, Express" if row.is_express else words


def payment_words(row: Order) -> str:
    """Say how an order was paid."""
    words = _PAID.get(row.payment_mode or "", row.payment_mode or "")
    return f"{words}, {row.credit_term} мес." if row.credit_term and words else words


def reason_words(reason: str | None) -> str:
    """Say why an order was cancelled; a reason that we do not know as Kaspi names it."""
    return _REASONS.get(reason or "", reason or "")
