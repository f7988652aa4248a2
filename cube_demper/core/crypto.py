"""Encryption of secrets kept in columns: MultiFernet over SECRET_KEYS, first key writes, all read."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cube_demper.core.errors import ConfigurationError


class SecretBox:
    """Encrypts and decrypts short texts, and files."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys`: passphrases or Fernet keys, newest first. Raises ConfigurationError when empty."""
        if not keys:
            raise ConfigurationError("SECRET_KEYS: нужен хотя бы один ключ")
        sealing = [_fernet_key(key) for key in keys]
        self._fernet = MultiFernet([Fernet(key) for key in sealing])
        self._newest = Fernet(sealing[0])
        self._marking = [hashlib.sha256(b"fingerprint" + key).digest() for key in sealing]

    def encrypt(self, text: str) -> str:
        """Return `text` encrypted with the first key."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """Return the text behind `token`. Raises ConfigurationError when no key fits."""
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise ConfigurationError(
                "SECRET_KEYS: ни один ключ не подходит к сохранённым данным"
            ) from None

    def seal(self, content: bytes) -> bytes:
        """Return a file encrypted with the first key."""
        return self._fernet.encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        """Return the file behind `sealed`. Raises ConfigurationError when no key fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise ConfigurationError("SECRET_KEYS: ни один ключ не подходит к файлу") from None

    def renew(self, token: bytes) -> bytes | None:
        """Return the same secret under the first key; None: it is under it. Raises like `open`."""
        try:
            self._newest.decrypt(token)
        except InvalidToken:
            return self.seal(self.open(token))
        return None

    def fingerprint(self, text: str) -> bytes:
        """Return what finds an encrypted text again: HMAC-SHA256, so that phones cannot be guessed."""
        return self.fingerprints(text)[0]

    def fingerprints(self, text: str) -> list[bytes]:
        """Return the fingerprint under every key, newest first: rows written before a rotation too."""
        return [hmac.digest(key, text.encode(), "sha256") for key in self._marking]


def _fernet_key(key: str) -> bytes:
    try:
        if len(base64.urlsafe_b64decode(key)) == 32:
            return key.encode()
    except ValueError:
        pass
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())
