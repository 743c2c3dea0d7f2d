"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.journal.log import Connection
from station_app.services.inquiries.commands import AnswerInquiry
from station_app.services.inquiries.records import inquiry
from station_app.services.inquiries.rules import Inquiry, answer_inquiry
from station_app.shell.desk import Rule
from station_app.values.now import Now


def _asked(connection: Connection, command: AnswerInquiry, _now: Now) -> Inquiry | None:
    return inquiry(connection, command.inquiry)


RULES: tuple[Rule[Any, Any], ...] = (Rule(AnswerInquiry, _asked, answer_inquiry),)
