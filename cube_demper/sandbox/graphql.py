"""The cabinet's GraphQL facade (KASPI.md §5): the operations that the product asks, errors as observed.

An answer carries every field that the papers name for its operation, whatever the query selects.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from cube_demper.sandbox import orders_graphql
from cube_demper.sandbox.rows import address
from cube_demper.sandbox.world import Account, Merchant, World

_INLINE_ID = re.compile(r'merchant\s*\(\s*id\s*:\s*"([^"]+)"')
_VARIABLE_ID = re.compile(r"merchant\s*\(\s*id\s*:\s*\$(\w+)")


def answer(
    world: World, account: Account, body: Any, operation: str | None, now: int
) -> dict[str, Any]:
    """Answer one operation; errors come with HTTP 200, as Kaspi's do."""
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        return _error("Bad Request")
    name = body.get("operationName") or operation
    if name in ("getCities", "checkSession"):
        return {"data": _plain(world, account, str(name))}
    if name in ("getTokenApi", "tokenGenerate"):
        return _token(world, account, body, is_made=name == "tokenGenerate")
    if name in orders_graphql.OPERATIONS:
        return _orders(world, account, str(name), body.get("variables") or {}, now)
    if name not in ("getMerchant", "getPointList"):
        return _error("Bad Request")
    return _merchant(world, account, body, is_point_list=name == "getPointList")


def _plain(world: World, account: Account, name: str) -> dict[str, Any]:
    if name == "checkSession":
        return {"session": {"user": {"id": account.email}}}
    return {"cities": [_typed("City", id=it.id, name=it.name) for it in world.cities.values()]}


def _orders(
    world: World, account: Account, name: str, variables: dict[str, Any], now: int
) -> dict[str, Any]:
    uid = str(variables.get("merchantUid") or "")
    if uid not in account.merchant_uids:
        return {"data": {"merchant": None}}
    if not account.sees_orders:
        return _error("Access is denied")
    return orders_graphql.answer(world, uid, name, variables, now) or _error("Bad Request")


def _token(
    world: World, account: Account, body: dict[str, Any], *, is_made: bool
) -> dict[str, Any]:
    """Show the orders token to the head of the company, or make one, which ends the one before."""
    variables = body.get("variables") or {}
    uid = variables.get("merchantId") if is_made else _asked_id(body["query"], variables)
    if uid not in account.merchant_uids or not account.is_head:
        return _error("Access is denied")
    if is_made:
        world.tokens[uid] = secrets.token_urlsafe(32)
        return {"data": {"tokenGenerate": world.tokens[uid]}}
    integration = _typed("Integration", token=world.tokens.get(uid))
    return {"data": {"merchant": _typed("Merchant", id=uid, integration=integration)}}


def _merchant(
    world: World, account: Account, body: dict[str, Any], *, is_point_list: bool
) -> dict[str, Any]:
    query = body["query"]
    if re.search(r"merchant\s*\(\s*uid\s*:", query):
        return _error("Unknown field argument 'uid'")
    uid = _asked_id(query, body.get("variables") or {})
    if uid is None:
        return _error("Missing field argument 'id'")
    if uid not in account.merchant_uids:
        return {"data": {"merchant": None}}
    merchant = world.merchants[uid]
    if is_point_list:
        return {"data": {"merchant": {"id": uid, "points": _point_list(merchant)}}}
    return {
        "data": {
            "merchant": _typed(
                "Merchant",
                id=uid,
                name=merchant.name,
                logo={"url": None},
                points=_points(merchant),
                schedule={"weekdays": []},
            ),
            "session": {
                "merchants": [
                    {"userName": account.email, "name": world.merchants[m].name, "master": True}
                    for m in account.merchant_uids
                ]
            },
        }
    }


def _asked_id(query: str, variables: dict[str, Any]) -> str | None:
    if found := _INLINE_ID.search(query):
        return found[1]
    found = _VARIABLE_ID.search(query)
    value = variables.get(found[1]) if found else None
    return str(value) if value else None


def _points(merchant: Merchant) -> list[dict[str, Any]]:
    return [
        _typed(
            "Point",
            id=merchant.point_id(point),
            name=point.code,
            enabled=point.enabled,
            virtual=False,
            type="STORE",
            city={"id": point.city.id, "name": point.city.name},
        )
        for point in merchant.points
    ]


def _point_list(merchant: Merchant) -> list[dict[str, Any]]:
    return [
        _typed(
            "Point",
            id=merchant.point_id(point),
            enabled=point.enabled,
            city={"name": point.city.name},
            address=address(point),
            type="STORE",
            schedule={"weekDays": []},
        )
        for point in merchant.points
    ]


def _typed(typename: str, **fields: Any) -> dict[str, Any]:
    return fields | {"__typename": typename}


def _error(message: str) -> dict[str, Any]:
    return {"errors": [{"message": message}]}
