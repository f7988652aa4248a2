"""The window of support on every page of the seller: a button and, behind it, the talk.

All of it lives in the browser (`assets/shared/support.js`) and asks `/api/support` only while it is open;
a page pays for one number.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.domain.support import rules
from cube_demper.domain.support.file_types import ACCEPTED, MOST_BYTES
from cube_demper.ui.browser import library
from cube_demper.ui.composer import composer_texts
from cube_demper.ui.i18n import tr


class _SupportWindow(rx.Component):
    library = library("support")
    tag = "SupportWindow"

    unread: rx.Var[int]
    texts: rx.Var[dict[str, Any]]
    icons: rx.Var[dict[str, Any]]
    composer: rx.Var[dict[str, Any]]


def support_window(unread: rx.Var[int]) -> rx.Component:
    """Make it. `unread`: answers that the person has not seen."""
    return _SupportWindow.create(
        unread=unread,
        texts=_texts(),
        icons={"open": _icon("message-circle-question", 22), "close": _icon("x", 18)},
        composer={
            "accept": ACCEPTED,
            "mostBytes": MOST_BYTES,
            "mostFiles": rules.MOST_FILES,
            "longest": rules.LONGEST,
            "texts": composer_texts(tr("Опишите вопрос"), MOST_BYTES, most_files=rules.MOST_FILES),
            "attach": _icon("paperclip", 16),
            "submit": _icon("send", 16),
        },
    )


def _icon(name: str, size: int) -> rx.Var[Any]:
    return rx.Var.create(rx.icon(name, size=size, aria_hidden="true"))


def _texts() -> dict[str, Any]:
    return {
        "open": tr("Поддержка"),
        "title": tr("Поддержка Cube Demper"),
        "close": tr("Закрыть окно поддержки"),
        "unread": tr("Новых ответов:"),
        "hello": tr(
            "Здравствуйте! Напишите, что случилось: мы видим ваши магазины и ошибки, поможем."
        ),
        "online": tr("На связи, обычно отвечаем за несколько минут"),
        "answers": tr("Вам отвечает"),
        "busy": tr("Отвечаем дольше обычного. Ответ придёт сюда и на почту"),
        "offline": tr(
            "Сейчас нас нет: работаем с 9:00 до 21:00 по Алматы. Ответ придёт сюда и на почту"
        ),
        "lost": tr("Нет связи. Восстановим сами, написанное не потеряется"),
        "loading": tr("Загружаем…"),
        "notOpened": tr("Переписка не открылась. Проверьте связь."),
        "older": tr("Показать раньше"),
        "today": tr("Сегодня"),
        "yesterday": tr("Вчера"),
        "you": tr("Вы"),
        "sending": tr("Отправляем"),
        "sent": tr("Отправлено"),
        "read": tr("Прочитано"),
        "failed": tr("Не ушло"),
        "again": tr("Повторить"),
        "drop": tr("Убрать"),
        "typing": tr("Поддержка печатает…"),
        "gone": tr("Файл больше не хранится"),
        "end": tr("Вопрос решён"),
        "closed": tr("Разговор завершён. Напишите снова, и он продолжится."),
        "rate": tr("Как мы помогли?"),
        "word": tr("Что понравилось или что исправить"),
        "give": tr("Оценить"),
        "thanks": tr("Спасибо! Ваша оценка:"),
        "change": tr("Изменить"),
    }
