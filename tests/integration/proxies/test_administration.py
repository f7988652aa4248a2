"""The pool: what an import would do, health as workers tell it, and who has which address."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from records import NOON, add_user

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.proxies import administration, service
from cube_demper.domain.proxies.schemas import ImportPlan, Seen

ADMIN = Actor(Role.ADMIN, uuid4(), "admin@example.kz")
SECRETS = SecretBox(["test"])
TEXT = "http://a:b@10.0.0.1:80\n# зимний набор\n10.0.0.2:81\n\n10.0.0.2:81\n"


async def states(db: Database) -> dict[str, str]:
    async with db.read() as tx:
        page = await administration.list_proxies(tx, ADMIN)
        return {it.label: it.state for it in page.rows}


async def test_an_import_is_foretold_and_all_or_nothing(db: Database) -> None:
    async with db.write() as tx:
        assert await administration.plan_import(tx, ADMIN, TEXT) == ImportPlan(2, 0)
        await administration.import_text(tx, ADMIN, TEXT, SECRETS)
        assert await administration.plan_import(tx, ADMIN, TEXT + "10.0.0.3:1") == ImportPlan(1, 2)
        for bad in ("10.0.0.9:90\nсорок", "ftp://10.0.0.9:90", "10.0.0.9", "10.0.0.9:99999"):
            with pytest.raises(InvalidInput, match="Строка"):
                await administration.plan_import(tx, ADMIN, bad)
        with pytest.raises(InvalidInput):
            await administration.plan_import(tx, ADMIN, "  \n#\n")
        with pytest.raises(PermissionDenied):
            await administration.plan_import(tx, Actor(Role.SUPPORT), TEXT)
    assert set(await states(db)) == {"10.0.0.1:80", "10.0.0.2:81"}


async def test_health_is_the_latest_word_of_all_processes(db: Database) -> None:
    async with db.write() as tx:
        await administration.import_text(tx, ADMIN, TEXT, SECRETS)

    async def tell(ok: int | None, error: int | None, words: str | None) -> None:
        at = [None if it is None else NOON + timedelta(seconds=it) for it in (ok, error)]
        async with db.write() as tx:
            await service.note_health(tx, SYSTEM, [Seen("10.0.0.1:80", *at, words)])

    await tell(5, None, None)
    assert await states(db) == {"10.0.0.1:80": "ok", "10.0.0.2:81": "unused"}
    await tell(1, 9, "не соединились")
    await tell(2, 3, "старая ошибка")
    async with db.read() as tx:
        page = await administration.list_proxies(tx, ADMIN, tab="failing")
        (line,) = page.rows
    assert (line.last_error, line.last_ok_at) == ("не соединились", NOON + timedelta(seconds=5))
    await tell(12, None, None)
    assert (await states(db))["10.0.0.1:80"] == "ok"


async def test_addresses_are_given_back_switched_off_and_forgotten(db: Database) -> None:
    async with db.write() as tx:
        await administration.import_text(tx, ADMIN, TEXT, SECRETS)
        user = await add_user(tx)
        await service.allot(tx, ADMIN, user.id, 1, NOON)
        (mine,) = (await administration.list_proxies(tx, ADMIN, search=user.email)).rows
        await administration.release(tx, ADMIN, mine.id)
        page = await administration.list_proxies(tx, ADMIN)
        assert (page.counts["free"], page.counts["allotted"]) == (2, 0)
        await administration.set_enabled(tx, ADMIN, mine.id, is_enabled=False)
        assert len(await service.list_urls(tx, SYSTEM, SECRETS)) == 1
        await administration.delete(tx, ADMIN, mine.id)
        with pytest.raises(NotFound):
            await administration.delete(tx, ADMIN, mine.id)
