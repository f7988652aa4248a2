"""Values that change in place: a soft flash on change, and an age that counts by itself."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text
from cube_demper.ui.browser import library


class _Flash(rx.Component):
    library = library("live")
    tag = "Flash"

    watch: rx.Var[Any]


class _Age(rx.Component):
    library = library("live")
    tag = "Age"

    at: rx.Var[str]
    never: rx.Var[str]
    prefix: rx.Var[str]


class _Countdown(rx.Component):
    library = library("live")
    tag = "Countdown"

    until: rx.Var[str]
    prefix: rx.Var[str]
    done: rx.Var[str]


class _Due(rx.Component):
    library = library("live")
    tag = "Due"

    words: rx.Var[str]
    until: rx.Var[str]
    late: rx.Var[str]


class _ServerClock(rx.Component):
    library = library("live")
    tag = "ServerClock"

    at: rx.Var[str]
    speed: rx.Var[float]


def live_value(content: Any, *, watch: rx.Var[Any], at: rx.Var[str] | None = None) -> rx.Component:
    """Show `content`, flash when `watch` changes, and say under it how old it is.

    Args:
        content: text or a component.
        watch: the value whose change flashes (not at the first showing).
        at: when it was last true, from `format.iso`.
    """
    under = rx.fragment() if at is None else rx.el.span(age(at), class_name="k-under")
    return _Flash.create(rx.el.span(content, class_name="k-value"), under, watch=watch)


def age(at: rx.Var[str] | str, *, prefix: Text = "", never: Text = "ещё не было") -> rx.Component:
    """Show «12 с назад», counting in the browser by the server's clock; `at` from `format.iso`."""
    return _Age.create(at=at, prefix=prefix, never=never)


def countdown(until: rx.Var[str] | str, *, prefix: Text = "", done: Text = "") -> rx.Component:
    """Show «4:18» ticking down to `until` (from `format.iso`) by the server's clock, `done` at its end."""
    return _Countdown.create(until=until, prefix=prefix, done=done)


def due(words: Text, until: rx.Var[str] | str, *, late: Text) -> rx.Component:
    """Show «Ответить до 14:25», red and «Просрочено 12 мин» once that has passed; "" shows nothing.

    `words`: what stands before the moment («Ответить до»); `until` from `format.iso`.
    """
    return _Due.create(words=words, until=until, late=late)


def server_clock(at: rx.Var[str], speed: rx.Var[float]) -> rx.Component:
    """Tell the ages of the page the server's time and how fast it runs; part of the shell."""
    return _ServerClock.create(at=at, speed=speed)
