"""Buyers are nowhere in clear: neither in what workers log nor in the database; staff see initials."""

from __future__ import annotations

import base64
import json
from uuid import uuid4

import pytest
import structlog
from orders_scene import OrdersScene
from sqlalchemy import text
from structlog.testing import LogCapture
from worker_stage import Stage

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.orders import listing
from cube_demper.domain.orders.list_schemas import OrderQuery
from cube_demper.sandbox.order_lives import Life


@pytest.fixture
def scene(stage: Stage) -> OrdersScene:
    return OrdersScene(stage)


@pytest.fixture
def speed() -> float:
    return 60


def _personal(lives: list[Life]) -> set[str]:
    """Return what names a buyer, Kaspi's ids of customers among it: they are phones (KASPI.md §4.1)."""
    found: set[str] = set()
    for life in lives:
        found |= {life.phone, f"{life.first_name} {life.last_name}"}
        found.add(base64.b64encode(life.phone.encode()).decode().rstrip("="))
    return found


async def test_nothing_personal_is_logged(
    scene: OrdersScene, capfd: pytest.CaptureFixture[str]
) -> None:
    heard = LogCapture()
    structlog.configure(processors=[heard])
    try:
        await scene.begin()
        await scene.work()
        for fault in ("html", "truncated", "nulls"):
            scene.stage.sandbox.fault(fault, "orders", count=4)
            await scene.later(hours=1)
        life = scene.lives(2)[0]
        scene.change(life.code, {"state": "MOON", "status": "ON_THE_MOON"})
        await scene.later(hours=2)
    finally:
        structlog.reset_defaults()
    said = json.dumps(heard.entries, default=repr) + "".join(capfd.readouterr())
    assert heard.entries
    assert not [word for word in _personal(scene.lives(7)) if word in said]


async def test_nothing_personal_is_kept_in_clear(scene: OrdersScene) -> None:
    await scene.begin()
    await scene.work()
    known = await scene.orders()
    lives = [life for life in scene.lives(6) if life.code in known]
    async with scene.stage.db.read() as tx:
        tables = ("orders", "order_items", "order_status_history", "outbox", "notifications")
        rows = [
            row
            for table in tables
            for row in (await tx.scalars(text(f"SELECT to_jsonb(t)::text FROM {table} AS t"))).all()  # noqa: S608
        ]
    kept = "\n".join(rows)
    assert lives
    assert all(life.code in kept for life in lives)
    assert not [word for word in _personal(lives) if word in kept]


async def test_a_manager_without_the_right_sees_initials_and_no_address(scene: OrdersScene) -> None:
    await scene.begin()
    await scene.work()
    stage = scene.stage
    manager = Actor(Role.USER, uuid4(), "m@example.kz", acts_for=stage.user_id, rights=frozenset())
    async with stage.db.read() as tx:
        page = await listing.list_orders(tx, manager, OrderQuery(), secrets=stage.services.secrets)
    assert page.total > 0
    assert not [
        word
        for view in page.rows
        for word in _personal(scene.lives(7))
        if word in f"{view.buyer} {view.phone} {view.address}"
    ]
