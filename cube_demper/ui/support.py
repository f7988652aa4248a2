"""The mailbox of support, put where a text sends people to support: the domain knows no settings."""

from __future__ import annotations

from cube_demper import bootstrap

_TO_SUPPORT = "в поддержку"
HELP = "/help#support"
"""Where the address stands for texts that are written before the settings are read."""


def support_mail() -> str:
    """Return the address that people write to."""
    return bootstrap.web().settings.mail.support_mail


def with_support(text: str) -> str:
    """Do `with_mailbox` with our mailbox; the settings are read only for a text that needs them."""
    return with_mailbox(text, support_mail()) if _TO_SUPPORT in text else text


def with_mailbox(text: str, mailbox: str) -> str:
    """Return «… в поддержку (mail@…)» for a text that sends to support, any other as it is."""
    before, found, after = text.partition(_TO_SUPPORT)
    return f"{before}{found} ({mailbox}){after}" if found and mailbox else text
