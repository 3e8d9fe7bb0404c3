"""The first import of Keras, which loads its backend."""

from models.standard_error import quiet_stderr


def load_keras() -> None:
    """Import Keras with TensorFlow's startup log suppressed; a second call costs nothing.

    Raises:
        ModuleNotFoundError: If Keras or its backend is not installed.
    """
    with quiet_stderr():
        import keras  # noqa: F401  (later imports find it already loaded)
