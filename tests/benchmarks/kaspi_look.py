"""What a look costs this process: `python tests/benchmarks/kaspi_look.py` prints figures, asserts none.

A server and a Valkey of their own in other processes; real sockets, real limits, 64 offers an answer.
Pauses are nil and limits wide, so that they cost their code but no waiting.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import orjson
from redis.asyncio import Redis

from cube_demper.core.clock import SystemClock
from cube_demper.core.settings import KaspiSettings
from cube_demper.embedded import Services
from cube_demper.embedded.ports import free_ports
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import Host, LimitRules, Refill, RequestKind, Wish
from cube_demper.integrations.proxies.pool import EgressPool

LOOKS = 1000
AT_ONCE = 16


def _answer() -> bytes:
    offer = {
        "masterSku": "102298404",
        "masterCategory": "Master - Smartphones",
        "merchantName": "Магазин Альфа",
        "merchantSku": "102298404_940231519",
        "merchantReviewsQuantity": 231,
        "merchantRating": 4.8,
        "title": "Смартфон Apple iPhone 13 128Gb Midnight черный",
        "delivery": "2026-09-21T18:00:00.000+00:00",
        "kdPickupDate": "2026-09-19T15:00:00.000+00:00",
        "availabilityDate": "2026-09-18T17:52:23.745+00:00",
        "kaspiDelivery": True,
        "kdPoints": ["11271005_PP1"],
        "preorder": 0,
        "deliveryType": "TO_DOOR",
        "deliveryDuration": "TILL_5_DAYS",
    }
    offers = [offer | {"merchantId": str(n), "price": 361788.0 + n} for n in range(64)]
    body = orjson.dumps({"offers": offers, "total": 64, "offersCount": 64})
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _serve(port: int) -> None:
    answer = _answer()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                writer.write(answer)
        except asyncio.IncompleteReadError:
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(main())


class _NoPause(random.Random):
    def uniform(self, a: float, b: float) -> float:
        return 0.0 * (a + b)


async def _nothing() -> Refill:
    return Refill()


def _report(name: str, count: int, wall: float, cpu: float) -> None:
    sys.stdout.write(
        f"{name:<34}{count:>6} times  {wall / count * 1e3:7.3f} ms each  "
        f"{cpu / count * 1e3:7.3f} ms CPU of this process each\n"
    )


async def _measure(redis_url: str, port: int) -> None:
    clock = SystemClock()
    redis = Redis.from_url(redis_url)
    figures = LimitRules(global_per_second=2000, shop_per_second=2000)
    limits = Limits(redis, figures, clock, _nothing)
    client = KaspiClient(
        KaspiSettings(KASPI_SHOP_URL=f"http://127.0.0.1:{port}"),  # type: ignore[call-arg]
        limits,
        EgressPool([None], clock=clock),
        clock,
        rng=_NoPause(),
    )

    async def looks(count: int) -> None:
        for _ in range(count):
            page = await client.offers(card="102298404", city_id="750000000")
            assert len(page.offers) == 64

    await limits.snapshot()
    await asyncio.sleep(1.1)
    await looks(50)
    for name, lanes in (("looks, one at a time", 1), (f"looks, {AT_ONCE} at once", AT_ONCE)):
        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(looks(LOOKS // lanes) for _ in range(lanes)))
        _report(name, LOOKS, time.perf_counter() - wall, time.process_time() - cpu)

    await asyncio.sleep(1.1)
    eight = Wish(RequestKind.REPRICE, Host.SHOP, tuple(f"e{n}" for n in range(8)))
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(LOOKS):
        await limits.take(eight)
    _report(
        "limits.take over 8 egresses", LOOKS, time.perf_counter() - wall, time.process_time() - cpu
    )
    await client.aclose()
    await redis.aclose()


def main() -> None:
    """Start what is needed, measure, stop it."""
    folder = Path(tempfile.mkdtemp(prefix="cube-bench-"))
    folder.chmod(0o755)
    postgres_port, valkey_port, port = free_ports(3)
    services = Services(folder, postgres_port, valkey_port, is_throwaway=True).start()
    server = multiprocessing.Process(target=_serve, args=(port,), daemon=True)
    server.start()
    try:
        time.sleep(0.5)
        asyncio.run(_measure(services.redis_url, port))
    finally:
        server.terminate()
        services.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
