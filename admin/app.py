"""The admins' Reflex app. Only Reflex imports this: one process can hold one app."""

from __future__ import annotations

import reflex as rx

from admin import pages
from admin.frame.view import LAST, frame
from cube_demper.api.app import in_front_of
from cube_demper.core.settings import CubeApp
from cube_demper.ui.pages import add_pages, find_pages
from cube_demper.ui.session import SessionFence, attend
from cube_demper.ui.theme import app_frame

app = rx.App(api_transformer=in_front_of(CubeApp.ADMIN), **app_frame())
app.add_middleware(SessionFence(), 0)
app.register_lifespan_task(attend)
add_pages(app, find_pages(pages), frame, first=(), last=LAST)
