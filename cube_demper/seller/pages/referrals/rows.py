"""The seller's programme as text."""

from __future__ import annotations

from dataclasses import dataclass, field

import segno

from cube_demper.core.money import format_tenge
from cube_demper.domain.partners.masking import masked_mail, masked_name
from cube_demper.domain.referrals.schemas import Friend, FriendStage, Standing
from cube_demper.domain.referrals.words import doubts_in_words
from cube_demper.ui.format import counted, day, moment, number

_TONES = {
    FriendStage.NO_EMAIL: ("Не подтвердил почту", "gray"),
    FriendStage.NO_STORE: ("Без магазина", "gray"),
    FriendStage.NO_PAYMENT: ("Пробует", "blue"),
    FriendStage.ON_HOLD: ("Оплатил", "blue"),
    FriendStage.DOUBTED: ("Проверяем", "amber"),
    FriendStage.DENIED: ("Бонуса не будет", "red"),
    FriendStage.EARNED: ("Бонус начислен", "green"),
    FriendStage.REFUNDED: ("Деньги возвращены", "red"),
    FriendStage.BY_BALANCE: ("Оплатил с баланса", "gray"),
}
_WHY = {
    FriendStage.NO_EMAIL: "Бонуса нет: почта не подтверждена, магазин не подключить.",
    FriendStage.NO_STORE: "Бонуса нет: магазин ещё не подключён.",
    FriendStage.NO_PAYMENT: "Бонуса нет: тариф ещё ни разу не оплачен.",
    FriendStage.REFUNDED: "Бонуса нет: оплату вернули.",
    FriendStage.BY_BALANCE: "Бонуса нет: первая оплата целиком с баланса, а бонус — с денег.",
    FriendStage.EARNED: "Бонус на вашем балансе.",
}


@dataclass
class FriendRow:
    """Somebody who came."""

    id: str
    name: str
    mail: str
    came: str
    status: str
    tone: str
    why: str
    bonus: str


@dataclass
class ReferralsView:
    """All that the page shows besides the list."""

    is_owner: bool = True
    address: str = ""
    code: str = ""
    qr: str = ""
    rule: str = ""
    balance: str = ""
    earned: str = ""
    held: str = ""
    friends: str = ""
    friends_note: str = ""
    message: str = ""


@dataclass
class Shown:
    """The page and its list."""

    view: ReferralsView = field(default_factory=ReferralsView)
    rows: list[FriendRow] = field(default_factory=list)


def shown(it: Standing, site: str) -> Shown:
    """Put the programme into words."""
    address = f"{site}/r/{it.code}"
    view = ReferralsView(
        address=address,
        code=it.code,
        qr=segno.make_qr(address).svg_data_uri(scale=5, border=3, light="#fff"),
        rule=(
            f"{it.percent}\u00a0% первой оплаты каждого, кто придёт по вашей ссылке. Считаем с денег: "
            "что друг оплатит со своего баланса, бонуса не даёт. Бонус ложится на ваш баланс через "
            f"{counted(it.hold_days, 'день', 'дня', 'дней')} после оплаты и тратится на ваш тариф."
        ),
        balance=format_tenge(it.balance),
        earned=format_tenge(it.earned),
        held=format_tenge(it.held),
        friends=number(it.total),
        friends_note=f"из них {counted(it.paying, 'оплатил', 'оплатили', 'оплатили')}",
        message=(
            "Пользуюсь Cube Demper: бот сам держит цены на Kaspi и не опускается ниже моей мин. цены. "
            f"Попробуйте бесплатно: {address}"
        ),
    )
    return Shown(view, [_row(number_, one) for number_, one in enumerate(it.friends)])


def _row(number_: int, it: Friend) -> FriendRow:
    status, tone = _TONES[it.stage]
    return FriendRow(
        id=str(number_),
        name=masked_name(it.name) or masked_mail(it.email),
        mail=masked_mail(it.email) if it.name.strip() else "",
        came=moment(it.came_at),
        status=status,
        tone=tone,
        why=_why(it),
        bonus=format_tenge(it.bonus - it.taken_back) if it.bonus else "—",
    )


def _why(it: Friend) -> str:
    if it.stage is FriendStage.ON_HOLD:
        return f"Бонус придёт {day(it.hold_until)}: до этого дня оплату могут вернуть."
    if it.stage is FriendStage.DOUBTED:
        return (
            f"Бонус придержали: {doubts_in_words(it.doubts)}. Проверяем вручную. Если это совпадение, "
            "зачислим, если нет, напишем здесь почему."
        )
    if it.stage is FriendStage.DENIED:
        return f"Проверили и не зачислили: {it.note.rstrip('.')}."
    taken = f" Из-за возврата снято {format_tenge(it.taken_back)}." if it.taken_back else ""
    return _WHY[it.stage] + (taken if it.stage is FriendStage.EARNED else "")
