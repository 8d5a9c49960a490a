"""Alembic's entry: runs the revisions on the engine that the store hands over, in its transaction."""

from alembic import context

from app.store.tables import metadata

with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=False,
        compare_type=True,
    )
    context.run_migrations()
    connection.commit()
