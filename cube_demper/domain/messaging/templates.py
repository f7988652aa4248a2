"""The texts of a seller: changed, tried on a real order, sent to oneself, put back to ours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.messaging import contacts, filling
from cube_demper.domain.messaging import template_queries as queries
from cube_demper.domain.messaging.errors import NumberNotFound, SendingStopped, TalkNotAgreed
from cube_demper.domain.messaging.filling import Content, Line
from cube_demper.domain.messaging.gate_schemas import Language, MessageKind, TriggerEvent
from cube_demper.domain.messaging.order_content import content_of
from cube_demper.domain.messaging.scheduling import Draft, schedule
from cube_demper.domain.messaging.texts import default_text
from cube_demper.domain.messaging.turn_queries import settings_of
from cube_demper.domain.orders import people
from cube_demper.models.staff import Area

_SAMPLE: Final = Content(
    customer_name="Айгерим Т.",
    order_code="790686780",
    total=1_500_000,
    items=(Line("Чайник электрический"), Line("Фильтр для воды")),
    address="Алматы, ул. Абая, 1",
    store_name="Ваш магазин",
    review_bonus="скидка 5 % на следующий заказ",
)
_TEST_LASTS: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A text. `is_own`: the seller has changed it."""

    event: TriggerEvent
    language: Language
    text: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as a buyer would read it. `order_code` "": there is no order yet, an example is used."""

    text: str
    order_code: str
    unknown: tuple[str, ...]


async def list_templates(tx: ReadTx, actor: Actor) -> list[TemplateView]:
    """Return every event's text in both languages."""
    rows = await queries.list_own(tx, actor.owner_id)
    own = {(row.trigger_event, row.language): row.message for row in rows}
    defaults = await queries.list_defaults(tx)
    return [
        TemplateView(
            event,
            language,
            own.get(key) or defaults.get(key) or default_text(event, language),
            is_own=key in own,
        )
        for event in TriggerEvent
        for language in Language
        for key in [(event, language)]
    ]


async def save(
    tx: WriteTx, actor: Actor, event: TriggerEvent, language: Language, text: str
) -> None:
    """Keep the seller's own text; messages that wait will say it. Raises InvalidInput (`text`)."""
    clean = read_text(text)
    defaults = await queries.list_defaults(tx)
    if clean == (defaults.get((event, language)) or default_text(event, language)):
        await queries.remove(tx, actor.owner_id, event, language)
    else:
        await queries.save(tx, actor.owner_id, event, language, clean)
    await audit.record(tx, actor, "whatsapp_text_saved", "whatsapp", event, language=language)
    tx.emit(f"user:{actor.owner_id}", "whatsapp", event)


async def reset(tx: WriteTx, actor: Actor, event: TriggerEvent, language: Language) -> None:
    """Go back to the default."""
    await queries.remove(tx, actor.owner_id, event, language)
    await audit.record(tx, actor, "whatsapp_text_reset", "whatsapp", event, language=language)
    tx.emit(f"user:{actor.owner_id}", "whatsapp", event)


async def preview(
    tx: ReadTx,
    actor: Actor,
    event: TriggerEvent,
    language: Language,
    text: str,
    *,
    secrets: SecretBox,
) -> Preview:
    """Fill a text with the seller's newest order, or with an example while there is none."""
    content = await _newest(tx, actor, secrets)
    is_bonus = event is TriggerEvent.REVIEW_BONUS
    if content is not None and is_bonus and not content.review_bonus:
        content = replace(content, review_bonus=_SAMPLE.review_bonus)
    return _tried(content or _SAMPLE, event, language, text, content.order_code if content else "")


def on_example(event: TriggerEvent, language: Language, text: str) -> Preview:
    """Fill a text with an invented order."""
    return _tried(_SAMPLE, event, language, text, "")


async def send_test(
    tx: WriteTx,
    actor: Actor,
    event: TriggerEvent,
    language: Language,
    text: str,
    *,
    secrets: SecretBox,
    now: datetime,
) -> None:
    """Queue a filled text to the seller's own number; it goes first. Raises InvalidInput, NumberNotFound.

    The gate's pace and budget hold for it as for any other. Raises TalkNotAgreed before the risks are
    agreed to, SendingStopped while nothing leaves.
    """
    read_text(text)
    settings = await settings_of(tx, actor.owner_id)
    if settings is None or settings.consented_at is None:
        raise TalkNotAgreed
    number = await queries.working_number(tx, actor.owner_id)
    if number is None or number.phone is None:
        raise NumberNotFound
    if settings.stopped_at is not None or number.paused_at is not None:
        raise SendingStopped
    shown = await preview(tx, actor, event, language, text, secrets=secrets)
    phone = secrets.decrypt(number.phone)
    contact = await contacts.contact_of(tx, actor.owner_id, phone, None, secrets=secrets)
    draft = Draft(
        user_id=actor.owner_id,
        session_id=number.id,
        contact_id=contact,
        kind=MessageKind.TEST,
        key=f"test:{new_id()}",
        body=shown.text,
        scheduled_at=now,
        expires_at=now + _TEST_LASTS,
    )
    await schedule(tx, draft, secrets=secrets)
    await audit.record(tx, actor, "whatsapp_test_sent", "whatsapp", event, language=language)


async def _newest(tx: ReadTx, actor: Actor, secrets: SecretBox) -> Content | None:
    found = await queries.newest_order(tx, actor.owner_id)
    if found is None:
        return None
    order, store, bonus = found
    items = await queries.items_of(tx, order.id)
    content = content_of(order, items, store=store, bonus=bonus, secrets=secrets)
    if actor.may(Area.ORDERS):
        return content
    name = people.masked_name(content.customer_name)
    return replace(content, customer_name=name, address=order.city_name or "")


def _tried(
    content: Content, event: TriggerEvent, language: Language, text: str, code: str
) -> Preview:
    is_bonus = event is TriggerEvent.REVIEW_BONUS
    return Preview(
        text=filling.fill(text[: filling.LONGEST], content, language),
        order_code=code,
        unknown=filling.unknown_variables(text, with_bonus=is_bonus),
    )


def read_text(text: str) -> str:
    """Return a text as it is kept. Raises InvalidInput (`text`) for an empty or endless one."""
    clean = text.replace("\r\n", "\n").strip()
    if not clean:
        raise InvalidInput("Напишите текст: пустое сообщение не уйдёт.", field="text")
    if len(clean) > filling.LONGEST:
        words = f"Сейчас {len(clean)} знаков, а нужно не больше {filling.LONGEST}."
        raise InvalidInput(words, field="text")
    return clean
