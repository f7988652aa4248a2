"""A seller's name and e-mail as their partner may see them: enough to know one, not to write to them."""

from __future__ import annotations


def masked_mail(email: str) -> str:
    """Return «a•••n@gmail.com»."""
    name, _, domain = email.partition("@")
    if not domain:
        return ""
    shown = f"{name[0]}•••{name[-1]}" if len(name) > 3 else f"{name[:1]}•••"
    return f"{shown}@{domain}"


def masked_name(name: str) -> str:
    """Return «Айгуль С.»: the first word and a letter of the second; nothing of an e-mail or a phone."""
    words = name.split()
    if not words or any(sign == "@" or sign.isdigit() for sign in name):
        return ""
    first = words[0][:20].capitalize()
    return f"{first} {words[1][0].upper()}." if len(words) > 1 else first
