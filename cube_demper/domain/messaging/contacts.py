"""People that a seller writes to: found by the hash of their phone, made when first needed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.crypto import SecretBox
from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.messaging.silence import Wish, wish_of
from cube_demper.domain.orders import people
from cube_demper.models.messaging import WhatsAppContact


async def contact_of(
    tx: WriteTx, user_id: UUID, phone: str, name: str | None, *, secrets: SecretBox
) -> UUID:
    """Return a seller's contact with this phone (`+77010000001`), made if there is none."""
    found = await find(tx, user_id, phone, secrets)
    if found is not None:
        return found
    added = await tx.scalar(
        insert(WhatsAppContact)
        .values(
            id=new_id(),
            user_id=user_id,
            phone=secrets.encrypt(phone),
            phone_hash=secrets.fingerprint(phone),
            name=secrets.encrypt(name) if name else None,
            name_hashes=name_hashes(name, secrets),
        )
        .on_conflict_do_nothing(index_elements=["user_id", "phone_hash"])
        .returning(col(WhatsAppContact.id))
    )
    # Another transaction may have made it since: its row is there once the conflict is seen.
    return added or await _get(tx, user_id, phone, secrets)


async def buyer_of(
    tx: WriteTx, user_id: UUID, phone: str, name: str | None, *, secrets: SecretBox
) -> UUID:
    """Return the contact of an order's buyer, by the order's name from now on: WhatsApp's is a nickname."""
    contact_id = await contact_of(tx, user_id, phone, name, secrets=secrets)
    if name:
        contact = await tx.get_one(WhatsAppContact, contact_id, populate_existing=True)
        if contact.name is None or secrets.decrypt(contact.name) != name:
            contact.name = secrets.encrypt(name)
            contact.name_hashes = name_hashes(name, secrets)
            await tx.flush()
    return contact_id


def name_hashes(name: str | None, secrets: SecretBox) -> list[bytes]:
    """Return what finds a person by a word of their name."""
    return [secrets.fingerprint(word) for word in people.name_words(name)]


async def talk(tx: WriteTx, contact_id: UUID, at: datetime) -> None:
    """Note that something was said in a talk, which brings it up in the list."""
    talked_at = col(WhatsAppContact.talked_at)
    await tx.execute(
        update(WhatsAppContact)
        .where(col(WhatsAppContact.id) == contact_id)
        .values(talked_at=func.greatest(talked_at, at))
    )


async def hear(tx: WriteTx, contact_id: UUID, text: str, now: datetime) -> Wish | None:
    """Note that a person wrote, and what they asked for: every incoming message goes through here."""
    wish = wish_of(text)
    values: dict[str, datetime | None] = {"heard_at": now}
    if wish is not None:
        values["opted_out_at"] = now if wish is Wish.SILENCE else None
    await tx.execute(
        update(WhatsAppContact).where(col(WhatsAppContact.id) == contact_id).values(values)
    )
    return wish


async def find(tx: ReadTx, user_id: UUID, phone: str, secrets: SecretBox) -> UUID | None:
    """Return a seller's contact with this phone."""
    found: UUID | None = await tx.scalar(
        select(col(WhatsAppContact.id))
        .where(
            col(WhatsAppContact.user_id) == user_id,
            col(WhatsAppContact.phone_hash).in_(secrets.fingerprints(phone)),
        )
        .limit(1)
    )
    return found


async def _get(tx: ReadTx, user_id: UUID, phone: str, secrets: SecretBox) -> UUID:
    found = await find(tx, user_id, phone, secrets)
    if found is None:
        raise LookupError("a contact vanished between two statements")
    return found
