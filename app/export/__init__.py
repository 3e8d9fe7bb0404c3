"""Tables, pages, pictures and films from what was read, without a window. Each module writes one kind of file."""
