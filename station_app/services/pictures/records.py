"""Where pictures are looked for: beside a thing, and in an act."""

from station_app.journal.log import Connection
from station_app.services.pictures.facts import PictureKept


def pictures_beside(connection: Connection, entity: str) -> tuple[str, ...]:
    """Return the hashes kept for facts of a thing that stand, in the order of the acts."""
    rows = connection.execute(
        "SELECT n.hash, min(p.at) FROM facts f "
        "JOIN facts p ON p.stream = f.stream AND p.act = f.act AND p.kind = ?2 "
        "AND json_extract(CAST(p.body AS TEXT), '$.fact_kind') = f.kind "
        "JOIN blob_names n ON n.identity = p.identity "
        "WHERE (f.identity IN (SELECT identity FROM folds WHERE root = ?1) OR f.identity = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
        "GROUP BY n.hash ORDER BY min(p.at), n.hash",
        (entity, PictureKept.KIND),
    ).fetchall()
    return tuple(row[0] for row in rows)


def pictures_of_act(connection: Connection, stream: str, act: str) -> tuple[str, ...]:
    """Return the hashes that any fact of an act names, in the order of the facts."""
    rows = connection.execute(
        "SELECT n.hash, min(f.seq) FROM facts f JOIN blob_names n ON n.identity = f.identity "
        "WHERE f.stream = ? AND f.act = ? GROUP BY n.hash ORDER BY min(f.seq), n.hash",
        (stream, act),
    ).fetchall()
    return tuple(row[0] for row in rows)
