"""Words of the invented shops and goods: natural Russian, no real brand."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.sandbox.world import Category


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of goods: what it is called, what varies and what it costs (whole tenge)."""

    category: Category
    noun: str
    brands: tuple[str, ...]
    series: tuple[str, ...]
    details: tuple[str, ...]
    cheapest: int
    dearest: int


def _kind(
    names: tuple[str, str, str],
    noun: str,
    words: tuple[str, str, str],
    prices: tuple[int, int],
) -> Kind:
    brands, series, details = (tuple(part.split("|")) for part in words)
    return Kind(Category(*names), noun, brands, series, details, *prices)


KINDS: tuple[Kind, ...] = (
    _kind(
        ("Чайники", "Electric Kettles", "Home equipment"),
        "Электрочайник",
        (
            "Нордвик|Лумея|Тавро",
            "EK-15|EK-17|EK-18|Classic 2|Glass 3",
            "1.5 л, белый|1.7 л, черный|1.8 л, нержавеющая сталь|1.7 л, стекло",
        ),
        (6_900, 21_900),
    ),
    _kind(
        ("Блендеры", "Blenders", "Home equipment"),
        "Блендер погружной",
        (
            "Нордвик|Аскера|Лумея",
            "BL-600|BL-800|Mix 5|Mix 7",
            "600 Вт, белый|800 Вт, серый|1000 Вт, черный",
        ),
        (9_900, 34_900),
    ),
    _kind(
        ("Утюги", "Irons", "Home equipment"),
        "Утюг",
        (
            "Тавро|Аскера|Белмира",
            "ST-22|ST-24|Steam 3|Ceramic 5",
            "2200 Вт, синий|2400 Вт, фиолетовый|2600 Вт, бирюзовый",
        ),
        (8_500, 29_900),
    ),
    _kind(
        ("Пылесосы", "Vacuum Cleaners", "Home equipment"),
        "Пылесос вертикальный",
        (
            "Нордвик|Оксидан",
            "V8|V10|V11 Pro|Aero 2",
            "белый|серый|красный",
        ),
        (39_900, 129_900),
    ),
    _kind(
        ("Сковороды", "Frying pans", "Home"),
        "Сковорода",
        (
            "Белмира|Кухмастер|Сарыкум",
            "Гранит|Титан|Классик|Мрамор",
            "24 см|26 см|28 см|28 см с крышкой",
        ),
        (5_400, 18_900),
    ),
    _kind(
        ("Кастрюли", "Saucepans", "Home"),
        "Кастрюля",
        (
            "Кухмастер|Сарыкум",
            "Дастархан|Классик|Премьера",
            "2.5 л|3.5 л|5 л|7 л",
        ),
        (6_200, 24_900),
    ),
    _kind(
        ("Постельное белье", "Bed linen", "Home"),
        "Комплект постельного белья",
        (
            "Айсауле|Тихий дом|Лаванда",
            "Сатин|Поплин|Страйп-сатин|Бязь",
            "полуторный, серый|двуспальный, бежевый|евро, белый|семейный, мятный",
        ),
        (9_900, 32_900),
    ),
    _kind(
        ("Полотенца", "Towels", "Home"),
        "Набор полотенец",
        (
            "Айсауле|Лаванда",
            "Хлопок 500|Бамбук|Жаккард",
            "2 шт, белый|3 шт, серый|4 шт, песочный|6 шт, ассорти",
        ),
        (4_900, 16_900),
    ),
    _kind(
        ("Наушники", "Headphones", "Electronics"),
        "Беспроводные наушники",
        (
            "Вектра|Оксидан|Зумер",
            "Air 2|Air 3|Buds S|Studio 5",
            "белый|черный|синий",
        ),
        (7_900, 49_900),
    ),
    _kind(
        ("Зарядные устройства", "Chargers", "Electronics"),
        "Зарядное устройство",
        (
            "Вектра|Зумер",
            "GaN 33|GaN 65|Duo 20|Quattro 100",
            "USB-C, белый|USB-C и USB-A, черный",
        ),
        (3_900, 19_900),
    ),
    _kind(
        ("Настольные лампы", "Desk lamps", "Home"),
        "Лампа настольная",
        (
            "Лумея|Светлояр",
            "Line|Arc|Flex 2|Studio",
            "белый|черный|золотистый",
        ),
        (5_900, 22_900),
    ),
    _kind(
        ("Рюкзаки", "Backpacks", "Fashion"),
        "Рюкзак городской",
        (
            "Тропа|Бархан",
            "Urban 18|Urban 22|Step 25|Trek 30",
            "черный|темно-синий|оливковый",
        ),
        (9_900, 38_900),
    ),
    _kind(
        ("Фены", "Hair dryers", "Beauty"),
        "Фен",
        (
            "Аскера|Лумея",
            "HD-18|HD-20|Ion 3|Travel",
            "1800 Вт, розовый|2000 Вт, черный|2200 Вт, белый",
        ),
        (7_500, 36_900),
    ),
    _kind(
        ("Конструкторы", "Construction sets", "Toys"),
        "Конструктор",
        (
            "Собирайка|Кубоград",
            "Город|Ферма|Космос|Гараж",
            "128 деталей|256 деталей|512 деталей|840 деталей",
        ),
        (4_500, 27_900),
    ),
    _kind(
        ("Детские автокресла", "Car seats", "Kids"),
        "Автокресло",
        (
            "Карапуз|Верный путь",
            "Safe 1|Safe 2|Iso Grow|Comfort",
            "9–36 кг, серый|0–18 кг, бежевый|15–36 кг, черный",
        ),
        (34_900, 119_900),
    ),
    _kind(
        ("Шуруповерты", "Screwdrivers", "Construction"),
        "Дрель-шуруповерт аккумуляторный",
        (
            "Оксидан|Мастерград",
            "D-12|D-18|D-21 Pro|Duo 20",
            "1 АКБ, кейс|2 АКБ, кейс|2 АКБ, набор 24 предмета",
        ),
        (15_900, 64_900),
    ),
)

