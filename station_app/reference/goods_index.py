"""The index of the catalogue: goods are found by name, pinyin, initials, barcode or code at once.

A county may publish twenty thousand goods, and a villager says a part of the name. The index holds
each of them once, as that of the people does (`values.finding`). It is a writer of the recorder:
what came down is found as soon as it is on disk.
"""

from station_app.journal.log import Connection
from station_app.journal.recorder import Batch
from station_app.reference.goods import PRODUCT, Product
from station_app.values import finding, spelling

ROWID_DIGITS = 15  # 60 bits of the identity: a row of the index needs an integer of its own
SCHEMA = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS products_index USING fts5("
    f"words, product UNINDEXED, tokenize='{finding.TOKENIZER}', prefix='1 2 3')",
)
_COLUMNS = "entity, code, barcode, name, initials, spec"


def keep_products(connection: Connection, batch: Batch) -> None:
    """Bring the index up to what an act changed; a writer of the recorder."""
    changed = {c.entity: c.after for c in batch.changes if c.kind.name == PRODUCT.name}
    for entity, after in changed.items():
        connection.execute("DELETE FROM products_index WHERE rowid = ?", (_rowid(entity),))
        if isinstance(after, Product):
            words = words_of(after.code, after.barcode, after.name, after.initials, after.spec)
            _put(connection, entity, words)


def rebuild(connection: Connection) -> None:
    """Make the index anew from the table of goods."""
    connection.execute("DELETE FROM products_index")
    rows = connection.execute(f"SELECT {_COLUMNS} FROM products ORDER BY entity")  # noqa: S608
    for entity, code, barcode, name, initials, spec in rows.fetchall():
        _put(connection, entity, words_of(code, barcode, name, initials, spec))


def words_of(code: str, barcode: str, name: str, initials: str, spec: str) -> set[str]:
    """Return every word under which goods are found."""
    spelled = spelling.spell(name)
    words = finding.name_words(name) | finding.name_words(spec) | finding.number_words(barcode)
    words |= finding.spelling_words(spelled.pinyin, spelled.initials)
    words |= finding.spelling_words("", initials)
    return words | finding.name_words(code)


def _rowid(entity: str) -> int:
    return int(entity[:ROWID_DIGITS], 16)


def _put(connection: Connection, entity: str, words: set[str]) -> None:
    connection.execute(
        "INSERT INTO products_index(rowid, words, product) VALUES (?, ?, ?)",
        (_rowid(entity), " ".join(sorted(words)), entity),
    )
