"""A number in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import segno

from cube_demper.domain.messaging.sessions.schemas import NumberView, SessionPhase
from cube_demper.domain.orders.people import shown_phone
from cube_demper.models.linking import LinkTrouble
from cube_demper.ui.format import iso


@dataclass
class NumberRow:
    """A number as its card shows it. `qr`: a picture as an address, empty while there is none."""

    id: str = ""
    title: str = ""
    phone: str = ""
    word: str = ""
    tone: str = "gray"
    text: str = ""
    qr: str = ""
    qr_until: str = ""
    code: str = ""
    code_until: str = ""
    checked_at: str = ""
    trouble: str = ""
    is_scan: bool = False
    is_working: bool = False
    is_on: bool = True


_WORDS: Final[dict[SessionPhase, tuple[str, str, str]]] = {
    SessionPhase.OFF: ("Отключён", "gray", "Телефон не привязан. Сообщения покупателям не уходят."),
    SessionPhase.STARTING: ("Запускается", "blue", "Обычно это несколько секунд."),
    SessionPhase.SCAN: ("Ждёт телефон", "amber", ""),
    SessionPhase.WORKING: ("Подключено", "green", "Номер на связи."),
    SessionPhase.FAILED: (
        "Не подключён",
        "red",
        "Код устарел, телефон отвязали, или WhatsApp закрыл номер. Запросите новый код.",
    ),
    SessionPhase.NEEDS_ACTION: (
        "Нужно действие",
        "amber",
        "WhatsApp просит подтверждения на телефоне. Если его там нет, перезапустите номер.",
    ),
}
_TROUBLES: Final = {
    LinkTrouble.UNREACHABLE: "Сервер WhatsApp (WAHA) не отвечает. Номер и сообщения на месте, "
    "пробуем снова сами.",
    LinkTrouble.REJECTED_KEY: "Сервер WhatsApp (WAHA) не принял наш ключ. Мы уже знаем об этом.",
    LinkTrouble.REFUSED: "WhatsApp отказал. Проверьте номер и запросите код ещё раз.",
    LinkTrouble.LOST: "Сервер потерял эту связь. Подключите номер заново.",
}


def number_row(view: NumberView) -> NumberRow:
    """Put a number into words."""
    word, tone, text = _WORDS[view.phase]
    if not view.is_on:
        word, tone, text = _WORDS[SessionPhase.OFF]
    return NumberRow(
        id=str(view.id),
        title=view.label or view.shown_name or "Номер магазина",
        phone=shown_phone(view.phone) if view.phone else "",
        word=word,
        tone=tone,
        text=text,
        qr=qr_picture(view.qr) if view.qr else "",
        qr_until=iso(view.qr_until) if view.qr_until else "",
        code=view.code,
        code_until=iso(view.code_until) if view.code_until else "",
        checked_at=iso(view.checked_at) if view.checked_at else "",
        trouble=_TROUBLES[view.trouble] if view.trouble else "",
        is_scan=view.is_on and view.phase is SessionPhase.SCAN,
        is_working=view.is_on and view.phase is SessionPhase.WORKING,
        is_on=view.is_on,
    )


def qr_picture(text: str) -> str:
    """Draw a QR as an address of a picture: black on white in the dark theme too."""
    return segno.make_qr(text).svg_data_uri(scale=4, border=3, light="#fff")
