from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson

from cube_demper.core.clock import FixedClock
from cube_demper.sandbox.journal import read_journal
from cube_demper.sandbox.limits import LimitRules
from cube_demper.sandbox.server import Sandbox

STORE, ALMATY = "30000001", "750000000"
START = datetime(2026, 11, 22, 9, tzinfo=UTC)


def on_sale(sandbox: Sandbox) -> Any:
    goods = sandbox.world.stores[STORE].values()
    return next(good for good in goods if good.price_in(ALMATY))


def change(sandbox: Sandbox, price: int) -> None:
    good = on_sale(sandbox)
    body = {"store": STORE, "sku": good.sku, "city_prices": {ALMATY: price}, "price": None}
    body |= {"availabilities": None, "model": good.model}
    sandbox.market.accept(body, is_single=True, ip="127.0.0.1")


def copy_as_killed(folder: Path, to: Path) -> Path:
    """The folder as a kill at this moment leaves it: nothing is closed, nothing saved for goodbye."""
    to.mkdir()
    for path in folder.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    return to


async def test_prices_rivals_sessions_bans_and_mail_survive(tmp_path: Path) -> None:
    clock = FixedClock(START)
    async with Sandbox.start(clock=clock, state_dir=tmp_path) as first:
        sid = first.cookies()[1]["value"]
        good = on_sale(first)
        rival = first.market.rivals_on(good.card_id)[0]
        first.market.set_rival(good.card_id, rival.merchant.uid, 4444)
        change(first, 5000)
        for _ in range(first.limits.rules.ip_per_second + 1):
            first.limits.shop_request("127.0.0.2", first.now())
        clock.move(minutes=1, seconds=1)
        first.market.settle()
    async with Sandbox.start(clock=clock, state_dir=tmp_path) as second:
        good = on_sale(second)
        assert second.market.store_listing(STORE, good.sku).prices[ALMATY] == 5000
        again = next(r for r in second.market.rivals_on(good.card_id) if r.sku == rival.sku)
        assert set(again.prices.values()) == {4444}
        assert second.sessions.account_of(sid) is not None
        assert [ban.key for ban in second.limits.bans] == ["127.0.0.2"]
        assert second.audit().applied == 1


async def test_a_kill_loses_no_accepted_change_and_repeats_none(tmp_path: Path) -> None:
    clock = FixedClock(START)
    async with Sandbox.start(clock=clock, state_dir=tmp_path / "live") as first:
        assert first.memory is not None
        change(first, 5000)
        first.memory.save()
        change(first, 4900)
        killed = copy_as_killed(tmp_path / "live", tmp_path / "killed")
    async with Sandbox.start(clock=clock, state_dir=killed) as second:
        clock.move(minutes=1, seconds=1)
        second.market.settle()
        report = second.audit()
        assert (report.accepted, report.applied, report.waiting) == (2, 2, [])
        assert on_sale(second).prices[ALMATY] in (5000, 4900)
        after = copy_as_killed(killed, tmp_path / "again")
    async with Sandbox.start(clock=clock, state_dir=after) as third:
        third.market.settle()
        assert third.audit().applied == 2


async def test_the_rivals_go_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    async def prices(sandbox: Sandbox, clock: FixedClock, minutes: int) -> list[Any]:
        seen = []
        for _ in range(minutes):
            clock.move(minutes=1)
            cards = list(sandbox.world.cards)
            seen.append(
                [sorted(r.prices.items()) for c in cards for r in sandbox.market.rivals_on(c)]
            )
        return seen

    straight, broken = FixedClock(START), FixedClock(START)
    async with Sandbox.start(clock=straight) as sandbox:
        expected = await prices(sandbox, straight, 60)
    async with Sandbox.start(clock=broken, state_dir=tmp_path) as sandbox:
        seen = await prices(sandbox, broken, 30)
    async with Sandbox.start(clock=broken, state_dir=tmp_path) as sandbox:
        seen += await prices(sandbox, broken, 30)
    assert seen == expected
    assert seen[0] != seen[-1]


