"""What can be asked about inquiries: to answer one."""

import msgspec


class AnswerInquiry(msgspec.Struct, frozen=True, kw_only=True):
    """Answer what the county has asked. inquiry: identity of what asked."""

    inquiry: str
    words: str
