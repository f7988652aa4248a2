"""Plain pages for whoever is signed out: no JavaScript, one answer, readable on any phone."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from cube_demper.core.money import format_tenge
from cube_demper.core.russian import counted
from cube_demper.domain.billing.rules import PERIOD_DAYS, TRIAL_PLAN
from cube_demper.domain.billing.schemas import COMING, Feature, PlanOffer
from cube_demper.domain.billing.words import FEATURE_WORDS, trial_words

_DAYS = ("день", "дня", "дней")
_GOODS = ("товара", "товаров", "товаров")
_DESCRIPTION = (
    "Бот для магазинов на Kaspi.kz: следит за конкурентами и меняет цены в ваших границах."
)


@cache
def landing(plans: tuple[PlanOffer, ...]) -> str:
    """Return the front page: what the product does, what these plans cost, how to start."""
    trial = trial_days(plans)
    start = f"Попробовать {counted(trial, *_DAYS)}" if trial else "Начать бесплатно"
    tried = (trial_words(it) for it in plans if it.plan == TRIAL_PLAN)
    note = next(tried, "") or "Карта не нужна."
    body = f"""
<div class="hero">
<h1>Цены на Kaspi под присмотром, пока вы заняты делом</h1>
<p class="lead">Cube Demper смотрит на конкурентов, ставит вашу цену на шаг ниже и останавливается
там, где вы сказали. Ниже мин. цены бот не опускается никогда.</p>
<div class="buttons"><a class="button primary" href="/register">{start}</a>
<a class="button" href="/login">Войти</a></div>
<p class="note">{note}</p>
</div>
<section aria-labelledby="how"><h2 id="how">Как это работает</h2>
<ul class="grid">
<li class="card"><h3>Вы задаёте границы</h3><p>Мин. и макс. цена, шаг и стратегия: у каждого товара
свои. Конкурентов с низким рейтингом или долгой доставкой можно не учитывать.</p></li>
<li class="card"><h3>Бот следит и решает</h3><p>Проверяет витрину по каждому городу, где вы продаёте,
меняет цену и смотрит, появилась ли она на Kaspi.</p></li>
<li class="card"><h3>Вы видите почему</h3><p>Каждое решение записано словами и числами. Новый магазин
начинает с подсказок: пока вы не разрешите, цены не отправляются.</p></li>
</ul>
<p class="example">Например: «Конкурент „Мегадом“ 14&nbsp;990&nbsp;₸, шаг 1&nbsp;₸ → 14&nbsp;989&nbsp;₸».</p>
</section>
<section aria-labelledby="prices"><h2 id="prices">Тарифы</h2>
<div class="grid">{"".join(_plan(*it) for it in zip(plans, (None, *plans), strict=False))}</div></section>
<section aria-labelledby="safe"><h2 id="safe">Что бот не сделает</h2>
<p>Не опустит цену ниже вашей границы. Не снизит её сразу больше чем на 30&nbsp;%: такое снижение ждёт
вашего согласия. Не станет бесконечно спорить с другим ботом: после пяти снижений подряд из-за одного
конкурента вернёт цену и сделает перерыв.</p></section>"""
    return page("Cube Demper: бот цен для Kaspi.kz", body)


def trial_days(plans: tuple[PlanOffer, ...]) -> int:
    """Return how long a new account has the plan that is tried; 0: there is nothing to try."""
    return next((it.trial_days for it in plans if it.plan == TRIAL_PLAN), 0)


def _plan(plan: PlanOffer, smaller: PlanOffer | None) -> str:
    had = smaller.features if smaller and smaller.can_reprice else frozenset()
    new = plan.features - had
    lines = [f"До {counted(plan.bot_limit, *_GOODS)} с ботом"]
    if had:
        lines.append(f"Всё из {smaller.title}" if smaller else "")
    lines += [_feature(it) for it in FEATURE_WORDS if it in new]
    if not plan.can_reprice:
        lines.append("Решения бота видны, цены он не меняет")
    best = " best" if plan.plan == TRIAL_PLAN else ""
    per = f"за {PERIOD_DAYS} дней" if plan.price else "без срока"
    return (
        f'<div class="card{best}"><h3>{escape(plan.title)}</h3>'
        f'<p class="price">{format_tenge(plan.price)}</p><p>{per}</p>'
        f"<ul>{''.join(f'<li>{escape(it)}</li>' for it in lines)}</ul></div>"
    )


def _feature(feature: Feature) -> str:
    return f"{FEATURE_WORDS[feature]} — скоро" if feature in COMING else FEATURE_WORDS[feature]


def page(title: str, body: str) -> str:
    """Frame a plain page; both texts are HTML already."""
    return f"""<!doctype html>
<html lang="ru"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{_DESCRIPTION}">
<title>{title}</title><link rel="icon" href="/logo.svg" type="image/svg+xml">
<style>{_style()}</style></head><body>
<header><a class="mark" href="/"><img src="/logo.svg" alt="" width="28" height="28">Cube Demper</a>
<a class="button" href="/login">Войти</a></header>
<main>{body}</main>
<footer><span>Cube Demper</span><a href="/offer">Условия</a><a href="/privacy">Личные данные</a></footer>
</body></html>"""


@cache
def _style() -> str:
    return Path(__file__).with_suffix(".css").read_text("utf-8")
