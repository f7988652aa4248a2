"""HTML of the payment page: Russian, readable on a phone, no scripts."""

from __future__ import annotations

from html import escape

from cube_demper.core.money import format_tenge
from cube_demper.sandbox.tiptoppay.world import CARDS, Card, Order, Transaction, brand

_STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:#eef1f5;color:#161b26;font:16px/1.45 system-ui,sans-serif;
display:flex;flex-direction:column;align-items:center;padding:24px 16px}
main{width:100%;max-width:460px}.brand{display:flex;justify-content:space-between;align-items:center;
margin-bottom:16px;font-weight:650}.tag{font-size:13px;font-weight:500;color:#7a5200;background:#ffeec7;
border-radius:99px;padding:4px 10px}
.box{background:#fff;border-radius:16px;padding:24px;box-shadow:0 1px 3px #1b254314,0 8px 24px #1b25430f;
margin-bottom:16px}h1{font-size:32px;line-height:1.15;margin:4px 0 8px;font-weight:680;
font-variant-numeric:tabular-nums}h2{font-size:16px;margin:0 0 4px}p{margin:0 0 8px}
.quiet{color:#5b6474;font-size:14px}.bad{background:#fdecec;color:#8f1d1d;border-radius:10px;
padding:12px 14px;margin-bottom:16px}label{display:block;font-size:14px;font-weight:550;margin:16px 0 6px}
input{width:100%;font:inherit;padding:12px 14px;border:1px solid #c8ced8;border-radius:10px;background:#fff}
input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #2f6bff66;outline-offset:1px}
.two{display:grid;grid-template-columns:1fr 1fr;gap:12px}
button{font:inherit;font-weight:600;width:100%;padding:13px;border:0;border-radius:10px;cursor:pointer;
background:#1f5eff;color:#fff;margin-top:20px}button.second{background:#e9edf4;color:#161b26;margin-top:10px}
.cards{list-style:none;margin:12px 0 0;padding:0}.cards li+li{border-top:1px solid #e6e9ef}
.cards button{all:unset;box-sizing:border-box;width:100%;display:block;padding:11px 2px;cursor:pointer}
.cards button:hover b{text-decoration:underline}.cards b{font-variant-numeric:tabular-nums;font-weight:600}
a{color:#1f5eff}
"""


def form(order: Order, trouble: str = "") -> str:
    """Show what is paid for and take a card."""
    warning = f"<p class=bad role=alert>{escape(trouble)}</p>" if trouble else ""
    back = (
        f"<p class=quiet><a href='{escape(order.fail_url)}'>Вернуться без оплаты</a></p>"
        if order.fail_url
        else ""
    )
    return _page(
        f"Оплата {format_tenge(order.amount)}",
        f"<div class=box><p class=quiet>К оплате</p><h1>{format_tenge(order.amount)}</h1>"
        f"<p>{escape(order.description)}</p>"
        f"<p class=quiet>Счёт {escape(order.invoice_id)}<br>{escape(order.email)}</p></div>"
        f"<div class=box>{warning}<form method=post>"
        "<label for=card style='margin-top:0'>Номер карты</label>"
        "<input id=card name=card inputmode=numeric autocomplete=off placeholder='4111 1111 1111 1111'>"
        "<div class=two><div><label for=until>Срок</label>"
        "<input id=until placeholder='12/29' inputmode=numeric autocomplete=off></div>"
        "<div><label for=cvv>CVV</label>"
        "<input id=cvv placeholder='123' inputmode=numeric autocomplete=off></div></div>"
        f"<button>Оплатить {format_tenge(order.amount)}</button></form></div>"
        "<div class=box><h2>Тестовые карты</h2>"
        "<p class=quiet>Деньги не списываются. Нажмите на карту, чтобы оплатить ею.</p>"
        f"<form method=post><ul class=cards>{''.join(map(_card, CARDS))}</ul></form></div>{back}",
    )


def bank(transaction: Transaction) -> str:
    """Show the bank's question, as 3-DS does."""
    return _page(
        "Подтверждение банка",
        "<div class=box><p class=quiet>Банк просит подтвердить платёж</p>"
        f"<h1>{format_tenge(transaction.amount)}</h1>"
        f"<p>{brand(transaction.card)} •••• {transaction.card[-4:]}</p>"
        f"<p class=quiet>{escape(transaction.description)}</p><form method=post>"
        "<button name=is_confirmed value=1>Подтвердить</button>"
        "<button class=second name=is_confirmed value=0>Отказаться</button></form></div>",
    )


def message(title: str, words: str, back: str = "") -> str:
    """Say how it ended."""
    link = f"<p><a href='{escape(back)}'>Вернуться в магазин</a></p>" if back else ""
    return _page(
        title, f"<div class=box><h1>{escape(title)}</h1><p>{escape(words)}</p>{link}</div>"
    )


def _card(card: Card) -> str:
    grouped = " ".join(card.number[at : at + 4] for at in range(0, 16, 4))
    return (
        f"<li><button name=card value='{card.number}'><b>{grouped}</b><br>"
        f"<span class=quiet>{escape(card.words)}</span></button></li>"
    )


def _page(title: str, inner: str) -> str:
    return (
        "<!DOCTYPE html><html lang=ru><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        "<div class=brand><span>TipTopPay</span><span class=tag>песочница</span></div>"
        f"{inner}</main></body></html>"
    )
