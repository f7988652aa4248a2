"""The console shows orders as their buyers see them, and lets one be placed now."""

from __future__ import annotations

from typing import Any

from cube_demper.sandbox.order_deeds import Deed
from cube_demper.sandbox.order_lives import DAY_MS, Way, of_day

STORE = "30000001"


async def _orders(client: Any) -> list[dict[str, Any]]:
    answer = await client.http.get(client.sandbox.console_url + "/orders.json")
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_an_order_placed_now_is_there_at_once_and_is_new(client: Any) -> None:
    before = {it["order"] for it in await _orders(client)}
    url = client.sandbox.console_url + "/orders/place"
    for _ in range(2):
        answer = await client.http.post(url, data={"store": STORE})
        assert answer.status_code == 303
    placed = [it for it in await _orders(client) if it["order"] not in before]
    assert [it["status"] for it in placed] == ["APPROVED_BY_BANK"] * 2
    assert len({it["order"] for it in placed}) == 2
    assert (await client.http.post(url, data={"store": "nobody"})).status_code == 404


async def test_the_buyers_code_is_shown_once_it_was_sent(client: Any) -> None:
    sandbox = client.sandbox
    now = int(sandbox.now() * 1000)
    days = range(now // DAY_MS - 3, now // DAY_MS + 1)
    life = next(
        life
        for day in days
        for life in of_day(sandbox.world, STORE, day)
        if life.made <= now < life.ended and life.way in (Way.PICKUP, Way.OWN)
    )
    (shown,) = (it for it in await _orders(client) if it["order"] == life.code)
    assert (shown["is_handed_by_seller"], shown["code_sent"]) == (True, "")
    deed = sandbox.world.order_deeds.setdefault(life.code, Deed())
    deed.send_code(now)
    page = (await client.http.get(sandbox.console_url + "/orders")).text
    assert f"<td class=n>{deed.code}</td>" in page
    assert f"<td class=n>{life.code}</td>" in page
