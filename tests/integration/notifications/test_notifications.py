from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from records import add_user, seller

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import BrowserEvent, Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.accounts import User

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def tell(user: User, key: str = "reauth:1") -> Tell:
    return Tell(user_id=user.id, kind="reauth", title="Войдите в Kaspi заново", dedupe_key=key)


async def test_the_same_thing_is_told_once_to_each(db: Database) -> None:
    async with db.write() as tx:
        first, second = await add_user(tx), await add_user(tx)
        told = [
            await notifications.notify(tx, SYSTEM, tell(user)) for user in (first, first, second)
        ]
    assert told == [True, False, True]


async def test_open_pages_of_its_reader_learn_of_it(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        await notifications.notify(tx, SYSTEM, tell(user))
        events: list[BrowserEvent] = tx.info["events"]
    assert [(event.channel, event.kind) for event in events] == [
        (f"user:{user.id}", "notification")
    ]


async def test_nobody_reads_or_marks_anothers(db: Database) -> None:
    async with db.write() as tx:
        mine, other = await add_user(tx), await add_user(tx)
        for key in ("1", "2"):
            await notifications.notify(tx, SYSTEM, tell(mine, key))
    async with db.write() as tx:
        rows = await notifications.list_latest(tx, seller(mine))
        assert await notifications.list_latest(tx, seller(other)) == []
        await notifications.mark_read(tx, seller(other), NOW, notification_id=rows[0].id)
        assert await notifications.count_unread(tx, seller(mine)) == 2
        await notifications.mark_read(tx, seller(mine), NOW, notification_id=rows[0].id)
        assert await notifications.count_unread(tx, seller(mine)) == 1
        await notifications.mark_read(tx, seller(mine), NOW)
        assert await notifications.count_unread(tx, seller(mine)) == 0


async def test_a_seller_tells_no_other_seller(db: Database) -> None:
    async with db.write() as tx:
        mine, other = await add_user(tx), await add_user(tx)
        with pytest.raises(PermissionDenied):
            await notifications.notify(tx, seller(mine), tell(other))


async def test_what_is_retold_takes_the_place_of_what_was_read(db: Database) -> None:
    async with db.write() as tx:
        mine, other = await add_user(tx), await add_user(tx)
        await notifications.notify(tx, SYSTEM, tell(mine))
        await notifications.mark_read(tx, seller(mine), NOW)
        again = replace(tell(mine), title="Войдите в Kaspi заново: 2 магазина")
        await notifications.retell(tx, SYSTEM, again, NOW)
        (row,) = await notifications.list_latest(tx, seller(mine))
        with pytest.raises(PermissionDenied):
            await notifications.retell(tx, seller(other), again, NOW)
    assert (row.title, row.is_read, row.created_at) == (again.title, False, NOW)
