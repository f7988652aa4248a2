"""What an archive holds of people: letters to and from buyers, the seller's own texts, managers.

As in `tables`: each file names its columns, `:owner` is the seller, times in UTC.
"""

# ruff: noqa: S608 - put together from constants of this module alone

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.domain.exports.limits import MOST_ROWS

SEALED_PEOPLE: Final = frozenset({"собеседник", "телефон_собеседника", "сообщение"})
"""Columns that are encrypted in the database and opened for the seller."""

PEOPLE_FILES: Final[Mapping[str, str]] = {
    "сообщения_whatsapp.csv": (
        "SELECT m.happened_at AS когда, c.name AS собеседник, c.phone AS телефон_собеседника,"
        " m.is_outgoing AS исходящее, m.order_code AS заказ, m.kind AS вид, m.body AS сообщение,"
        " m.status AS состояние, m.delivered_at AS доставлено, m.read_at AS прочитано"
        " FROM whatsapp_messages m JOIN whatsapp_contacts c ON c.id = m.contact_id"
        f" WHERE m.user_id = :owner ORDER BY m.happened_at DESC LIMIT {MOST_ROWS}"
    ),
    "тексты_whatsapp.csv": (
        "SELECT trigger_event AS событие, language AS язык, message AS текст,"
        " updated_at AS изменён FROM whatsapp_templates WHERE user_id = :owner"
        " ORDER BY trigger_event, language"
    ),
    "сотрудники.csv": (
        "SELECT email AS почта, rights AS права, created_at AS приглашён,"
        " accepted_at AS принял, revoked_at AS доступ_закрыт"
        " FROM staff_members WHERE owner_id = :owner ORDER BY created_at"
    ),
}
