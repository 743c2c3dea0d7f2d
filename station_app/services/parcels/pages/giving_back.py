"""Returning parcels to the courier from the hand-over page: asked beforehand, with a reason."""

from station_app.services.parcels.commands import ReturnParcels
from station_app.services.parcels.handing import Item
from station_app.services.parcels.pages.handover_view import HandOverView
from station_app.shell.desk import Done
from station_app.shell.page import Action


class GivingBack:
    """Asks which parcels go back and why, then records it."""

    def __init__(self, view: HandOverView) -> None:
        """Ask on `view`."""
        self._view = view
        self._reason = ""
        self._items: tuple[Item, ...] = ()

    def ask(self) -> None:
        """Ask about the parcels that were scanned, else about the current one."""
        view = self._view
        scanned = tuple(item for item in view.handing.items if item.is_scanned)
        current = view.counted.table.current()
        self._items = scanned or tuple(
            item for item in view.handing.items if item.parcel == current
        )
        if not self._items:
            return
        self._reason = ""
        view.back.ask([str(item.row.code) for item in self._items], "")
        view.turn_to("back")

    def choose(self, reason: str) -> None:
        """Take the reason."""
        self._reason = reason
        self._view.touch_actions()

    def leave(self) -> None:
        """Go on serving; nothing goes back."""
        self._view.turn_to("serving")

    def actions(self) -> list[Action]:
        """Return what can be done while the question stands."""
        say = self._view.say
        return [
            Action(say("parcels.handover.keep"), "Esc", self.leave),
            Action(
                say("parcels.handover.back_primary", count=len(self._items)),
                "Enter",
                self._commit,
                kind="primary",
                is_enabled=bool(self._reason),
                reason="" if self._reason else say("parcels.handover.missing.reason"),
            ),
        ]

    def _commit(self) -> None:
        parcels = tuple(item.parcel for item in self._items)
        command = ReturnParcels(parcels=parcels, reason=self._reason)
        self._view.perform(command, done=self._is_back)

    def _is_back(self, done: Done) -> None:
        view = self._view
        view.tell_done(view.say("parcels.handover.back_done", count=len(self._items)), done)
        view.mode = "serving"
        view.refresh(())
        if not view.handing.items:
            view.put_down()
