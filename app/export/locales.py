"""The decimal sign that the user's system writes."""

import locale


def decimal_of_locale() -> str:
    """`,` where the user's locale writes 0,5, else `.`; call it before other threads write numbers."""
    before = locale.setlocale(locale.LC_NUMERIC)
    try:
        locale.setlocale(locale.LC_NUMERIC, "")
        return "," if locale.localeconv()["decimal_point"] == "," else "."
    except locale.Error:  # one that this system does not have
        return "."
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)
