"""A new first key: everything is under it in the end, nothing is lost, and the old key can go."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from messaging_scene import PHONE, Talk
from records import seller
from sqlalchemy import select, text, update

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import ConfigurationError, PermissionDenied
from cube_demper.db import outbox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.keys import service
from cube_demper.domain.messaging import contacts
from cube_demper.models.gateway import PaymentCard
from cube_demper.models.inbox import WhatsAppFile
from cube_demper.models.messages import WhatsAppDay, WhatsAppMessage
from cube_demper.models.messaging import WhatsAppContact
from cube_demper.models.stores import KaspiStore

NEW = SecretBox(["a new key"])
_COLUMNS = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'bytea')
"""
_TOKENS = "SELECT (regexp_matches({value}, 'gAAAAA[A-Za-z0-9_=-]+', 'g'))[1] FROM {table}"


@pytest.fixture
def both(talk: Talk) -> SecretBox:
    """The keys while the old one is still there."""
    return SecretBox(["a new key", *talk.services.settings.keys])


async def rotate(db: Database, secrets: SecretBox) -> dict[str, service.Renewed]:
    return {done.table: done async for done in service.rotate(db, SYSTEM, secrets)}


async def old_tokens(db: Database) -> list[str]:
    """Every encrypted value that the new key alone does not open, wherever it stands."""
    found = []
    async with db.read() as tx:
        for table, column, kind in (await tx.execute(text(_COLUMNS))).tuples().all():
            value = f"encode({column}, 'escape')" if kind == "bytea" else f"{column}::text"
            rows = await tx.scalars(text(_TOKENS.format(value=value, table=table)))
            for token in rows.all():
                try:
                    NEW.decrypt(token)
                except ConfigurationError:
                    found.append(f"{table}.{column}")
    return found


async def _live(talk: Talk) -> None:
    """Let a buyer be told of an order, and keep one of every other kind of encrypted value."""
    secrets = talk.services.secrets
    await talk.order()
    assert len(await talk.work(seconds=1)) == 1
    async with talk.db.write() as tx:
        now = talk.clock.now()
        guid = {"v": 1, "cookies": secrets.encrypt("[]"), "password": None, "email": "a@example.kz"}
        await tx.execute(update(KaspiStore).values(guid=guid))
        sealed = {"sealed": secrets.encrypt("{}")}
        await outbox.enqueue(tx, "whatsapp.heard", "1", sealed, now)
        content = secrets.seal(b"%PDF-1.7")
        given = {"name": "a.pdf", "mimetype": "application/pdf", "size": 8}
        file = WhatsAppFile(
            user_id=talk.user.id, content=content, added_at=now, expires_at=now, **given
        )
        tx.add(file)


async def test_the_old_key_can_go_afterwards(talk: Talk, both: SecretBox) -> None:
    await _live(talk)
    assert len(await old_tokens(talk.db)) > 5

    done = await rotate(talk.db, both)

    assert await old_tokens(talk.db) == []
    assert {"orders", "whatsapp_files", "outbox", "kaspi_stores"} <= done.keys()
    assert not any(it.unreadable for it in done.values())
    order = await talk.read("790686780")
    assert NEW.decrypt(order.customer_phone or "") == PHONE
    assert order.customer_phone_hash == NEW.fingerprint(PHONE)


async def test_both_keys_are_read_until_then(talk: Talk, both: SecretBox) -> None:
    await _live(talk)
    async with talk.db.write() as tx:
        user_id = talk.user.id
        old = await contacts.contact_of(tx, user_id, PHONE, None, secrets=both)
        new = await contacts.contact_of(tx, user_id, "+77010000002", "Б", secrets=both)
    before = await rotate(talk.db, both)

    async with talk.db.write() as tx:
        assert await contacts.contact_of(tx, user_id, PHONE, None, secrets=NEW) == old
        assert await contacts.contact_of(tx, user_id, "+77010000002", None, secrets=NEW) == new
    assert before["whatsapp_contacts"].rows == 1, "what the new key wrote is left as it is"


async def test_what_was_said_and_counted_stays_known(talk: Talk, both: SecretBox) -> None:
    await _live(talk)
    (told,) = [it for it in await talk.queue() if it.text_hash is not None]

    await rotate(talk.db, both)

    (again,) = [it for it in await talk.queue() if it.text_hash is not None]
    assert again.id == told.id
    assert again.text_hash != told.text_hash
    talk.services = replace(talk.services, secrets=NEW)
    async with talk.db.read() as tx:
        (day,) = (await tx.execute(text("SELECT phone_hash, sent FROM whatsapp_days"))).tuples()
    assert day == (NEW.fingerprint("+77010000099"), 1)


