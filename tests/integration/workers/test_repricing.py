"""The demping worker against the sandbox: real Postgres, Valkey and HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import BotMode

if TYPE_CHECKING:
    from worker_stage import Stage


async def test_a_cheaper_rival_is_undercut_by_a_step_and_the_price_reaches_the_window(
    stage: Stage,
) -> None:
    stage.sandbox.market.freeze_rivals()
    product = (await stage.switch_on(limit=1))[0]
    card = product.external_kaspi_id or ""
    rival = stage.sandbox.market.rivals_on(card)[0]
    wanted = (product.price or 0) // 100 * 9 // 10
    stage.sandbox.market.clear_rivals(card)
    stage.sandbox.market.set_rival(card, rival.merchant.uid, wanted)

    worker = await stage.worker(once=True)
    await worker.run_bounded()

    row = (await stage.history(product.id))[-1]
    assert (row.change_reason, row.status, row.note) == ("undercut", PriceStatus.SENT, None)
    assert row.new_price == (wanted - 1) * 100
    stage.clock.jump(95)
    await worker.confirm()
    row = (await stage.history(product.id))[-1]
    assert row.status == PriceStatus.CONFIRMED
    report = stage.sandbox.audit()
    assert (report.accepted, report.applied, report.sent_twice, report.bans) == (1, 1, [], [])


async def test_a_store_in_suggest_mode_sends_nothing(stage: Stage) -> None:
    await stage.set_settings(mode=BotMode.SUGGEST)
    await stage.switch_on()

    worker = await stage.worker(until_idle=True)
    await worker.run_bounded()

    rows = await stage.history()
    assert {row.status for row in rows} <= {PriceStatus.SUGGESTED, PriceStatus.HELD}
    assert any(row.status == PriceStatus.SUGGESTED for row in rows)
    assert stage.sandbox.audit().accepted == 0
