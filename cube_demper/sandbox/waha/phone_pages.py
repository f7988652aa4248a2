"""HTML of the sandbox's phones: Russian, readable on a phone, no scripts."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from cube_demper.sandbox.pages import button, page
from cube_demper.sandbox.waha.engine import Engine
from cube_demper.sandbox.waha.world import Ack, Buyer, Message, Phone, Session

_ACKS = {Ack.PENDING: "…", Ack.SERVER: "✓", Ack.DEVICE: "✓✓", Ack.READ: "прочитано"}
_KINDS = {"image": "Картинка", "file": "Файл", "location": "Точка на карте"}


def home(engine: Engine) -> str:
    """Show the phones, what can be scanned, and the chats."""
    waiting = [it for it in engine.sessions.values() if it.status == "SCAN_QR_CODE"]
    working = [it for it in engine.sessions.values() if it.status == "WORKING"]
    parts = [
        "<p class=quiet>Телефоны продавца и покупателей. Страница сама не обновляется.</p>",
        *(_phone(engine, phone, waiting) for phone in engine.phones.values()),
        "<h2>Чаты</h2>",
        *(_chats(engine, session) for session in working),
        *(["<p>Ни один телефон не подключён.</p>"] if not working else []),
        "<h2>Сервер WAHA</h2>",
        _server(engine),
    ]
    return page("WhatsApp песочницы", parts)


def chat(session: Session, buyer: Buyer) -> str:
    """Show one chat as the buyer sees it, with both ways to write."""
    hidden = {"session": session.name, "number": buyer.number}
    who = f"{buyer.lid} вместо номера" if buyer.is_hidden else "номер виден"
    hide = button("/phone/hide", "Скрыть или показать номер", {"number": buyer.number})
    parts = [
        f"<p class=quiet>Магазин +{session.phone}; {who} {hide}</p>",
        *(_message(message) for message in session.chat(buyer.number)),
        _write("/phone/answer", "Ответить как покупатель", hidden),
        _write("/phone/photo", "Прислать фото", hidden),
        _write("/phone/place", "Прислать точку на карте", hidden),
        _write("/phone/reply", "Написать с телефона продавца", hidden),
        "<p><a href='/phone'>Все телефоны</a></p>",
    ]
    return page(f"Чат с +{buyer.number}", parts)


def _phone(engine: Engine, phone: Phone, waiting: Iterable[Session]) -> str:
    number = {"phone": phone.number}
    linked = [it for it in engine.sessions.values() if it.phone == phone.number]
    scans = "".join(
        button("/phone/scan", f"Сканировать QR: {it.name}", {**number, "session": it.name})
        for it in waiting
    )
    unlinks = "".join(
        f"<p>Связано: {escape(it.name)}, {escape(it.status)} "
        f"{button('/phone/unlink', 'Выйти', {'session': it.name})}</p>"
        for it in linked
    )
    code = (
        f"<form method=post action='/phone/code'><input type=hidden name=phone value='{phone.number}'>"
        "<input name=code placeholder='ABCD-ABCD' size=10 aria-label='Код'> "
        "<button>Ввести код</button></form>"
    )
    troubles = "".join(
        button(f"/phone/{act}", words, number)
        for act, words in (("ban", "Заблокировать"), ("lock", "Запрет новых чатов на 6 ч"),
                           ("cap", "Исчерпать квоту"), ("free", "Снять всё"))
    )  # fmt: skip
    return (
        f"<h2>{escape(phone.name)}, +{phone.number}</h2><p>{_standing(engine, phone)}</p>"
        f"{unlinks}<p>{scans or 'Кодов на экранах нет.'}</p>{code}<p>{troubles}</p>"
    )


def _standing(engine: Engine, phone: Phone) -> str:
    words = [
        "заблокирован" if phone.is_banned else "",
        "новые чаты запрещены" if phone.locked_until > engine.now() else "",
        "квота новых чатов исчерпана" if phone.capping == "CAPPED" else "",
    ]
    return ", ".join(word for word in words if word) or "всё в порядке"


def _chats(engine: Engine, session: Session) -> str:
    numbers = dict.fromkeys(message.chat for message in reversed(session.messages))
    rows = "".join(
        f"<a class=letter href='/phone/{session.name}/{number}'><b>+{number}</b><br>"
        f"<span class=quiet>{escape(session.chat(number)[-1].text[:80])}</span></a>"
        for number in numbers
    )
    first = (
        "<form method=post action='/phone/answer'>"
        f"<input type=hidden name=session value='{escape(session.name)}'>"
        "<input name=number placeholder='77051112233' size=12 aria-label='Номер покупателя'> "
        "<input name=text placeholder='Сообщение' aria-label='Сообщение'> "
        "<button>Написать магазину</button></form>"
    )
    name = engine.phones[session.phone].name
    return f"<h3>{escape(name)} ({escape(session.name)})</h3>{rows}{first}"


def _message(message: Message) -> str:
    who = "Магазин" if message.from_me else "Покупатель"
    mark = _ACKS.get(Ack(message.ack), "") if message.from_me else ""
    return (
        f"<div class=letter><b>{who}</b> <span class=quiet>{mark}</span>{_enclosed(message)}"
        f"<pre>{escape(message.text)}</pre></div>"
    )


def _enclosed(message: Message) -> str:
    if message.kind not in _KINDS:
        return ""
    words = f"[{_KINDS[message.kind]} {escape(message.filename)}]"
    address = f"/phone/files/{message.id}?type={quote(message.mimetype)}"
    if message.kind == "image":
        return (
            f"<p><img src='{address}' alt='{words}' style='max-width:240px;max-height:240px'></p>"
        )
    if message.kind == "file":
        return f"<p><a href='{address}'>{words}</a></p>"
    return f"<p>{words} {message.latitude}, {message.longitude}</p>"


def _write(action: str, words: str, hidden: dict[str, str]) -> str:
    fields = "".join(
        f"<input type=hidden name='{name}' value='{escape(value)}'>"
        for name, value in hidden.items()
    )
    return (
        f"<form method=post action='{action}'>{fields}"
        f"<input name=text size=30 aria-label='{words}'> <button>{words}</button></form>"
    )


def _server(engine: Engine) -> str:
    if engine.is_down:
        return f"<p>Не отвечает. {button('/phone/up', 'Вернуть', {})}</p>"
    away = button("/phone/down", "Убрать на час", {"seconds": "3600"})
    return f"<p>Работает. {away}{button('/phone/down', 'Убрать на минуту', {'seconds': '60'})}</p>"
