"""Texts at hand: a seller's own quick answers and the templates of events, filled for one buyer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.messaging import filling, template_queries, turn_queries
from cube_demper.domain.messaging.filling import Content
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.domain.messaging.inbox import queries, quick_queries, threads
from cube_demper.domain.messaging.inbox.errors import TooManyReplies
from cube_demper.domain.messaging.inbox.schemas import QuickReply
from cube_demper.domain.messaging.order_content import content_of
from cube_demper.domain.messaging.texts import EVENTS, default_text
from cube_demper.domain.orders import people
from cube_demper.models.inbox import WhatsAppQuickReply
from cube_demper.models.staff import Area

MOST: Final = 50
LONGEST_TITLE: Final = 40


async def list_replies(tx: ReadTx, actor: Actor) -> list[QuickReply]:
    """Return the actor's quick answers by name. Raises PermissionDenied."""
    actor.require(Area.MESSAGES)
    rows = await quick_queries.list_of(tx, actor.owner_id)
    return [QuickReply(row.id, row.title, row.message) for row in rows]


async def save(
    tx: WriteTx, actor: Actor, title: str, message: str, reply_id: UUID | None = None
) -> UUID:
    """Keep a new quick answer, or change one. Raises InvalidInput by field, TooManyReplies, NotFound."""
    name, text = " ".join(title.split()), message.replace("\r\n", "\n").strip()
    _check(name, text)
    others = await quick_queries.lock_of(tx, actor.owner_id)
    if any(it.title.casefold() == name.casefold() and it.id != reply_id for it in others):
        raise InvalidInput("Ответ с таким названием уже есть.", field="title")
    row = next((it for it in others if it.id == reply_id), None)
    if row is None and reply_id is not None:
        raise NotFound("Такого ответа уже нет.")
    if row is None:
        if len(others) >= MOST:
            raise TooManyReplies
        row = WhatsAppQuickReply(user_id=actor.owner_id, title=name, message=text)
        tx.add(row)
    row.title, row.message = name, text
    await tx.flush()
    await audit.record(tx, actor, "whatsapp_quick_reply_saved", "whatsapp", row.id)
    tx.emit(f"user:{actor.owner_id}", "quick_replies", row.id)
    return row.id


async def remove(tx: WriteTx, actor: Actor, reply_id: UUID) -> None:
    """Forget a quick answer. Raises NotFound, for somebody else's too."""
    if not await quick_queries.remove(tx, actor.owner_id, reply_id):
        raise NotFound("Такого ответа уже нет.")
    await audit.record(tx, actor, "whatsapp_quick_reply_removed", "whatsapp", reply_id)
    tx.emit(f"user:{actor.owner_id}", "quick_replies", reply_id)


async def fill_reply(
    tx: ReadTx, actor: Actor, contact_id: UUID, reply_id: UUID, *, secrets: SecretBox
) -> str:
    """Return a quick answer filled with the buyer's newest order. Raises NotFound, ThreadNotFound."""
    found = await quick_queries.find(tx, actor.owner_id, reply_id)
    if found is None:
        raise NotFound("Такого ответа уже нет.")
    content, language = await _content(tx, actor, contact_id, secrets)
    return filling.fill(found.message, content, language)


async def fill_template(
    tx: ReadTx, actor: Actor, contact_id: UUID, event: TriggerEvent, *, secrets: SecretBox
) -> str:
    """Return an event's text filled with the buyer's newest order. Raises ThreadNotFound."""
    content, language = await _content(tx, actor, contact_id, secrets)
    own = await template_queries.find(tx, actor.owner_id, event, language)
    return filling.fill(own or default_text(event, language), content, language)


def event_titles() -> dict[TriggerEvent, str]:
    """Return the events whose texts may be taken by hand; a bonus is promised by its own switch alone."""
    return {
        event: it.words for event, it in EVENTS.items() if event is not TriggerEvent.REVIEW_BONUS
    }


async def _content(
    tx: ReadTx, actor: Actor, contact_id: UUID, secrets: SecretBox
) -> tuple[Content, Language]:
    contact = await threads.own_contact(tx, actor, contact_id)
    language = Language(contact.language or Language.RU)
    name = secrets.decrypt(contact.name) if contact.name else ""
    phones = secrets.fingerprints(secrets.decrypt(contact.phone)) if contact.phone else []
    found = await queries.orders_of(tx, actor.owner_id, phones, 1)
    content = Content(customer_name=name)
    if found:
        order, store = found[0]
        items = await turn_queries.items_of(tx, order.id)
        content = content_of(order, items, store=store, bonus=None, secrets=secrets)
    if not actor.may(Area.ORDERS):
        masked = people.masked_name(content.customer_name)
        content = replace(content, customer_name=masked, address="")
    return content, language


def _check(title: str, text: str) -> None:
    if not title:
        raise InvalidInput("Назовите ответ, чтобы быстро найти его.", field="title")
    if len(title) > LONGEST_TITLE:
        raise InvalidInput(f"Не больше {LONGEST_TITLE} знаков.", field="title")
    if not text:
        raise InvalidInput("Напишите текст ответа.", field="message")
    if len(text) > filling.LONGEST:
        words = f"Сейчас {len(text)} знаков, а нужно не больше {filling.LONGEST}."
        raise InvalidInput(words, field="message")
    if wrong := filling.unknown_variables(text):
        names = ", ".join(f"{{{name}}}" for name in wrong)
        raise InvalidInput(f"Таких переменных нет: {names}.", field="message")
