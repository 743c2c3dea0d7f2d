"""What a villager's telephone gives to paste: a link, a 口令, or words around both.

Every platform has its own way of sharing. Whatever is recognised fills a field; nothing is thrown
away: `remark` is the whole text as it came, so the county's purchaser reads what the villager sent.
A 口令 is the code between two equal money signs that the platform's own program understands.
"""

import re
import unicodedata
from dataclasses import dataclass

PASTED_MAX = 2_000  # characters kept; what a telephone shares has a few hundred
TITLE_MAX = 60
LINKS_MAX = 3
TAOBAO, TMALL, JD, PDD = "taobao", "tmall", "jd", "pdd"
SUNING, DOUYIN, KUAISHOU, VIP, ALIBABA = "suning", "douyin", "kuaishou", "vip", "1688"
PLATFORMS = (TAOBAO, TMALL, JD, PDD, SUNING, DOUYIN, KUAISHOU, VIP, ALIBABA)

# The domain of a link says where it leads, also of the short ones that each platform hands out.
_DOMAINS = (
    (TMALL, ("tmall.com", "tmall.hk")),
    (TAOBAO, ("taobao.com", "tb.cn")),
    (JD, ("jd.com", "jd.hk", "3.cn")),
    (PDD, ("yangkeduo.com", "pinduoduo.com", "pdd.net")),
    (SUNING, ("suning.com", "suning.cn")),
    (DOUYIN, ("douyin.com", "iesdouyin.com", "jinritemai.com")),
    (KUAISHOU, ("kuaishou.com", "kwaixiaodian.com", "chenzhongtech.com")),
    (VIP, ("vip.com",)),
    (ALIBABA, ("1688.com",)),
)
# Words by which a text without a link still says whose it is, the narrower one first.
_WORDS = (
    (TMALL, ("天猫", "猫超")),
    (TAOBAO, ("淘宝", "手淘", "淘口令")),
    (JD, ("京东", "京口令")),
    (PDD, ("拼多多",)),
    (SUNING, ("苏宁",)),
    (DOUYIN, ("抖音", "抖口令")),
    (KUAISHOU, ("快手",)),
    (VIP, ("唯品会",)),
    (ALIBABA, ("1688",)),
)
_LINK = re.compile(r"https?://[0-9A-Za-z.\-]+(?:/[!-~]*)?", re.IGNORECASE)
_LINK_ENDS = ".,;:!?)]}>\"'"
# Signs of money before and behind a code; by number, since no font of ours draws all of them.
_SIGNS = r"￥¥$\u20a4\u20ac\u20b3\u20b4\u20b0\u20b5\u00a2"
_CODE = re.compile(rf"([{_SIGNS}《])([0-9A-Za-z]{{6,20}})([{_SIGNS}》])")
_JD_CODE = re.compile(r"[（(]([0-9A-Za-z]{8,20})[)）]")
_BRACKETS = re.compile(r"【([^】]{1,120})】|「([^」]{1,120})」")
_PLAIN = re.compile(r"[^\W\d_]", re.UNICODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What a text says. platform: one of PLATFORMS, "" when it does not say.

    links: addresses in it, the first counts; code: a 口令 as its platform reads it, with its
    signs; title: what the goods are called; remark: the whole text.
    """

    platform: str = ""
    links: tuple[str, ...] = ()
    code: str = ""
    title: str = ""
    remark: str = ""

    @property
    def link(self) -> str:
        """Return by what the purchaser finds it: the links, else the 口令."""
        return " ".join(self.links) or self.code

    @property
    def is_found(self) -> bool:
        """Tell whether it holds anything that leads to goods."""
        return bool(self.links or self.code)


def read_pasted(text: str) -> Pasted:
    """Read what was pasted; what is not understood stays whole as the remark."""
    whole = "".join(sign for sign in text.strip() if sign == "\n" or sign.isprintable())
    whole = whole[:PASTED_MAX]
    links = _links(whole)
    bare = _LINK.sub(" ", whole)
    code = _code_of(bare)
    platform = _platform(links, bare)
    title = _title(bare)
    return Pasted(platform=platform, links=links, code=code, title=title, remark=whole)


def _links(text: str) -> tuple[str, ...]:
    found = [match.group().rstrip(_LINK_ENDS) for match in _LINK.finditer(text)]
    return tuple(dict.fromkeys(found))[:LINKS_MAX]


def _code_of(text: str) -> str:
    for match in _CODE.finditer(text):
        first, code, last = match.groups()
        signs = unicodedata.normalize("NFKC", first), unicodedata.normalize("NFKC", last)
        if (signs[0] == signs[1] or signs == ("《", "》")) and not code.isdigit():
            return f"{first}{code}{last}"
    match_jd = _JD_CODE.search(text) if "京" in text else None
    return str(match_jd.group()) if match_jd else ""


def _platform(links: tuple[str, ...], text: str) -> str:
    for link in links:
        host = link.split("/")[2].lower()
        for platform, domains in _DOMAINS:
            if any(host == domain or host.endswith("." + domain) for domain in domains):
                return _narrowed(platform, text)
    for platform, words in _WORDS:
        if any(word in text for word in words):
            return platform
    return TAOBAO if _CODE.search(text) else ""


def _narrowed(platform: str, text: str) -> str:
    """Return Tmall for a short link of Taobao whose words say so: both share their links."""
    is_tmall = any(word in text for word in dict(_WORDS)[TMALL])
    return TMALL if platform == TAOBAO and is_tmall else platform


def _title(text: str) -> str:
    """Return what stands between brackets, save the name of the platform itself.

    Taobao puts its name into 【】 and the goods into 「」; others put the goods into 【】.
    """
    names = {word for _, words in _WORDS for word in words}
    corner: list[str] = [two for _, two in _BRACKETS.findall(text) if two]
    square: list[str] = [one for one, _ in _BRACKETS.findall(text) if one]
    for title in (*corner, *square):
        bare = title.strip()
        if bare and bare not in names and _PLAIN.search(bare):
            return bare[:TITLE_MAX]
    return ""
