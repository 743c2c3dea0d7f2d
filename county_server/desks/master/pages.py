"""The page of master data: what holds, a sheet or one row brought in, its faults, two who publish.

A sheet with one bad row publishes nothing: every bad place is named by line and column. Who brings
it in and who confirms are two accounts; the stations hear of it with both codes.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection
from starlette.responses import Response

from county_server.contract_sheet import CONTRACTS
from county_server.desks.desk import TOGETHER, Desk, go, status_of
from county_server.desks.master import drafts, history, mending, rises
from county_server.desks.master.drafts import SHEETS, Draft
from county_server.desks.pen import Refused, mark_of
from county_server.desks.photos import drawn
from county_server.goods_sheets import code_of
from county_server.master import Plan, Problems, carry_out
from county_server.master_import import known_at
from county_server.scribe import EVERYBODY, Scribe
from county_server.sheets import FEN
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.web.frame import NOT_KEPT, Ask, Endpoint
from county_server.web.second import second_person
from station_app.journal.fact import Saying
from station_app.reference.facts import BillerPublished, GoodsPublished, ProductPublished
from station_app.values.cells import cell_text
from station_app.values.day import local_day
from station_app.values.money import parse_yuan

SHEET_BYTES_MAX = 4 * 1024 * 1024  # twenty thousand goods are two of them
LISTED_MAX = 300
CELL = "cell_"  # begins the name of a field: its line and column follow
YUAN = "yuan_"  # the same, typed in yuan where the sheet has fen


@dataclass(frozen=True, slots=True)
class Edit:
    """A field beside a change: how it is called in the form, and what stands in it."""

    name: str
    value: str
    is_money: bool


class Master:
    """The page and its acts."""

    def __init__(self, desk: Desk) -> None:
        """Publish for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and its acts."""
        page, look, do = roles.MASTER, roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/master", page, look, self.listing),
            Endpoint("POST", "/master/sheet", page, do, self.bring, SHEET_BYTES_MAX),
            Endpoint("POST", "/master/row", page, do, self.row),
            Endpoint("POST", "/master/publish", page, do, self.publish),
            Endpoint("POST", "/master/drop", page, do, self.drop),
            Endpoint("POST", "/master/good", page, do, self.keep_good),
            Endpoint("POST", "/master/cells", page, do, self.mend),
            Endpoint("GET", "/master/bad", page, look, self.bad_rows),
            Endpoint("GET", "/master/picture", page, look, self.show_picture),
            Endpoint("POST", "/master/picture", page, do, self.picture, SHEET_BYTES_MAX),
        ]

    def listing(self, ask: Ask, trouble: str = "", status: int = 200) -> Response:
        """Show what holds of a sheet, and its draft with what it would change."""
        county, sheet = self._desk.county, _sheet(ask)
        with self._desk.frame.read() as connection:
            known = known_at(county, connection)
            draft = drafts.find_draft(county.store, connection, sheet)
            last = self._desk.reach(connection, ask.now).last
            shown = history.versions(county.store, connection, drafts.KINDS[sheet].KIND, last)
            is_goods = sheet == SHEETS[0]
            code = ask.query.get("code", "")
            steps = history.price_steps(county.store, connection, code) if is_goods and code else []
        bodies = drafts.bodies_of(known, sheet)
        made = drafts.judge(draft, known, local_day(ask.now), county) if draft else None
        changes = drafts.changes(made, known) if isinstance(made, Plan) else []
        is_whole = len(changes) <= drafts.ROWS_MAX and ask.member.right(roles.MASTER) == roles.DO
        edits = self._edits(draft, changes) if is_whole else {}
        find, today = ask.query.get("find", "").strip(), local_day(ask.now)
        chosen = next((body for body in bodies if code_of(body)[1] == code), None)
        rows = [
            (code_of(body)[1], cells)
            for body in bodies
            if find in str(cells := drafts.cells_of(sheet, body, known)) or not find
        ]
        return self._desk.page(
            "master.html", ask, status, trouble=trouble, sheet=sheet, draft=draft,
            sheets=drafts.sheets_for(ask.member), has_versions=sheet != CONTRACTS,
            column_name=self._column_name,
            problems=self._bad_cells(draft, made) if isinstance(made, Problems) else [],
            edits=edits, edited=self._edited(edits),
            changes=changes[: drafts.ROWS_MAX], total=len(changes), rows=rows[:LISTED_MAX],
            beyond=max(0, len(rows) - LISTED_MAX), count=len(bodies), code=code, find=find,
            odd=sum(one.is_odd for one in changes), mark=_mark(draft),
            rises=[one.move for one in changes if one.needs_why], each_max=rises.EACH_MAX,
            why_max=rises.WHY_CHARACTERS_MAX,
            cells=drafts.cells_of(sheet, chosen, known), typed=dict(ask.form.fields),
            good=self._is_partly_good(draft, made),
            versions=shown[: history.VERSIONS_SHOWN], heard=sum(1 for at in last.values() if at),
            steps=steps[::-1], chart=history.chart_of(steps, today), today=today,
            chosen=chosen, picture=getattr(chosen, "picture", ""), is_goods=is_goods,
        )  # fmt: skip

    # --- Acts ------------------------------------------------------------------------------------

    def bring(self, ask: Ask) -> Response:
        """Keep a file as the draft of its sheet."""
        if not ask.form.file:
            return self._refuse(ask, Refused("master_no_file"))
        return self._keep(ask, ask.form.file)

    def row(self, ask: Ask) -> Response:
        """Keep one row that was typed as the draft of its sheet."""
        sheet = _sheet(ask)
        cells = {name: ask.form.get(name) for name in drafts.cells_of(sheet, None)}
        with self._desk.frame.read() as connection:
            bodies = drafts.bodies_of(known_at(self._desk.county, connection), sheet)
        code = next(iter(cells.values()), "")
        places = {code_of(b)[1]: b.place for b in bodies if isinstance(b, BillerPublished)}
        place = places.get(code, max(places.values(), default=0) + 1)
        return self._keep(ask, drafts.sheet_of(cells, place=place))

    def _keep(self, ask: Ask, content: bytes) -> Response:
        store, sheet = self._desk.county.store, _sheet(ask)
        with store.write() as connection:
            drafts.keep_draft(store, connection, Draft(sheet, content, ask.member.code, ask.now))
        return go(f"/master?sheet={sheet}")

    def drop(self, ask: Ask) -> Response:
        """Forget a draft."""
        store, sheet = self._desk.county.store, _sheet(ask)
        with store.write() as connection:
            drafts.drop_draft(store, connection, sheet)
        return go(f"/master?sheet={sheet}", "master_dropped")

    def keep_good(self, ask: Ask) -> Response:
        """Go on with the rows of a draft in which nothing is wrong."""
        county, sheet = self._desk.county, _sheet(ask)
        with county.store.write() as connection:
            draft = drafts.find_draft(county.store, connection, sheet)
            if draft is not None:
                known = known_at(county, connection)
                made = drafts.judge(draft, known, local_day(ask.now), county)
                if isinstance(made, Problems) and mending.is_partly_good(draft, made):
                    content = mending.without_bad(draft, made)
                    kept = Draft(sheet, content, ask.member.code, ask.now)
                    drafts.keep_draft(county.store, connection, kept)
        return go(f"/master?sheet={sheet}")

    def mend(self, ask: Ask) -> Response:
        """Put the cells right that were typed anew; what is still wrong is shown again."""
        county, sheet = self._desk.county, _sheet(ask)
        typed: dict[tuple[int, str], str] = {}
        for name, words in ask.form.fields.items():
            first = next((one for one in (CELL, YUAN) if name.startswith(one)), "")
            line, _, column = name.removeprefix(first).partition("_")
            if first and line.isdecimal():
                fen = parse_yuan(words) if first == YUAN else None
                typed[int(line), column] = words if fen is None else str(int(fen))
        try:
            with county.store.write() as connection:
                draft = drafts.find_draft(county.store, connection, sheet)
                if draft is None or _mark(draft) != ask.form.get("mark"):
                    raise Refused("stale")
                content = mending.with_cells(draft, typed)
                kept = Draft(sheet, content, ask.member.code, ask.now)
                drafts.keep_draft(county.store, connection, kept)
        except Refused as refused:
            return self._refuse(ask, refused)
        return go(f"/master?sheet={sheet}", "master_mended")

    def bad_rows(self, ask: Ask) -> Response:
        """Send the bad rows of a draft as a sheet, with what is wrong behind each."""
        county, sheet = self._desk.county, _sheet(ask)
        with self._desk.frame.read() as connection:
            draft = drafts.find_draft(county.store, connection, sheet)
            known = known_at(county, connection)
        made = drafts.judge(draft, known, local_day(ask.now), county) if draft else None
        if draft is None or not isinstance(made, Problems) or not self._is_partly_good(draft, made):
            return Response(status_code=404, headers=NOT_KEPT)
        head = self._desk.frame.texts.say("county.master.wrong")
        content = mending.bad_rows(draft, made, self._says(made), head)
        told = {"Content-Disposition": f'attachment; filename="bad-{sheet}"'}
        return Response(content, media_type="text/csv", headers=NOT_KEPT | told)

    def _bad_cells(self, draft: Draft | None, made: Problems) -> list[mending.BadCell]:
        return mending.bad_cells(draft, made, self._desk.frame.texts) if draft else []

    def _edited(self, edits: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Return the columns in which something may be typed, with what they are called."""
        words = self._desk.frame.texts
        columns = dict.fromkeys(column for _, column in edits)
        names = {one: "new_price" if FEN in one else f"column_{one}" for one in columns}
        return {one: words.say(f"county.master.{name}") for one, name in names.items()}

    def _column_name(self, column: str) -> str:
        """Return what a column is called, with its head in the sheet; "—" for none."""
        key, texts = f"county.master.column_{column}", self._desk.frame.texts
        if not column:
            return "—"
        return f"{texts.say(key)} {column}" if texts.has(key) else column

    def _edits(
        self, draft: Draft | None, changes: Sequence[drafts.Change]
    ) -> dict[tuple[str, str], Edit]:
        """Return what may be typed anew beside each change: its price, and its day."""
        if draft is None or not changes:
            return {}
        lines = mending.lines_by_code(draft, drafts.KEYS.get(draft.sheet, ()))
        heads = mending.heads(draft)
        found = {}
        for one in (one for one in changes if one.code in lines):
            for column, value in one.cells:
                if column in heads:
                    is_money = FEN in column
                    name = f"{YUAN if is_money else CELL}{lines[one.code]}_{column}"
                    found[one.code, column] = Edit(name, value, is_money)
        return found

    def _is_partly_good(self, draft: Draft | None, made: Plan | Problems | None) -> bool:
        if draft is None or not isinstance(made, Problems):
            return False
        return mending.is_partly_good(draft, made)

    def _says(self, made: Problems) -> list[str]:
        return made.lines(self._desk.frame.texts)

    def picture(self, ask: Ask) -> Response:
        """Let goods have a small picture from now on; nothing else of them changes."""
        from station_app.security.pictures import thumbnail

        county, code = self._desk.county, ask.form.get("code")
        try:
            if not ask.form.file:
                raise Refused("master_no_file")
            content = base64.b64encode(thumbnail(drawn(ask.form.file))).decode("ascii")
            with county.store.write() as connection:
                said = known_at(county, connection).goods.get((ProductPublished.KIND, code))
                if said is None:
                    raise Refused("master_no_goods")
                now = {"day": local_day(ask.now), "picture": content}
                body = GoodsPublished(**{**msgspec.structs.asdict(said), **now})
                scribe = Scribe(county.store, connection, county.keys, county.chance)
                scribe.say(EVERYBODY, [Saying(body)], by=ask.member.code, at=ask.now)
                scribe.seal()
        except Refused as refused:
            return self._refuse(ask, refused)
        return go(f"/master?code={code}", "master_pictured")

    def show_picture(self, ask: Ask) -> Response:
        """Send the small picture of goods."""
        county, code = self._desk.county, ask.query.get("code", "")
        with self._desk.frame.read() as connection:
            said = known_at(county, connection).goods.get((ProductPublished.KIND, code))
        content = base64.b64decode(getattr(said, "picture", ""))
        if not content:
            return Response(status_code=404, headers=NOT_KEPT)
        return Response(content, media_type="image/jpeg", headers=NOT_KEPT)

    def publish(self, ask: Ask) -> Response:
        """Say what a draft says to all stations, when a second person confirms it."""
        county, sheet = self._desk.county, _sheet(ask)
        try:
            page = roles.CONTRACTS if sheet == CONTRACTS else roles.MASTER
            second = second_person(self._desk.frame, ask, page)
            by = f"{ask.member.code}{TOGETHER}{second.code}"
            with county.store.write() as connection:
                draft = drafts.find_draft(county.store, connection, sheet)
                if draft is None or _mark(draft) != ask.form.get("mark"):
                    raise Refused("stale")
                known = known_at(county, connection)
                made = drafts.judge(draft, known, local_day(ask.now), county)
                if isinstance(made, Problems):
                    raise Refused("master_faults", count=len(made.found))
                whole = len(made.steps)
                if len(made.steps) <= drafts.ROWS_MAX:  # each stands on the page with its tick
                    made = drafts.chosen(made, ask.form.ticked("row"))
                if not made.steps:
                    raise Refused("master_no_rows")
                self._say_why(ask, rises.rises(made, known), second.code, connection)
                scribe = Scribe(county.store, connection, county.keys, county.chance)

                def say(stream: str, sayings: Sequence[Saying]) -> list[str]:
                    audience = stream.rpartition("/")[2]
                    facts = scribe.say(audience, sayings, by=by, at=ask.now)
                    return [fact.identity for fact in facts]

                carry_out(made, say)
                scribe.seal()
                if len(made.steps) == whole:
                    drafts.drop_draft(county.store, connection, sheet)
        except Refused as refused:
            return self._refuse(ask, refused)
        return go(f"/master?sheet={sheet}", "master_published")

    def _say_why(
        self, ask: Ask, found: Sequence[rises.Move], second: str, connection: Connection
    ) -> None:
        """Write down why prices rise that two people publish; raises Refused where nobody said."""
        said = rises.reasons(found, ask.form)
        for one in found:
            if not said[one.code]:
                raise Refused("master_why", name=one.name, percent=one.percent)
        book = StaffBook(self._desk.county.store, connection)
        for one in found:
            told = cell_text(one.told(said[one.code]))
            book.made_dearer(second, by=ask.member.code, now=ask.now, what=told)

    def _refuse(self, ask: Ask, refused: Refused) -> Response:
        return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused))


def _sheet(ask: Ask) -> str:
    sheet = ask.form.get("sheet") or ask.query.get("sheet", "")
    return sheet if sheet in drafts.sheets_for(ask.member) else SHEETS[0]


def _mark(draft: Draft | None) -> str:
    return mark_of(draft.sheet, draft.content.hex(), draft.by, draft.at) if draft else ""
