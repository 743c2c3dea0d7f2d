"""Every kind of fact that anybody in the product can say: the list of lists.

A new service adds its line here. The station folds with it, and the county decodes with the same
one, so neither can know a kind that the other does not.
"""

from station_app.journal.vocabulary import Vocabulary
from station_app.reference import facts as reference_facts
from station_app.reference import rules as reference_rules
from station_app.services.accounts import facts as accounts_facts
from station_app.services.accounts import rules as accounts
from station_app.services.bills import facts as bills_facts
from station_app.services.bills import rules as bills
from station_app.services.cash import facts as cash_facts
from station_app.services.cash import rules as cash
from station_app.services.clearing import books as clearing_books
from station_app.services.clearing import facts as clearing_facts
from station_app.services.clearing import statements as clearing_statements
from station_app.services.clearing import states as clearing
from station_app.services.consignment import facts as consignment_facts
from station_app.services.consignment import rules as consignment
from station_app.services.farm_pickups import rules as farm_pickups
from station_app.services.handing_on import rules as handing_on
from station_app.services.inquiries import facts as inquiries_facts
from station_app.services.inquiries import rules as inquiries
from station_app.services.opening import rules as opening
from station_app.services.parcels import facts as parcels_facts
from station_app.services.parcels import rules as parcels
from station_app.services.people import facts as people_facts
from station_app.services.people import rules as people
from station_app.services.pictures import rules as pictures
from station_app.services.purchasing import facts as purchasing_facts
from station_app.services.purchasing import rules as purchasing
from station_app.services.quality import facts as quality_facts
from station_app.services.quality import rules as quality
from station_app.services.sales import rules as sales
from station_app.services.sending import facts as sending_facts
from station_app.services.sending import rules as sending

VOCABULARY = Vocabulary(
    entities=(
        *reference_rules.ENTITIES,
        *people.ENTITIES,
        *parcels.ENTITIES,
        *sending.ENTITIES,
        *farm_pickups.ENTITIES,
        *handing_on.ENTITIES,
        *purchasing.ENTITIES,
        *consignment.ENTITIES,
        *quality.ENTITIES,
        *sales.ENTITIES,
        *bills.ENTITIES,
        *cash.ENTITIES,
        *opening.ENTITIES,
        *clearing.ENTITIES,
        *clearing_statements.ENTITIES,
        *accounts.ENTITIES,
        *pictures.ENTITIES,
        *inquiries.ENTITIES,
    ),
    postings={
        **parcels.POSTINGS,
        **sending.POSTINGS,
        **purchasing.POSTINGS,
        **consignment.POSTINGS,
        **sales.POSTINGS,
        **bills.POSTINGS,
        **cash.POSTINGS,
        **opening.POSTINGS,
        **clearing_books.POSTINGS,
        **accounts.POSTINGS,
    },
    from_county=(
        *reference_facts.FROM_COUNTY,
        *parcels_facts.FROM_COUNTY,
        *clearing_facts.FROM_COUNTY,
        *purchasing_facts.FROM_COUNTY,
        *consignment_facts.FROM_COUNTY,
        *quality_facts.FROM_COUNTY,
        *bills_facts.FROM_COUNTY,
        *accounts_facts.FROM_COUNTY,
        *sending_facts.FROM_COUNTY,
        *inquiries_facts.FROM_COUNTY,
    ),
    from_both=people_facts.FROM_BOTH,
)

PAYING = frozenset(
    {
        bills_facts.BillPaid.KIND,
        purchasing_facts.OrderAccepted.KIND,
        purchasing_facts.OrderBought.KIND,
        clearing_facts.CountyMoneySentDown.KIND,
        consignment_facts.LotCountySaleReturned.KIND,
        parcels_facts.MessageSent.KIND,
    }
)
"""Kinds by which the county takes money out or back, binds itself, or writes to villagers: after
its database was put back it says none to a station of which it lacks words of its own."""

CLOSING = frozenset({cash_facts.ShiftClosed.KIND})
"""Kinds that end a day at the counter: what nobody waits for then is spread over some minutes."""

ASKING = frozenset(
    {
        clearing_facts.RemittanceSent.KIND,
        bills_facts.BillTaken.KIND,
        purchasing_facts.OrderPlaced.KIND,
        purchasing_facts.OrderCancellationAsked.KIND,
        parcels_facts.MessageQueued.KIND,
        sending_facts.SendingAccepted.KIND,
    }
)
"""Kinds that ask others to act: held back for a minute before they leave; once they have been
offered they are not undone, only asked back."""
