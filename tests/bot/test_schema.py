"""From empty to head equals the models, on both engines, and back."""

from bot import schema
from handlers.database import Database


def test_empty_to_head_equals_the_models(empty_database: Database) -> None:
    assert schema.current(empty_database) is None
    schema.upgrade(empty_database)
    assert schema.current(empty_database) == schema.head()
    assert schema.differences(empty_database) == []


def test_down_and_up_again(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    schema.downgrade(empty_database, "base")
    assert schema.differences(empty_database) != []
    schema.upgrade(empty_database)
    assert schema.differences(empty_database) == []
