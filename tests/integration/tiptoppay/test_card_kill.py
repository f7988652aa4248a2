"""kill -9 of real processes: between a charge and its record, and while a webhook is taken."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from card_stage import CARD, CardStage
from sqlalchemy import text

from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import links
from cube_demper.domain.billing.charging import ChargeState, charge, reconcile
from cube_demper.embedded.ports import free_ports
from cube_demper.models.billing import PaymentStatus
from cube_demper.sandbox.tiptoppay.world import API_SECRET, PUBLIC_ID

_TESTS = Path(__file__).parents[2]
PRICE = 999_900


@asynccontextmanager
async def process(
    stage: CardStage, database_url: str, redis_url: str, *command: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run one of the tests' own scripts at the stage's time; it does not outlive the block."""
    given = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "CUBE_CLOCK": f"{stage.now().isoformat()}@0.000001",
        "TIPTOPPAY_URL": stage.terminal.sandbox.tiptoppay_url,
        "TIPTOPPAY_PUBLIC_ID": PUBLIC_ID,
        "TIPTOPPAY_API_SECRET": API_SECRET,
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(_TESTS / command[0]), *command[1:],
        env=os.environ | given, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGKILL)
        await child.wait()


async def until(is_so: Callable[[], object]) -> None:
    while not is_so():  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.01)


async def test_killed_between_the_charge_and_its_record(
    stage: CardStage, database_url: str, redis_url: str
) -> None:
    payment = await stage.renewal()
    stage.machine.hooks.addresses["Pay"] = ""
    stage.terminal.sandbox.fault("hang_after", "tip_charge", count=1)
    command = ("charge_process.py", str(payment.id))
    async with process(stage, database_url, redis_url, *command) as child:
        await until(lambda: len(stage.machine.transactions) == 2)
        child.send_signal(signal.SIGKILL)
        await child.wait()
    assert [it.outcome for it in await stage.attempts()] == ["sent"]
    assert await charge(stage.till, SYSTEM, payment.id) is ChargeState.UNKNOWN
    stage.scene.clock.move(minutes=3)
    assert await reconcile(stage.till, SYSTEM, payment.id) is ChargeState.PAID
    assert len(stage.machine.transactions) == 2
    assert await stage.gateway_balance() == 2 * PRICE


async def test_killed_while_it_takes_a_webhook(
    stage: CardStage, database_url: str, redis_url: str
) -> None:
    payment, hooks = await stage.begin(), stage.machine.hooks
    url = await links.open_link(stage.till, stage.seller, payment.id)
    (port,) = free_ports(1)
    hooks.is_held = True
    await stage.http.post(url, data={"card": CARD})
    (held,) = hooks.held
    held.url = f"http://127.0.0.1:{port}/webhooks/tiptoppay/pay"
    db, command = stage.services.db, ("webhook_process.py", str(port))
    async with process(stage, database_url, redis_url, *command) as child:
        assert child.stdout is not None
        assert await child.stdout.readline() == b"ready\n"
        async with db.write() as tx:
            await tx.execute(text("LOCK TABLE payments IN ACCESS EXCLUSIVE MODE"))
            hooks.attempts = 1
            hooks.release()
            waits = text(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'payments'::regclass"
            )
            while not await tx.scalar(waits):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.01)
            child.send_signal(signal.SIGKILL)
            await child.wait()
        await hooks.settled()
    assert [it[0] for it in await stage.events()] == ["check"]
    assert (await stage.payment(payment)).status == PaymentStatus.CREATED
    hooks.listen_at(stage.hook_base.removesuffix("/webhooks/tiptoppay"))
    held.url = f"{stage.hook_base}/pay"
    for _ in range(2):
        hooks.again(held)
    await hooks.settled()
    assert (await stage.payment(payment)).status == PaymentStatus.PAID
    assert await stage.gateway_balance() == PRICE