RIVAL_NAMES: tuple[str, ...] = (
    "Дом и Свет",
    "Сапа Маркет",
    "Техносфера KZ",
    "Береке Shop",
    "Ақ Жол Сауда",
    "Мегадом",
    "Всё на месте",
    "Арзан Маркет",
    "Нур-Электро",
    "Добрый сосед",
    "Хозяин",
    "Алтын Бағдар",
    "Полка",
    "Три оленя",
    "Караван Маркет",
    "Жайлы Үй",
    "Электромир 24",
    "Быстрая покупка",
    "Степной экспресс",
    "Кладовая",
    "Люкс Товар",
    "Самал Shop",
    "Оптовик Алматы",
    "Тулпар Трейд",
)

STREETS: tuple[str, ...] = (
    "улица Тихая",
    "улица Садовая",
    "проспект Яблоневый",
    "улица Речная",
    "улица Степная",
)

_SPELLING = (
    "а a|б b|в v|г g|д d|е e|ж zh|з z|и i|й i|к k|л l|м m|н n|о o|п p|р r|с s|т t|у u|ф f|х h|ц ts|ч ch|"
    "ш sh|щ sch|ъ _|ы y|ь _|э e|ю ju|я ja|ё e"
)
_LATIN = {pair[0]: pair[2:] for pair in _SPELLING.split("|")}


def slug_of(title: str) -> str:
    """Spell a title as an address does: «Утюг Тавро ST-22» → `utjug-tavro-st-22`."""
    letters = (
        _LATIN.get(char, char if char.isascii() and char.isalnum() else "-")
        for char in title.lower()
    )
    return "-".join(part for part in "".join(letters).replace("_", "").split("-") if part)
