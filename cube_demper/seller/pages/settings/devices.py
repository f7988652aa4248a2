"""What a browser calls itself, in words that its owner recognises. Pure."""

from __future__ import annotations

_BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_POCKET = {"iPhone", "Android"}


def device_of(user_agent: str) -> tuple[str, str]:
    """Return «Chrome, Windows» and the icon; what is not known by name is «Браузер»."""
    browser = next((words for sign, words in _BROWSERS if sign in user_agent), "Браузер")
    system = next((words for sign, words in _SYSTEMS if sign in user_agent), "")
    icon = "smartphone" if system in _POCKET else "monitor"
    return (f"{browser}, {system}" if system else browser), icon
