"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.services.people import (
    assist,
    assist_records,
    erasing_records,
    merging,
    records,
    rules,
)
from station_app.services.people.commands import (
    AmendPerson,
    ErasePerson,
    LimitCredit,
    MergePersons,
    ReadmitOperator,
    RecordAssist,
    RecordConsent,
    RegisterOperator,
    RegisterPerson,
    RemoveOperator,
    ShowId,
    TakeMergeBack,
)
from station_app.shell.desk import Rule
from station_app.values.clock import Chance

RULES: tuple[Rule[Any, Any], ...] = (
    Rule(RegisterPerson, records.gather_register, rules.register_person),
    Rule(AmendPerson, records.gather_person, rules.amend_person),
    Rule(RecordConsent, records.gather_person, rules.record_consent),
    Rule(LimitCredit, records.gather_person, rules.limit_credit),
    Rule(ShowId, records.gather_person, rules.show_id),
    Rule(RecordAssist, assist_records.gather_assist, assist.record_assist),
    Rule(MergePersons, records.gather_merging, merging.merge_persons),
    Rule(TakeMergeBack, records.gather_merge, merging.take_merge_back),
    Rule(RegisterOperator, records.gather_operators, rules.register_operator),
    Rule(RemoveOperator, records.gather_operators, rules.remove_operator),
    Rule(ReadmitOperator, records.gather_operators, rules.readmit_operator),
)


def desk_rules(chance: Chance) -> tuple[Rule[Any, Any], ...]:
    """Return all rules of this slice. chance: for the salt of an erasure's tags."""
    gather = erasing_records.gatherer(chance)
    return (*RULES, Rule(ErasePerson, gather, rules.erase_person))
