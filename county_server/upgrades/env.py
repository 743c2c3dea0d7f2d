"""Runs the revisions on the connection that `bring_up` holds, inside its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
