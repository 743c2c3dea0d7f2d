"""Whose parcels were closed long ago: of these the receiver's words, signatures and photos may go.

What is left is the parcel with its waybill, its places, its days and its money. The query begins
with the private parts, which are few since it runs every day, and not with the parcels.
"""

import json

from station_app.journal.log import Connection


def closed_long_ago(
    connection: Connection, *, names_before: str, phones_before: str, most: int
) -> tuple[str, ...]:
    """Return private facts of parcels that were closed before these days, the oldest first.

    phones_before: for those of which a whole phone number is written down.
    """
    rows = connection.execute(
        "SELECT p.entity, json_group_array(v.identity) FROM privates v "
        "JOIN folds d ON d.identity = v.identity JOIN parcels p ON p.entity = d.root "
        "JOIN states s ON s.kind = 'parcel' AND s.entity = p.entity "
        "WHERE p.closed_day != '' AND p.status NOT IN ('', 'on_hand', 'on_run') "
        "AND (p.closed_day < ?1 OR (p.closed_day < ?2 "
        "AND COALESCE(json_extract(CAST(s.data AS TEXT), '$.phone'), '') != '')) "
        "GROUP BY p.entity ORDER BY p.closed_day, p.entity LIMIT ?3",
        (names_before, phones_before, most),
    ).fetchall()
    return tuple(identity for _, facts in rows for identity in sorted(json.loads(facts)))
