"""What a scan or a typed text means to parcels: routes for scans, sources for the search box."""

from collections.abc import Sequence

from station_app.journal.log import Connection
from station_app.printing.document import grouped
from station_app.reference import records as reference
from station_app.services.parcels import bag_records, index, records
from station_app.services.parcels.entering import filed_number
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.places import parse_codes
from station_app.services.parcels.receivers import KnownPerson
from station_app.services.parcels.records import ParcelRow
from station_app.shell.offers import Hit, Meaning, Sought, Tone
from station_app.values import codes
from station_app.values.codes import Barcode, OwnCode, PhoneTail, Recognised, Waybill
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

ON_HAND, GONE, NEW, SLIP = "parcel.on_hand", "parcel.gone", "parcel.new", "parcel.slip"
BAG_TAG = "parcel.bag"
INTAKE_PAGE, HANDOVER_PAGE, OVERDUE_PAGE = "parcels.intake", "parcels.handover", "parcels.overdue"
MANIFEST_PAGE, RUN_PAGE = "parcels.manifest", "parcels.run"
STUBS_PAGE, SORTING_PAGE = "parcels.stubs", "parcels.sorting"
VILLAGES_PAGE = "parcels.villages"
DEPARTURES_PAGE, WAY_BACK_PAGE = "parcels.departures", "parcels.way_back"
NOTICES_PAGE, STATISTICS_PAGE = "parcels.notices", "parcels.statistics"
STOCKTAKE_PAGE, TROUBLE_PAGE = "parcels.stocktake", "parcels.trouble"
WAYBILL_CHARACTERS_MIN = 6  # fewer are a tail or a code
HITS_MAX = 12


