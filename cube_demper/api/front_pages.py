"""Plain pages for whoever is signed out: no JavaScript, one answer, readable on any phone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cube_demper.core.money import format_tenge
from cube_demper.domain.billing.rules import PERIOD_DAYS, TRIAL
from cube_demper.domain.billing.schemas import PlanOffer

_INSIDE = {
    "free": ("Места и цены конкурентов", "Решения бота видны, цены он не меняет"),
    "basic": (
        "Бот меняет цены сам",
        "Мин. и макс. цена для каждого товара",
        "Журнал каждого решения",
        "WhatsApp: уведомления покупателям",
        "Приоритетная поддержка",
    ),
    "pro": ("Всё из BASIC", "Аналитика и ИИ-помощники", "Интеграции: токены API и вебхуки"),
}
_DESCRIPTION = (
    "Бот для магазинов на Kaspi.kz: следит за конкурентами и меняет цены в ваших границах."
)


@cache
def landing(plans: tuple[PlanOffer, ...]) -> str:
    """Return the front page: what the product does, what these plans cost, how to start."""
    body = f"""
<div class="hero">
<h1>Цены на Kaspi под присмотром, пока вы заняты делом</h1>
<p class="lead">Cube Demper смотрит на конкурентов, ставит вашу цену на шаг ниже и останавливается
там, где вы сказали. Ниже мин. цены бот не опускается никогда.</p>
<div class="buttons"><a class="button primary" href="/register">Попробовать {TRIAL.days} дней</a>
<a class="button" href="/login">Войти</a></div>
<p class="note">{TRIAL.days} дней тарифа PRO бесплатно, карта не нужна.</p>
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
<div class="grid">{"".join(_plan(plan) for plan in plans)}</div></section>
<section aria-labelledby="safe"><h2 id="safe">Что бот не сделает</h2>
<p>Не опустит цену ниже вашей границы. Не снизит её сразу больше чем на 30&nbsp;%: такое снижение ждёт
вашего согласия. Не станет бесконечно спорить с другим ботом: после пяти снижений подряд из-за одного
конкурента вернёт цену и сделает перерыв.</p></section>"""
    return page("Cube Demper: бот цен для Kaspi.kz", body)


def _plan(plan: PlanOffer) -> str:
    limit = f"До {plan.bot_limit:,} товаров с ботом".replace(",", "\u00a0")
    items = "".join(f"<li>{line}</li>" for line in (limit, *_INSIDE[plan.plan]))
    best = " best" if plan.plan == "pro" else ""
    return (
        f'<div class="card{best}"><h3>{plan.title}</h3>'
        f'<p class="price">{format_tenge(plan.price)}</p><p>за {PERIOD_DAYS} дней</p>'
        f"<ul>{items}</ul></div>"
    )


@cache
def offer() -> str:
    """Return the terms in plain words."""
    return page(
        "Условия · Cube Demper",
        """
<div class="text"><h1>Условия</h1>
<p>Коротко и по делу: что вы получаете и за что отвечает каждый.</p>
<h2>Что делает сервис</h2>
<p>Cube Demper по вашему поручению смотрит цены на Kaspi.kz и меняет цены ваших товаров в границах,
которые вы задали. Сервис не связан с Kaspi и не действует от его имени.</p>
<h2>Что решаете вы</h2>
<p>Мин. и макс. цены, шаг, стратегию и часы работы задаёте вы. Пока магазин в режиме подсказок, цены
не отправляются. Бота можно остановить в любой момент: для товара, магазина или сразу для всех.</p>
<h2>Чего мы не обещаем</h2>
<p>Первого места, роста продаж и прибыли: они зависят не только от цены. Kaspi может ограничить частоту
изменений или временно не отвечать; тогда бот ждёт и показывает причину.</p>
<h2>Оплата</h2>
<p>Новой учётной записи доступен пробный период тарифа PRO на 14 дней. После него действует тариф FREE,
пока вы не выберете другой. С сохранённой карты тариф продлевается сам; отказаться от продления и удалить
карту можно в любой день на странице «Тариф и оплата». Без карты деньги не списываются.</p>
<h2>Прекращение</h2>
<p>Вы можете перестать пользоваться сервисом в любой день. Мы закрываем доступ тем, кто пытается
навредить сервису или чужим магазинам.</p></div>""",
    )


@cache
def privacy() -> str:
    """Return in plain words what is kept about people and why."""
    return page(
        "Личные данные · Cube Demper",
        """
<div class="text"><h1>Личные данные</h1>
<p>Что мы храним и зачем.</p>
<h2>Учётная запись</h2>
<p>Почта, имя, если вы его указали, и пароль в виде необратимого отпечатка. Для защиты от подбора пароля:
адреса и браузеры, с которых вы входили.</p>
<h2>Магазин</h2>
<p>Товары, цены и история решений бота. Доступ к кабинету продавца хранится в зашифрованном виде и нужен
только для работы бота.</p>
<h2>Разговоры с поддержкой</h2>
<p>Переписка хранится три года, файлы — год, в зашифрованном виде. Из фотографий мы сразу убираем место и
время съёмки. Ответы, которые вы не увидели за три минуты, приходят на почту.</p>
<h2>Cookie</h2>
<p>Одна, чтобы вы оставались в системе, и ещё одна, если вы пришли по приглашению (на месяц) или по ссылке
партнёра (до года). Счётчиков и рекламных сетей на сайте нет.</p>
<h2>Кому передаём</h2>
<p>Партнёр, который вас привёл, видит имя и почту в скрытом виде, даты регистрации и подключения магазина и
суммы оплат; продавец, который вас пригласил, — то же без сумм. Оплату картой проводит TipTopPay. С Kaspi
сервис обменивается только данными вашего магазина. Больше никому, кроме случаев, когда этого требует
закон.</p>
<h2>Удаление</h2>
<p>Напишите нам с почты учётной записи, и мы удалим её вместе с данными магазинов.</p></div>""",
    )


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
