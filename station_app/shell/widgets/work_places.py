"""What stands in the place of a page: a list with the act beside it, or something else for a while.

Pages on which something that happened to a thing may be photographed look alike: the choice of the
photo takes the whole place, and gives it back.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.page import Page
from station_app.shell.widgets.panels import Places
from station_app.shell.widgets.photographing import AttachedPhoto


class WorkPlaces(Places):
    """Fills `page`. sides: the list, and the act beside it; home: where the cursor is at work."""

    def __init__(
        self,
        page: Page,
        sides: tuple[QWidget, QWidget],
        *,
        home: QWidget,
        photo: AttachedPhoto,
        others: Sequence[QWidget] = (),
    ) -> None:
        """Show the work; others: what may stand in its place besides a photo."""
        super().__init__()
        self._page, self._home, self._photo = page, home, photo
        self.work = QWidget()
        columns = QHBoxLayout(self.work)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.FULL.gap)
        columns.addWidget(sides[0], 1)
        columns.addWidget(sides[1])
        panel = (photo.panel,) if photo.panel is not None else ()
        for widget in (self.work, *others, *panel):
            self.addWidget(widget)
        outer = QHBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self)

    def turn_photo(self) -> None:
        """Show the choice of a photo while it is open, else the work with its cursor."""
        is_open, page = self._photo.is_open, self._page
        self.setCurrentWidget((is_open and self._photo.panel) or self.work)
        if not is_open and page.isVisible():
            self._home.setFocus()
        page.touch_actions()
