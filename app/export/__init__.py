"""Exports of readings as tables, pages, pictures and films, without a window. Each module writes one kind of file."""
