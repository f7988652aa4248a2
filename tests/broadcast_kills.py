"""Broadcasts from ten numbers, for a worker that is killed while it sends them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from orders_made import seen, write
from records import add_store, seller

from cube_demper.bootstrap import Services
from cube_demper.domain.messaging.broadcasts import drafts, running
from cube_demper.domain.messaging.broadcasts.schemas import Audience, DraftInput
from cube_demper.domain.orders.seen_schemas import Buyer
from cube_demper.models.accounts import User


async def fill_broadcasts(
    services: Services, user: User, session_ids: list[UUID], messages: int
) -> None:
    """Start a broadcast from each number to people of its own, who all have another name."""
    now, numbers = services.clock.now(), len(session_ids)
    orders = [
        seen(
            f"{600_000 + person}", "ARCHIVE", "COMPLETED", now - timedelta(days=9, minutes=person),
            goods=(f"Полка №{person % numbers}.",), buyer=Buyer(f"Имя {person}", f"+7705{person + 1:06}7"),
        )
        for person in range(messages)
    ]  # fmt: skip
    async with services.db.write() as tx:
        store = await add_store(tx, user)
    await write(
        services.db, store, orders, now,
        secrets=services.secrets, started_at=now, is_importing=True,
    )  # fmt: skip
    for number, session_id in enumerate(session_ids):
        given = DraftInput(
            f"Рассылка {number}",
            "Здравствуйте, {customer_name}!",
            audience=Audience(product=f"Полка №{number}."),
            session_id=session_id,
        )
        async with services.db.write() as tx:
            broadcast = await drafts.create(tx, seller(user), given, now)
            await running.start(
                tx, seller(user), broadcast, now,
                people=messages // numbers, has_agreed=True, secrets=services.secrets,
            )  # fmt: skip
