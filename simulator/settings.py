"""Settings that can be changed by JSON, while a simulator runs."""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import cast

from . import reading
from .reading import Reader


@dataclass(slots=True, kw_only=True)
class JsonSettings(ABC):
    """The settings of a simulator."""

    @classmethod
    @abstractmethod
    def readers(cls) -> dict[str, Reader]:
        """Return what reads each setting from JSON."""

    def change(self, changes: object) -> None:
        """Change settings given as a JSON object, all or none.

        Raises `ValueError` for an unknown name or an unfit value.
        """
        for name, value in reading.fields(changes, self.readers()).items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, object]:
        """Return the settings in the shape that `change` reads."""
        return cast("dict[str, object]", asdict(self))
