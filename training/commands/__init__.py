"""One file a command of `python -m training`; Keras is imported only when one runs."""
