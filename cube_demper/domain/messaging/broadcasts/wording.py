"""What one person of a broadcast reads: the language they wrote in, filled with their own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.messaging import filling, turn_queries
from cube_demper.domain.messaging.broadcasts import queries
from cube_demper.domain.messaging.broadcasts.queries import Told
from cube_demper.domain.messaging.broadcasts.schemas import Chosen, Sample
from cube_demper.domain.messaging.filling import Content
from cube_demper.domain.messaging.gate_schemas import Language
from cube_demper.domain.messaging.order_content import content_of
from cube_demper.domain.orders import people
from cube_demper.models.broadcasts import Broadcast
from cube_demper.models.messaging import WhatsAppContact
from cube_demper.models.staff import Area


@dataclass(frozen=True, slots=True)
class Words:
    """A filled text."""

    text: str
    language: Language


def language_of(row: Broadcast, wished: str | None) -> Language:
    """Return the language a person gets: theirs where there is a text in it, else the other."""
    language = Language(wished or Language.RU)
    if language is Language.KK:
        return Language.KK if row.text_kk else Language.RU
    return Language.RU if row.text_ru else Language.KK


async def words_for(
    tx: ReadTx,
    row: Broadcast,
    contact: WhatsAppContact | None,
    told: Told | None,
    *,
    secrets: SecretBox,
) -> Words:
    """Return what a person is told; an order that is gone leaves the name alone."""
    wished = (contact.language if contact else None) or (told.language if told else None)
    language = language_of(row, wished)
    content = await _content(tx, contact, told, secrets)
    return Words(filling.fill(_text(row, language), content, language), language)


async def samples(
    tx: ReadTx, actor: Actor, row: Broadcast, chosen: Sequence[Chosen], *, secrets: SecretBox
) -> list[Sample]:
    """Return what these people would read; who may not see buyers sees initials and no address."""
    orders = await queries.orders_of(tx, actor.owner_id, [it.order_id for it in chosen])
    known = [it.contact_id for it in chosen if it.contact_id]
    contacts = await queries.contacts_of(tx, actor.owner_id, known)
    found = []
    for it in chosen:
        contact = contacts.get(it.contact_id) if it.contact_id else None
        told = orders.get(it.order_id)
        wished = (contact.language if contact else None) or (told.language if told else None)
        language = language_of(row, wished)
        content = await _content(tx, contact, told, secrets)
        phone = told.order.customer_phone if told else None
        shown = people.shown_phone(secrets.decrypt(phone)) if phone else people.HIDDEN
        if not actor.may(Area.ORDERS):
            content = replace(
                content, customer_name=people.masked_name(content.customer_name), address=""
            )
            shown = people.masked_phone(secrets.decrypt(phone)) if phone else people.HIDDEN
        text = filling.fill(_text(row, language), content, language)
        found.append(Sample(content.customer_name or shown, language, text))
    return found


async def _content(
    tx: ReadTx, contact: WhatsAppContact | None, told: Told | None, secrets: SecretBox
) -> Content:
    if told is None:
        name = contact.name if contact else None
        return Content(customer_name=secrets.decrypt(name) if name else "")
    items = await turn_queries.items_of(tx, told.order.id)
    return content_of(told.order, items, store=told.store, bonus=None, secrets=secrets)


def _text(row: Broadcast, language: Language) -> str:
    return row.text_kk if language is Language.KK else row.text_ru
