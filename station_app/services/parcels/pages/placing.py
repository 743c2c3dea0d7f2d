"""The place of a parcel on the screen: its code, its label, and choosing another shelf.

The label shown is made of the very dots that the printer burns. Before a parcel is recorded it is
made of what is known so far; afterwards of what is on disk.
"""

from collections.abc import Sequence

from station_app.printing.document import Label
from station_app.reference import records as reference
from station_app.services.parcels import documents, records
from station_app.services.parcels.entering import Entry
from station_app.services.parcels.gathering import Proposal
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.intake_parts import PlacePanel
from station_app.services.parcels.places import Code, Layer, Room
from station_app.services.parcels.visits import Parcel
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import CHOICES_MAX, Choice
from station_app.values import spoken

NOT_YET = "0" * 64  # a parcel that is not recorded has no identity; its own code is not known


def read_out(code: Code) -> spoken.Phrase:
    """Return a code as the voice reads it out: a waybill's tail digit by digit."""
    tail = f"{code.number:04d}" if code.style == "waybill" else ""
    return spoken.shelved(code.shelf, code.layer, code.number, tail=tail)


class Placing:
    """Fills the place panel."""

    def __init__(self, panel: PlacePanel, outfit: Outfit, counter: Counter) -> None:
        """Show places on `panel`."""
        self._panel = panel
        self._outfit = outfit
        self._counter = counter
        self._room = Room(0, 0, 0)

    def next_free(self) -> str:
        """Return the code that a parcel of nobody in particular would get now, "" for none."""
        now = self._counter.desk.now()
        proposal = self._counter.desk.read(lambda c: self._outfit.entering.propose(c, Entry(), now))
        return str(proposal.code) if proposal.code else ""

    def show_entry(self, entry: Entry, proposal: Proposal) -> None:
        """Show where the parcel in hand would go, and the label that it would get."""
        self._room = proposal.room
        code = proposal.code
        if code is None:
            self._panel.show_place("—", self._counter.say("parcels.intake.no_place"), "", "")
            self._panel.preview.show_image(None)
            return
        left = self._counter.say("parcels.intake.left", count=proposal.left)
        self._panel.show_place(str(code), self._small(code), left, self._spoken(code))
        raster = self._outfit.preview(self._label(entry, code)) if entry.courier else None
        self._panel.preview.show_raster(raster)

    def show_stored(self, parcel: str) -> None:
        """Show the place and the label of a parcel that is recorded."""
        desk = self._counter.desk
        row = desk.read(lambda c: records.parcel_row(c, parcel))
        paper = desk.read(lambda c: self._outfit.papers.label(c, parcel))
        if row is None or paper is None:
            return
        self._panel.show_place(str(row.code), self._small(row.code), "", self._spoken(row.code))
        label = paper.document
        self._panel.preview.show_raster(
            self._outfit.preview(label) if isinstance(label, Label) else None
        )

    def show_nothing(self) -> None:
        """Show the next free place, and no label."""
        code = self.next_free()
        self._panel.show_place(code or "—", self._counter.say("parcels.intake.next_free"), "", "")
        self._panel.preview.show_image(None)

    def _small(self, code: Code) -> str:
        number = f"{code.number:04d}" if code.style == "waybill" else code.number
        return self._counter.say(
            f"parcels.intake.code_words_{code.style}",
            shelf=code.shelf,
            layer=code.layer,
            serial=number,
            digit=code.mark,
        )

    def _spoken(self, code: Code) -> str:
        layer = self._counter.say(f"parcels.spoken.{code.layer}")
        return self._counter.say(
            "parcels.intake.spoken", shelf=code.shelf, layer=layer, serial=code.number
        )

    def _label(self, entry: Entry, code: Code) -> Label:
        desk = self._counter.desk
        courier = desk.read(lambda c: reference.courier(c, entry.courier))
        parcel = Parcel(
            courier=entry.courier,
            waybill=entry.waybill,
            shelf=code.shelf,
            layer=code.layer,
            serial=code.serial,
            day_in=desk.now().day,
        )
        chosen = entry.chosen
        receiving = documents.Receiving(
            name=chosen.name if chosen else entry.name.strip(),
            tail=chosen.tail if chosen else entry.tail or entry.phone[-4:],
        )
        sticker = documents.Sticker(courier=courier.short_name if courier else entry.courier)
        return documents.label(NOT_YET, parcel, receiving, sticker, self._outfit.texts)

    # --- Choosing another place ------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for a layer at once where a digit each is enough, else for the shelf first."""
        now = self._counter.desk.now()
        self._room = self._counter.desk.read(
            lambda c: records.room(c, reference.station(c, now.station))
        )
        layers = self._room.all_layers()
        if len(layers) <= CHOICES_MAX:
            self._ask_layers(layers)
            return
        shelves = sorted({layer.shelf for layer in layers}, key=lambda name: (len(name), name))
        choices = [Choice(name, self._shelf_label(name)) for name in shelves[:CHOICES_MAX]]
        self._panel.ask(self._counter.say("parcels.intake.which_shelf"), choices)

    def choose(self, value: str) -> Layer | None:
        """Take a choice: a shelf asks for its layer, a layer is the answer."""
        shelf, _, layer = value.partition("/")
        if layer:
            self._panel.stop_asking()
            return Layer(shelf, int(layer))
        self._ask_layers([one for one in self._room.all_layers() if one.shelf == shelf])
        return None

    def is_full(self, layer: Layer) -> bool:
        """Tell whether a parcel more would crowd a layer."""
        return not self._room.left(layer)

    def _ask_layers(self, layers: Sequence[Layer]) -> None:
        choices = [
            Choice(f"{layer.shelf}/{layer.number}", self._layer_label(layer))
            for layer in layers[:CHOICES_MAX]
        ]
        self._panel.ask(self._counter.say("parcels.intake.which_layer"), choices)

    def _shelf_label(self, shelf: str) -> str:
        left = sum(self._room.left(one) for one in self._room.all_layers() if one.shelf == shelf)
        return self._counter.say("parcels.intake.shelf_left", shelf=shelf, count=left)

    def _layer_label(self, layer: Layer) -> str:
        left = self._room.left(layer)
        key = "layer_left" if left else "layer_full"
        return self._counter.say(
            f"parcels.intake.{key}", shelf=layer.shelf, layer=layer.number, count=left
        )
