from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime, timedelta

import pytest
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlalchemy import select

from cube_demper.core.errors import Conflict, LimitReached, NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.exports import service as exports
from cube_demper.domain.notifications import service as notifications
from cube_demper.models import Area, DataExport, OutboxMessage, PriceStatus

SECRET = "cookies-of-the-cabinet"


async def someone(db: Database, name: str = "Чайник") -> Actor:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, guid={"v": 1, "cookies": SECRET, "password": SECRET})
        product = await add_product(tx, store, name=name, min_price=900_000)
        await add_decision(tx, product, PriceStatus.CONFIRMED)
    return seller(user)


async def ask(db: Database, actor: Actor, now: datetime = NOON) -> None:
    async with db.write() as tx:
        await exports.ask(tx, actor, now)


async def make(db: Database, now: datetime = NOON) -> None:
    async with db.read() as tx:
        ids = (await tx.scalars(select(DataExport.id))).all()
    for export_id in ids:
        await exports.make(db, export_id, now)


async def take(db: Database, actor: Actor, now: datetime = NOON) -> zipfile.ZipFile:
    async with db.write() as tx:
        token = await exports.new_link(tx, actor, now)
        return zipfile.ZipFile(io.BytesIO(await exports.take(tx, actor, token, now)))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


async def test_the_archive_holds_what_is_theirs_and_no_secret(db: Database) -> None:
    actor, _other = await someone(db), await someone(db, "Чужой")
    await ask(db, actor)
    await make(db)
    archive = await take(db, actor)
    (product,) = rows(archive, "товары.csv")
    assert (product["название"], product["цена"], product["мин_цена"]) == (
        "Чайник",
        "10000",
        "9000",
    )
    (change,) = rows(archive, "журнал_цен.csv")
    assert (change["стала"], change["состояние"]) == ("9900", "confirmed")
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert SECRET.encode() not in whole
    assert "Чужой".encode() not in whole
    assert actor.email.encode() in archive.read("профиль.json")


async def test_a_formula_in_a_name_is_only_text(db: Database) -> None:
    actor = await someone(db, "=HYPERLINK(1)")
    await ask(db, actor)
    await make(db)
    assert rows(await take(db, actor), "товары.csv")[0]["название"] == "'=HYPERLINK(1)"


async def test_ready_is_told_once_and_made_once(db: Database) -> None:
    actor = await someone(db)
    await ask(db, actor)
    await make(db)
    await make(db, NOON + timedelta(hours=1))
    async with db.read() as tx:
        state = await exports.state_of(tx, actor, NOON)
        told = await notifications.list_latest(tx, actor)
    assert (state.status, state.expires_at) == ("ready", NOON + timedelta(days=1))
    assert [row.kind for row in told] == ["export_ready"]


async def test_a_link_works_once_and_for_its_seller(db: Database) -> None:
    actor, other = await someone(db), await someone(db)
    await ask(db, actor)
    await make(db)
    async with db.write() as tx:
        token = await exports.new_link(tx, actor, NOON)
    got = []
    for who in (other, actor, actor):
        try:
            async with db.write() as tx:
                got.append(bool(await exports.take(tx, who, token, NOON)))
        except NotFound:
            got.append(False)
    assert got == [False, True, False]


async def test_after_a_day_it_is_gone(db: Database) -> None:
    actor = await someone(db)
    await ask(db, actor)
    await make(db)
    later = NOON + timedelta(days=1, seconds=1)
    with pytest.raises(NotFound):
        await take(db, actor, later)
    async with db.write() as tx:
        await exports.forget_expired(tx, SYSTEM, later)
        assert (await tx.scalars(select(DataExport.archive))).one() is None


async def test_asking_is_limited(db: Database) -> None:
    actor = await someone(db)
    for minutes in range(3):
        now = NOON + timedelta(minutes=minutes)
        await ask(db, actor, now)
        with pytest.raises(Conflict):
            await ask(db, actor, now)
        await make(db, now)
    with pytest.raises(LimitReached):
        await ask(db, actor, NOON + timedelta(minutes=3))
    async with db.read() as tx:
        assert len((await tx.scalars(select(OutboxMessage))).all()) == 3
    await ask(db, actor, NOON + timedelta(days=1))


async def test_a_manager_neither_asks_nor_takes(db: Database) -> None:
    owner = await someone(db)
    manager = Actor(Role.USER, owner.user_id, "m@example.kz", owner.user_id, frozenset(Area))
    for call in (exports.ask, exports.new_link, exports.state_of):
        with pytest.raises(PermissionDenied):
            async with db.write() as tx:
                await call(tx, manager, NOON)
