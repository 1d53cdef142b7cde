"""Write the tables of a PostgreSQL store anew without what was erased.

Deleted rows stay in a table's file until it is written anew (VACUUM FULL), and what ANALYZE has drawn from them as
samples stays in the planner's statistics, also for a table that is empty by now. Declaring a column's type once more
drops them (https://www.postgresql.org/docs/current/sql-altertable.html).
"""

from __future__ import annotations

from sqlalchemy import Engine, LargeBinary, String

from monitor.store.schema import metadata


def compact(engine: Engine) -> None:
    """Drop the samples, write every table anew, and draw samples of what is left; others wait for some seconds."""
    quoted = engine.dialect.identifier_preparer.quote
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in metadata.sorted_tables:
            changes = ", ".join(
                f"ALTER COLUMN {quoted(column.name)} TYPE {column.type.compile(engine.dialect)}"
                for column in table.columns
                if isinstance(column.type, String | LargeBinary)
            )
            if changes:
                connection.exec_driver_sql(f"ALTER TABLE {quoted(table.name)} {changes}")
        connection.exec_driver_sql("VACUUM FULL")
        connection.exec_driver_sql("ANALYZE")
