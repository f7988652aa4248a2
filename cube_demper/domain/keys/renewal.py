"""Finding what is encrypted in a value of any column, and putting it under the first key. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import ConfigurationError
from cube_demper.domain.orders import people

BEGINS: Final = "gAAAAA"
"""How every Fernet token begins: version 128 and a time before the year 2106."""
Find = Callable[[SecretBox, str], Any]


def one(secrets: SecretBox, text: str) -> bytes:
    """Return what finds the whole text."""
    return secrets.fingerprint(text)


def words(secrets: SecretBox, text: str) -> list[bytes]:
    """Return what finds a person by a word of their name."""
    return [secrets.fingerprint(word) for word in people.name_words(text)]


HASHES: Final[dict[str, dict[str, tuple[str, Find]]]] = {
    "orders": {
        "customer_phone_hash": ("customer_phone", one),
        "customer_name_hashes": ("customer_name", words),
    },
    "whatsapp_contacts": {"phone_hash": ("phone", one), "name_hashes": ("name", words)},
    "whatsapp_sessions": {"phone_hash": ("phone", one)},
    "payment_cards": {"token_hash": ("token", one)},
}
"""Columns that find an encrypted one again: they hang on the key as well, and are made anew with it."""


class Renewal:
    """Puts values under the first key, noting what no key opens."""

    def __init__(self, secrets: SecretBox) -> None:
        """`secrets`: the new key first, the old ones after it."""
        self._secrets = secrets
        self.unreadable: set[bytes] = set()

    def of(self, value: Any) -> Any:
        """Return the value with every token in it renewed; the same object where none had to be."""
        if isinstance(value, dict):
            changed: Any = {key: self.of(it) for key, it in value.items()}
        elif isinstance(value, list):
            changed = [self.of(it) for it in value]
        elif isinstance(value, str) and value.startswith(BEGINS):
            changed = self._token(value.encode()).decode()
        elif isinstance(value, bytes) and value.startswith(BEGINS.encode()):
            changed = self._token(value)
        else:
            return value
        return value if changed == value else changed

    def hashes(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        """Return what finds this row's secrets under the first key."""
        found: dict[str, Any] = {}
        for column, (source, find) in HASHES.get(table, {}).items():
            if row.get(source) is None:
                continue
            try:
                found[column] = find(self._secrets, self._secrets.decrypt(row[source]))
            except ConfigurationError:
                continue  # noted where the column itself is renewed
        return found

    def _token(self, token: bytes) -> bytes:
        try:
            return self._secrets.renew(token) or token
        except ConfigurationError:
            self.unreadable.add(token)
            return token
