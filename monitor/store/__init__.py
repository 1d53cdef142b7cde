"""The store: facts and short proving spans in SQLite or PostgreSQL, never a mail."""
