"""Whether a parcel may be sent: who sends it, what is in it, where to, how heavy, by which number.

The law asks three things of whoever takes a parcel in: to see the sender's paper, to look into the
parcel, and to refuse what is forbidden. So no parcel goes without them, with or without a line. Of
the paper's number only the last four signs are kept; an ID typed or scanned whole is checked first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

from station_app.journal.fact import Saying
from station_app.reference.zones import ZoneTerms, zone_of
from station_app.services.sending.commands import (
    AcceptSending,
    AskWaybills,
    CancelSending,
    FinishSending,
    HandSendingsOver,
)
from station_app.services.sending.facts import (
    SendingAccepted,
    SendingCancelled,
    SendingDetails,
    SendingExamined,
    SendingHandedToCourier,
    WaybillsAsked,
)
from station_app.services.sending.rules import ACCEPTED, CANCELLED, GONE, Sending
from station_app.services.sending.waybills import LOW_PERCENT, Left
from station_app.values.masks import TAIL
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.values.weight import kg_plain

ID_CARD, HOUSEHOLD_BOOK = "id_card", "household_book"
DOCUMENTS = (ID_CARD, HOUSEHOLD_BOOK, "passport", "permit", "officer")
"""身份证, 户口簿, 护照, 港澳台通行证, 军官证: papers that a sender may show."""
_WITH_ID_NUMBER = (ID_CARD, HOUSEHOLD_BOOK)
ID_CHARACTERS = 18
NAME_MAX, PHONE_MAX, ADDRESS_MAX, CONTENTS_MAX = 20, 20, 80, 30
NUMBER_MAX = 24  # longer than the number of any paper that a sender may show
ADDRESS_LEAST = 6  # a province and a street; less finds nobody
REASONS = ("changed_mind", "not_allowed", "wrong")
PIECES_MAX = 200  # on one list: a van of a village takes fewer

Decision = Sequence[Saying] | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepting:
    """What accepting depends on.

    zones: of the courier, today; left: of its waybill numbers at this PC; forbidden: words;
    slip: number for the paper.
    """

    zones: tuple[ZoneTerms, ...]
    left: Left
    forbidden: tuple[str, ...] = ()
    slip: int = 0


# --- The paper that was seen ---------------------------------------------------------------------


def bare_number(typed: str) -> str:
    """Return a number of a paper without breaks, in capitals."""
    return "".join(ric.compact(typed).split()).upper()


def number_refused(document: str, typed: str) -> Refusal | None:
    """Return what is wrong with the number of a paper, whole or its last four signs."""
    bare = bare_number(typed)
    if document not in DOCUMENTS:
        return Refusal("sending.DOCUMENT_MISSING")
    if len(bare) < TAIL:
        return Refusal("sending.TAIL_MISSING" if not bare else "sending.TAIL_SHORT")
    if not (bare.isascii() and bare.isalnum()) or len(bare) > NUMBER_MAX:
        return Refusal("sending.NUMBER_ODD")
    if document in _WITH_ID_NUMBER:
        return _id_refused(bare)
    return None


def _id_refused(bare: str) -> Refusal | None:
    if len(bare) == TAIL:
        is_tail = bare[:-1].isdigit() and (bare[-1].isdigit() or bare[-1] == "X")
        return None if is_tail else Refusal("sending.NUMBER_ODD")
    if len(bare) != ID_CHARACTERS:
        return Refusal("sending.ID_LENGTH", {"found": len(bare)})
    if not bare[:-1].isdigit():
        return Refusal("sending.NUMBER_ODD")
    try:
        date(int(bare[6:10]), int(bare[10:12]), int(bare[12:14]))
    except ValueError:
        return Refusal("sending.ID_WRONG")
    return None if ric.calc_check_digit(bare) == bare[-1] else Refusal("sending.ID_WRONG")


def kept_tail(typed: str) -> str:
    """Return all that is kept of a number: its last four signs."""
    return bare_number(typed)[-TAIL:]


# --- What goes in --------------------------------------------------------------------------------


def forbidden_in(contents: str, words: Sequence[str]) -> str:
    """Return the first of these words that stands in what is sent, "" for none."""
    return next((word for word in words if word in contents), "")


def sender_refused(command: AcceptSending) -> Refusal | None:
    """Return what lacks of the sender, or of the paper that was seen."""
    if not command.sender.strip():
        return Refusal("sending.SENDER_MISSING")
    if len(command.sender.strip()) > NAME_MAX or len(command.phone.strip()) > PHONE_MAX:
        return Refusal("sending.TOO_LONG", {"most": NAME_MAX})
    return number_refused(command.document, command.number)


def contents_refused(command: AcceptSending, forbidden: Sequence[str]) -> Refusal | None:
    """Return why what is in it may not go."""
    contents = command.contents.strip()
    if not contents:
        return Refusal("sending.CONTENTS_MISSING")
    if len(contents) > CONTENTS_MAX:
        return Refusal("sending.TOO_LONG", {"most": CONTENTS_MAX})
    word = forbidden_in(contents, forbidden)
    if word:
        return Refusal("sending.FORBIDDEN", {"word": word})
    return None if command.is_looked_into else Refusal("sending.NOT_LOOKED_INTO")


def receiver_refused(command: AcceptSending, zones: Sequence[ZoneTerms]) -> Refusal | None:
    """Return what lacks of the receiver, or why nothing goes there."""
    if not command.receiver.strip():
        return Refusal("sending.RECEIVER_MISSING")
    phone = "".join(sign for sign in command.receiver_phone if sign.isdigit())
    if len(phone) < 7 or len(command.receiver_phone.strip()) > PHONE_MAX:
        return Refusal("sending.RECEIVER_PHONE_WRONG")
    address = command.address.strip()
    if len(address) < ADDRESS_LEAST:
        return Refusal("sending.ADDRESS_MISSING")
    if len(address) > ADDRESS_MAX or len(command.receiver.strip()) > NAME_MAX:
        return Refusal("sending.TOO_LONG", {"most": ADDRESS_MAX})
    return None if zone_of(address, zones) else Refusal("sending.ZONE_UNKNOWN")


def weight_refused(terms: ZoneTerms | None, grams: int) -> Refusal | None:
    """Return why a weight cannot go."""
    if grams <= 0:
        return Refusal("sending.WEIGHT_MISSING")
    if terms is not None and grams > terms.most_grams:
        return Refusal("sending.TOO_HEAVY", {"most": kg_plain(terms.most_grams)})
    return None


def refused(state: Accepting, command: AcceptSending) -> Refusal | None:
    """Return the first thing that keeps a parcel from being accepted, None when nothing does."""
    if not state.zones:
        return Refusal("sending.NO_PRICES")
    return (
        sender_refused(command)
        or contents_refused(command, state.forbidden)
        or receiver_refused(command, state.zones)
        or weight_refused(zone_of(command.address, state.zones), command.grams)
        or (None if state.left.next_waybill else Refusal("sending.NO_WAYBILLS"))
    )


def accept_sending(state: Accepting, command: AcceptSending, now: Now) -> Decision:
    """Accept a parcel; when the numbers run low, more are asked for in the same act."""
    refusal = refused(state, command)
    terms = zone_of(command.address, state.zones)
    if refusal is not None or terms is None:
        return refusal or Refusal("sending.ZONE_UNKNOWN")
    price_fen = 0 if command.is_collect else terms.price_fen(command.grams)
    fee_fen = min(terms.fee_fen, price_fen)
    details = SendingDetails(
        whose=(command.person,) if command.person else (),
        sender=command.sender.strip(),
        phone=command.phone.strip(),
        document=command.document,
        tail=kept_tail(command.number),
        receiver=command.receiver.strip(),
        receiver_phone=command.receiver_phone.strip(),
        address=command.address.strip(),
        contents=command.contents.strip(),
    )
    accepted = SendingAccepted(
        courier=command.courier,
        waybill=state.left.next_waybill,
        person=command.person,
        zone=terms.zone,
        charged_grams=terms.charged_grams(command.grams),
        courier_fen=price_fen - fee_fen,
        fee_fen=fee_fen,
        slip=state.slip,
        day=now.day,
    )
    said = [Saying(accepted, private=details)]
    left = state.left.left - 1
    if left * 100 <= state.left.size * LOW_PERCENT and not state.left.is_asked:
        said.append(Saying(WaybillsAsked(courier=command.courier, left=left, day=now.day)))
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Finishing:
    """The parcel of this act, and by which prices it went."""

    sending: str
    terms: ZoneTerms | None


def finish_sending(state: Finishing, command: FinishSending, now: Now) -> Decision:
    """Write down how the parcel of this act was looked into."""
    if not state.sending or state.terms is None:
        return Refusal("sending.NO_SENDING")
    seen = command.accepted
    body = SendingExamined(
        document=seen.document,
        grams=seen.grams,
        frame=seen.frame,
        price_fen=state.terms.price_fen(seen.grams),
        is_collect=int(seen.is_collect),
        zone_name=state.terms.name,
        route=state.terms.route,
        days=state.terms.days,
        day=now.day,
    )
    return (Saying(body, entity=state.sending),)


# --- What becomes of it --------------------------------------------------------------------------


def hand_over(state: Sequence[Sending | None], command: HandSendingsOver, now: Now) -> Decision:
    """Let parcels leave with the courier, all of this courier's."""
    if not command.sendings:
        return Refusal("sending.NOTHING_TO_HAND_OVER")
    if len(command.sendings) > PIECES_MAX or len(set(command.sendings)) < len(command.sendings):
        return Refusal("sending.TOO_MANY", {"most": PIECES_MAX})
    for sending in state:
        refusal = _not_here(sending)
        if refusal is not None or sending is None:
            return refusal or Refusal("sending.NO_SENDING")
        if sending.courier != command.courier:
            return Refusal("sending.OTHER_COURIER", {"waybill": sending.waybill})
    body = SendingHandedToCourier(courier=command.courier, day=now.day)
    return [Saying(body, entity=identity) for identity in command.sendings]


