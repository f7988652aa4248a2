"""The sandbox's terminal against the facts of INTEGRATIONS.md B, spoken to as any shop would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from tiptoppay_stage import CHARGE, ORDER, Till

from cube_demper.integrations.tiptoppay.events import fields_of
from cube_demper.integrations.tiptoppay.signature import OF_DECODED, OF_RAW, is_signed
from cube_demper.sandbox.listeners import WebListener, bind
from cube_demper.sandbox.tiptoppay.world import API_SECRET, LOST_ANSWER

OK_CARD, THREE_DS_CARD, POOR_CARD = "4111111111111111", "4242424242424242", "4000056655665556"


@dataclass
class Shop:
    """Somebody who takes webhooks and answers with what `codes` says next, then with 0."""

    till: Till
    http: httpx.AsyncClient
    links: int = 0
    codes: list[int] = field(default_factory=list)
    heard: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    async def link(self) -> str:
        self.links += 1
        order = replace(ORDER, request_id=f"r-{self.links}")
        return (await self.till.client.create_order(order)).url

    async def pay(self, card: str, url: str = "") -> httpx.Response:
        answer = await self.http.post(url or await self.link(), data={"card": card})
        await self.till.terminal.hooks.settled()
        return answer

    @property
    def events(self) -> list[str]:
        return [event for event, _, _ in self.heard]

    def said(self, number: int) -> dict[str, str]:
        _, body, headers = self.heard[number]
        return fields_of(body, headers["content-type"])


@pytest.fixture
async def shop(till: Till) -> AsyncIterator[Shop]:
    api = FastAPI()
    listener = WebListener(api, bind(0))
    async with httpx.AsyncClient(trust_env=False) as http:
        shop = Shop(till, http)

        @api.post("/webhooks/tiptoppay/{event}")
        async def take(event: str, request: Request) -> JSONResponse:
            shop.heard.append((event, await request.body(), dict(request.headers)))
            return JSONResponse({"code": shop.codes.pop(0) if shop.codes else 0})

        await listener.start()
        till.terminal.hooks.listen_at(f"http://127.0.0.1:{listener.port}")
        yield shop
        await listener.stop()


async def test_a_payment_is_checked_made_and_told(shop: Shop) -> None:
    answer = await shop.pay(OK_CARD)
    assert (answer.status_code, answer.headers["location"]) == (303, ORDER.success_url)
    assert shop.events == ["check", "pay"]
    paid = shop.said(1)
    assert (paid["InvoiceId"], paid["Amount"], paid["Currency"]) == ("inv-1", "9999.00", "KZT")
    assert (paid["Status"], paid["TestMode"], paid["CardLastFour"]) == ("Completed", "1", "1111")
    assert paid["Token"] in shop.till.terminal.tokens


async def test_forms_are_as_dot_net_writes_them_and_signed_both_ways(shop: Shop) -> None:
    await shop.pay(OK_CARD)
    for _, body, headers in shop.heard:
        assert b"%d0%a2%d0%b0%d1%80%d0%b8%d1%84+BASIC" in body
        assert headers["content-type"] == "application/x-www-form-urlencoded"
        assert is_signed(body, headers[OF_RAW], "", API_SECRET)
        assert is_signed(body, "", headers[OF_DECODED], API_SECRET)
        assert headers[OF_RAW] != headers[OF_DECODED]


@pytest.mark.parametrize(
    ("code", "words"),
    [(10, "не знает этого счёта"), (12, "Сумма не совпадает"), (20, "истёк"), (99, "не ответил")],
)
async def test_a_check_that_says_no_stops_the_payment(shop: Shop, code: int, words: str) -> None:
    shop.codes = [code]
    answer = await shop.pay(OK_CARD)
    assert answer.status_code == 409
    assert words in answer.text
    assert shop.events == ["check"]
    assert not shop.till.terminal.transactions


async def test_a_shop_that_is_away_is_not_paid(shop: Shop) -> None:
    shop.till.terminal.hooks.addresses["Check"] = "http://127.0.0.1:9/check"
    assert (await shop.pay(OK_CARD)).status_code == 409
    assert not shop.till.terminal.transactions


async def test_a_declined_card_may_be_followed_by_another(shop: Shop) -> None:
    url = await shop.link()
    answer = await shop.pay(POOR_CARD, url)
    assert "Недостаточно средств на карте." in answer.text
    assert shop.events == ["check", "fail"]
    assert shop.said(1)["ReasonCode"] == "5051"
    assert (await shop.pay(OK_CARD, url)).status_code == 303
    assert (await shop.pay(OK_CARD, url)).status_code == 409
    assert shop.events == ["check", "fail", "check", "pay"]


@pytest.mark.parametrize(("is_confirmed", "event"), [("1", "pay"), ("0", "fail")])
async def test_three_ds_asks_the_holder(shop: Shop, is_confirmed: str, event: str) -> None:
    answer = await shop.pay(THREE_DS_CARD)
    bank = f"{shop.till.sandbox.tiptoppay_url}{answer.headers['location']}"
    assert "Банк просит подтвердить" in (await shop.http.get(bank)).text
    assert shop.events == ["check"]
    for _ in range(2):
        await shop.http.post(bank, data={"is_confirmed": is_confirmed})
        await shop.till.terminal.hooks.settled()
    assert shop.events == ["check", event]


async def test_a_webhook_is_repeated_until_it_is_taken(shop: Shop) -> None:
    shop.codes = [0, 13, 500, 1]
    await shop.pay(OK_CARD)
    assert shop.events == ["check", "pay", "pay", "pay", "pay"]
    assert len({body for _, body, _ in shop.heard[1:]}) == 1


async def test_duplicates_delays_and_another_order(shop: Shop) -> None:
    hooks = shop.till.terminal.hooks
    hooks.repeats = 2
    await shop.pay(OK_CARD)
    assert shop.events == ["check", "pay", "pay"]
    hooks.repeats, hooks.is_held = 1, True
    (payment,) = shop.till.terminal.transactions
    await shop.till.client.refund(str(payment), 100, "f-1")
    await shop.till.client.refund(str(payment), 200, "f-2")
    assert len(shop.events) == 3
    hooks.release(backwards=True)
    await hooks.settled()
    refunds = [shop.said(3), shop.said(4)]
    assert [it["Amount"] for it in refunds] == ["2.00", "1.00"]
    assert {it["PaymentTransactionId"] for it in refunds} == {str(payment)}
    before = shop.till.clock.now()
    hooks.delay = 60
    await shop.till.client.charge_token(CHARGE)
    await hooks.settled()
    assert shop.events[-1] == "pay"
    assert (shop.till.clock.now() - before).total_seconds() == 60


async def test_a_saved_card_is_one_token_and_does_what_its_number_says(shop: Shop) -> None:
    await shop.pay("4000000000000119")
    await shop.pay("4000000000000119")
    first, second = (shop.said(it)["Token"] for it in (1, 3))
    assert first == second
    assert shop.till.terminal.tokens[first].outcome == LOST_ANSWER
    await shop.till.client.charge_token(shop.till.charge(first))
    await shop.till.terminal.hooks.settled()
    assert shop.events[-1] == "pay"


async def test_the_console_shows_and_switches(shop: Shop) -> None:
    await shop.pay(OK_CARD)
    console = shop.till.sandbox.console_url
    shown = (await shop.http.get(f"{console}/payments")).text
    assert "9\u00a0999\u00a0₸" in shown
    assert "inv-1" in shown
    (number,) = shop.till.terminal.transactions
    (token,) = (it.token for it in shop.till.terminal.tokens.values() if it.account_id)
    await shop.http.post(f"{console}/payments/token", data={"token": token, "outcome": "5051"})
    await shop.http.post(f"{console}/payments/refund", data={"number": str(number)})
    await shop.http.post(f"{console}/payments/hold")
    await shop.till.terminal.hooks.settled()
    state = (await shop.http.get(f"{console}/payments.json")).json()
    assert shop.till.terminal.tokens[token].outcome == "5051"
    assert [it["original"] for it in state["transactions"]] == [0, number]
    assert shop.events[-1] == "refund"
    assert shop.till.terminal.hooks.is_held
