"""Plain HTML of the console and the mailbox: Russian, readable on a phone, no scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from cube_demper.core.clock import ALMATY
from cube_demper.sandbox.feeds import Subscription
from cube_demper.sandbox.mailbox import Letter

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
nav a{margin-right:1rem}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;min-width:100%}
td,th{padding:.35rem .6rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #8884}
td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
form{display:inline-block;margin:.2rem .3rem .2rem 0}
button{font:inherit;padding:.5rem .8rem;border-radius:8px;border:1px solid #8888;cursor:pointer}
.letter{display:block;padding:.8rem 0;border-bottom:1px solid #8884;text-decoration:none;color:inherit}
.quiet{opacity:.7;font-size:.9rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
iframe{width:100%;height:70vh;border:1px solid #8884;border-radius:8px;background:#fff}
"""
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_WORDS = {
    "pending": "ждёт",
    "applied": "применено",
    "ignored_model": "не применено: другая модель",
    "ignored_removed": "не применено: товар снят с продажи",
    "ignored_unknown_sku": "не применено: нет такого товара",
    "ignored_fault": "не применено: сбой",
    "requests_per_second": "слишком много запросов в секунду",
    "changes_per_30_minutes": "слишком много изменений за 30 минут",
}
_FAULT_BUTTONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Запретить цены: 429, 3 раза", {"kind": "status", "route": "pricefeed", "status": "429", "count": "3"}),
    ("Офферы: 403 на 30 секунд", {"kind": "status", "route": "offers", "status": "403", "seconds": "30"}),
    ("Офферы: 500, 10 раз", {"kind": "status", "route": "offers", "status": "500", "count": "10"}),
    ("Офферы: страница вместо JSON, 5 раз", {"kind": "html", "route": "offers", "count": "5"}),
    ("Офферы: обрыв связи, 5 раз", {"kind": "reset", "route": "offers", "count": "5"}),
    ("Кабинет: 502 на минуту", {"kind": "status", "route": "cabinet", "status": "502", "seconds": "60"}),
    ("Цены: ответ потерян, 1 раз", {"kind": "reset_after", "route": "pricefeed", "count": "1"}),
    ("Всё: молчание на 30 секунд", {"kind": "hang", "route": "*", "seconds": "30"}),
)  # fmt: skip


def home(state: dict[str, Any]) -> str:
    """Show stores, sessions, limits, faults and the last operations."""
    now = _when(datetime.fromisoformat(state["now"]))
    parts = [
        f"<p class=quiet>Время {now}, карточек {state['cards']}, зерно {state['seed']}.</p>",
        _stores(state),
        "<h2>Кабинеты и сессии</h2>",
        _accounts(state),
        "<h2>Баны сейчас</h2>",
        _bans(state["active_bans"]),
        f"<p class=quiet>Всего за всё время: {len(state['bans'])}.</p>",
        "<h2>Сбои</h2>",
        _faults(state["faults"]),
        "<h2>Последние операции</h2>",
        _recent(state["recent"]),
    ]
    return page("Песочница Kaspi", parts)


def mailbox(letters: Sequence[Letter]) -> str:
    """List the letters, newest first."""
    rows = [
        f"<a class=letter href='/mail/{letter.number}'><b>{escape(letter.subject) or 'Без темы'}</b><br>"
        f"<span class=quiet>{escape(', '.join(letter.to))} · {_at(letter.at)}</span></a>"
        for letter in reversed(letters)
    ]
    return page("Почта песочницы", rows or ["<p>Писем пока нет.</p>"])


def letter(found: Letter) -> str:
    """Show one letter: its text with links that can be pressed, then how it looks."""
    people = f"Кому: {escape(', '.join(found.to))}<br>От: {escape(found.sender)}"
    parts = [
        f"<p class=quiet>{people}<br>{_at(found.at)}</p>",
        f"<pre>{_with_links(found.text)}</pre>",
    ]
    if found.html:
        frame = escape(f"<base target=_blank>{found.html}", quote=True)
        parts.append(
            "<h2>Как выглядит письмо</h2><iframe title='Письмо' "
            f"sandbox='allow-popups allow-popups-to-escape-sandbox' srcdoc=\"{frame}\"></iframe>"
        )
    return page(found.subject or "Без темы", parts)


def feeds(stores: dict[str, str], subscriptions: Sequence[Subscription]) -> str:
    """Show automatic price lists as a seller's cabinet would: the address, the last load, its errors."""
    options = "".join(
        f"<option value='{uid}'>{escape(name)}</option>" for uid, name in stores.items()
    )
    form = (
        f"<form method=post action='/feeds'><select name=store>{options}</select> "
        "<input name=url size=50 placeholder='http://…/feed/….xml'> <button>Сохранить</button></form>"
    )
    parts = [
        form,
        *(_subscription(stores, it) for it in subscriptions),
        "<h2>Нынешние прайс-листы магазинов</h2>",
        *(f"<p><a href='/feeds/{uid}.xml'>{escape(name)}</a></p>" for uid, name in stores.items()),
    ]
    return page("Прайс-листы", parts)


