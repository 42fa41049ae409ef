"""The one exception of the package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Optional

_INPUT = "io.tandem.conf.InputException"


class TandemError(ValueError):
    """A call that is wrong, in one sentence: what, which value, what to do.

    ``key`` is the settings key of the wrong value, such as ``"model.path"``, if it is known.
    """

    def __init__(self, sentence: str, key: Optional[str] = None) -> None:
        super().__init__(sentence)
        self.key = key


@contextmanager
def sentences() -> Iterator[None]:
    """Raises what Java says of a wrong input as a TandemError, without Java's stack."""
    try:
        yield
    except Exception as error:
        wrong = _refusal(error)
        if wrong is None:
            raise
        raise wrong from None


def _refusal(error: Exception) -> Optional[TandemError]:
    # Py4J's exceptions hold Java's as java_exception, those of PySpark as _origin.
    thrown = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    if thrown is None or not _is_of(thrown.getClass(), _INPUT):
        return None
    message = str(thrown.getMessage()).strip()
    return TandemError(message.splitlines()[0] if message else _INPUT, thrown.key())


def _is_of(java_class: Any, name: str) -> bool:
    while java_class is not None:
        if java_class.getName() == name:
            return True
        java_class = java_class.getSuperclass()
    return False
