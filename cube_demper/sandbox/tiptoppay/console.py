"""`/payments`: what the terminal holds and how its webhooks go, for people; the same posts for tests."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from html import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import format_tenge
from cube_demper.sandbox.pages import button, page, table
from cube_demper.sandbox.tiptoppay.terminal import Terminal
from cube_demper.sandbox.tiptoppay.webhooks import Delivery, Webhooks
from cube_demper.sandbox.tiptoppay.world import (
    INSUFFICIENT,
    LOST_ANSWER,
    OK,
    THREE_DS,
    Token,
    Transaction,
)
from cube_demper.sandbox.web import json_response

_SHOWN = 30
_OUTCOMES = {
    OK: "платит",
    INSUFFICIENT: "денег нет",
    THREE_DS: "просит код",
    LOST_ANSWER: "платит, ответ теряется",
}
_STATUSES = {
    "AwaitingAuthentication": "ждёт 3-DS",
    "Authorized": "удержано",
    "Completed": "оплачено",
    "Cancelled": "отменено",
    "Declined": "отказ",
}


def terminal_routes(terminal: Terminal) -> list[Route]:
    """Return the routes of the console's page about payments."""
    desk = Desk(terminal)
    acts = {
        "hold": desk.hold,
        "release": desk.release,
        "repeat": desk.repeat,
        "delay": desk.delay,
        "again": desk.again,
        "token": desk.token,
        "refund": desk.refund,
    }
    return [
        Route("/payments", desk.home),
        Route("/payments.json", desk.state),
        *(Route(f"/payments/{name}", act, methods=["POST"]) for name, act in acts.items()),
    ]


class Desk:
    """What the operator of the terminal may do."""

    def __init__(self, terminal: Terminal) -> None:
        """Sit at this terminal."""
        self._terminal, self._hooks = terminal, terminal.hooks

    async def home(self, _request: Request) -> Response:
        """Show payments, cards and webhooks."""
        return HTMLResponse(_page(self._terminal))

    async def state(self, _request: Request) -> Response:
        """Give everything as JSON."""
        return json_response(
            {
                "orders": [asdict(it) for it in self._terminal.orders.values()],
                "transactions": [asdict(it) for it in self._terminal.transactions.values()],
                "tokens": [asdict(it) for it in self._terminal.tokens.values()],
                "held": len(self._hooks.held),
            }
        )

    async def hold(self, _request: Request) -> Response:
        """Keep webhooks back until released."""
        self._hooks.is_held = True
        return _back()

    async def release(self, request: Request) -> Response:
        """Send what was kept back; `backwards` 1: the newest first."""
        self._hooks.release(backwards=(await request.form()).get("backwards") == "1")
        return _back()

    async def repeat(self, request: Request) -> Response:
        """Send each webhook so many times: `times`."""
        self._hooks.repeats = min(max(_number((await request.form()).get("times")), 1), 5)
        return _back()

    async def delay(self, request: Request) -> Response:
        """Send each webhook so much later: `seconds`."""
        self._hooks.delay = float(min(_number((await request.form()).get("seconds")), 3600))
        return _back()

    async def again(self, request: Request) -> Response:
        """Send one webhook once more: `number` in the list of the last."""
        number = _number((await request.form()).get("number"))
        if not 0 <= number < len(self._hooks.log):
            raise HTTPException(404, "Нет такого уведомления")
        self._hooks.again(self._hooks.log[number])
        return _back()

    async def token(self, request: Request) -> Response:
        """Say what a saved card does when it is charged next: `token`, `outcome`."""
        form = await request.form()
        token, outcome = self._terminal.tokens.get(str(form.get("token"))), str(form.get("outcome"))
        if token is None or outcome not in _OUTCOMES:
            raise HTTPException(404, "Нет такой карты или исхода")
        token.outcome = outcome
        return _back()

    async def refund(self, request: Request) -> Response:
        """Give a payment's rest back, as the cabinet does: `number`."""
        number = _number((await request.form()).get("number"))
        payment = self._terminal.transactions.get(number)
        if payment is None or payment.status != "Completed" or payment.refunded >= payment.amount:
            raise HTTPException(409, "Возвращать нечего")
        self._terminal.refund(payment, payment.amount - payment.refunded)
        return _back()


