"""The type of what Keras computes with."""

from typing import Any

Tensor = Any
"""A tensor of whatever backend runs; the backends share no base class."""
