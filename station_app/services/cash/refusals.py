"""The words of a calm no: slots in fen become amounts that somebody can read."""

from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal
from station_app.values.texts import Texts


def words_of(refusal: Refusal, texts: Texts) -> str:
    """Return the sentence of a refusal; a slot `due_fen` fills `{due}` as "¥12.50"."""
    slots: dict[str, object] = dict(refusal.slots)
    for name, value in refusal.slots.items():
        if name.endswith("_fen") and isinstance(value, int):
            slots[name.removesuffix("_fen")] = say_yuan(abs(value))
    return texts.say(refusal.text_key, **slots)
