"""What the gazetteer hands out: one area of Indonesia with the names above it."""

from dataclasses import dataclass
from enum import StrEnum


class AreaLevel(StrEnum):
    """The four administrative levels, as they are named in Indonesian."""

    DESA = "desa"
    KECAMATAN = "kecamatan"
    KABUPATEN = "kabupaten"
    PROVINSI = "provinsi"


LEVELS_BY_CODE_LENGTH = {
    2: AreaLevel.PROVINSI,
    5: AreaLevel.KABUPATEN,
    8: AreaLevel.KECAMATAN,
    13: AreaLevel.DESA,
}
DEPTH = {
    AreaLevel.PROVINSI: 0,
    AreaLevel.KABUPATEN: 1,
    AreaLevel.KECAMATAN: 2,
    AreaLevel.DESA: 3,
}


@dataclass(frozen=True, slots=True)
class Area:
    """One area; the four names are official, None below its own level."""

    code: str
    name: str
    level: AreaLevel
    desa: str | None
    kecamatan: str | None
    kabupaten: str | None
    provinsi: str

    @property
    def label(self) -> str:
        """The area in one line, smallest first: "Desa X, Kec. Y, Kab. Z, Jawa Timur"."""
        parts = []
        if self.desa is not None:
            # The Kemendagri code of a kelurahan has a last part beginning with 1.
            parts.append(f"{'Kel.' if self.code[9] == '1' else 'Desa'} {self.desa}")
        if self.kecamatan is not None:
            parts.append(f"Kec. {self.kecamatan}")
        if self.kabupaten is not None:
            parts.append(self.kabupaten.replace("Kabupaten ", "Kab. ", 1))
        return ", ".join([*parts, self.provinsi])


@dataclass(frozen=True, slots=True)
class Located:
    """Where a text places its writer.

    Names are filled as far as they are certain or shared by every candidate; `code` and `level`
    are those of the deepest area that is certain. Candidates come best first.
    """

    code: str | None
    level: AreaLevel | None
    desa: str | None
    kecamatan: str | None
    kabupaten: str | None
    provinsi: str | None
    ambiguous: bool
    candidates: tuple[Area, ...]


NOWHERE = Located(
    code=None,
    level=None,
    desa=None,
    kecamatan=None,
    kabupaten=None,
    provinsi=None,
    ambiguous=False,
    candidates=(),
)


def as_json(located: Located) -> dict[str, object]:
    """The answer of the `locate` command for one text."""
    return {
        "code": located.code,
        "level": located.level.value if located.level else None,
        "desa": located.desa,
        "kecamatan": located.kecamatan,
        "kabupaten": located.kabupaten,
        "provinsi": located.provinsi,
        "ambiguous": located.ambiguous,
        "candidates": [{"code": area.code, "label": area.label} for area in located.candidates],
    }
