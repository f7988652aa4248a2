"""The sandbox's TipTopPay as a whole: its API and its payment page on one address."""

from __future__ import annotations

from starlette.applications import Starlette

from cube_demper.sandbox.tiptoppay.api import TipTopHost
from cube_demper.sandbox.tiptoppay.page import page_routes
from cube_demper.sandbox.tiptoppay.terminal import Terminal
from cube_demper.sandbox.web import Backstage


def tiptoppay_app(backstage: Backstage, terminal: Terminal) -> Starlette:
    """Return the server of this terminal."""
    return Starlette(routes=[*TipTopHost(backstage, terminal).routes(), *page_routes(terminal)])