def cancel(state: Sending | None, command: CancelSending, now: Now) -> Decision:
    """Give a parcel back to its sender; it stands here still."""
    refusal = _not_here(state)
    if refusal is not None or state is None:
        return refusal or Refusal("sending.NO_SENDING")
    if command.reason not in REASONS:
        return Refusal("sending.REASON_MISSING")
    body = SendingCancelled(
        courier=state.courier,
        courier_fen=state.courier_fen,
        fee_fen=state.fee_fen,
        reason=command.reason,
        day=now.day,
    )
    return (Saying(body, entity=command.sending),)


def _not_here(sending: Sending | None) -> Refusal | None:
    if sending is None or not sending.founder:
        return Refusal("sending.NO_SENDING")
    if sending.status == GONE:
        return Refusal("sending.GONE_ALREADY", {"waybill": sending.waybill})
    if sending.status == CANCELLED:
        return Refusal("sending.CANCELLED_ALREADY", {"waybill": sending.waybill})
    assert sending.status == ACCEPTED
    return None


def ask_waybills(state: Left, command: AskWaybills, now: Now) -> Decision:
    """Ask for more numbers by hand: of a courier that never had any, or whose wait is long."""
    if state.is_asked:
        return Refusal("sending.ASKED_ALREADY")
    return (Saying(WaybillsAsked(courier=command.courier, left=state.left, day=now.day)),)
