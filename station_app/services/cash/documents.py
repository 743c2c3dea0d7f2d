"""The slips of the drawer as plain data: Z at the close of a shift, X at any time.

Other people's money comes first, then the station's own, then where all of it lies: both halves
come to the same sum. An X slip leaves out what would give away what the drawer should hold, so
that the count stays blind.
"""

from station_app.journal.series import printed_number
from station_app.ledger.balances import Books, Purse, purse_of
from station_app.printing.document import (
    Block,
    Gap,
    Inverse,
    Line,
    Note,
    Receipt,
    Rule,
    Signature,
    money,
)
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.services.cash.days import is_next_day
from station_app.services.cash.figures import (
    Figure,
    Names,
    drawer_figures,
    own_figures,
    place_figures,
    purse_figures,
    purse_label,
)
from station_app.services.cash.sheet import Compared, Movements, Sheet
from station_app.values.codes import SLIP, identity_payload, make_code
from station_app.values.day import local_day, local_time, say_day, say_moment
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

HEAD_SIZE = 34  # of the lines that matter most
INDENT = 8
REASON_IN_BAND_MAX = 9  # characters beside an amount on 58 mm paper; more of them go below
CHECK_GROUPS = 3  # of four characters: 48 bits of the chain, enough to read out by phone


def z_slip(sheet: Sheet, names: Names, texts: Texts) -> Receipt:
    """Return the slip of a closed shift."""
    state = sheet.state
    number = printed_number(state.number, sheet.stream) if sheet.stream else str(state.number)
    heading = texts.say("cash.slip.z", number=number)
    late = is_next_day(state.day, sheet.at)
    blocks: tuple[Block, ...] = (
        *_not_mine(sheet.books, names, texts),
        *_own(sheet.books, texts),
        *_places(sheet, texts),
        Rule("solid"),
        *_drawer(sheet, texts),
        *_aside(sheet.books, names, texts),
        *_counts(sheet, texts),
        *_proof(sheet, texts),
    )
    head = SlipHead(
        station=names.station,
        address=names.address,
        heading=heading,
        meta=(*_when(sheet, names), *((_late(sheet, texts),) if late else ())),
    )
    foot = SlipFoot(
        qr=make_code(SLIP, identity_payload(sheet.shift)),
        closing=texts.say("cash.slip.closing"),
    )
    return slip(head, (*blocks, *_signatures(texts)), foot)


def x_slip(sheet: Sheet, names: Names, texts: Texts) -> Receipt:
    """Return a reading in the middle of a shift: nothing on it says what the drawer should hold."""
    blocks: tuple[Block, ...] = (
        *_not_mine(sheet.books, names, texts),
        *_aside(sheet.books, names, texts),
        *_counts(sheet, texts),
        *_proof(sheet, texts),
    )
    head = SlipHead(
        station=names.station,
        address=names.address,
        heading=texts.say("cash.slip.x"),
        meta=_when(sheet, names),
    )
    return slip(head, blocks, SlipFoot(closing=texts.say("cash.slip.x_closing")))


def difference_words(difference_fen: int, texts: Texts) -> str:
    """Return how a count differs: 「短 ¥12.00」, 「长 ¥3.00」, 「账实相符」."""
    if difference_fen == 0:
        return texts.say("cash.slip.agrees")
    key = "cash.slip.is_short" if difference_fen < 0 else "cash.slip.is_over"
    return texts.say(key, amount=say_yuan(abs(difference_fen)))


# --- The parts of a slip -------------------------------------------------------------------------


def _when(sheet: Sheet, names: Names) -> tuple[str, ...]:
    moment = say_moment(sheet.at, sheet.state.day)
    return (f"{moment} {names.operator}".rstrip(),)


def _late(sheet: Sheet, texts: Texts) -> str:
    day = say_day(local_day(sheet.at), sheet.state.day)
    return texts.say("cash.slip.booked_late", day=day)


