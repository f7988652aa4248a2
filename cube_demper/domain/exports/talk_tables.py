"""What an archive holds of WhatsApp: numbers, templates, rules, contacts, messages and the queue.

As in `tables`: each file names its columns, so no session's key and no QR code can slip in.
"""

# ruff: noqa: S608 - put together from constants of this module alone

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.domain.exports.limits import MOST_ROWS

SEALED: Final = frozenset({"номер_whatsapp", "собеседник", "телефон_собеседника", "сообщение"})
"""Columns that are encrypted in the database: the archive is the seller's alone and opens them."""

_STORE: Final = "JOIN kaspi_stores s ON s.id = {table}.store_id WHERE s.user_id = :owner"
_CONTACT: Final = (
    "JOIN whatsapp_contacts c ON c.id = {table}.contact_id WHERE {table}.user_id = :owner"
)

TALK_FILES: Final[Mapping[str, str]] = {
    "whatsapp_согласие.csv": (
        "SELECT consented_at AS согласие_дано, consent_version AS редакция,"
        " stopped_at AS отправка_остановлена FROM whatsapp_settings WHERE user_id = :owner"
    ),
    "whatsapp_номера.csv": (
        "SELECT label AS название, phone AS номер_whatsapp, push_name AS имя_в_whatsapp,"
        " status AS состояние, linked_at AS подключён, in_use_since AS номером_пользуются_с,"
        " daily_limit AS сообщений_в_день, quiet_start AS тишина_с, quiet_end AS тишина_до,"
        " paused_at AS остановлен, pause_reason AS почему_остановлен"
        " FROM whatsapp_sessions WHERE user_id = :owner ORDER BY created_at"
    ),
    "whatsapp_магазины.csv": (
        "SELECT s.name AS магазин, w.is_enabled AS включено, w.language AS язык,"
        " n.label AS номер FROM whatsapp_stores w"
        " LEFT JOIN whatsapp_sessions n ON n.id = w.session_id"
        f" {_STORE.format(table='w')} ORDER BY s.name"
    ),
    "whatsapp_правила.csv": (
        "SELECT s.name AS магазин, r.trigger_event AS событие, r.is_on AS включено,"
        f" r.delay_minutes AS задержка_мин FROM whatsapp_rules r {_STORE.format(table='r')}"
        " ORDER BY s.name, r.trigger_event"
    ),
    "whatsapp_шаблоны.csv": (
        "SELECT trigger_event AS событие, language AS язык, message AS шаблон"
        " FROM whatsapp_templates WHERE user_id = :owner ORDER BY trigger_event, language"
    ),
    "whatsapp_быстрые_ответы.csv": (
        "SELECT title AS название, message AS ответ FROM whatsapp_quick_replies"
        " WHERE user_id = :owner ORDER BY title"
    ),
    "whatsapp_рассылки.csv": (
        "SELECT b.written_at AS создана, b.name AS название, b.status AS состояние,"
        " n.label AS номер, b.audience AS кому, b.text_ru AS текст, b.text_kk AS текст_на_казахском,"
        " b.consented_at AS риск_принят, b.started_at AS начата, b.ended_at AS закончена"
        " FROM broadcasts b LEFT JOIN whatsapp_sessions n ON n.id = b.session_id"
        f" WHERE b.user_id = :owner ORDER BY b.written_at DESC LIMIT {MOST_ROWS}"
    ),
    "whatsapp_получатели_рассылок.csv": (
        "SELECT b.name AS рассылка, p.position AS номер_по_порядку, c.name AS собеседник,"
        " c.phone AS телефон_собеседника, p.queued_at AS поставлено_в_очередь,"
        " q.status AS состояние, coalesce(p.reason, q.reason) AS причина, q.done_at AS закончено"
        " FROM broadcast_people p JOIN broadcasts b ON b.id = p.broadcast_id"
        " JOIN whatsapp_contacts c ON c.id = p.contact_id"
        " LEFT JOIN scheduled_messages q ON q.id = p.message_id WHERE b.user_id = :owner"
        f" ORDER BY b.written_at DESC, b.id, p.position LIMIT {MOST_ROWS}"
    ),
    "whatsapp_контакты.csv": (
        "SELECT name AS собеседник, phone AS телефон_собеседника, lid AS скрытый_номер,"
        " is_on_whatsapp AS есть_в_whatsapp, language AS язык, heard_at AS писал_вам,"
        " opted_out_at AS просил_не_писать FROM whatsapp_contacts WHERE user_id = :owner"
        f" ORDER BY created_at DESC LIMIT {MOST_ROWS}"
    ),
    "whatsapp_сообщения.csv": (
        "SELECT m.happened_at AS когда, m.is_outgoing AS от_вас, c.name AS собеседник,"
        " c.phone AS телефон_собеседника, m.order_code AS заказ, m.kind AS вид,"
        " m.trigger_event AS событие, m.body AS сообщение, m.media IS NOT NULL AS с_файлом,"
        " m.status AS состояние, m.delivered_at AS доставлено, m.read_at AS прочитано,"
        f" m.error AS ошибка FROM whatsapp_messages m {_CONTACT.format(table='m')}"
        f" ORDER BY m.happened_at DESC LIMIT {MOST_ROWS}"
    ),
    "whatsapp_очередь.csv": (
        "SELECT q.scheduled_at AS не_раньше, q.status AS состояние, q.reason AS причина,"
        " c.name AS собеседник, c.phone AS телефон_собеседника, q.order_code AS заказ,"
        " q.kind AS вид, q.trigger_event AS событие, q.language AS язык, q.body AS сообщение,"
        " q.expires_at AS устареет, q.done_at AS закончено"
        f" FROM scheduled_messages q {_CONTACT.format(table='q')}"
        f" ORDER BY q.scheduled_at DESC LIMIT {MOST_ROWS}"
    ),
    "ии_продавец.csv": (
        "SELECT a.created_at AS когда, s.name AS магазин, c.name AS собеседник,"
        " c.phone AS телефон_собеседника, o.kaspi_order_code AS заказ, a.trigger AS повод,"
        " a.status AS состояние, a.reason AS причина, a.body AS сообщение,"
        " a.skus AS товары, a.prices AS цены_тиын, a.discount_percent AS скидка"
        " FROM ai_salesman_messages a JOIN whatsapp_contacts c ON c.id = a.contact_id"
        " LEFT JOIN kaspi_stores s ON s.id = a.store_id LEFT JOIN orders o ON o.id = a.order_id"
        f" WHERE a.user_id = :owner ORDER BY a.created_at DESC LIMIT {MOST_ROWS}"
    ),
    "ии_продавец_настройки.csv": (
        "SELECT s.name AS магазин, a.is_on AS включён, a.mode AS режим, a.triggers AS поводы,"
        f" a.holdout_percent AS не_трогать FROM ai_salesman_settings a {_STORE.format(table='a')}"
        " ORDER BY s.name"
    ),
}
