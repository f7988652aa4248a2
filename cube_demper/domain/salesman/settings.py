"""A store's salesman: the switch, when he writes, and what he may offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.errors import InvalidFields, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.salesman import queries, rules
from cube_demper.models.salesman import SalesmanMode, SalesmanSettings, Trigger
from cube_demper.models.staff import Area
from cube_demper.models.stores import KaspiStore

_TONE, _CODE, _BONUS = 200, 30, 120
MOST_DELAY: Final = 24 * 60
MOST_A_DAY: Final = 100
MOST_HELD_OUT: Final = 50
CHOICES: Final = tuple(it for it in Trigger if it is not Trigger.REPLY)


@dataclass(frozen=True, slots=True)
class Form:
    """What a seller sets. `discount_percent` 0: no discounts; `holdout_percent`: buyers left alone."""

    is_on: bool = False
    mode: SalesmanMode = SalesmanMode.APPROVE
    triggers: Sequence[Trigger] = field(default=CHOICES)
    holdout_percent: int = 10
    tone: str = ""
    discount_percent: int = 0
    promo_code: str = ""
    review_bonus: str = ""
    delay_minutes: int = 10
    max_per_day: int = 50


async def get_form(tx: ReadTx, actor: Actor, store_id: UUID) -> Form:
    """Return how a store's salesman is set. Raises NotFound."""
    store, row = await _find(tx, actor, store_id)
    row = row or SalesmanSettings(store_id=store_id)
    return Form(
        is_on=row.is_on,
        mode=SalesmanMode(row.mode),
        triggers=tuple(Trigger(it) for it in row.triggers),
        holdout_percent=row.holdout_percent,
        tone=store.ai_tone or "",
        discount_percent=store.ai_discount_percent or 0,
        promo_code=store.ai_promo_code or "",
        review_bonus=store.ai_review_bonus or "",
        delay_minutes=store.ai_send_delay_minutes,
        max_per_day=store.ai_max_messages_per_day,
    )


async def save(tx: WriteTx, actor: Actor, store_id: UUID, form: Form, now: datetime) -> None:
    """Set a store's salesman.

    Raises InvalidFields, NotFound, PermissionDenied, and PlanLacks when he is switched on.
    """
    actor.require(Area.MESSAGES)
    if form.is_on:
        await billing.require(tx, actor, Feature.AI, now)
    if faults := _faults(form):
        raise InvalidFields(faults)
    before = await get_form(tx, actor, store_id)
    store, row = await _find(tx, actor, store_id)
    if row is None:
        row = SalesmanSettings(store_id=store_id)
        tx.add(row)
    row.is_on, row.mode, row.holdout_percent = form.is_on, form.mode, form.holdout_percent
    row.triggers = [it for it in CHOICES if it in form.triggers]
    store.ai_tone, store.ai_promo_code = form.tone.strip() or None, form.promo_code.strip() or None
    store.ai_discount_percent = form.discount_percent or None
    store.ai_review_bonus = form.review_bonus.strip() or None
    store.ai_send_delay_minutes = form.delay_minutes
    store.ai_max_messages_per_day = form.max_per_day
    await tx.flush()
    old, new = asdict(before), asdict(form)
    changed = [name for name in new if list_of(old[name]) != list_of(new[name])]
    await audit.record(
        tx,
        actor,
        "salesman_set",
        "store",
        store_id,
        before={name: list_of(old[name]) for name in changed},
        after={name: list_of(new[name]) for name in changed},
    )
    tx.emit(f"user:{actor.owner_id}", "salesman", store_id)


def list_of(value: object) -> object:
    """Return a value as JSON keeps it."""
    return list(value) if isinstance(value, tuple) else value


async def _find(
    tx: ReadTx, actor: Actor, store_id: UUID
) -> tuple[KaspiStore, SalesmanSettings | None]:
    found = await queries.find_settings(tx, actor.owner_id, store_id)
    if found is None:
        raise NotFound("Такого магазина нет.")
    return found


def _faults(form: Form) -> dict[str, str]:
    percent, least, most = form.discount_percent, rules.LEAST_DISCOUNT, rules.MOST_DISCOUNT
    checks = {
        "discount_percent": (
            percent == 0 or least <= percent <= most,
            f"Скидка от {least} до {most} % или 0, если скидок не даёте.",
        ),
        "holdout_percent": (
            0 <= form.holdout_percent <= MOST_HELD_OUT,
            f"От 0 до {MOST_HELD_OUT} %.",
        ),
        "delay_minutes": (
            0 <= form.delay_minutes <= MOST_DELAY,
            "От 0 минут до суток.",
        ),
        "max_per_day": (1 <= form.max_per_day <= MOST_A_DAY, f"От 1 до {MOST_A_DAY} сообщений."),
        "tone": (len(form.tone) <= _TONE, f"Не длиннее {_TONE} знаков."),
        "promo_code": (
            len(form.promo_code) <= _CODE and not set(form.promo_code.strip()) & set(" {}\n"),
            f"Одно слово, не длиннее {_CODE} знаков.",
        ),
        "review_bonus": (len(form.review_bonus) <= _BONUS, f"Не длиннее {_BONUS} знаков."),
        "triggers": (bool(form.triggers) or not form.is_on, "Выберите хотя бы один повод."),
    }
    return {name: words for name, (is_good, words) in checks.items() if not is_good}
