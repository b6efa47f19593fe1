"""One line of the check: fine, worth knowing, or wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check: fine, worth knowing, or wrong."""

    mark: str
    text: str

    @property
    def is_fault(self) -> bool:
        """Tell whether this must be mended."""
        return self.mark == "SALAH"

    def __str__(self) -> str:
        """Give the line."""
        return f"{self.mark:6} {self.text}"


def fine(text: str) -> Finding:
    """Give a line that says all is well."""
    return Finding("BAIK", text)


def note(text: str) -> Finding:
    """Give a line that is worth knowing."""
    return Finding("CATAT", text)


def fault(text: str) -> Finding:
    """Give a line that must be mended."""
    return Finding("SALAH", text)
