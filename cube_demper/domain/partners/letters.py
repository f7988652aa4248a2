"""Texts of the letters to partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.core.russian import counted
from cube_demper.domain.notifications.schemas import Letter
from cube_demper.domain.notifications.service import compose
from cube_demper.domain.partners.schemas import Queue, Waiting
from cube_demper.domain.partners.words import sentence
from cube_demper.models.partner_program import PartnerPayout, PayoutStatus


@dataclass(frozen=True, slots=True)
class House:
    """What letters lead to: the partner app's address and the mailbox of support."""

    site: str
    support: str

    @property
    def reset(self) -> str:
        """Return where a new password is asked for."""
        return f"{self.site}/reset"


def invite(link: str, percent: int) -> Letter:
    """Invite a partner to set their password."""
    return compose(
        "Вы партнёр Cube Demper",
        "Здравствуйте! Для вас открыт кабинет партнёра: ваши ссылки, кто по ним пришёл и сколько вы "
        f"заработали. Ваша доля — {percent}\u00a0% каждой оплаты приведённых продавцов.",
        "Задайте пароль, чтобы войти. Ссылка действует 7 дней и срабатывает один раз.",
        "Если вы не знаете, о чём речь, ничего не делайте.",
        button=("Задать пароль", link),
    )


def reset(link: str) -> Letter:
    """Carry the link to a new password."""
    return compose(
        "Новый пароль для кабинета партнёра",
        "Здравствуйте! Вы попросили задать новый пароль кабинета партнёра Cube Demper.",
        "Ссылка действует 30 минут и срабатывает один раз. После смены пароля вы выйдете на всех "
        "устройствах.",
        "Если вы этого не просили, ничего не делайте: прежний пароль продолжит работать.",
        button=("Задать новый пароль", link),
    )


def password_changed(house: House) -> Letter:
    """Tell the owner that the password is another now."""
    return compose(
        "Пароль кабинета партнёра изменён",
        "Здравствуйте! Пароль вашего кабинета партнёра Cube Demper только что изменён. На других "
        "устройствах нужно войти заново.",
        "Если это сделали не вы, сразу задайте новый пароль и напишите в поддержку: "
        f"{house.support}.",
        button=("Задать новый пароль", house.reset),
    )


def account_changed(house: House, account_end: str) -> Letter:
    """Tell the owner that money is to go to another account."""
    return compose(
        "Новый счёт для выплат",
        f"Здравствуйте! В заявке на выплату указан новый счёт, он кончается на {account_end}. "
        "Деньги на него уйдут не раньше чем через сутки.",
        "Если это вы, ничего не делайте. Если не вы, сразу задайте новый пароль и напишите "
        f"в поддержку ({house.support}): выплату остановим.",
        button=("Задать новый пароль", house.reset),
    )


def payout(house: House, it: PartnerPayout, status: PayoutStatus) -> Letter:
    """Tell what became of a request for money."""
    amount, account = format_tenge(it.amount), f"на счёт •••{it.account_end}"
    words = {
        PayoutStatus.REQUESTED: (
            f"Заявка на выплату {amount} принята",
            f"Здравствуйте! Вы запросили {amount} {account}. Решение — обычно в течение рабочего дня.",
            f"Если это были не вы, сразу задайте новый пароль: {house.reset}. И напишите в поддержку.",
        ),
        PayoutStatus.APPROVED: (
            f"Выплата {amount} одобрена",
            f"Здравствуйте! Выплата {amount} {account} одобрена, перевод готовится.",
            "Банк зачислит деньги обычно до трёх рабочих дней.",
        ),
        PayoutStatus.PAID: (
            f"Выплата {amount} отправлена",
            f"Здравствуйте! Мы отправили {amount} {account}{_order(it)}.",
            f"Если через три рабочих дня денег нет, напишите в поддержку: {house.support}.",
        ),
        PayoutStatus.REFUSED: (
            f"Выплата {amount} не прошла",
            f"Здравствуйте! В выплате {amount} {account} отказано. Причина: {sentence(it.reason)}",
            "Вся сумма снова на вашем счету в кабинете. Исправьте причину и подайте новую заявку.",
        ),
    }
    subject, head, rest = words[status]
    return compose(subject, head, rest, button=("Открыть выплаты", f"{house.site}/payouts"))


def _order(it: PartnerPayout) -> str:
    return f", платёжное поручение: {it.bank_note}" if it.bank_note else ""


def desk(it: Waiting, now: datetime) -> Letter:
    """Tell an admin what waits for a decision of theirs."""
    queues = (
        (it.requested, ("заявка на выплату", "заявки на выплату", "заявок на выплату")),
        (it.approved, ("одобренная выплата", "одобренные выплаты", "одобренных выплат")),
        (
            it.doubted,
            ("начисление на проверке", "начисления на проверке", "начислений на проверке"),
        ),
    )
    parts = [
        f"{counted(each.count, *words)}{_since(each, now)}" for each, words in queues if each.count
    ]
    return compose(
        "Партнёрская программа: ждут вашего решения",
        f"Здравствуйте! Ждут решения: {'; '.join(parts)}.",
        "Посмотреть и решить в терминале: cube billing payout list, cube partner doubts.",
    )


def _since(it: Queue, now: datetime) -> str:
    days = (now - it.since).days if it.since else 0
    return f", дольше всех {counted(days, 'день', 'дня', 'дней')}" if days else ""
