"""The HTML of Kaspi's sign-in page, with the selectors of KASPI.md §3.2."""

from __future__ import annotations

_PAGE = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Вход — Kaspi</title></head>
<body><main class="section"><ul class="tabs"><li id="mail_tab">Email</li>
<li id="{p}phone_tab">Телефон</li></ul>
<div id="danger"></div>
<form id="form" autocomplete="off">
<div id="mail"><input class="input" id="{p}user_email_field" type="text" placeholder="Email"></div>
<div id="phone" hidden><input class="input" id="{p}user_phone_field" type="tel"></div>
<div id="pass" hidden><input class="input" id="{p}password_field" type="password"></div>
<div id="code" hidden><input class="input" name="{p}security-code" inputmode="numeric"></div>
<button class="{p}button is-primary" type="submit">Продолжить</button></form></main>
<script>
const at = id => document.getElementById(id), show = (id, on) => at(id).hidden = !on;
const field = id => at(id).querySelector('input');
let step = 'mail';
at('{p}phone_tab').onclick = () => {{ step = 'phone'; show('mail', false); show('phone', true); }};
const mask = digits => `+7 (${{digits.slice(-10, -7)}}) ${{digits.slice(-7, -4)}}-` +
  `${{digits.slice(-4, -2)}}-${{digits.slice(-2)}}`;
const bodies = {{
  pass: () => ({{_u: field('mail').value, _p: field('pass').value, _r_d: false}}),
  phone: () => ({{_ph: mask(field('phone').value.replace(/\\D/g, ''))}}),
  sms: () => ({{_c: field('code').value}}),
  mailed: () => ({{_u: field('mail').value, _m_c: field('code').value, _r_d: true}}),
}};
at('form').onsubmit = event => {{
  event.preventDefault();
  at('danger').replaceChildren();
  if (step === 'mail') {{ step = 'pass'; show('pass', true); return; }}
  const http = new XMLHttpRequest();
  http.open('POST', '/api/p/login');
  http.setRequestHeader('Content-Type', 'application/json');
  http.onload = () => {{
    const answer = JSON.parse(http.responseText);
    if (http.status !== 200) {{
      const box = document.createElement('div');
      box.className = 'notification is-danger';
      box.textContent = 'Не удалось войти';
      at('danger').replaceChildren(box);
    }} else if (answer.redirectUrl) {{ location.assign(answer.redirectUrl); }}
    else {{ step = step === 'phone' ? 'sms' : 'mailed'; show('code', true); show('pass', false); }}
  }};
  http.send(JSON.stringify(bodies[step]()));
}};
</script></body></html>"""

CABINET_PAGE = (
    '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Кабинет продавца</title></head>'
    '<body><nav class="navbar">Кабинет продавца</nav></body></html>'
)


def login_page(*, is_changed: bool = False) -> str:
    """Return the page; `is_changed`: with other names of everything, as after a redesign."""
    return _PAGE.format(p="new-" if is_changed else "")
