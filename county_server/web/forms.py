"""Forms as they come in: small ones, and ones with a photo; nothing is read beyond its limit."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

FORM_BYTES_MAX = 64 * 1024  # a page of ticked lines with a remark
FORM_FIELDS_MAX = 400
PHOTO_BYTES_MAX = 6 * 1024 * 1024  # what a telephone makes of a slip
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class BadForm(ValueError):
    """This is no form of ours. The argument: `too_big` or `malformed`."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form: the last value of each name, all values, and the one file."""

    fields: dict[str, str] = field(default_factory=dict)
    every: tuple[tuple[str, str], ...] = ()
    file: bytes | None = None

    def get(self, name: str) -> str:
        """Return a field without blanks around it; "" when it is not there."""
        return self.fields.get(name, "").strip()

    def ticked(self, name: str) -> tuple[str, ...]:
        """Return all values of a name: the rows that were ticked."""
        return tuple(value for key, value in self.every if key == name)


async def read_form(request: Request, file_bytes_max: int = PHOTO_BYTES_MAX) -> Form:
    """Return the fields of a form, and its one file of at most so many bytes; raises BadForm."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == _MULTIPART:
            return await _read_multipart(request, file_bytes_max)
        if kind in (_URLENCODED, ""):
            return await _read_urlencoded(request)
    except (ClientDisconnect, ValueError, KeyError, MultiPartException) as problem:
        if isinstance(problem, BadForm):
            raise
        raise BadForm("malformed") from problem  # a decoding error is a ValueError
    raise BadForm("malformed")


async def _read_urlencoded(request: Request) -> Form:
    body = b""
    async for piece in _within(request, FORM_BYTES_MAX):
        body += piece
    pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX)
    return Form(dict(pairs), tuple(pairs))


async def _read_multipart(request: Request, file_bytes_max: int) -> Form:
    parser = MultiPartParser(
        request.headers,
        _within(request, file_bytes_max + FORM_BYTES_MAX),
        max_files=1,
        max_fields=FORM_FIELDS_MAX,
        max_part_size=FORM_BYTES_MAX,
    )
    data = await parser.parse()
    try:
        pairs = tuple((name, value) for name, value in data.multi_items() if isinstance(value, str))
        content: bytes | None = None
        for _, value in data.multi_items():
            if not isinstance(value, str):
                content = await value.read()
        return Form(dict(pairs), pairs, content or None)
    finally:
        await data.close()


async def _within(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """Yield the pieces of a body; raises BadForm as soon as there are too many of them."""
    came = 0
    async for piece in request.stream():
        came += len(piece)
        if came > limit:
            raise BadForm("too_big")
        yield piece
