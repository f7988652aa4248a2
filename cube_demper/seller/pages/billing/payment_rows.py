"""Payments in words: one line of the list, and the one that is under way. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.billing.view_schemas import PaperView, PaymentView
from cube_demper.domain.billing.words import METHOD_WORDS
from cube_demper.seller.plans.saying import day_of
from cube_demper.ui.format import moment
from cube_demper.ui.payment_words import PAYMENT_STATUSES

_PURPOSES: Final[Mapping[str, str]] = {
    "subscribe": "Подписка",
    "renew": "Продление",
    "upgrade": "Переход",
}
_PAPERS: Final[Mapping[str, str]] = {"invoice": "Счёт", "act": "Акт"}
_FRESH: Final = timedelta(hours=24)
"""For how long the outcome of a payment stands over the page."""

_WHAT_TO_DO: Final[Mapping[str, str]] = {
    "three_ds": "Выберите «Новая карта» и подтвердите платёж на странице банка.",
    "no_card": "Выберите другую карту или другой способ.",
    "refused": "Оплатите этой картой ещё раз как новой: она привяжется заново.",
    "5051": "Пополните карту и повторите или выберите другой способ.",
    "5054": "Срок карты истёк: привяжите другую.",
    "5082": "Проверьте код CVV на обороте карты и повторите.",
    "5206": "Банк не подтвердил, что платите вы. Повторите и введите код из SMS.",
    "5300": "Банк счёл платёж подозрительным: позвоните в банк или заплатите иначе.",
}
_OTHERWISE: Final = "Деньги не списаны. Повторите, возьмите другую карту или оплатите по счёту."


@dataclass
class Paper:
    """A link to a PDF."""

    words: str = ""
    href: str = ""


@dataclass
class PaymentRow:
    """A line of «Платежи»."""

    id: str = ""
    when: str = ""
    what: str = ""
    number: str = ""
    method: str = ""
    sum: str = ""
    sum_note: str = ""
    word: str = ""
    tone: str = "gray"
    icon: str = "circle"
    note: str = ""
    papers: list[Paper] = field(default_factory=list)


@dataclass
class Pending:
    """The payment under way, or the outcome of the last one. `tone` "" shows nothing."""

    id: str = ""
    tone: str = ""
    title: str = ""
    text: str = ""
    method: str = ""
    number: str = ""
    sum: str = ""
    can_open: bool = False
    again: str = ""
    paper: str = ""
    copies: list[tuple[str, str]] = field(default_factory=list)
    """What is retyped into the bank's app: the button's words and what it copies."""
    can_drop: bool = False


def payment_row(payment: PaymentView) -> PaymentRow:
    """Return one payment in words."""
    word, tone, icon = PAYMENT_STATUSES[payment.status]
    purpose = _PURPOSES.get(payment.purpose, "Платёж")
    return PaymentRow(
        id=str(payment.id),
        when=moment(payment.paid_at or payment.created_at),
        what=f"{purpose}: {payment.plan}",
        number=payment.invoice_id,
        method=METHOD_WORDS[payment.method],
        sum=format_tenge(payment.amount + payment.from_balance),
        sum_note=_sum_note(payment),
        word=f"{word} (проверочный)" if payment.is_test else word,
        tone=tone,
        icon=icon,
        note=payment.failure_words if payment.status == "failed" else "",
        papers=[paper_of(it) for it in payment.papers],
    )


def _sum_note(payment: PaymentView) -> str:
    if payment.refunded:
        return f"возвращено {format_tenge(payment.refunded)}"
    return f"с баланса {format_tenge(payment.from_balance)}" if payment.from_balance else ""


def paper_of(paper: PaperView) -> Paper:
    """Return the link to an invoice or act."""
    return Paper(f"{_PAPERS[paper.kind]} № {paper.number}", paper_link(paper))


def paper_link(paper: PaperView) -> str:
    """Return the address of a paper's PDF (api/billing.py)."""
    return f"/api/billing/papers/{paper.id}"


def pending_of(
    payment: PaymentView | None, now: datetime, *, kaspi_to: str = "", is_unpaid: bool = False
) -> Pending:
    """Return what stands over the page: a payment that waits, or its outcome for a day.

    `kaspi_to`: the phone that people transfer money to in Kaspi. `is_unpaid`: money is awaited for the
    plan, so that an earlier payment is no news.
    """
    if payment is None:
        return Pending()
    if payment.status == "created" and payment.expires_at and payment.expires_at <= now:
        return _not_paid(replace(payment, status="expired"))
    if payment.status in {"created", "authorized"}:
        return _waiting(payment, kaspi_to)
    if now - (payment.paid_at or payment.created_at) > _FRESH:
        return Pending()
    if payment.status != "paid":
        return _not_paid(payment)
    return Pending() if is_unpaid and not payment.is_credited else _paid(payment, now)


