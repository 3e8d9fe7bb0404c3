"""The one exception that both the app and the training module turn into a sentence for the user."""


class InputError(Exception):
    """What the user gave cannot be used.

    The message is one sentence that names the file, device or address and, where there is one, the next step. Commands
    print it on standard error and exit with 2; the window shows it. It never carries a traceback to a person.
    """
