"""One module per command of `python -m training`; Keras is imported only when a command runs."""