def _not_mine(books: Books, names: Names, texts: Texts) -> tuple[Block, ...]:
    return (
        _strong(texts.say("cash.slip.not_mine"), books.not_mine_fen),
        *_all_fine(purse_figures(books, names, texts)),
    )


def _own(books: Books, texts: Texts) -> tuple[Block, ...]:
    blocks: list[Block] = [_strong(texts.say("cash.slip.own"), books.own_fen)]
    blocks += _all_fine(own_figures(books, texts))
    if books.own_fen < 0:
        blocks.append(Inverse(texts.say("cash.slip.uses", amount=money(-books.own_fen))))
        blocks += [
            _fine(texts.say(f"cash.slip.uses_of.{kind}"), amount) for kind, amount in books.lent_by
        ]
    return tuple(blocks)


def _places(sheet: Sheet, texts: Texts) -> tuple[Block, ...]:
    books = sheet.books
    blocks: list[Block] = [_strong(texts.say("cash.slip.places"), books.money_fen)]
    blocks += _all_fine(place_figures(books, sheet.state.device, texts))
    for compared in sheet.compared:
        blocks += _compared(compared, texts)
    return tuple(blocks)


def _compared(found: Compared, texts: Texts) -> tuple[Block, ...]:
    """Say what a phone or bank book showed; a difference is named, booked or still looked for."""
    place = texts.say(f"cash.place.{found.place}")
    if found.difference_fen == 0:
        return (Note(texts.say("cash.slip.compared", place=place), indent=INDENT),)
    words = texts.say("cash.slip.compared_shown", place=place)
    key = "cash.slip.compared_booked" if found.booked else "cash.slip.compared_open"
    small = texts.say(
        key,
        difference=difference_words(found.difference_fen, texts),
        reason=found.remark,
    )
    return (_fine(words, found.shown_fen), Note(small, indent=INDENT))


def _drawer(sheet: Sheet, texts: Texts) -> tuple[Block, ...]:
    state = sheet.state
    words = difference_words(state.difference_fen, texts)
    is_short = len(state.remark) <= REASON_IN_BAND_MAX
    if state.remark and is_short:
        words = texts.say("cash.slip.with_reason", difference=words, reason=state.remark)
    below = () if is_short else (Note(texts.say("cash.slip.reason", reason=state.remark)),)
    return (
        *(Line(figure.label, money(figure.amount)) for figure in drawer_figures(sheet, texts)),
        *_hand_overs(sheet, texts),
        _strong(texts.say("cash.slip.expected"), state.expected_fen),
        _strong(texts.say("cash.slip.counted"), state.counted_fen),
        *((Inverse(words),) if state.difference_fen else (Line(words, bold=True),)),
        *below,
    )


def _hand_overs(sheet: Sheet, texts: Texts) -> tuple[Block, ...]:
    """Say when the drawer changed hands within the shift, and what was found then."""
    return tuple(
        Note(
            texts.say(
                "cash.slip.handed_at",
                time=local_time(over.at),
                difference=difference_words(over.difference_fen, texts),
                reason=over.remark,
            ).rstrip(),
            indent=INDENT,
        )
        for over in sheet.state.hand_overs
        if over.at <= sheet.at
    )


def _aside(books: Books, names: Names, texts: Texts) -> tuple[Block, ...]:
    """What others owe the station is shown and never counted as money; so is what was overpaid."""
    lines: list[Block] = []
    if books.villagers_owe_fen:
        lines.append(Line(texts.say("cash.slip.villagers_owe"), money(books.villagers_owe_fen)))
    if books.claims_fen:
        lines.append(Line(texts.say("cash.slip.claims"), money(books.claims_fen)))
    for standing in books.overdrawn:
        kind, owner = purse_of(standing.account) or ("Other", "")
        purse = purse_label(Purse(kind, owner, standing.amount), names, texts)
        words = texts.say("cash.slip.overdrawn", purse=purse)
        lines.append(Line(words, money(standing.amount)))
    return (Rule("thin"), *lines) if lines else ()