async def test_another_worlds_state_is_thrown_away(tmp_path: Path) -> None:
    clock = FixedClock(START)
    async with Sandbox.start(clock=clock, seed=1, state_dir=tmp_path) as first:
        change(first, 5000)
        first.cookies()
    async with Sandbox.start(clock=clock, seed=2, state_dir=tmp_path) as second:
        assert second.sessions.by_sid == {}
        assert second.market.changes == {}
    async with Sandbox.start(clock=clock, seed=2, state_dir=tmp_path) as third:
        assert third.market.changes == {}


async def test_the_limits_can_be_chosen() -> None:
    async with Sandbox.start(
        clock=FixedClock(START), limits=LimitRules(ip_per_second=1)
    ) as sandbox:
        url = f"{sandbox.shop_url}/yml/offer-view/offers/1"
        async with httpx.AsyncClient(trust_env=False) as http:
            answers = [await http.post(url, json={"cityId": ALMATY}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 403]


async def test_the_command_serves_is_killed_and_serves_again(
    tmp_path: Path, port_base: int
) -> None:
    base = port_base
    shop, console = f"http://127.0.0.1:{base + 10}", f"http://127.0.0.1:{base + 13}"
    first = await serve(base, tmp_path)
    async with httpx.AsyncClient(trust_env=False) as http:
        cookies = await ready(http, console)
        merchant = f"http://127.0.0.1:{base + 11}"
        headers = {"X-Auth-Version": "3", "Cookie": f"mc-sid={cookies}"}
        stores = (await http.get(f"{merchant}/s/m", headers=headers)).json()["merchants"]
        rows = await http.get(
            f"{merchant}/bff/offer-view/list?m={stores[0]['uid']}", headers=headers
        )
        row = rows.json()["data"][0]
        body = {"merchantUid": stores[0]["uid"], "sku": row["sku"], "price": 7777}
        path = f"{merchant}/pricefeed/upload/merchant/process"
        assert (await http.post(path, json=body, headers=headers)).status_code == 200
        offers = f"{shop}/yml/offer-view/offers/{row['masterSku']}"
        assert (await http.post(offers, json={"cityId": ALMATY})).status_code == 200
        first.send_signal(signal.SIGKILL)
        await first.wait()
        second = await serve(base, tmp_path)
        await ready(http, console)
        log = (await http.get(f"{console}/log?kind=accepted")).text.splitlines()
        assert [orjson.loads(line)["price"] for line in log] == [7777]
        second.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(second.wait(), 10) == 0
    kinds = [entry["kind"] for entry in read_journal(tmp_path / "sandbox")]
    assert kinds.count("accepted") == 1


async def test_a_taken_port_is_one_clear_line_and_exit_2(tmp_path: Path, port_base: int) -> None:
    base = port_base
    taken = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", base + 11)
    async with taken:
        process = await serve(base, tmp_path)
        _, stderr = await process.communicate()
    assert process.returncode == 2
    assert f"Порт {base + 11} занят" in stderr.decode()
    assert "CUBE_PORT_BASE" in stderr.decode()
    assert "Traceback" not in stderr.decode()


async def serve(base: int, folder: Path) -> asyncio.subprocess.Process:
    env = {**os.environ, "CUBE_PORT_BASE": str(base), "CUBE_DATA_DIR": str(folder)}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cube_demper.sandbox", env=env, stderr=asyncio.subprocess.PIPE
    )


async def ready(http: httpx.AsyncClient, console: str) -> str:
    """Wait until the console answers; return a session's id."""
    for _ in range(100):
        try:
            answer = await http.post(f"{console}/sessions", json={"email": "seller@example.kz"})
        except httpx.TransportError:
            await asyncio.sleep(0.1)
            continue
        return str(answer.json()[1]["value"])
    raise AssertionError("the sandbox did not start")
