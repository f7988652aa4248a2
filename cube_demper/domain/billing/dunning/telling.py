"""What a seller reads about the end of a plan: in the product, by letter and Telegram, as they wish."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import format_tenge
from cube_demper.core.russian import counted, day_words
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing.dunning.rules import CHARGE_BEFORE
from cube_demper.domain.billing.schemas import Quote
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.billing import Landing, Payment, Subscription

if TYPE_CHECKING:
    from cube_demper.domain.billing.dunning.renewing import Means

PAGE = "/billing"
_GOODS = ("товар", "товара", "товаров")
WHERE = {
    Landing.STAY: "Цены остались там, где были.",
    Landing.FLOOR: "Цены опускаются до ваших мин. цен.",
    Landing.BASE: "Цены возвращаются к тем, с которых бот начал.",
}


def day(at: datetime) -> str:
    """Say the day in Almaty: «24 декабря»."""
    return day_words(at.astimezone(ALMATY).date())


async def remind(tx: WriteTx, row: Subscription, days: int, means: Means) -> None:
    """Say that the plan ends in so many days, and what will happen then."""
    title = f"Тариф {row.plan.upper()} до {day(row.current_period_end)}"
    left = counted(days, "день", "дня", "дней")
    if row.is_trial:
        title = f"Пробный период до {day(row.current_period_end)}"
        body = f"Осталось {left}. Чтобы бот не остановился, выберите тариф."
    elif row.cancel_at_period_end:
        body = f"Осталось {left}. Вы отменили продление: потом бот остановится."
    elif means.is_enough:
        charged = day(row.current_period_end - CHARGE_BEFORE)
        body = f"Осталось {left}. {charged} спишем {sources(means.price, means.from_balance)}."
        if means.unpaid is not None:
            body += f" Если раньше оплатите счёт {means.unpaid.invoice_id}, не спишем ничего."
    else:
        body = f"Осталось {left}. Продлить ещё на 30 дней: {format_tenge(means.price)}."
        if means.from_balance:
            body += f" На балансе есть {format_tenge(means.from_balance)}."
    tell = _of(row, f"remind_{days}", "plan_ending", title, body)
    await notifications.notify(tx, SYSTEM, tell)


def sources(price: int, from_balance: int) -> str:
    """Say what pays: «5 000 ₸ с баланса и 4 999 ₸ с сохранённой карты»."""
    parts = [
        f"{format_tenge(amount)} {where}"
        for amount, where in (
            (from_balance, "с баланса"),
            (price - from_balance, "с сохранённой карты"),
        )
        if amount
    ]
    return " и ".join(parts)


async def invoice_closed(tx: WriteTx, unpaid: Payment, made: Quote) -> None:
    """Say that the plan is renewed without the invoice that was open, and what its money would do."""
    body = (
        f"Тариф продлеваем: {sources(made.amount, made.from_balance)}. Платить по счёту больше не"
        " нужно. Если деньги уже отправлены, они лягут на ваш баланс и оплатят следующий период."
    )
    tell = Tell(
        user_id=unpaid.user_id,
        kind="plan_ending",
        title=f"Счёт {unpaid.invoice_id} закрыт",
        dedupe_key=f"invoice_closed:{unpaid.id}",
        body=body,
        link=PAGE,
    )
    await notifications.notify(tx, SYSTEM, tell)


async def grace(tx: WriteTx, row: Subscription) -> None:
    """Say that the period is over and until when the bot goes on."""
    until = day(row.grace_until) if row.grace_until else ""
    body = f"Бот работает до {until}, потом остановится. Оплатите, чтобы он не прерывался."
    tell = _of(row, "grace", "payment_due", "Оплата не пришла", body)
    await notifications.notify(tx, SYSTEM, tell)


async def landed(tx: WriteTx, row: Subscription, *, goods: int, at_risk: int, waiting: int) -> None:
    """Say that the bot has stopped, where, and what is at risk."""
    if not goods:
        body = "Данные сохранены. После оплаты всё продолжит работать."
    else:
        body = f"Бот остановлен: {counted(goods, *_GOODS)}. {WHERE[Landing(row.landing)]}"
        if at_risk:
            body += f" Конкуренты дешевле или вровень: {counted(at_risk, *_GOODS)}."
        body += " После оплаты бот продолжит сам."
    if waiting:
        body += " Один из магазинов сейчас недоступен, его цены не изменились."
    tell = _of(row, "landed", "plan_landed", "Тариф закончился", body)
    await notifications.notify(tx, SYSTEM, tell)


async def recovered(tx: WriteTx, user_id: UUID, case_id: UUID, goods: int) -> None:
    """Say that the bot goes on."""
    body = f"Снова под присмотром: {counted(goods, *_GOODS)}." if goods else "Всё снова работает."
    tell = Tell(
        user_id=user_id,
        kind="plan_paid",
        title="Оплата прошла, бот продолжает",
        dedupe_key=f"recovered:{case_id}",
        body=body,
        link=PAGE,
    )
    await notifications.notify(tx, SYSTEM, tell)


def _of(row: Subscription, step: str, kind: str, title: str, body: str) -> Tell:
    """`step`: what is told once of this subscription."""
    return Tell(
        user_id=row.user_id,
        kind=kind,
        title=title,
        dedupe_key=f"{step}:{row.id}",
        body=body,
        link=PAGE,
    )
