"""The support people's Reflex app. Only Reflex imports this: one process can hold one app."""

from __future__ import annotations

import reflex as rx

from cube_demper.api.app import in_front_of
from cube_demper.core.settings import CubeApp
from cube_demper.ui.pages import add_pages, find_pages
from cube_demper.ui.session import SessionFence, attend
from cube_demper.ui.theme import app_frame
from support import pages
from support.frame.view import LAST, frame

app = rx.App(api_transformer=in_front_of(CubeApp.SUPPORT), **app_frame())
app.add_middleware(SessionFence(), 0)
app.register_lifespan_task(attend)
add_pages(app, find_pages(pages), frame, first=(), last=LAST)
