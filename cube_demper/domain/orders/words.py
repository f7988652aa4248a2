"""Orders in words for sellers: statuses, sources, what stops the reading. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cube_demper.models.orders import OrderSource, OrderStatus
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
