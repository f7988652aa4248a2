"""Telling people from programs that open a link (FEATURES §4: links safe for messengers)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cube_demper.models.partner_program import ClickVerdict

# WhatsApp's own browser does not exist: this name is that of its preview; Telegram's says «bot».
_PREVIEWS = re.compile(
    r"whatsapp/|telegrambot|facebookexternalhit|facebookbot|meta-externalagent|twitterbot|vkshare"
    r"|viber|skypeuripreview|slackbot|discordbot|linkedinbot|pinterestbot|odklbot|snapchat.*bot"
    r"|applebot|google-pagerenderer|mattermost|iframely|embedly",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(
    r"bot\b|crawl|spider|slurp|scrap|headless|phantom|curl/|wget|python|aiohttp|okhttp|go-http"
    r"|java/|libwww|httpclient|monitor|uptime|lighthouse|pingdom|node-fetch|axios|postman",
    re.IGNORECASE,
)
_PURPOSES = ("purpose", "sec-purpose", "x-purpose", "x-moz")
_AHEAD = ("prefetch", "prerender", "preview")


def verdict_of(method: str, headers: Mapping[str, str]) -> ClickVerdict:
    """Say what opened a link; names of `headers` are lower case. Only COUNTED is a person."""
    agent = headers.get("user-agent", "")
    if _PREVIEWS.search(agent):
        return ClickVerdict.PREVIEW
    if not agent.strip() or _PROGRAMS.search(agent):
        return ClickVerdict.BOT
    wishes = " ".join(headers.get(name, "") for name in _PURPOSES).lower()
    if method != "GET" or any(word in wishes for word in _AHEAD):
        return ClickVerdict.PREFETCH
    # A picture, a frame or a script of another page that names our link is no visit.
    is_inside = headers.get("sec-fetch-dest", "document") not in ("document", "empty", "")
    if is_inside or headers.get("sec-fetch-mode", "navigate") not in ("navigate", ""):
        return ClickVerdict.PREFETCH
    return ClickVerdict.COUNTED
