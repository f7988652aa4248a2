"""What a seller's lawyer does not answer: other countries' law and other branches. Pure."""

from __future__ import annotations

import re
from typing import Final

ABROAD: Final = "Отвечаем только по праву Казахстана."
OTHER_BRANCH: Final = (
    "Этой отрасли права в базе нет: только торговля, труд, налоги и штрафы продавца."
)
NO_NORM: Final = "В базе нет нормы, которая отвечает на этот вопрос."

_ABROAD: Final = re.compile(
    r"закон\w*\s+(?:росси|рф|сша|китая|узбекистан|кыргыз|турци|германи|оаэ)"
    r"|(?:российск|американск|китайск|узбекск|немецк)\w*\s+(?:закон|кодекс|прав)"
    r"|гк\s+рф|коап\s+рф|тк\s+рф",
    re.IGNORECASE,
)
_OTHER_BRANCH: Final = re.compile(
    r"(?<!\w)(?:убийств|уголовн|тюр(?:ьм|ем)|развод[ауе]?(?!\w)|развест[ии]|алимент|усынов|опекун|опек[аиу](?!\w)"
    r"|виз[аыуе](?!\w)|гражданств|ипотек|завещан|наследств|призыв[ауе]?(?!\w)\s+в\s+арми)",
    re.IGNORECASE,
)


def outside(question: str) -> str:
    """Return in words why a question is none of ours by what it names; empty when it may be."""
    if _ABROAD.search(question):
        return ABROAD
    if _OTHER_BRANCH.search(question):
        return OTHER_BRANCH
    return ""
