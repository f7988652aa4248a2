"""The lists behind the numbers of failures."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, literal, null, select
from sqlmodel import col

from cube_demper.core.paging import PAGE_SIZE, Page, inside, offset
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.statistics.schemas import ErrorKind, ErrorLine
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentStatus
from cube_demper.models.catalog import Product
from cube_demper.models.messages import MessageStatus, WhatsAppMessage
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiLogin, KaspiStore, LoginRefusal
from cube_demper.models.syncing import CatalogSync, SyncState

_REFUSALS: Final = {
    LoginRefusal.WRONG_PASSWORD: "неверный пароль",
    LoginRefusal.WRONG_CODE: "неверный код",
    LoginRefusal.FLOOD: "слишком много попыток: Kaspi просит подождать",
    LoginRefusal.EXPIRED: "код не введён вовремя",
    LoginRefusal.NO_SHOPS: "в кабинете нет магазинов",
    LoginRefusal.OTHER_STORE: "это другой магазин",
    LoginRefusal.TAKEN: "магазин подключён у другого продавца",
    LoginRefusal.UNREACHABLE: "Kaspi не ответил",
    LoginRefusal.CONTRACT_CHANGED: "страница входа Kaspi изменилась",
}


async def list_errors(
    tx: ReadTx, actor: Actor, kind: ErrorKind, since: datetime, page: int
) -> Page:
    """Return a page of `ErrorLine` of one kind since then, newest first. Raises PermissionDenied."""
    actor.require_operator()
    query = _QUERIES[kind](since)
    total = await tx.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    page = inside(page, total)
    rows = await tx.execute(query.limit(PAGE_SIZE).offset(offset(page)))
    return Page([_line(kind, row) for row in rows.all()], page, total)


def _line(kind: ErrorKind, row: Any) -> ErrorLine:
    id_, at, owner, subject, words, store_id = row
    if kind is ErrorKind.SIGN_IN:
        words = _REFUSALS.get(LoginRefusal(words), words)
    link = f"/payments?q={subject}" if kind is ErrorKind.PAYMENT else ""
    return ErrorLine(str(id_), at, owner or "", subject or "", words or "", store_id, link)


def _looks(_since: datetime) -> Any:
    found: Any = (
        select(
            col(Product.id), col(Product.last_check_time), col(User.email), col(Product.name),
            col(Product.last_error), col(Product.store_id),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .where(col(Product.bot_active), col(Product.check_failures) > 0)
        .order_by(col(Product.last_error), col(Product.id))
    )  # fmt: skip
    return found


def _sends(since: datetime) -> Any:
    found: Any = (
        select(
            col(PriceHistory.id), col(PriceHistory.created_at), col(User.email), col(Product.name),
            col(PriceHistory.note), col(PriceHistory.store_id),
        )
        .join(Product, col(Product.id) == col(PriceHistory.product_id))
        .join(KaspiStore, col(KaspiStore.id) == col(PriceHistory.store_id))
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .where(
            col(PriceHistory.status) == PriceStatus.REFUSED, col(PriceHistory.created_at) >= since
        )
        .order_by(col(PriceHistory.created_at).desc(), col(PriceHistory.id))
    )  # fmt: skip
    return found


def _sign_ins(since: datetime) -> Any:
    found: Any = (
        select(
            col(KaspiLogin.id), col(KaspiLogin.started_at), col(User.email),
            func.coalesce(col(KaspiStore.name), col(KaspiLogin.account)), col(KaspiLogin.refusal),
            col(KaspiLogin.store_id),
        )
        .join(User, col(User.id) == col(KaspiLogin.user_id))
        .outerjoin(KaspiStore, col(KaspiStore.id) == col(KaspiLogin.store_id))
        .where(
            col(KaspiLogin.refusal).is_not(None),
            col(KaspiLogin.refusal) != LoginRefusal.INTERRUPTED,
            col(KaspiLogin.started_at) >= since,
        )
        .order_by(col(KaspiLogin.started_at).desc(), col(KaspiLogin.id))
    )  # fmt: skip
    return found


def _syncs(since: datetime) -> Any:
    found: Any = (
        select(
            col(CatalogSync.id), col(CatalogSync.finished_at), col(User.email),
            col(KaspiStore.name), col(CatalogSync.trouble), col(CatalogSync.store_id),
        )
        .join(KaspiStore, col(KaspiStore.id) == col(CatalogSync.store_id))
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .where(col(CatalogSync.state) == SyncState.FAILED, col(CatalogSync.finished_at) >= since)
        .order_by(col(CatalogSync.finished_at).desc(), col(CatalogSync.id))
    )  # fmt: skip
    return found


def _messages(since: datetime) -> Any:
    found: Any = (
        select(
            col(WhatsAppMessage.id), col(WhatsAppMessage.created_at), col(User.email),
            col(WhatsAppMessage.order_code), col(WhatsAppMessage.error), null(),
        )
        .join(User, col(User.id) == col(WhatsAppMessage.user_id))
        .where(
            col(WhatsAppMessage.status) == MessageStatus.FAILED,
            col(WhatsAppMessage.created_at) >= since,
        )
        .order_by(col(WhatsAppMessage.created_at).desc(), col(WhatsAppMessage.id))
    )  # fmt: skip
    return found


def _payments(since: datetime) -> Any:
    found: Any = (
        select(
            col(Payment.id), col(Payment.created_at), col(User.email), col(Payment.invoice_id),
            col(Payment.failure_words), null(),
        )
        .join(User, col(User.id) == col(Payment.user_id))
        .where(col(Payment.status) == PaymentStatus.FAILED, col(Payment.created_at) >= since)
        .order_by(col(Payment.created_at).desc(), col(Payment.id))
    )  # fmt: skip
    return found


def _work(_since: datetime) -> Any:
    found: Any = (
        select(
            col(OutboxMessage.id), col(OutboxMessage.created_at), literal(""),
            col(OutboxMessage.topic), col(OutboxMessage.last_error), null(),
        )
        .where(col(OutboxMessage.done_at).is_(None), col(OutboxMessage.attempts) > 0)
        .order_by(col(OutboxMessage.created_at).desc(), col(OutboxMessage.id))
    )  # fmt: skip
    return found


_QUERIES: Final = {
    ErrorKind.LOOK: _looks,
    ErrorKind.SEND: _sends,
    ErrorKind.SIGN_IN: _sign_ins,
    ErrorKind.SYNC: _syncs,
    ErrorKind.MESSAGE: _messages,
    ErrorKind.PAYMENT: _payments,
    ErrorKind.WORK: _work,
}
