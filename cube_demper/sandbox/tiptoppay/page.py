"""The payment page of a link, and the bank's page of 3-DS: what a person sees when they pay."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cube_demper.sandbox.tiptoppay import page_html
from cube_demper.sandbox.tiptoppay.terminal import Terminal
from cube_demper.sandbox.tiptoppay.world import BY_NUMBER, OK, REASONS, Order, Transaction

_CHECK_WORDS = {
    10: "Магазин не знает этого счёта.",
    11: "Счёт выставлен другому человеку.",
    12: "Сумма не совпадает со счётом.",
    13: "Магазин сейчас не может принять платёж.",
    20: "Срок оплаты счёта истёк.",
}


def page_routes(terminal: Terminal) -> list[Route]:
    """Return the routes of the pages."""
    pages = Pages(terminal)
    return [
        Route("/d/{order}", pages.show),
        Route("/d/{order}", pages.pay, methods=["POST"]),
        Route("/acs/{number:int}", pages.bank),
        Route("/acs/{number:int}", pages.answer, methods=["POST"]),
    ]


class Pages:
    """What hands do with a card."""

    def __init__(self, terminal: Terminal) -> None:
        """Pay at this terminal."""
        self._terminal = terminal

    async def show(self, request: Request) -> Response:
        """Show what is to be paid."""
        order = self._order(request)
        return HTMLResponse(page_html.form(order) if order.status == "Created" else _closed(order))

    async def pay(self, request: Request) -> Response:
        """Pay with the card that was typed or chosen: `card`."""
        order = self._order(request)
        if order.status != "Created":
            return HTMLResponse(_closed(order), 409)
        number = "".join(filter(str.isdigit, str((await request.form()).get("card", ""))))
        if number not in BY_NUMBER:
            words = "Это не тестовая карта. Возьмите одну из списка ниже."
            return HTMLResponse(page_html.form(order, words), 400)
        paid = await self._terminal.pay(order, number)
        if isinstance(paid, int):
            words = _CHECK_WORDS.get(paid, "Магазин не ответил, платёж не принят.")
            return HTMLResponse(page_html.form(order, words), 409)
        if paid.status == "AwaitingAuthentication":
            return RedirectResponse(f"/acs/{paid.id}", 303)
        return self._after(order, paid)

    async def bank(self, request: Request) -> Response:
        """Show the bank's question."""
        return HTMLResponse(page_html.bank(self._transaction(request)))

    async def answer(self, request: Request) -> Response:
        """Answer the bank: `is_confirmed` 1 or 0."""
        transaction = self._transaction(request)
        is_confirmed = str((await request.form()).get("is_confirmed")) == "1"
        self._terminal.answer_3ds(transaction, is_confirmed=is_confirmed)
        order = self._terminal.orders.get(transaction.order_id)
        if order is None:
            return HTMLResponse(page_html.message("Готово", REASONS[transaction.code][1]))
        return self._after(order, transaction)

    def _after(self, order: Order, paid: Transaction) -> Response:
        if paid.code != OK:
            return HTMLResponse(page_html.form(order, f"{REASONS[paid.code][1]}."))
        if order.success_url:
            return RedirectResponse(order.success_url, 303)
        return HTMLResponse(page_html.message("Оплачено", "Спасибо. Эту страницу можно закрыть."))

    def _order(self, request: Request) -> Order:
        found = self._terminal.orders.get(request.path_params["order"])
        if found is None:
            raise HTTPException(404, "Нет такой ссылки на оплату")
        return found

    def _transaction(self, request: Request) -> Transaction:
        found = self._terminal.transactions.get(request.path_params["number"])
        if found is None:
            raise HTTPException(404, "Нет такого платежа")
        return found


def _closed(order: Order) -> str:
    words = "Счёт уже оплачен." if order.status == "Paid" else "Ссылка на оплату закрыта."
    return page_html.message("Платить нечего", words, order.fail_url)
