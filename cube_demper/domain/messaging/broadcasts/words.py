"""How broadcasts are spoken of: who is left out and why, what makes them dangerous, Kaspi's rule. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cube_demper.domain.messaging.broadcasts.schemas import Cause, Danger, Exclusion

EXCLUSIONS: Final[Mapping[Exclusion, str]] = MappingProxyType(
    {
        Exclusion.OPTED_OUT: "Просили не писать",
        Exclusion.NOT_ON_WHATSAPP: "Номера нет в WhatsApp",
        Exclusion.REFUSED: "WhatsApp недавно отказал в отправке",
        Exclusion.RESTING: "Недавно получали рассылку или ждут другой",
        Exclusion.NEVER_WROTE: "Сами вам не писали",
    }
)
DANGERS: Final[Mapping[Danger, tuple[str, str]]] = MappingProxyType(
    {
        Danger.LOW: (
            "Риск блокировки низкий",
            "Обычно такие рассылки проходят. Решает WhatsApp, и гарантии не даст никто.",
        ),
        Danger.MEDIUM: (
            "Риск блокировки средний",
            "Номер могут ограничить. Решает WhatsApp: мы только снижаем риск паузами и пределами.",
        ),
        Danger.HIGH: (
            "Риск блокировки высокий",
            "За такие рассылки номера блокируют, иногда навсегда. Решает WhatsApp.",
        ),
    }
)
CAUSES: Final[Mapping[Cause, str]] = MappingProxyType(
    {
        Cause.COLD_A_DAY: (
            "В день получат 15 и больше человек, которые вам не писали: с этого числа номера и теряют."
        ),
        Cause.NEW_NUMBER: "Номер ещё прогревается: WhatsApp следит за новыми особенно строго.",
        Cause.COLD_SHARE: "Большинство получателей сами вам не писали.",
        Cause.SAME_TEXT: "Текст у всех одинаковый: добавьте имя или товар.",
        Cause.LINK: "В тексте есть ссылка: её чаще принимают за спам.",
        Cause.MANY_A_DAY: "В день уходит 50 сообщений рассылки и больше.",
        Cause.NO_WAY_OUT: (
            "Не сказано, как отказаться: допишите «Напишите «стоп», и мы больше не побеспокоим»."
        ),
    }
)
KASPI_RULE: Final = (
    "Kaspi разрешает писать покупателю только о его заказе. Реклама по телефонам из заказов нарушает "
    "правила площадки: магазин могут отключить. Это решение и риск — ваши."
)
