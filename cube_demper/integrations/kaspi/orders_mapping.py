"""Kaspi's shapes of orders and of the token that opens them, pure (KASPI.md §4, §5)."""

from __future__ import annotations

from cube_demper.core.errors import ContractChanged
from cube_demper.domain.orders.schemas import OrdersSeen
from cube_demper.integrations.kaspi import readers


def orders_seen(answer: object) -> OrdersSeen:
    """Read a list of orders. Raises ContractChanged."""
    wire = readers.mapping(answer)
    rows = wire.get("data")
    if not isinstance(rows, list):
        raise ContractChanged("Ответ Kaspi со списком заказов изменился")
    total = readers.whole(readers.mapping(wire.get("meta")).get("totalCount"))
    points = (
        readers.text(readers.mapping(row.get("attributes")).get("pickupPointId"))
        for row in readers.rows(rows)
    )
    return OrdersSeen(
        count=len(rows) if total is None else total,
        points=tuple(sorted({point for point in points if point})),
    )


def cabinet_token(answer: object) -> str | None:
    """Read the token that the cabinet keeps; None when there is none. Raises ContractChanged."""
    merchant = readers.mapping(readers.mapping(answer).get("data")).get("merchant")
    if not isinstance(merchant, dict):
        raise ContractChanged("Ответ кабинета Kaspi о токене изменился")
    return readers.text(readers.mapping(merchant.get("integration")).get("token"))


def made_token(answer: object) -> str:
    """Read a token that was made just now. Raises ContractChanged."""
    token = readers.text(readers.mapping(readers.mapping(answer).get("data")).get("tokenGenerate"))
    if token is None:
        raise ContractChanged("Кабинет Kaspi не вернул токен")
    return token
