"""Waybills against the sandbox: by links, from the cabinet's archive, with what is missing named."""

from __future__ import annotations

import io

import pytest
from doing_scene import DoingScene
from pypdf import PdfReader
from worker_stage import Stage

from cube_demper.core.errors import NotFound
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.orders import waybills
from cube_demper.domain.orders.doing.selections import Selection
from cube_demper.domain.orders.waybill_schemas import PrintView, WhyMissing
from cube_demper.models.doing import ActionKind, LabelLayout, PrintStatus
from cube_demper.models.orders import Order
from cube_demper.sandbox.order_deeds import Deed
from cube_demper.sandbox.order_lives import Way
from workers.waybills import Waybills


@pytest.fixture
def scene(stage: Stage) -> DoingScene:
    return DoingScene(stage)


@pytest.fixture
def speed() -> float:
    return 60


async def _print(scene: DoingScene, orders: list[Order]) -> PrintView:
    services = scene.stage.services
    chosen = Selection(ids=tuple(order.id for order in orders))
    async with services.db.write() as tx:
        print_id = await waybills.start(
            tx,
            scene.actor,
            chosen,
            LabelLayout.A4_FOUR,
            secrets=services.secrets,
            now=scene.stage.clock.now(),
        )
    work = Waybills(services)
    await work.handle({"print_id": str(print_id)})
    await work.handle({"print_id": str(print_id)})
    await work.close()
    async with services.db.read() as tx:
        return await waybills.get(tx, scene.actor, print_id)


async def _packed(scene: DoingScene, *, with_token: bool) -> list[Order]:
    """Return two packed orders and one that is not."""
    orders = await scene.open_shop(Way.CITY, Way.POSTOMAT, Way.CITY, with_token=with_token)
    now = int(scene.stage.clock.now().timestamp() * 1000)
    for number, order in enumerate(orders):
        packed = now if number < 2 else None
        deed = Deed(accepted=now, assembled=packed, spaces=1 + number)
        scene.stage.sandbox.world.order_deeds[order.kaspi_order_code] = deed
    await scene.later(minutes=11)
    return orders


async def _text(scene: DoingScene, view: PrintView) -> str:
    services, now = scene.stage.services, scene.stage.clock.now()
    async with services.db.read() as tx:
        pdf = await waybills.take(tx, scene.actor, view.id, secrets=services.secrets, now=now)
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("with_token", [True, False])
async def test_what_is_packed_is_on_paper_and_the_rest_is_named(
    scene: DoingScene, with_token: bool
) -> None:
    orders = await _packed(scene, with_token=with_token)
    view = await _print(scene, orders)
    assert (view.status, view.fetched, view.pages) == (PrintStatus.READY, 2, 1)
    assert view.missing == [(orders[2].kaspi_order_code, WhyMissing.NOT_PACKED)]
    text = await _text(scene, view)
    assert text.count("KASPI SHOP") == 3
    assert text.count(orders[1].kaspi_order_code) == 2


async def test_a_waybill_that_is_not_ready_yet_is_said(scene: DoingScene) -> None:
    (order,) = await scene.open_shop(Way.CITY)
    await scene.do(order, ActionKind.ACCEPT)
    await scene.do(order, ActionKind.ASSEMBLE, spaces=1)
    scene.deed(order).assembled = int(scene.stage.clock.now().timestamp() * 1000) + 600_000
    scene.change(order.kaspi_order_code, {"attributes": {"assembled": True}})
    view = await _print(scene, [order])
    assert (view.status, view.missing) == (
        PrintStatus.FAILED,
        [(order.kaspi_order_code, WhyMissing.NOT_READY)],
    )


@pytest.mark.parametrize("fault", ["html", "status"])
async def test_files_that_kaspi_does_not_give_cost_the_others_nothing(
    scene: DoingScene, fault: str
) -> None:
    orders = await _packed(scene, with_token=True)
    scene.stage.sandbox.fault(fault, "waybills", status=500)
    view = await _print(scene, orders)
    assert view.status == PrintStatus.FAILED
    assert dict(view.missing)[orders[0].kaspi_order_code] is WhyMissing.SILENT


async def test_a_file_is_kept_encrypted_and_for_a_day(scene: DoingScene) -> None:
    orders = await _packed(scene, with_token=True)
    view = await _print(scene, orders)
    await _text(scene, view)
    scene.stage.clock.jump(25 * 3600)
    with pytest.raises(NotFound):
        await _text(scene, view)
    async with scene.stage.db.write() as tx:
        await waybills.forget_expired(tx, SYSTEM, scene.stage.clock.now())
        with pytest.raises(NotFound):
            await waybills.get(tx, scene.actor, view.id)