class Meanings:
    """Looks scans and texts up. Every look-up is one or two of an index."""

    def __init__(self, gatherer: Gatherer, texts: Texts) -> None:
        """Name people by the register of `gatherer`."""
        self._gatherer = gatherer
        self._texts = texts

    # --- Scans -----------------------------------------------------------------------------------

    def of_own_code(self, connection: Connection, _text: str, code: Recognised) -> Meaning | None:
        """Recognise our own label and our own slip."""
        if not isinstance(code, OwnCode):
            return None
        if code.kind == codes.SLIP and records.handed_over_in(connection, code.payload):
            words = self._texts.say("parcels.scan.slip")
            return Meaning(SLIP, HANDOVER_PAGE, code.payload, words)
        if code.kind != codes.PARCEL:
            return None
        rows = records.by_prefix(connection, codes.identity_prefix(code.payload))
        return self._of_row(connection, rows[0]) if rows else None

    def of_known(self, connection: Connection, text: str, _code: Recognised) -> Meaning | None:
        """Recognise a waybill that stands here, or did."""
        if len(text) < WAYBILL_CHARACTERS_MIN:
            return None
        rows = records.by_waybill(connection, filed_number(text))
        return self._of_row(connection, rows[0]) if rows else None

    def of_bag(self, connection: Connection, text: str, code: Recognised) -> Meaning | None:
        """Recognise a bag's tag: ours, or the one of a bag that is known."""
        is_ours = isinstance(code, OwnCode) and code.kind == codes.BAG
        if not is_ours and not bag_records.is_tag(connection, text):
            return None
        return Meaning(BAG_TAG, MANIFEST_PAGE, words=self._texts.say("parcels.scan.bag"))

    def of_new(self, _connection: Connection, _text: str, code: Recognised) -> Meaning | None:
        """Recognise a waybill that a courier's pattern fits: a parcel that comes in."""
        is_waybill = isinstance(code, Waybill) or (
            isinstance(code, Barcode) and code.waybill is not None
        )
        if not is_waybill:
            return None
        words = self._texts.say("parcels.scan.new")
        return Meaning(NEW, INTAKE_PAGE, words=words, transfer=SORTING_PAGE)

    def _of_row(self, connection: Connection, row: ParcelRow) -> Meaning:
        kind = ON_HAND if row.is_on_hand else GONE
        key = "on_hand" if row.is_on_hand else "gone"
        words = self._texts.say(
            f"parcels.scan.{key}", code=str(row.code), name=self._gatherer.who(connection, row)
        )
        return Meaning(kind, HANDOVER_PAGE, row.parcel, words)

    # --- Search ----------------------------------------------------------------------------------

    def receivers(self, connection: Connection, sought: Sought, texts: Texts) -> Sequence[Hit]:
        """Return whoever fits and has parcels here: villagers, then names on labels."""
        typed = sought.text
        if _is_tail(sought.code):
            people = self._gatherer.people.by_tail(connection, typed)
        else:
            people = self._gatherer.people.find(connection, typed)
        hits = [
            hit for person in people if (hit := self._of_person(connection, person, typed, texts))
        ]
        for label in index.find_labels(connection, typed):
            rows = records.on_hand_for_label(connection, label.tail, label.name)
            title = _title(label.name, label.tail, texts)
            hint = self._waiting(rows, texts.say("parcels.search.label"), texts)
            subject = {"tail": label.tail, "name": label.name}
            hits.append(_hit(title, hint, subject, typed, _due(rows, texts)))
        return hits[:HITS_MAX]

    def _of_person(
        self, connection: Connection, person: KnownPerson, typed: str, texts: Texts
    ) -> Hit | None:
        names = self._gatherer.people.names_of(connection, person.identity)
        rows = records.on_hand_of(connection, names)
        if not rows:
            return None
        title = _title(person.name, person.tail, texts)
        hint = self._waiting(rows, person.hamlet, texts)
        return _hit(title, hint, {"person": person.identity}, typed, _due(rows, texts))

    def _waiting(self, rows: Sequence[ParcelRow], place: str, texts: Texts) -> str:
        waiting = texts.say("parcels.search.waiting", count=len(rows))
        return "·".join(part for part in (place, waiting) if part)

    def parcels(self, connection: Connection, sought: Sought, texts: Texts) -> Sequence[Hit]:
        """Return parcels by pickup code, or by a waybill or its beginning."""
        typed = sought.text
        rows = [row for code in parse_codes(typed) for row in records.by_code(connection, code)]
        bare = filed_number(typed)
        if len(bare) >= WAYBILL_CHARACTERS_MIN and bare.isascii():
            found = records.starts_with(connection, bare, HITS_MAX)
            rows += [row for row in found if row not in rows]
        couriers = {row.code: row.short_name for row in reference.couriers(connection)}
        return [self._of_parcel(connection, row, couriers, texts) for row in rows[:HITS_MAX]]

    def _of_parcel(
        self, connection: Connection, row: ParcelRow, couriers: dict[str, str], texts: Texts
    ) -> Hit:
        courier = couriers.get(row.courier, row.courier)
        who = self._gatherer.who(connection, row)
        since = texts.say("parcels.search.here_since", day=say_day(row.day_in, row.day_in))
        tone: Tone = "waiting"
        words = texts.say("parcels.search.on_hand")
        if not row.is_on_hand:
            tone = "ok"
            day = say_day(row.closed_day, row.closed_day)
            words = texts.say(f"parcels.search.{row.status}", day=day)
        return Hit(
            title=f"{row.code} {courier} {grouped(row.waybill)}".strip(),
            hint="·".join(part for part in (who, since) if part),
            icon="parcel",
            page=HANDOVER_PAGE,
            subject={"parcel": row.parcel},
            pill=(tone, words),
        )


def _is_tail(code: Recognised) -> bool:
    return isinstance(code, PhoneTail) and len(code.digits) == 4


def _title(name: str, tail: str, texts: Texts) -> str:
    return texts.say("parcels.search.person", name=name, tail=tail) if tail else name


def _due(rows: Sequence[ParcelRow], texts: Texts) -> tuple[Tone, str] | None:
    due_fen = sum(row.due_fen for row in rows)
    return ("money", texts.say("parcels.search.due", amount=say_yuan(due_fen))) if due_fen else None


def _hit(
    title: str, hint: str, subject: dict[str, str], typed: str, pill: tuple[Tone, str] | None
) -> Hit:
    return Hit(
        title=title,
        hint=hint,
        icon="person",
        page=HANDOVER_PAGE,
        subject=subject,
        match=typed if typed in title else "",
        pill=pill,
    )
