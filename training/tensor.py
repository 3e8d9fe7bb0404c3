"""Type alias for backend tensors."""

from typing import Any

Tensor = Any
"""A tensor of the active backend; the backends share no base class."""
