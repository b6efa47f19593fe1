"""Which one number a reply in danger names: packaged choices, of which admins choose others."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.resources import files

import yaml

from knowledge.helplines import EMERGENCY, Helpline
from knowledge.index import FaqIndex


class Danger(StrEnum):
    """Where a danger is, or of which kind; each names one number."""

    IN_INDONESIA = "di_indonesia"
    CHILD = "anak"
    ABROAD = "di_luar_negeri"
    AT_HOME = "kekerasan"


@dataclass(frozen=True, slots=True)
class Offered:
    """A helpline that may be named: what stands before its number, and after it."""

    id: str
    called: str
    about: str


@dataclass(frozen=True, slots=True)
class DangerNumbers:
    """One kind of danger with the helplines an admin may choose among."""

    id: Danger
    name: str
    default: str
    offered: Mapping[str, Offered]


@dataclass(frozen=True, slots=True)
class Named:
    """The helpline that a reply names in one kind of danger."""

    danger: Danger
    offered: Offered
    helpline: Helpline

    @property
    def said(self) -> str:
        """Give whom to call as it stands within a sentence: "polisi 110"."""
        return f"{self.offered.called} {self.helpline.number}"


@dataclass(frozen=True, slots=True)
class Hotlines:
    """The helplines for every kind of danger; `chosen` is what an admin changed."""

    dangers: Mapping[Danger, DangerNumbers]
    chosen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Hotlines":
        """Read the packaged choices."""
        raw = yaml.safe_load((files("handlers") / "hotlines.yaml").read_text("utf-8"))
        return cls(
            {
                Danger(id): DangerNumbers(
                    id=Danger(id),
                    name=row["nama"],
                    default=row["bawaan"],
                    offered={
                        name: Offered(name, one["sebut"], one.get("tentang", ""))
                        for name, one in row["pilihan"].items()
                    },
                )
                for id, row in raw.items()
            }
        )

    def choosing(self, chosen: Mapping[str, str]) -> "Hotlines":
        """Give the same with other choices. Raises ValueError for one that is not offered."""
        for id, helpline in chosen.items():
            if helpline not in self.dangers[Danger(id)].offered:
                raise ValueError(f"{id}: {helpline}")
        return replace(self, chosen=dict(chosen))

    def of(self, danger: Danger, faq: FaqIndex) -> Named:
        """Give the helpline to name: the chosen one while its number may stand, else the default."""
        numbers = self.dangers[danger]
        id = self.chosen.get(danger, numbers.default)
        id = id if may_stand(id, faq) else numbers.default
        return Named(danger, numbers.offered[id], faq.helplines[id])

    def lapsed(self, faq: FaqIndex) -> list[DangerNumbers]:
        """Give the dangers whose chosen helpline may not be named today."""
        return [
            numbers
            for id, numbers in self.dangers.items()
            if not may_stand(self.chosen.get(id, numbers.default), faq)
        ]


def may_stand(id: str, faq: FaqIndex) -> bool:
    """Tell whether a reply in danger may name a helpline (design, invariant 11)."""
    helpline = faq.helplines.get(id)
    has_number = helpline is not None and helpline.number is not None
    return has_number and (id in EMERGENCY or id in faq.confirmed)