async def test_the_same_day_under_two_keys_becomes_one(talk: Talk, both: SecretBox) -> None:
    await _live(talk)
    async with talk.db.write() as tx:
        today = talk.clock.now().date()
        hashed = NEW.fingerprint("+77010000099")
        tx.add(WhatsAppDay(phone_hash=hashed, day=today, sent=4, new_chats=2))
    await rotate(talk.db, both)
    async with talk.db.read() as tx:
        (day,) = (await tx.execute(text("SELECT sent, new_chats FROM whatsapp_days"))).tuples()
    assert day == (5, 3)


async def test_it_may_be_broken_off_and_begun_again(talk: Talk, both: SecretBox) -> None:
    await _live(talk)
    first = await anext(service.rotate(talk.db, SYSTEM, both))
    assert await old_tokens(talk.db)

    second = await rotate(talk.db, both)

    assert first.table not in second
    assert await old_tokens(talk.db) == []
    assert await rotate(talk.db, both) == {}


async def test_what_is_written_meanwhile_wins(
    talk: Talk, both: SecretBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name changes between our reading of the row and our writing."""
    await _live(talk)
    put, changed = service.queries.put, asyncio.Event()

    async def late(tx: object, table: object, row: dict[str, object], values: object) -> bool:
        if str(table) == "whatsapp_contacts" and not changed.is_set():
            changed.set()
            async with talk.db.write() as other:
                await other.execute(
                    update(WhatsAppContact).values(name=talk.services.secrets.encrypt("Новое имя"))
                )
        return await put(tx, table, row, values)  # type: ignore[arg-type]

    monkeypatch.setattr(service.queries, "put", late)
    await rotate(talk.db, both)

    async with talk.db.read() as tx:
        name = await tx.scalar(text("SELECT name FROM whatsapp_contacts"))
    assert NEW.decrypt(name) == "Новое имя"
    assert await old_tokens(talk.db) == []


async def test_what_no_key_opens_is_left_and_told(talk: Talk, both: SecretBox) -> None:
    lost = SecretBox(["lost"]).encrypt("тайна")
    async with talk.db.write() as tx:
        await tx.execute(update(KaspiStore).values(guid={"v": 1, "cookies": lost}))
    done = await rotate(talk.db, both)
    assert done["kaspi_stores"].unreadable == 1
    async with talk.db.read() as tx:
        kept = await tx.scalar(text("SELECT guid->>'cookies' FROM kaspi_stores"))
    assert kept == lost


async def test_a_message_that_no_key_opens_stops_nothing(talk: Talk, both: SecretBox) -> None:
    await _live(talk)
    lost = SecretBox(["lost"]).encrypt("тайна")
    async with talk.db.write() as tx:
        await tx.execute(update(WhatsAppMessage).values(body=lost))
    assert (await rotate(talk.db, both))["whatsapp_messages"].unreadable == 1


async def test_a_saved_card_is_found_by_its_token_afterwards(talk: Talk, both: SecretBox) -> None:
    old = talk.services.secrets
    async with talk.db.write() as tx:
        sealed, mark = old.encrypt("tk_1"), old.fingerprint("tk_1")
        tx.add(PaymentCard(user_id=talk.user.id, token=sealed, token_hash=mark))
    await rotate(talk.db, both)
    async with talk.db.read() as tx:
        (card,) = (await tx.scalars(select(PaymentCard))).all()
    assert (NEW.decrypt(card.token), card.token_hash) == ("tk_1", NEW.fingerprint("tk_1"))


async def test_a_person_under_both_keys_stops_nothing_and_stays_silenced(
    talk: Talk, both: SecretBox
) -> None:
    await _live(talk)
    async with talk.db.write() as tx:
        await tx.execute(update(WhatsAppContact).values(opted_out_at=talk.clock.now()))
        sealed, mark = both.encrypt(PHONE), both.fingerprint(PHONE)
        tx.add(WhatsAppContact(user_id=talk.user.id, phone=sealed, phone_hash=mark))
    await rotate(talk.db, both)
    assert await old_tokens(talk.db) == []
    async with talk.db.read() as tx:
        found = await contacts.find(tx, talk.user.id, PHONE, NEW)
        kept = await tx.get_one(WhatsAppContact, found)
    assert kept.opted_out_at == talk.clock.now()


async def test_only_the_operator_rotates(talk: Talk, both: SecretBox) -> None:
    with pytest.raises(PermissionDenied):
        await anext(service.rotate(talk.db, seller(talk.user), both))
