"""From a store's stored sign-in to a cabinet session."""

from __future__ import annotations

import json

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import ContractChanged
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.integrations.kaspi.session import CabinetSession


def cabinet_session(store: ReadyStore, secrets: SecretBox) -> CabinetSession:
    """Decrypt the cookies of `guid` (DESIGN §4). Raises ConfigurationError for wrong SECRET_KEYS."""
    guid = store.guid or {}
    token = guid.get("cookies")
    if not isinstance(token, str):
        raise ContractChanged("В сессии магазина нет cookies: войдите в Kaspi заново.")
    return CabinetSession.from_playwright(store.merchant_id, json.loads(secrets.decrypt(token)))
