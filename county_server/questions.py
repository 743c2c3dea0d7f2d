"""What the county asks its database at every contact, written once.

Building a statement out of columns costs five times as long as asking it: a small push asks
forty. So the statements of the way in and out stand here with named parameters, made once for the
tables of a vocabulary, and are only filled in. What is asked rarely stays where it is asked.

Parameters: `at` the station under which something is kept, `here` that station and EVERYWHERE as a
list, `stream`, `named` one identity or key, `names` several of them.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, exists, func, or_, select, union_all, update

from county_server.schema import EVERYWHERE, Tables
from station_app.journal.rulings import REVOKED
from station_app.sync.segment import COUNTY

ERASED_FEW = 1_000
_FACT = "stream seq act at kind v entity by_ prev digest identity body private_digest".split()
_AT: Any = bindparam("at")
_STREAM: Any = bindparam("stream")
_NAMED: Any = bindparam("named")
_NAMES: Any = bindparam("names", expanding=True)
_HERE: Any = bindparam("here", expanding=True)


@cache
def questions(tables: Tables) -> "Questions":
    """Return the questions to these tables."""
    return Questions(tables)


def here(station: str) -> list[str]:
    """Return where that stands which a station may see: the parameter `here`."""
    return [station, EVERYWHERE]


def whole_facts(tables: Tables) -> Any:
    """Return the selection of facts with their private parts, in the order of `fact_of`."""
    facts, privates = tables.facts, tables.privates
    joined = facts.outerjoin(
        privates,
        and_(privates.c.station == facts.c.station, privates.c.identity == facts.c.identity),
    )
    return select(*(facts.c[name] for name in _FACT), privates.c.part).select_from(joined)


@cache
def without(table: Table) -> Any:
    """Return what removes the rows of these entities (`names`) of a station from a table."""
    return delete(table).where(table.c.station == _AT, table.c.entity.in_(_NAMES))


@dataclass(frozen=True, slots=True)
class Moving:
    """How postings of a stream go from one table to another. sums: by account, but `clearing`."""

    sums: Any
    add: Any
    drop: Any


@cache
def moving(table: Table, to: Table) -> Moving:
    """Return the statements that move postings between these tables."""
    c, between = table.c, _between(table)
    names = [column.name for column in table.columns]
    return Moving(
        select(c.account, c.commodity, func.sum(c.amount))
        .where(between, c.account.not_like(bindparam("clearing")))
        .group_by(c.account, c.commodity)
        .order_by(c.account, c.commodity),
        to.insert().from_select(names, select(table).where(between)),
        delete(table).where(between),
    )


def _between(table: Table) -> Any:
    c = table.c
    place = c.seq.between(bindparam("first"), bindparam("last"))
    return and_(c.station == _AT, c.stream == _STREAM, place)


class Questions:
    """Statements by name; each says which columns come back."""

    def __init__(self, tables: Tables) -> None:
        """Write them down."""
        self._streams(tables.streams)
        self._versions(tables.versions)
        self._facts(tables)
        self._feed(tables.feeds, tables.runs, tables.heads)
        self._folds(tables)
        self._devices(tables)
        self._rulings(tables)
        self._contacts(tables)

    def _streams(self, streams: Table) -> None:
        its = and_(streams.c.station == _AT, streams.c.stream == _STREAM)
        seen = streams.c.station.in_((_AT, EVERYWHERE))
        ends = select(streams.c.stream, streams.c.length, streams.c.head)
        # length, head; on PostgreSQL who writes locks the row to the commit
        self.head = select(streams.c.length, streams.c.head).where(its)
        self.head_to_move = self.head.with_for_update()
        self.tips = ends.where(seen, streams.c.is_tip == 1).order_by(streams.c.stream)
        self.missing = (
            select(streams.c.first_prev, streams.c.stream)  # what lacks, and who goes on from it
            .where(seen, streams.c.is_anchored == 0)
            .order_by(streams.c.first_prev)
        )
        # whether a stream goes on from the fact `named`
        self.is_continued = select(
            exists().where(streams.c.station == _AT, streams.c.first_prev == _NAMED)
        )
        # stream, the fact that it waits for
        self.waiting = select(streams.c.stream, streams.c.first_prev).where(
            streams.c.station == _AT, streams.c.is_anchored == 0
        )
        self.advance = (
            update(streams)  # no parameter of an update may be called as a column
            .where(streams.c.station == _AT, streams.c.stream == bindparam("moved"))
            .values(length=bindparam("to"), head=_NAMED, is_tip=bindparam("tip"))
        )
        self.all_heads = ends.where(streams.c.station == _AT).order_by(streams.c.stream)
        self.streams_here = select(streams.c.station, streams.c.stream).where(
            streams.c.station.in_(_HERE)
        )
        self.anchor = (
            update(streams)
            .where(streams.c.station == _AT, streams.c.stream == bindparam("moved"))
            .values(is_anchored=1)
        )
        self.begin = streams.insert()
        self.no_tip = (
            update(streams)
            .where(streams.c.station == _AT, streams.c.head == _NAMED)
            .values(is_tip=0)
        )

    def _versions(self, versions: Table) -> None:
        found = select(versions.c.stream, versions.c.line, versions.c.parent, versions.c.upto)
        self.versions = found.where(versions.c.station == _AT).order_by(versions.c.line)
        # line, parent, upto of the versions of a stream
        self.versions_of = (
            select(versions.c.line, versions.c.parent, versions.c.upto)
            .where(versions.c.station == _AT, versions.c.stream == _STREAM)
            .order_by(versions.c.line)
        )

    def _facts(self, tables: Tables) -> None:
        facts = tables.facts
        its = and_(facts.c.station == _AT, facts.c.stream == _STREAM)
        self.run = (
            whole_facts(tables)
            .where(its, facts.c.seq.between(bindparam("first"), bindparam("last")))
            .order_by(facts.c.seq)
        )
        self.identity_at = select(facts.c.identity).where(its, facts.c.seq == bindparam("seq"))
        self.act = select(facts.c.entity, facts.c.identity).where(its, facts.c.act == _NAMED)
        self.at_of = select(facts.c.at).where(its, facts.c.seq == bindparam("seq"))
        # kind, body
        self.of_kinds = select(facts.c.kind, facts.c.body).where(
            facts.c.station == _AT, facts.c.kind.in_(_NAMES)
        )
        # seq, the first characters of the identity
        self.tips_between = (
            select(facts.c.seq, func.substr(facts.c.identity, 1, bindparam("long")))
            .where(_between(facts))
            .order_by(facts.c.seq)
        )
        # seq, identity
        self.identities_at = select(facts.c.seq, facts.c.identity).where(
            its, facts.c.seq.in_(bindparam("seqs", expanding=True))
        )
        # identity, stream, seq
        self.places_of = select(facts.c.identity, facts.c.stream, facts.c.seq).where(
            facts.c.station.in_(_HERE), facts.c.identity.in_(_NAMES)
        )
        self.stream_of = select(facts.c.stream).where(
            facts.c.station.in_((_AT, EVERYWHERE)), facts.c.identity == _NAMED
        )
        # what came back without its private part
        self.bare = (
            select(tables.bare.c.identity)
            .where(tables.bare.c.station.in_((_AT, EVERYWHERE)))
            .order_by(tables.bare.c.identity)
        )
        # which of some facts have their private part here
        self.with_private = select(tables.privates.c.identity).where(
            tables.privates.c.station == _AT, tables.privates.c.identity.in_(_NAMES)
        )
        # stream and act of the word of the county with this beginning whose private part is here
        self.with_mark = (
            select(facts.c.stream, facts.c.act)
            .join(
                tables.privates,
                (tables.privates.c.station == facts.c.station)
                & (tables.privates.c.identity == facts.c.identity),
            )
            .where(facts.c.station.in_((_AT, EVERYWHERE)))
            .where(facts.c.identity.between(bindparam("first"), bindparam("last")))
        )
        self.act_ends = select(func.min(facts.c.seq), func.max(facts.c.seq)).where(
            facts.c.station == _AT, facts.c.stream == _STREAM, facts.c.act == _NAMED
        )
        # as many as are quicker compared here than asked for by name
        self.some_erased = (
            select(tables.erased.c.whose)
            .where(tables.erased.c.station.in_((_AT, EVERYWHERE)))
            .limit(ERASED_FEW)
        )
        self.erased = select(tables.erased.c.whose).where(
            tables.erased.c.station.in_(_HERE), tables.erased.c.whose.in_(_NAMES)
        )

    def _feed(self, feeds: Table, runs: Table, heads: Table) -> None:
        self.newest_run = select(feeds.c.newest).where(feeds.c.station == _AT)
        self.add_run = runs.insert()
        self.runs_after = (
            select(runs.c.feed, runs.c.stream, runs.c.first, runs.c.last)
            .where(runs.c.station == _AT, runs.c.feed > bindparam("feed"))
            .where(runs.c.author != bindparam("but"), runs.c.author != COUNTY)
            .order_by(runs.c.feed)
            .limit(bindparam("at_most"))
        )
        self.heads_after = (
            select(
                heads.c.stream, heads.c.to_seq, heads.c.identity, heads.c.key_id, heads.c.signature
            )
            .where(heads.c.station == _AT, heads.c.stream == _STREAM)
            .where(heads.c.to_seq > bindparam("seq"))
            .order_by(heads.c.to_seq)
        )

    def _folds(self, tables: Tables) -> None:
        founders, roots, states = tables.founders, tables.roots, tables.states
        folds, quarantine, reversals = tables.folds, tables.quarantine, tables.reversals
        self.founders = select(founders.c.natural_key, founders.c.identity).where(
            founders.c.station == _AT,
            founders.c.kind == bindparam("kind"),
            founders.c.natural_key.in_(_NAMES),
        )
        self.roots = select(roots.c.identity, roots.c.root).where(
            roots.c.station == _AT, roots.c.identity.in_(_NAMES)
        )
        # root, at, identity, the same identity if it is in quarantine
        self.filed = (
            select(folds.c.root, folds.c.at, folds.c.identity, quarantine.c.identity)
            .outerjoin(
                quarantine,
                (quarantine.c.station == folds.c.station)
                & (quarantine.c.identity == folds.c.identity),
            )
            .where(folds.c.station == _AT, folds.c.root.in_(_NAMES))
        )
        self.states = select(states.c.kind, states.c.entity, states.c.data).where(
            states.c.station == _AT, states.c.entity.in_(_NAMES)
        )
        self.add_case = tables.cases.insert()
        self.drop_states = delete(states).where(
            states.c.station == _AT,
            states.c.kind == bindparam("kind"),
            states.c.entity.in_(_NAMES),
        )
        # what stood under the entity `named` stands under another
        self.move_roots = (
            update(roots)
            .where(roots.c.station == bindparam("under"), roots.c.root == _NAMED)
            .values(root=bindparam("to"))
        )
        self.move_folds = (
            update(folds)
            .where(folds.c.station == bindparam("under"), folds.c.root == _NAMED)
            .values(root=bindparam("to"))
        )
        facts = tables.facts
        # the facts of the entity `named`, by (at, identity), in the order of `fact_of`
        self.filed_under = (
            whole_facts(tables)
            .join(
                folds,
                and_(folds.c.station == facts.c.station, folds.c.identity == facts.c.identity),
            )
            .where(folds.c.station == _AT, folds.c.root == _NAMED)
            .order_by(folds.c.at, folds.c.identity)
        )
        # entity, data of the states of the kind `named`
        self.states_of_kind = select(states.c.entity, states.c.data).where(
            states.c.station == _AT, states.c.kind == _NAMED
        )
        # how many facts of a station cannot be read
        self.quarantined = select(func.count()).select_from(quarantine)
        self.quarantined = self.quarantined.where(quarantine.c.station == _AT)
        self.reversed = select(reversals.c.act).where(
            reversals.c.station == _AT, reversals.c.stream == _STREAM
        )

    def _devices(self, tables: Tables) -> None:
        keys, nonces, settings = tables.keys, tables.nonces, tables.settings
        self.device_of = select(keys.c.station, keys.c.device, keys.c.public_key).where(
            keys.c.key_id == _NAMED
        )
        former, trusted = tables.former_keys, tables.trusted_keys
        self.former_device_of = select(
            former.c.station, former.c.device, former.c.public_key
        ).where(former.c.key_id == _NAMED)
        self.ring = union_all(
            select(keys.c.key_id, keys.c.device, keys.c.public_key).where(keys.c.station == _AT),
            select(former.c.key_id, former.c.device, former.c.public_key).where(
                former.c.station == _AT
            ),
        )
        # device and id of every key of a station that speaks no more
        self.former_keys = select(former.c.device, former.c.key_id).where(former.c.station == _AT)
        # which key of the county `named` (a PC or a code) believes
        self.trusted = select(trusted.c.key_id).where(
            trusted.c.station == _AT, trusted.c.holder == _NAMED
        )
        self.key_of_device = select(keys.c.public_key).where(
            keys.c.station == _AT, keys.c.device == _NAMED
        )
        self.nonce = select(nonces.c.counter).where(
            nonces.c.station == _AT,
            nonces.c.device == bindparam("device"),
            nonces.c.epoch == bindparam("epoch"),
        )
        self.setting = select(settings.c.value).where(settings.c.name == _NAMED)

    def _rulings(self, tables: Tables) -> None:
        rulings, kept_back = tables.rulings, tables.kept_back
        streams, facts, folds = tables.streams, tables.facts, tables.folds
        # what, name, seq, hash of the decisions about these PCs and streams
        self.rulings_about = select(
            rulings.c.what, rulings.c.name, rulings.c.seq, rulings.c.hash
        ).where(rulings.c.station == _AT, rulings.c.name.in_(_NAMES))
        # stream, reach
        self.kept_back = select(kept_back.c.stream, kept_back.c.reach).where(
            kept_back.c.station == _AT
        )
        self.count_whole = delete(kept_back).where(
            kept_back.c.station == _AT, kept_back.c.stream == _STREAM
        )
        # the streams of the PC `begins`, or the versions of a stream, besides `stream` itself
        self.lines_of = select(streams.c.stream).where(
            streams.c.station == _AT,
            or_(
                streams.c.stream == _STREAM,
                func.substr(streams.c.stream, 1, bindparam("long")) == bindparam("begins"),
            ),
        )
        between = _between(facts)
        its_fold = and_(folds.c.station == facts.c.station, folds.c.identity == facts.c.identity)
        # the entities of these facts; the seqs of those of one kind
        self.roots_between = (
            select(folds.c.root).join_from(facts, folds, its_fold).where(between).distinct()
        )
        self.seqs_between = select(facts.c.seq).where(between, facts.c.kind == bindparam("kind"))
        books, balances = tables.postings, tables.balances
        is_used = exists().where(
            books.c.station == _AT,
            books.c.account == bindparam("account"),
            books.c.commodity == bindparam("commodity"),
        )
        self.drop_unused_balance = delete(balances).where(
            balances.c.station == _AT,
            balances.c.account == bindparam("account"),
            balances.c.commodity == bindparam("commodity"),
            balances.c.amount == 0,
            ~is_used,
        )
        # of each stream the last decision about the PC `named`, whose streams begin so
        its = func.substr(rulings.c.name, 1, bindparam("long")) == bindparam("begins")
        self.last_words = (
            select(facts.c.stream, func.max(facts.c.seq))
            .where(facts.c.station == rulings.c.station, facts.c.identity == rulings.c.identity)
            .where(rulings.c.station == _AT, or_(rulings.c.name == _NAMED, its))
            .group_by(facts.c.stream)
            .order_by(facts.c.stream)
        )
        # of a PC by its name, a row if it was cut off
        self.cut_off = select(rulings.c.name).where(
            rulings.c.station == _AT, rulings.c.what == REVOKED, rulings.c.name == _NAMED
        )

    def _contacts(self, tables: Tables) -> None:
        buckets, contacts, unfolded = tables.buckets, tables.contacts, tables.unfolded
        # facts left, at
        self.bucket = select(buckets.c.facts, buckets.c.at).where(
            buckets.c.station == _AT, buckets.c.device == _NAMED
        )
        # device, at, waiting of the PCs of a station
        self.contacts = (
            select(contacts.c.device, contacts.c.at, contacts.c.waiting)
            .where(contacts.c.station == _AT)
            .order_by(contacts.c.device)
        )
        # the stations of which something is not folded yet; stream, first of one of them
        self.unfolded = select(unfolded.c.station).distinct().order_by(unfolded.c.station)
        # identity, stream, seq of the loads that no village was told of
        untold = tables.untold_loads
        self.untold_loads = select(untold.c.identity, untold.c.stream, untold.c.seq).order_by(
            untold.c.station, untold.c.stream, untold.c.seq
        )
        self.unfolded_of = (
            select(unfolded.c.stream, unfolded.c.first)
            .where(unfolded.c.station == _AT)
            .order_by(unfolded.c.stream)
        )
