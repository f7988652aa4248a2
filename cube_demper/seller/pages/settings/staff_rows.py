"""Managers and deeds in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from cube_demper.domain.accounts.schemas import Deed, StaffRow
from cube_demper.ui import format as fmt

_DEEDS = {
    "product_terms_changed": "мин. и макс. цена, шаг, стратегия",
    "product_city_changed": "цены в городе",
    "product_cost_changed": "себестоимость товара",
    "cost_batch_added": "новая партия товара",
    "cost_batch_removed": "удаление партии",
    "cost_issue_added": "списание товара",
    "cost_issue_removed": "удаление списания",
    "cost_batches_imported": "загрузка партий",
    "calculation_saved": "сохранение расчёта",
    "calculation_renamed": "название расчёта",
    "calculation_removed": "удаление расчёта",
    "calculation_restored": "возврат удалённого расчёта",
    "calculation_shared": "ссылка на расчёт",
    "calculation_unshared": "отзыв ссылки на расчёт",
    "big_fall_allowed": "согласие на большое снижение",
    "bot_switched_on": "включение бота у товаров",
    "bot_switched_off": "выключение бота у товаров",
    "bot_stopped": "остановка бота магазина",
    "bot_started": "запуск бота магазина",
    "bot_settings_changed": "настройки бота",
    "bot_mode_changed": "режим бота",
    "prices_returned": "возврат цен часа назад",
    "rival_excluded": "исключение конкурента",
    "rival_included": "возврат конкурента",
    "war_rest_ended": "конец паузы войны",
    "war_rest_prolonged": "продление паузы войны",
    "store_needs_reauth": "Kaspi просит войти заново",
    "staff_invited": "приглашение сотрудника",
    "staff_changed": "права сотрудника",
    "staff_revoked": "закрытие доступа сотруднику",
    "staff_joined": "принятое приглашение",
}


@dataclass
class MemberRow:
    """A manager or an open invitation."""

    id: str = ""
    name: str = ""
    note: str = ""
    rights: list[str] = field(default_factory=list)
    is_waiting: bool = False


@dataclass
class DeedRow:
    """One line of who did what."""

    at: str = ""
    words: str = ""
    link: str = ""


@dataclass
class CabinetRow:
    """A seller whom the person may work for."""

    id: str = ""
    name: str = ""
    is_current: bool = False


def member_row(row: StaffRow) -> MemberRow:
    """Turn a manager into their line."""
    if row.accepted_at is None:
        note = f"приглашение действует до {fmt.moment(row.expires_at)}"
    elif row.last_seen_at is None:
        note = f"с нами с {fmt.day(row.accepted_at)}"
    else:
        note = f"заходил {fmt.moment(row.last_seen_at)}"
    return MemberRow(
        str(row.id),
        row.name or row.email,
        f"{row.email} · {note}" if row.name else note,
        sorted(row.rights),
        row.accepted_at is None,
    )


def deed_row(deed: Deed) -> DeedRow:
    """Turn an audit line into words; who it was stands first."""
    who = "Вы" if deed.is_own else deed.who or "Cube Demper"
    is_product = deed.entity == "product" and deed.count == 1
    link = f"/products/{deed.entity_id}" if is_product else ""
    what = _DEEDS.get(deed.action, "изменение данных")
    if deed.entity == "product" and deed.count > 1:
        what = f"{what}, {fmt.counted(deed.count, 'товар', 'товара', 'товаров')}"
    return DeedRow(fmt.moment(deed.at), f"{who}: {what}", link)