def _counts(sheet: Sheet, texts: Texts) -> tuple[Block, ...]:
    moved = sheet.movements
    say = texts.say
    opened = Line(say("cash.slip.drawer_opened"), say("cash.slip.times", count=moved.opened))
    goods = (("sold", moved.sold, moved.sold_fen), ("back", moved.taken_back, moved.taken_back_fen))
    alone = Line(say("cash.slip.alone"), say("cash.slip.acts", count=moved.alone))
    return (
        Gap(),
        Line(
            say("cash.slip.in_and_out"),
            say("cash.slip.pieces_in_and_out", came=moved.shelved, went=moved.handed_over),
        ),
        Line(say("cash.slip.returned"), say("cash.slip.pieces", count=moved.returned)),
        *_orders_and_growers(moved, texts),
        *(
            Line(say(f"cash.slip.goods.{key}", count=count), money(fen))
            for key, count, fen in goods
            if count
        ),
        *((opened,) if moved.opened else ()),
        *((alone,) if moved.alone else ()),
        Line(
            say("cash.slip.undone"),
            say("cash.slip.undone_and_corrected", undone=moved.reversals, righted=moved.corrected),
        ),
    )


def _orders_and_growers(moved: Movements, texts: Texts) -> tuple[Block, ...]:
    """Say how many orders and lots there were, and what growers' goods brought and growers got."""
    say = texts.say
    lines: list[Block] = []
    if moved.ordered or moved.arrived:
        words = say("cash.slip.orders", placed=moved.ordered, came=moved.arrived)
        lines.append(Line(say("cash.slip.placed_and_came"), words))
    if moved.lots or moved.consigned_fen:
        sold = money(moved.consigned_fen)
        words = say("cash.slip.lots_and_sold", count=moved.lots, amount=sold)
        lines.append(Line(say("cash.slip.taken_in_and_sold"), words))
    if moved.growers_paid:
        lines.append(Line(say("cash.slip.growers_paid"), money(moved.growers_paid_fen)))
    return tuple(lines)


def _proof(sheet: Sheet, texts: Texts) -> tuple[Block, ...]:
    """Which facts are in it, by number, and what proves them."""
    say, day = texts.say, sheet.state.day
    seen = [
        Note(
            say(
                "cash.slip.seen",
                device=other.device.lstrip("D"),
                when=_moment(other.at, day),
            )
        )
        for other in sheet.seen
    ]
    return (
        Rule(),
        _small(say("cash.slip.done"), say("cash.slip.acts", count=sheet.movements.acts)),
        _small(say("cash.slip.numbers"), f"{sheet.first}–{sheet.last}"),
        _small(say("cash.slip.check"), check_words(sheet.tail)),
        *seen,
    )


def check_words(tail: str) -> str:
    """Return the beginning of a fact's identity as it is read out: "7f3a 91c2 0d44"."""
    return " ".join(tail[start : start + 4] for start in range(0, 4 * CHECK_GROUPS, 4))


def _moment(at: int, day: str) -> str:
    there = local_day(at)
    return local_time(at) if there == day else say_moment(at, there, day)


def _signatures(texts: Texts) -> tuple[Block, ...]:
    return (Signature((texts.say("cash.slip.handing"), texts.say("cash.slip.taking"))),)


def _strong(label: str, amount_fen: int) -> Line:
    return Line(label, money(amount_fen), size=HEAD_SIZE, bold=True)


def _all_fine(figures: tuple[Figure, ...]) -> list[Block]:
    return [_fine(figure.label, figure.amount) for figure in figures]


def _fine(label: str, amount_fen: int) -> Line:
    return Line(label, money(amount_fen), indent=INDENT)


def _small(label: str, words: str) -> Line:
    return Line(label, words, size=24)
