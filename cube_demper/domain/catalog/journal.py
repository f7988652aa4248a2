"""What every edit leaves behind: the bot's new beginning, events, and refusals in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.errors import TermsRefused
from cube_demper.domain.pricing import service as pricing

_BATCH = 5_000
_SENTENCES = {
    "bounds_in_order": ("Мин. цена больше макс. цены.", "min_price"),
    "bot_needs_bound": ("Пока бот включён, нужна мин. или макс. цена.", "min_price"),
    "min_price_whole_tenge": ("Мин. цена: целое число тенге больше нуля.", "min_price"),
    "max_price_whole_tenge": ("Макс. цена: целое число тенге больше нуля.", "max_price"),
    "price_step_override_whole_tenge": ("Шаг: целое число тенге больше нуля.", "step"),
    "top_n": ("Место — число от 1 до 64.", "top_n"),
    "demping_strategy_known": ("Выберите стратегию из списка.", "strategy"),
    "delivery_filter_known": ("Выберите срок доставки из списка.", "delivery_filter"),
}


async def begin_anew(tx: WriteTx, actor: Actor, product_ids: Sequence[UUID], now: datetime) -> None:
    """Make the bot look at these goods now and count its median from here."""
    for batch in batches(product_ids):
        await pricing.forget_memory(tx, actor, batch, now)


def batches(product_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Cut a long list of ids: one statement takes at most 32 767 parameters."""
    for start in range(0, len(product_ids), _BATCH):
        yield product_ids[start : start + _BATCH]


def in_words(error: IntegrityError) -> TermsRefused:
    """Turn a refusal of the database into a sentence; what is not known by name is the default one."""
    cause = getattr(error.orig, "__cause__", None)
    name = str(getattr(cause, "constraint_name", "") or "")
    for table in ("ck_products_", "ck_product_city_prices_"):
        name = name.removeprefix(table)
    sentence, field = _SENTENCES.get(name, (None, None))
    return TermsRefused(sentence, field=field)


def announce(tx: WriteTx, actor: Actor, product_ids: Sequence[UUID]) -> None:
    """Wake the pages that show these goods; beyond a pageful one event for all is cheaper."""
    channel = f"user:{actor.owner_id}"
    if len(product_ids) > 50:
        tx.emit(channel, "product")
        return
    for product_id in product_ids:
        tx.emit(channel, "product", product_id)
