"""`check` names every setting that is not the packaged one, and what cannot be read."""

import json

import pytest

from bot import setting_checks
from escalation.policy_limits import TimeLimits
from escalation.policy_values import Values
from handlers.database import Database
from handlers.setting_models import SettingVersion
from tests.factories import NOON

TIMES = TimeLimits.load().defaults()


@pytest.mark.parametrize(
    ("section", "content", "mark", "says"),
    [
        pytest.param("waktu", {}, "BAIK", "Batas waktu: sama dengan bawaan", id="packaged"),
        pytest.param(
            "waktu",
            TIMES | {"darurat.semua_setelah": 4},
            "CATAT",
            "semua atasan diberi tahu sesudah 4 menit (bawaan 5 menit), versi 1",
            id="another time",
        ),
        pytest.param(
            "waktu", {"darurat.paling_lama": 90}, "SALAH", "yang berlaku bawaan", id="past limits"
        ),
        pytest.param(
            "nomor", {"anak": "081234567890"}, "SALAH", "yang berlaku bawaan", id="a typed number"
        ),
    ],
)
def test_check_says_how_settings_stand(
    database: Database, section: str, content: Values, mark: str, says: str
) -> None:
    with database.write() as work:
        row = SettingVersion(
            section=section,
            number=1,
            content=json.dumps(dict(content)),
            account_id=1,
            who="Ani",
            at=NOON,
        )
        work.db.add(row)
        work.commit()
    found = list(setting_checks.of_sections(database, now=NOON))
    assert any(one.mark == mark and says in one.text for one in found)
    assert len(found) == 2
