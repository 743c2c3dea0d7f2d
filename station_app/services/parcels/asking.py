"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.log import Connection
from station_app.services.parcels import proofs, rules, trouble, trouble_records
from station_app.services.parcels.commands import (
    ArrangeShelves,
    BringBack,
    CloseManifest,
    CompensateParcel,
    CountLayer,
    DeliverOnRun,
    FindParcel,
    ForwardParcel,
    HandOverParcels,
    KeepHandoverPhoto,
    KeepSignature,
    LoadVan,
    LoseParcel,
    MarkValuable,
    MoveParcel,
    PrintSlip,
    QueueMessages,
    ReassignParcel,
    ReceiveBag,
    ReleaseParcel,
    ReportDamage,
    ReturnParcels,
    SendToVillage,
    ShelveParcel,
    TakeEndingBack,
    TakeOnRun,
    TakeShelvingBack,
    TellReceiver,
)
from station_app.services.parcels.counting import count_layer, find, lose
from station_app.services.parcels.counting_records import CountingGatherer
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.load_records import LoadDesk
from station_app.services.parcels.loading import load_van, send_to_village
from station_app.services.parcels.manifest_records import ManifestDesk
from station_app.services.parcels.manifests import close_manifest, receive_bag
from station_app.services.parcels.message_records import MessageDesk
from station_app.services.parcels.messages import queue_messages
from station_app.services.parcels.notice_papers import NoticeMaker
from station_app.services.parcels.papers import PaperMaker
from station_app.services.parcels.runs import bring_back, deliver, take_on_run
from station_app.services.parcels.shelves import arrange_shelves
from station_app.services.parcels.taking_back import take_ending_back, take_shelving_back
from station_app.shell.desk import Rule
from station_app.values.now import Now
from station_app.values.texts import Texts


def desk_rules(gatherer: Gatherer, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of parcels, with the papers that they print."""
    papers = PaperMaker(gatherer, texts)
    counting = CountingGatherer(gatherer)
    manifests = ManifestDesk(gatherer, texts)
    return (
        Rule(ShelveParcel, gatherer.shelving, rules.shelve, papers.labels),
        Rule(ReassignParcel, gatherer.reassigning, rules.reassign, papers.labels),
        Rule(MoveParcel, gatherer.moving, rules.move, papers.labels),
        Rule(KeepSignature, _nothing_to_see, proofs.keep_signature),
        Rule(KeepHandoverPhoto, _nothing_to_see, proofs.keep_photo),
        Rule(TellReceiver, gatherer.chosen, rules.tell_receiver),
        Rule(QueueMessages, MessageDesk(gatherer).queuing, queue_messages),
        Rule(HandOverParcels, gatherer.handing_over, rules.hand_over),
        Rule(PrintSlip, _nothing_to_see, _nothing_to_say, papers.slip),
        Rule(TakeEndingBack, gatherer.taking_back, take_ending_back),
        Rule(TakeShelvingBack, gatherer.unshelving, take_shelving_back),
        Rule(ReturnParcels, gatherer.chosen, rules.give_back),
        Rule(ArrangeShelves, gatherer.room, arrange_shelves),
        Rule(CountLayer, counting.counting, count_layer),
        Rule(LoseParcel, counting.losing, lose),
        Rule(FindParcel, counting.finding, find, papers.labels),
        Rule(TakeOnRun, gatherer.leaving_on_run, take_on_run, NoticeMaker(gatherer, texts).run),
        Rule(DeliverOnRun, gatherer.at_door, deliver),
        Rule(BringBack, gatherer.on_run, bring_back),
        Rule(ReceiveBag, manifests.receiving, receive_bag),
        Rule(CloseManifest, manifests.closing, close_manifest, manifests.papers),
        Rule(LoadVan, LoadDesk(gatherer).loading, load_van, manifests.papers),
        Rule(SendToVillage, LoadDesk(gatherer).sending, send_to_village, manifests.papers),
        Rule(ReportDamage, trouble_records.parcel, trouble.report_damage),
        Rule(MarkValuable, trouble_records.parcel, trouble.mark_valuable),
        Rule(ForwardParcel, trouble_records.forwarding, trouble.forward),
        Rule(CompensateParcel, trouble_records.parcel, trouble.compensate),
        Rule(ReleaseParcel, trouble_records.parcel, trouble.release),
    )


def _nothing_to_see(
    _connection: Connection, _command: PrintSlip | KeepSignature | KeepHandoverPhoto, _now: Now
) -> None:
    return None


def _nothing_to_say(_state: None, _command: PrintSlip, _now: Now) -> Sequence[Saying]:
    return ()