def _page(terminal: Terminal) -> str:
    hooks = terminal.hooks
    newest = list(terminal.transactions.values())[::-1][:_SHOWN]
    saved = [it for it in terminal.tokens.values() if it.account_id]
    log = list(enumerate(hooks.log))[::-1][:_SHOWN]
    parts = [
        "<p class=quiet>Терминал TipTopPay в тестовом режиме. Страница сама не обновляется.</p>",
        "<h2>Платежи</h2>",
        "".join(map(_payment, newest)) or "<p>Платежей ещё не было.</p>",
        "<h2>Сохранённые карты</h2>",
        "".join(map(_token, saved)) or "<p>Карт ещё нет.</p>",
        f"<h2>Уведомления</h2><p>{_standing(hooks)}</p>",
        _switches(),
        *(_delivery(number, it) for number, it in log),
        "<h2>Адреса</h2>",
        table(("Событие", "Куда"), hooks.addresses.items()),
    ]
    return page("Платежи песочницы", parts)


def _standing(hooks: Webhooks) -> str:
    state = "удерживаются" if hooks.is_held else "уходят сразу"
    return (
        f"Сейчас {state}, повторов {hooks.repeats}, задержка {hooks.delay:.0f} с, "
        f"удержано {len(hooks.held)}."
    )


def _payment(it: Transaction) -> str:
    at = datetime.fromtimestamp(it.created, UTC).astimezone(ALMATY)
    kind = "возврат" if it.is_refund else _STATUSES[it.status]
    back = f", возвращено {format_tenge(it.refunded)}" if it.refunded else ""
    is_open = it.status == "Completed" and not it.is_refund and it.refunded < it.amount
    act = button("/payments/refund", "Вернуть", {"number": str(it.id)}) if is_open else ""
    return (
        f"<div class=letter><b>{format_tenge(it.amount)}</b> {kind}{back} {act}<br>"
        f"<span class=quiet>{at:%d.%m %H:%M:%S}, {it.id}, счёт {escape(it.invoice_id)}, "
        f"карта {it.card[-4:]}</span></div>"
    )


def _token(it: Token) -> str:
    buttons = "".join(
        button("/payments/token", words, {"token": it.token, "outcome": outcome})
        for outcome, words in _OUTCOMES.items()
        if outcome != it.outcome
    )
    now = _OUTCOMES.get(it.outcome, it.outcome)
    return f"<p>Карта {it.card[-4:]}, плательщик {escape(it.account_id)}: {now}<br>{buttons}</p>"


def _switches() -> str:
    return "".join(
        (
            button("/payments/hold", "Удерживать", {}),
            button("/payments/release", "Отпустить", {"backwards": "0"}),
            button("/payments/release", "Отпустить с конца", {"backwards": "1"}),
            button("/payments/repeat", "По одному", {"times": "1"}),
            button("/payments/repeat", "Каждое дважды", {"times": "2"}),
            button("/payments/delay", "Без задержки", {"seconds": "0"}),
            button("/payments/delay", "Позже на минуту", {"seconds": "60"}),
        )
    )


def _delivery(number: int, it: Delivery) -> str:
    codes = {None: "ещё не отправлено", 0: "принято", -1: "нет ответа"}
    words = codes.get(it.code, f"код {it.code}")
    again = button("/payments/again", "Ещё раз", {"number": str(number)})
    return f"<p>{it.event}: {words}, попыток {it.tries} {again}</p>"


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 15 else -1


def _back() -> Response:
    return RedirectResponse("/payments", 303)
