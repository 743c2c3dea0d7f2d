"""What the counter learns of people while it handles their parcels: a new villager, a consent."""

from collections.abc import Callable
from dataclasses import replace

from station_app.services.parcels.entering import Candidate, Entry
from station_app.services.people.commands import Details, RecordConsent, RegisterPerson
from station_app.shell.desk import Done
from station_app.shell.page import Page
from station_app.values.refusal import Refusal
from station_app.values.spelling import spell

TAIL_DIGITS = 4


def register_person(
    page: Page, entry: Entry, *, done: Callable[[Candidate], None], refused: Callable[[str], None]
) -> None:
    """Take whoever is being typed into the register; `refused` gets the sentence of a no."""
    spelled = spell(entry.name)
    details = Details(
        name=entry.name, phone=entry.phone, pinyin=spelled.pinyin, initials=spelled.initials
    )

    def registered(outcome: Done) -> None:
        person = outcome.told[0].subject
        page.tell_done(page.say("parcels.intake.registered", name=entry.name), outcome)
        done(Candidate(person, entry.name, entry.phone[-TAIL_DIGITS:], consent="unknown"))

    def not_registered(refusal: Refusal) -> None:
        refused(page.say(refusal.text_key, **refusal.slots))

    page.perform(RegisterPerson(details=details), done=registered, refused=not_registered)


def record_consent(page: Page, chosen: Candidate, *, done: Callable[[Candidate], None]) -> None:
    """Write down that she was asked, and agrees that parcels are left here."""

    def recorded(_outcome: Done) -> None:
        page.counter.sounds.play("ok")
        done(replace(chosen, consent="yes"))

    command = RecordConsent(person=chosen.person, matter="leave_at_station", answer="yes")
    page.perform(command, done=recorded)
