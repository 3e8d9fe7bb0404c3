"""The decimal sign that the user's system writes."""

import locale


def decimal_of_locale() -> str:
    """`,` if the user's locale writes 0,5, else `.`; call it before other threads format numbers."""
    before = locale.setlocale(locale.LC_NUMERIC)
    try:
        locale.setlocale(locale.LC_NUMERIC, "")
        return "," if locale.localeconv()["decimal_point"] == "," else "."
    except locale.Error:  # a locale that this system lacks
        return "."
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)
