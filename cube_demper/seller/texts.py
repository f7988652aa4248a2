"""Words of the seller's frame, translated in the browser; each page keeps its own beside it."""

from cube_demper.ui.i18n import marked

SEARCH = marked("Название или артикул")
ALL_STORES = marked("Все магазины")
NO_STORES = marked("Нет магазинов")
READING_STORES = marked("загружаем…")
BOT_PART = marked("Бот работает в {n} из {m}")
BOT_ALL = marked("Бот работает")
BOT_SUGGESTS = marked("Бот советует")
BOT_STOPPED = marked("Бот остановлен")
BOT_SILENT = marked("Обработчики не отвечают")
BOT_NO_STORES = marked("Магазин не подключён")
CHECKED = marked("проверил")
NEVER_CHECKED = marked("проверок ещё не было")
NO_NEWS = marked("Новых уведомлений нет")
NO_NEWS_WHY = (
    "Здесь появится то, что требует вас: вход в Kaspi, остановка бота, подозрительные цены."
)
READ_ALL = marked("Прочитать все")
NEWS = marked("Уведомления")
ALL_NEWS = marked("Все уведомления")
TUNE_NEWS = marked("Настроить")
SIGNED_OUT = marked("«{name}»: нужен вход в Kaspi")
SIGNED_OUT_WHY = marked("Пока вы не войдёте, бот этого магазина не меняет цены.")
REFRESHING = marked("«{name}»: обновляем вход в Kaspi…")
REFRESHING_WHY = marked("Пароль сохранён, делать ничего не нужно. Цены подождут нового входа.")
REFRESH_LATER = marked("«{name}»: попробуем обновить вход в Kaspi {at}")
REFRESH_LATER_WHY = marked("Kaspi пока не пускает. Ждать не нужно, но можно войти и самому.")
REFRESH_STUCK = marked("«{name}»: вход в Kaspi не обновляется")
REFRESH_STUCK_WHY = marked(
    "Обработчик входов не отвечает. Вход обновится сам, как только он заработает; до тех пор цены стоят."
)
MORE = marked("Подробнее")
CLOSE = marked("Закрыть")
INVITED = marked("{owner} приглашает вас помогать с магазином")
INVITED_WHY = marked("Свой кабинет останется: между ними можно переключаться.")
ONLY_LOOKING = marked("Здесь вы только смотрите: права «{right}» у вас нет")
ONLY_LOOKING_WHY = marked("Менять можно будет, когда его даст владелец кабинета.")
SEE_INVITATION = marked("Открыть приглашение")
SIGN_IN = marked("Войти заново")
