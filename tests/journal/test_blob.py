"""Which photos a fact names, whatever its kind."""

from station_app.journal.blob import photos_named
from station_app.reference.facts import GoodsPublished
from station_app.vocabulary import VOCABULARY


def test_which_photos_a_private_part_names() -> None:
    name = "ab" * 32
    assert photos_named(b'{"photo":"%s","salt":""}' % name.encode()) == (name,)
    assert photos_named(b'{"photos":["%s","x",3]}' % name.encode()) == (name,)
    assert photos_named(b'{"photo":""}') == ()
    assert photos_named(b'{"photo": "%s"}' % name.encode()) == (), "another spelling"
    assert photos_named(b'{"photo') == ()


def test_every_kind_names_its_photos_where_they_are_looked_for() -> None:
    """A kind whose photos stood in a field of another name would keep them for ever."""
    bodies = [body for body in VOCABULARY.kinds.values() if body is not GoodsPublished]
    found = {
        field
        for body in bodies  # the small picture of goods is the county's, and in its word itself
        for part in (body, body.PRIVATE)
        if part is not None
        for field in part.__struct_fields__
        if any(word in field for word in ("photo", "picture", "image", "blob"))
    }
    assert found == {"photo", "photos"}
    assert not any(
        "photo" in field for body in VOCABULARY.kinds.values() for field in body.__struct_fields__
    ), "a body lives for ever: no photo stands there"
