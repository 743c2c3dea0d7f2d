"""Which column of a sheet is what: found by the words of its heading, in any order.

A heading may stand below a title, over two lines with merged cells, or miss altogether; then the
operator says which column is which. Columns that nobody asked for are left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from station_app.services.opening.sheets import Grid

PEOPLE = "people"
DEBTS = "debts"
PARCELS = "parcels"
KINDS = (PEOPLE, DEBTS, PARCELS)

LOOKED_AT = 10  # rows from the top in which a heading may stand
_SIGNS = str.maketrans("", "", " 　*＊:：()（）[]【】/、.。-_")

# Fields of each kind of sheet in the order of the screen, with the words that name them. The
# longest word that a heading holds decides, so that 收件人电话 is a phone and no name.
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    PEOPLE: {
        "name": ("姓名", "名字", "户主", "村民", "农户", "乡亲"),
        "phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "号码"),
        "hamlet": ("组", "村组", "小组", "村民小组", "生产队", "队", "自然村", "湾", "地址"),
        "household": ("户号", "户编号", "家庭编号", "家庭户号"),
        "id_number": ("身份证", "身份证号", "身份证号码", "证件号", "证件号码", "公民身份号码"),
        "nickname": ("小名", "外号", "别名", "称呼"),
        "remark": ("备注", "说明"),
    },
    DEBTS: {
        "kind": ("类别", "哪种钱", "种类", "事由", "款项", "项目", "往来", "性质"),
        "amount": ("金额", "钱数", "欠款", "余额", "多少钱", "元", "数额", "合计"),
        "name": ("姓名", "名字", "户主", "村民", "农户", "乡亲", "谁", "对方"),
        "phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "尾号", "号码"),
        "courier": ("快递", "快递公司", "快递员公司"),
        "remark": ("备注", "说明", "为了什么"),
    },
    PARCELS: {
        "waybill": ("运单号", "单号", "快递单号", "运单", "条码", "面单号"),
        "name": ("收件人", "姓名", "名字", "收货人"),
        "phone": ("手机", "手机号", "电话", "收件人电话", "收件人手机", "尾号", "手机尾号"),
        "courier": ("快递", "快递公司", "承运"),
        "cod": ("代收", "代收货款", "货款"),
        "freight": ("到付", "到付运费", "运费"),
        "day": ("到站日期", "到站", "入库日期", "日期", "到件日期"),
        "shelf": ("货架", "架", "位置", "架位"),
    },
}  # fmt: skip
NEEDED: Mapping[str, tuple[str, ...]] = {
    PEOPLE: ("name",),
    DEBTS: ("kind", "amount"),
    PARCELS: ("waybill", "phone"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column is what, and behind how many rows of the grid the list begins.

    columns: field to number of the column, from 0; heading: the words of each column, for the
    screen; is_found: whether a heading was recognised at all.
    """

    columns: Mapping[str, int]
    skip: int
    heading: tuple[str, ...] = ()
    is_found: bool = True

    def missing(self, kind: str) -> tuple[str, ...]:
        """Return the fields without which such a sheet cannot be read."""
        return tuple(field for field in NEEDED[kind] if field not in self.columns)


def find_layout(grid: Grid, kind: str) -> Layout:
    """Return which column is what; nothing is recognised when no row reads like a heading."""
    best: Layout | None = None
    rows = [cells for _, cells in grid.rows[:LOOKED_AT]]
    for first in range(len(rows)):
        for deep in (1, 2):
            heading = _joined(rows[first : first + deep], kind)
            found = _fields(heading, kind)
            if best is None or len(found) > len(best.columns):
                best = Layout(found, first + deep, heading)
    if best is None or not best.columns:
        width = max((len(cells) for cells in rows), default=0)
        return Layout({}, 0, ("",) * width, is_found=False)
    return best


def _joined(rows: Sequence[tuple[str, ...]], kind: str) -> tuple[str, ...]:
    """Return the words of one or two rows of heading, the lower one first where it says more."""
    width = max((len(cells) for cells in rows), default=0)
    words: list[str] = []
    for column in range(width):
        cells = [cells[column] for cells in rows if column < len(cells) and cells[column]]
        telling = [cell for cell in cells if field_of(cell, kind)]
        words.append((telling or cells or [""])[-1])
    return tuple(words)


def _fields(heading: Sequence[str], kind: str) -> dict[str, int]:
    """Return the column of each field; of two that read alike the first one is taken."""
    found: dict[str, int] = {}
    for column, words in enumerate(heading):
        field = field_of(words, kind)
        if field and field not in found:
            found[field] = column
    return found


def field_of(words: str, kind: str) -> str:
    """Return which field the words of a heading name, "" for none: the longest fit wins."""
    bare = words.translate(_SIGNS)
    if not bare or len(bare) > 12:
        return ""
    fits = [
        (bare == word, len(word), field)
        for field, names in WORDS[kind].items()
        for word in names
        if word in bare
    ]
    return max(fits)[2] if fits else ""


def assigned(layout: Layout, column: int, field: str) -> Layout:
    """Return the layout with one column named by the operator; "" takes its name away."""
    columns = {f: c for f, c in layout.columns.items() if c != column and f != field}
    if field:
        columns[field] = column
    return Layout(columns, layout.skip, layout.heading, layout.is_found)