def _subscription(stores: dict[str, str], it: Subscription) -> str:
    loaded = (
        f"{_at(it.pulled_at)}: {escape(it.note)}, товаров {it.offers}"
        if it.pulled_at
        else "ещё нет"
    )
    pull = button("/feeds/pull", "Загрузить сейчас", {"store": it.store})
    errors = table(("Артикул", "Ошибка"), [(e["sku"], e["code"]) for e in it.errors])
    return (
        f"<h2>{escape(stores.get(it.store, it.store))}</h2><p class=quiet>{escape(it.url)}</p>"
        f"<p>Последняя загрузка: {loaded} {pull}</p>" + (errors if it.errors else "")
    )


def page(title: str, parts: Iterable[str]) -> str:
    """Wrap parts of HTML into a page with the console's navigation."""
    return (
        "<!DOCTYPE html><html lang=ru><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        "<nav><a href='/'>Пульт</a><a href='/mail'>Почта</a><a href='/log?kind=accepted'>Журнал</a>"
        "<a href='/feeds'>Прайс-листы</a><a href='/phone'>WhatsApp</a><a href='/orders'>Заказы</a>"
        "<a href='/payments'>Платежи</a>"
        f"<a href='/audit'>Проверка</a></nav><h1>{escape(title)}</h1>{''.join(parts)}</body></html>"
    )


def _stores(state: dict[str, Any]) -> str:
    rows = [
        (s["name"], s["uid"], f"{s['on_sale']} из {s['goods']}", f"{s['changes_in_window']} из 250")
        for s in state["stores"]
    ]
    tokens = "".join(
        f"<p>{escape(s['name'])}, токен заказов: <code>{escape(s['token'] or 'не сформирован')}</code> "
        f"{button('/tokens', 'Сформировать', {'store': s['uid']})}</p>"
        for s in state["stores"]
    )
    return table(("Магазин", "Номер", "В продаже", "Изменений за 30 мин"), rows) + tokens


def _accounts(state: dict[str, Any]) -> str:
    counts: dict[str, int] = {}
    for session in state["sessions"]:
        counts[session["email"]] = counts.get(session["email"], 0) + 1
    return "".join(
        f"<p>{escape(account['email'])}: сессий {counts.get(account['email'], 0)} "
        + button("/sessions/expire", "Завершить сессии", {"email": account["email"]})
        + "</p>"
        for account in state["accounts"]
    )


def _bans(bans: list[dict[str, Any]]) -> str:
    if not bans:
        return "<p>Никто не забанен.</p>"
    return "".join(
        f"<p>{escape(ban['key'])}: {_WORDS.get(ban['reason'], ban['reason'])}, до {_at(ban['until'])}, "
        f"отказов {ban['denied']} {button('/limits/lift', 'Снять', {'key': ban['key']})}</p>"
        for ban in bans
    )


def _faults(faults: list[dict[str, Any]]) -> str:
    now = "".join(
        f"<p>{escape(fault['kind'])} · {escape(fault['route'])} · сработал {fault['hits']}</p>"
        for fault in faults
    )
    buttons = [button("/faults", text, values) for text, values in _FAULT_BUTTONS]
    clear = button("/faults/clear", "Убрать все сбои", {})
    return (now or "<p>Сбоев нет.</p>") + "".join(buttons) + clear


def _recent(entries: list[dict[str, Any]]) -> str:
    rows = []
    for entry in entries:
        moment = _when(datetime.fromisoformat(entry["at"]))
        if entry["kind"] == "ban":
            reason = _WORDS.get(entry["reason"], entry["reason"])
            rows.append((moment, "бан", reason, entry["key"]))
            continue
        prices = sorted(set(entry["city_prices"].values()) or {entry["price"]})
        shown = ", ".join(f"{price} ₸" for price in prices)
        word = "принято" if entry["kind"] == "accepted" else _WORDS.get(entry["result"], "")
        rows.append((moment, word, shown, f"{entry['store']} · {entry['sku']}"))
    if not rows:
        return "<p>Изменений цен ещё не было.</p>"
    return table(("Когда", "Что", "Цена", "Чьё"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of plain texts."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td class=n>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<div class=scroll><table><tr>{top}</tr>{body}</table></div>"


def button(action: str, text: str, values: dict[str, str]) -> str:
    """Return a form of one button."""
    hidden = "".join(
        f"<input type=hidden name='{escape(name)}' value='{escape(value)}'>"
        for name, value in values.items()
    )
    return f"<form method=post action='{action}'>{hidden}<button>{escape(text)}</button></form>"


def _with_links(text: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(text):
        link = escape(found[0], quote=True)
        parts += [escape(text[end : found.start()]), f"<a href='{link}'>{link}</a>"]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _at(seconds: float) -> str:
    return _when(datetime.fromtimestamp(seconds, UTC))


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(ALMATY):%d.%m %H:%M:%S}"
