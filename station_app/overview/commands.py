"""What can be asked across services: to close a case with a sentence."""

import msgspec


class CloseCase(msgspec.Struct, frozen=True, kw_only=True):
    """Close a case: somebody looked at these facts and says what they found.

    case: kind of the case; entity: what it is about; members: the identities that the operator
    saw; verdict: `settled` (nothing is left to do), `explained` (all of them are true) or
    one of the members: that side holds; remark: the reason in a sentence.
    """

    case: str
    entity: str
    members: tuple[str, ...]
    verdict: str
    remark: str
