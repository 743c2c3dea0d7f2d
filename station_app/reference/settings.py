"""How things are done at the counters, as the county sets it: names, what may stand there, folds.

A setting that the county has not made has its default; so has one whose value nobody here knows,
since a newer county must not stop an older counter. One that begins on a day leaves the former one
until then; one without a day holds at once, also where the business day is behind the county's.
"""

import re
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import DatedSettingPublished, SettingPublished
from station_app.reference.versions import begun, with_new

WORD_BREAK = "、"
WORD_LIST = re.compile(r"[^\s、,]{1,12}(?:、[^\s、,]{1,12}){0,29}")
ANY_AMOUNT = re.compile(r"0|[1-9][0-9]{0,7}", re.ASCII)  # fen

ANY_DAYS = re.compile(r"[1-9][0-9]{1,3}", re.ASCII)  # from ten on: a courier may still ask


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting. form: what its value looks like; default: while the county says nothing."""

    name: str
    form: re.Pattern[str]
    default: str

    def fits(self, value: str) -> bool:
        """Tell whether a value may stand there."""
        return self.form.fullmatch(value) is not None


ON_BEHALF_COD_FEN = Setting("parcels.on_behalf_cod_fen", ANY_AMOUNT, "50000")
"""Above so much to collect somebody who takes a parcel for another shows more than a phone tail."""
ON_BEHALF_VALUABLE = Setting(
    "parcels.on_behalf_valuable", re.compile("proof|never|anybody"), "proof"
)
"""Who may take a valuable parcel for another: against proof, nobody, or anybody."""
CODE_STYLE = Setting("parcels.code_style", re.compile("serial|waybill|phone"), "serial")
"""How pickup codes are made: shelf-layer-serial, shelf-layer-waybill tail, phone digit-shelf."""
BAG_PIECES = Setting("township.bag_pieces", re.compile("[1-9][0-9]?|[12][0-9]{2}|300"), "60")
"""With how many pieces a village's bag counts as full at the township that sorts."""
MESSAGES_BY = Setting("messages.by", re.compile("sms|wechat|none"), "sms")
"""By what the county's gateway writes to villagers; `none`: it has no gateway."""

COUNTY_PHONE = Setting("county.phone", re.compile("[0-9][0-9 -]{2,18}[0-9]"), "")
"""Where the county is called when a page says so; no number is shown before it has been said."""
PIN_DIGITS_LEAST = Setting("pins.digits_least", re.compile("[4-6]"), "6")
"""How many digits a PIN has at the least; six at the most, and while the county says nothing."""

SENDING_FORBIDDEN = Setting(
    "sending.forbidden", WORD_LIST, "鞭炮、烟花、农药、汽油、酒精、打火机、活物、毒品、管制刀具"
)
"""What no villager may send: a parcel in which one of these words stands is not taken."""
SENDING_ASK_FIRST = Setting("sending.ask_first", WORD_LIST, "电池、酒、药品、种子、液体")
"""What may be sent only after the county was asked; the counter is reminded of it."""

KEEP_NAMES_DAYS = Setting("retention.names_days", ANY_DAYS, "90")
"""So many days after a parcel left, the words of its label, signature and photo are removed."""
KEEP_PHONES_DAYS = Setting("retention.phones_days", ANY_DAYS, "30")
"""The same for a parcel on whose label a whole phone number was written down."""

SETTINGS = {
    one.name: one
    for one in (
        ON_BEHALF_COD_FEN,
        ON_BEHALF_VALUABLE,
        CODE_STYLE,
        BAG_PIECES,
        MESSAGES_BY,
        COUNTY_PHONE,
        PIN_DIGITS_LEAST,
        SENDING_FORBIDDEN,
        SENDING_ASK_FIRST,
        KEEP_NAMES_DAYS,
        KEEP_PHONES_DAYS,
    )
}


def words_of(value: str) -> tuple[str, ...]:
    """Return the words of a list of words."""
    return tuple(word for word in value.split(WORD_BREAK) if word)


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """What holds from `from_day` on, "" for at once."""

    value: str
    from_day: str


class SetValue(msgspec.Struct, frozen=True, kw_only=True):
    """A setting with every version that still matters; see `SettingPublished`."""

    name: str
    station: str
    versions: tuple[Value, ...]

    def on(self, day: str) -> str | None:
        """Return what holds on a day, None before the first."""
        found = begun(self.versions, day)
        return found.value if found is not None else None


def fold_setting(state: SetValue | None, told: Told) -> SetValue:
    """Put a value among the others; without a day it holds at once, whatever was planned."""
    body: SettingPublished = told.body
    new = Value(value=body.value, from_day=getattr(body, "from_day", ""))
    versions = with_new(state.versions if state else (), new, body.day)
    return SetValue(name=body.name, station=body.station, versions=versions)


def _key(told: Told) -> str:
    return f"{told.body.name}|{told.body.station}"


SETTING = EntityKind(
    name="setting",
    state=SetValue,
    facts=(SettingPublished, DatedSettingPublished),
    fold=fold_setting,
    natural_key={SettingPublished: _key, DatedSettingPublished: _key},
    columns=Columns(
        table="counter_settings",
        fields=(("name", "TEXT"), ("station", "TEXT")),
        row=lambda s: (s.name, s.station),
        indexes=(("name", "station"),),
    ),
)
