"""Runs migrations on the connection it is given, inside that connection's transaction."""

from alembic import context

from portal.storage.tables import Instant, metadata


def plain_type(kind, item, _autogen):
    """Written-down migrations know only the database's own types."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=plain_type,
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
