"""Who a pseudonym is: asked on purpose only, and the asking is recorded (decision 18)."""

from collections.abc import Callable

from sqlalchemy import Connection, distinct, select

from app.store.tables import session


def token_of(connection: Connection, pseudonym: str, name: Callable[[str], str]) -> str | None:
    """The card behind a pseudonym; None where no session holds it (it was erased).

    Args:
        connection: reading.
        pseudonym: as costs tell it.
        name: from a card to its pseudonym.
    """
    for (token,) in connection.execute(select(distinct(session.c.token))):
        if token and name(token) == pseudonym:
            return str(token)
    return None
