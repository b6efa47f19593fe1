"""Database migrations, from empty to head, on SQLite and PostgreSQL."""
