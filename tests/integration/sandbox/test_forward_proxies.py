from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from cube_demper.core.clock import FixedClock
from cube_demper.sandbox.server import Sandbox


async def ask(sandbox: Sandbox, proxy: str) -> httpx.Response:
    card = next(iter(sandbox.world.cards))
    async with httpx.AsyncClient(proxy=proxy, trust_env=False) as http:
        url = f"{sandbox.shop_url}/yml/offer-view/offers/{card}"
        return await http.post(url, json={"cityId": "750000000"})


async def test_eight_proxies_leave_from_eight_addresses(client: Any) -> None:
    for proxy in client.sandbox.proxies:
        assert (await ask(client.sandbox, proxy)).status_code == 200
    seen = [entry["ip"] for entry in client.sandbox.journal.since(0, kind="request")]
    assert seen == [f"127.0.0.{number}" for number in range(2, 10)]


async def test_a_connection_is_used_again(client: Any) -> None:
    url = f"{client.sandbox.shop_url}/yml/offer-view/offers/{client.card}"
    async with httpx.AsyncClient(proxy=client.sandbox.proxies[0], trust_env=False) as http:
        for page in range(3):
            answer = await http.post(url, json={"cityId": "750000000", "page": page})
            assert answer.status_code == 200
        me = await http.get(f"{client.sandbox.merchant_url}/s/m", headers=client.headers)
        assert len(me.json()["merchants"]) == 2
    assert client.sandbox.proxy_servers[0].served == 4


async def test_connect_makes_a_tunnel(client: Any) -> None:
    proxy, shop = urlsplit(client.sandbox.proxies[2]), urlsplit(client.sandbox.shop_url)
    reader, writer = await asyncio.open_connection(proxy.hostname, proxy.port)
    writer.write(f"CONNECT {shop.netloc} HTTP/1.1\r\nHost: {shop.netloc}\r\n\r\n".encode())
    assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
    body = b'{"cityId":"750000000"}'
    head = (
        f"POST /yml/offer-view/offers/1 HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
    writer.close()
    entry = next(client.sandbox.journal.since(0, kind="request"))
    assert entry["ip"] == "127.0.0.4"


@pytest.mark.parametrize("target", ["http://203.0.113.9/", "http://kaspi.kz/", "http://[::1]:80/"])
async def test_only_the_loopback_is_reached(client: Any, target: str) -> None:
    async with httpx.AsyncClient(proxy=client.sandbox.proxies[0], trust_env=False) as http:
        assert (await http.get(target)).status_code == 403


async def test_a_port_nobody_listens_on_is_a_bad_gateway(client: Any) -> None:
    async with httpx.AsyncClient(proxy=client.sandbox.proxies[0], trust_env=False) as http:
        assert (await http.get("http://127.0.0.1:1/")).status_code == 502


async def test_user_and_password_are_asked_where_set() -> None:
    clock = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with Sandbox.start(clock=clock, proxy_credentials=("cube", "secret")) as sandbox:
        good = sandbox.proxies[0]
        assert (await ask(sandbox, good)).status_code == 200
        for bad in (good.replace("secret", "wrong"), good.replace("cube:secret@", "")):
            assert (await ask(sandbox, bad)).status_code == 407


async def test_a_proxy_that_is_down_drops_connections(client: Any) -> None:
    client.sandbox.proxy_servers[0].is_down = True
    with pytest.raises(httpx.TransportError):
        await ask(client.sandbox, client.sandbox.proxies[0])
    assert (await ask(client.sandbox, client.sandbox.proxies[1])).status_code == 200
