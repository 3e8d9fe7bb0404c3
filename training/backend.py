"""The first import of Keras, which loads its backend."""

from models.standard_error import quiet_stderr


def load_keras() -> None:
    """Import Keras without what TensorFlow logs meanwhile; a second call costs nothing.

    Raises:
        ModuleNotFoundError: If Keras or its backend is not installed.
    """
    with quiet_stderr():
        import keras  # noqa: F401  (whoever imports it later gets it at once)