def _paid(payment: PaymentView, now: datetime) -> Pending:
    if payment.is_credited:
        return Pending(
            id=str(payment.id),
            tone="amber",
            title=f"{format_tenge(payment.amount)} лежат на вашем балансе",
            text="Деньги пришли, когда покупать на них было уже нечего. Ими можно оплатить "
            "следующий период, или напишите в поддержку, и мы их вернём.",
        )
    return Pending(
        id=str(payment.id),
        tone="green",
        title=f"Оплачено {format_tenge(payment.amount + payment.from_balance)}",
        text=f"{_begins(payment, now)} Документы лежат в «Платежах».",
    )


def _begins(payment: PaymentView, now: datetime) -> str:
    """Say what was bought: a plan that works now, or days that begin when what was had is used up."""
    start = payment.service_from
    if start is None or start <= now:
        return f"Тариф {payment.plan} подключён."
    days = "следующие дни" if payment.purpose == "renew" else "оплаченные дни"
    return f"Тариф {payment.plan}: {days} начнутся {day_of(start, now)}, до того всё как сейчас."


def _waiting(payment: PaymentView, kaspi_to: str) -> Pending:
    shown = Pending(
        id=str(payment.id),
        tone="blue",
        method=payment.method,
        number=payment.invoice_id,
        sum=format_tenge(payment.amount),
        title=f"Ждём оплату {format_tenge(payment.amount)} за тариф {payment.plan}",
        can_drop=payment.status == "created",
    )
    if payment.status == "authorized":
        shown.title = f"Банк удержал {format_tenge(payment.amount)}"
        shown.text = "Подтверждаем списание. Обычно это занимает минуту, страница обновится сама."
    elif payment.method == "card" and payment.is_saved_card:
        shown.text = "Ждём ответа банка. Обычно это несколько секунд, страница обновится сама."
        shown.can_drop = False
    elif payment.method == "card":
        shown.can_open = True
        shown.text = _until(_link_words(payment), payment)
    elif payment.method == "bank_invoice":
        invoice = next((it for it in payment.papers if it.kind == "invoice"), None)
        shown.paper = paper_link(invoice) if invoice else ""
        shown.text = _until(
            f"Счёт {payment.invoice_id}: укажите этот номер в назначении платежа. Деньги из банка "
            "идут 1–2 рабочих дня, тариф включится сам.",
            payment,
        )
    else:
        tenge = format_tenge(payment.amount).removesuffix("₸").replace(NBSP, "")
        shown.copies = [("Скопировать сумму", tenge), ("Скопировать код", payment.invoice_id)]
        if kaspi_to:
            phone = "".join(it for it in kaspi_to if it.isdecimal() or it == "+")
            shown.copies.insert(0, ("Скопировать номер", phone))
        shown.text = _until(
            f"Переведите {format_tenge(payment.amount)} в приложении Kaspi на {kaspi_to or 'наш номер'}"
            f" и укажите в сообщении {payment.invoice_id}: по этому коду мы найдём перевод. "
            "Проверяем вручную, обычно в течение рабочего дня.",
            payment,
        )
    return shown


def _link_words(payment: PaymentView) -> str:
    if not payment.failure_words:
        return "Страница обновится сама, как только банк ответит."
    words = payment.failure_words.rstrip(".")
    return (
        f"Банк ответил: «{words}». Деньги не списаны, на странице оплаты можно взять другую карту."
    )


def _until(text: str, payment: PaymentView) -> str:
    return f"{text} Ждём до {moment(payment.expires_at)}." if payment.expires_at else text


def _not_paid(payment: PaymentView) -> Pending:
    again = f"/billing?plan={payment.plan_code}"
    if payment.status == "failed":
        words = payment.failure_words.rstrip(".")
        what = _WHAT_TO_DO.get(payment.failure_code, _OTHERWISE)
        return Pending(
            id=str(payment.id),
            tone="red",
            title=f"Оплата {format_tenge(payment.amount)} не прошла",
            text=f"Банк ответил: «{words}». {what}" if words else what,
            again=again,
        )
    if payment.status == "expired":
        return Pending(
            id=str(payment.id),
            tone="amber",
            title=f"Время на оплату {format_tenge(payment.amount)} вышло",
            text="Деньги не списаны. Если вы уже перевели их, напишите в поддержку с номером "
            f"{payment.invoice_id}: найдём и зачтём.",
            again=again,
        )
    return Pending()
