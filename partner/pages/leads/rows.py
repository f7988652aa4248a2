"""Leads as text: names masked, the way of each with the reason where it stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cube_demper.core.money import format_tenge
from cube_demper.domain.partners.masking import masked_mail, masked_name
from cube_demper.domain.partners.schemas import LeadFacts, Step
from cube_demper.domain.partners.trail import StepState, Stop, Trail, TrailStep, trail_of
from cube_demper.domain.partners.words import STAGE_WORDS, doubts_in_words, sentence
from cube_demper.ui.format import clock_time, counted, day, moment
from cube_demper.ui.support import with_support

TONES: Final = {
    "signed_up": "gray",
    "confirmed": "gray",
    "store": "blue",
    "held": "blue",
    "paying": "green",
    "returned": "gray",
    "doubted": "amber",
    "refused": "red",
}
_STEPS: Final = {
    Step.CLICK: "Переход по ссылке",
    Step.SIGN_UP: "Регистрация",
    Step.EMAIL: "Подтверждение почты",
    Step.STORE: "Подключение магазина",
    Step.PAYMENT: "Оплата тарифа",
    Step.HOLD: "Удержание на случай возврата",
    Step.READY: "Зачислено к выплате",
}
_SIGNS: Final = {
    StepState.DONE: "done",
    StepState.HERE: "wait",
    StepState.STOPPED: "trouble",
    StepState.LATER: "hold",
}


@dataclass
class LeadRow:
    """One line of the list."""

    id: str
    name: str
    mail: str
    campaign: str
    came: str
    came_note: str
    status: str
    tone: str
    why: str
    money: str
    money_note: str


@dataclass
class StepView:
    """One step of the way."""

    title: str
    sign: str
    time: str
    value: str


@dataclass
class LeadView:
    """The panel of one lead."""

    id: str = ""
    title: str = ""
    status: str = ""
    tone: str = "gray"
    answer: str = ""
    advice: str = ""
    steps: list[StepView] = field(default_factory=list)
    sums: list[tuple[str, str]] = field(default_factory=list)


def lead_row(it: LeadFacts, stage: str, now: datetime) -> LeadRow:
    """Put a lead into a line."""
    trail = trail_of(it, now)
    waiting = it.held + it.doubted
    return LeadRow(
        id=str(it.id),
        name=_name(it),
        mail=masked_mail(it.email),
        campaign=_way(it),
        came=day(it.signed_up_at),
        came_note=clock_time(it.signed_up_at),
        status=STAGE_WORDS[stage],
        tone=TONES[stage],
        why=_short(it, trail),
        money=format_tenge(it.released + waiting),
        money_note=f"из них ждут {format_tenge(waiting)}" if waiting else _paid_note(it),
    )


def _name(it: LeadFacts) -> str:
    return masked_name(it.name) or masked_mail(it.email)


def _way(it: LeadFacts) -> str:
    return "по промокоду" if it.way == "code" else (it.campaign or "ссылка удалена")


def _paid_note(it: LeadFacts) -> str:
    return counted(it.payments, "оплата", "оплаты", "оплат") if it.payments else ""


def _short(it: LeadFacts, trail: Trail) -> str:
    words = {
        Stop.NOTHING: "",
        Stop.SELF: "ваша учётная запись",
        Stop.BLOCKED: "заблокирован",
        Stop.NO_EMAIL: "почта не подтверждена",
        Stop.NO_STORE: "магазин не подключён",
        Stop.ON_TRIAL: f"пробный период до {day(it.trial_ends_at)}",
        Stop.NO_PAYMENT: "ещё не платил",
        Stop.BY_BALANCE: "оплатил с баланса",
        Stop.REFUNDED: "деньги возвращены",
        Stop.DOUBTED: "проверяем",
        Stop.DENIED: _denied_why(it).rstrip("."),
        Stop.ON_HOLD: f"удержание до {day(it.hold_until)}",
    }
    return words[trail.stop]


def _denied_why(it: LeadFacts) -> str:
    return it.denied_why or "отказано после проверки"


def lead_view(it: LeadFacts, stage: str, now: datetime) -> LeadView:
    """Put a lead's way into words."""
    trail = trail_of(it, now)
    answer, advice = _answer(it, trail)
    return LeadView(
        id=str(it.id),
        title=_name(it),
        status=STAGE_WORDS[stage],
        tone=TONES[stage],
        answer=answer,
        advice=with_support(advice),
        steps=[_step(step, it) for step in trail.steps],
        sums=_sums(it),
    )


