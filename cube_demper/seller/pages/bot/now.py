"""The numbers over everything, the chosen store's switch, the processes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.seller.pages.bot.rows import WorkerRow
from cube_demper.seller.pages.bot.state import BotState
from cube_demper.seller.pages.bot.switch_state import BotSwitchState
from cube_demper.seller.plans.view import button_or_lock, where_bought
from cube_demper.ui.actions import button, link_button
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, facts, row
from cube_demper.ui.live_value import age
from cube_demper.ui.placeholders import empty_state, notice
from cube_demper.ui.statuses import dot, status_badge
from cube_demper.ui.tiles import fact_strip, meter


def strip() -> rx.Component:
    """Show how the work goes in all stores together."""
    numbers = BotState.strip
    return fact_strip(
        (
            tr("Обработчики"),
            row(dot(numbers.workers_tone), numbers.workers),
            numbers.workers_note,
        ),
        (tr("Последняя проверка"), age(numbers.looked_at), tr("по всем магазинам")),
        (tr("Ждут проверки"), numbers.due, numbers.due_note),
        (tr("Отправка приостановлена"), numbers.blocked, numbers.blocked_note),
    )


def mode_notice() -> rx.Component:
    """Say over the page that nothing is sent, and how to change that."""
    now = BotState.now
    return rx.cond(now.is_plan_limited, _plan_notice(), rx.cond(now.is_suggest, _suggest_notice()))


def now_card() -> rx.Component:
    """Show what the chosen store's bot does, with its switches."""
    now = BotState.now
    return card(
        rx.el.p(now.words, class_name="k-second"),
        facts(
            (tr("Товаров с ботом"), now.bots),
            (tr("Проверяет"), rx.cond(now.is_slow, row(dot("amber"), now.speed), now.speed)),
            (tr("Часы работы"), now.hours),
            (tr("Последняя проверка"), age(now.looked_at)),
            (tr("Ждут отправки"), now.queued),
            (
                tr("Отправка приостановлена"),
                rx.cond(now.blocked, row(dot("amber"), tr("до {at}", at=now.blocked)), tr("нет")),
            ),
        ),
        meter(
            tr("Изменения цен за 30 мин"),
            now.changes,
            now.changes_percent,
            tone=now.changes_tone,
        ),
        _switches(),
        title=tr("Сейчас"),
        note=status_badge(now.code),
    )


def _switches() -> rx.Component:
    now = BotState.now
    stop = button(tr("Остановить"), icon="circle-stop", on_click=BotSwitchState.ask_stop(now.id))
    start = button(tr("Запустить"), icon="play", on_click=BotSwitchState.start([now.id]))
    advise = button(
        tr("Только советовать"), icon="lightbulb", on_click=BotSwitchState.suggest(now.id)
    )
    return rx.el.div(
        rx.cond(now.is_enabled, stop, start),
        rx.cond(now.is_suggest, rx.fragment(), advise),
        class_name="k-row k-under-facts",
    )


def _suggest_notice() -> rx.Component:
    return notice(
        tr("«{name}»: бот только советует", name=BotState.now.name),
        tr("Он проверяет рынок и показывает, какую цену поставил бы. В Kaspi ничего не уходит."),
        link_button(tr("Советы"), "/bot/trial?store=" + BotState.now.id),
        button_or_lock(
            button(
                tr("Разрешить отправку"),
                kind="primary",
                on_click=BotSwitchState.ask_allow(BotState.now.id),
            ),
            "repricing",
            tr("Разрешить отправку"),
        ),
    )


def _plan_notice() -> rx.Component:
    return notice(
        tr("Тариф не отправляет цены"),
        tr("Бот по-прежнему проверяет рынок и советует. Выберите тариф, чтобы он менял цены сам."),
        link_button(tr("Выбрать тариф"), where_bought("repricing")),
        tone="amber",
    )


def worker_line(item: Any) -> rx.Component:
    """Show one process that checks prices."""
    worker: WorkerRow = item
    return rx.el.li(
        rx.el.div(
            rx.el.span(worker.name, class_name="k-strong"),
            rx.el.span(
                age(worker.pass_at, prefix=tr("проход"), never=tr("проходов ещё не было")),
                class_name="k-note",
            ),
            class_name="k-lines",
        ),
        rx.el.div(status_badge(worker.code), class_name="k-push"),
        class_name="k-line",
    )


def workers_card() -> rx.Component:
    """Show the processes that check prices."""
    nobody = empty_state(
        tr("Никто не проверяет цены"),
        tr("Обработчики не отвечают, поэтому цены пока стоят."),
        icon="server-off",
    )
    return card(
        rx.cond(
            BotState.workers.length() > 0,
            rx.el.ul(rx.foreach(BotState.workers, worker_line), class_name="k-lines-list"),
            nobody,
        ),
        title=tr("Обработчики"),
        note=BotState.strip.workers,
        flush=True,
    )