def _step(it: TrailStep, facts: LeadFacts) -> StepView:
    title = _STEPS[it.step]
    if it.step is Step.CLICK and facts.way == "code":
        title = "Назвал ваш промокод"
    time = moment(it.at) if it.at else ("было раньше" if it.state is StepState.DONE else "")
    if it.step is Step.HOLD and it.at:
        time = f"до {moment(it.at)}"
    if it.step in (Step.READY, Step.HOLD) and not it.at:
        time = ""
    return StepView(title, _SIGNS[it.state], time, format_tenge(it.amount) if it.amount else "")


def _sums(it: LeadFacts) -> list[tuple[str, str]]:
    if not it.payments:
        return []
    pairs = [("Оплачено клиентом деньгами", format_tenge(it.paid))]
    pairs.append(("Ваша комиссия", format_tenge(it.accrued)))
    optional = {
        "Снято из-за возвратов": -it.taken_back,
        "На удержании": it.held,
        "На проверке": it.doubted,
        "Не начислено": it.denied,
    }
    pairs.extend((name, format_tenge(tiyn)) for name, tiyn in optional.items() if tiyn)
    return [*pairs, ("Зачислено", format_tenge(it.released))]


def _answer(it: LeadFacts, trail: Trail) -> tuple[str, str]:
    """Answer «почему не начислено», and what the partner can do about it."""
    answers = {
        Stop.NOTHING: (f"Начислено {format_tenge(it.released)}: сумма зачислена на ваш счёт.", ""),
        Stop.SELF: (
            "Не начисляем: это ваша собственная учётная запись.",
            "Если это ошибка, напишите в поддержку.",
        ),
        Stop.BLOCKED: ("Не начислено: учётная запись клиента заблокирована.", ""),
        Stop.NO_EMAIL: (
            "Не начислено: клиент не подтвердил почту, без этого магазин не подключить.",
            "Попросите найти письмо от Cube Demper, оно могло попасть в «Спам».",
        ),
        Stop.NO_STORE: (
            "Не начислено: клиент ещё не подключил магазин.",
            "Подскажите: нужны почта и пароль кабинета Kaspi, это занимает пару минут.",
        ),
        Stop.ON_TRIAL: (
            f"Не начислено: идёт бесплатный пробный период, до {day(it.trial_ends_at)}.",
            "Комиссия появится с первой оплатой.",
        ),
        Stop.NO_PAYMENT: (
            "Не начислено: клиент ещё ни разу не платил.",
            "Спросите, что мешает: тариф можно сменить или начать с меньшего.",
        ),
        Stop.BY_BALANCE: (
            "Не начислено: тариф оплачен с баланса, а комиссия считается с денег.",
            "Следующая оплата картой или переводом принесёт комиссию.",
        ),
        Stop.REFUNDED: (
            f"Не начислено: клиенту вернули деньги, снято {format_tenge(it.taken_back)}.",
            "",
        ),
        Stop.DOUBTED: (
            f"{format_tenge(it.doubted)} на проверке: {doubts_in_words(it.money_doubts or it.doubts)}.",
            "Решение примет сотрудник, деньги до тех пор не пропадут.",
        ),
        Stop.DENIED: (
            f"Не начислено {format_tenge(it.denied)}: {sentence(_denied_why(it))}",
            "",
        ),
        Stop.ON_HOLD: (
            (
                f"{format_tenge(it.held)} на удержании до {moment(it.hold_until)}:"
                " до этого дня клиент может вернуть деньги."
            ),
            "После этого сумма сама перейдёт к выплате.",
        ),
    }
    return answers[trail.stop]
