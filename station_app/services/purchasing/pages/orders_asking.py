"""What the page of orders asks before something happens: each question opens its panel.

Nothing is recorded here; the acts are those of `orders_page`.
"""

from station_app.services.purchasing import records
from station_app.services.purchasing.pages.orders_view import OrdersView
from station_app.values.paying import Paying


class OrdersAsking(OrdersView):
    """Opens the questions."""

    def ask_quote(self) -> None:
        """Ask what she says to a higher price."""
        self.quote.ask(self.fate)
        self.turn_to("quote")

    def ask_swap(self) -> None:
        """Ask what she says to other goods."""
        order = self.fate.order
        if order is None:
            return
        order_id, swap = self.order, order.swap
        items = self.counter.desk.read(lambda c: self.outfit.papers.all_items(c, order_id))
        was = items[swap.line - 1] if 0 < swap.line <= len(items) else ""
        row = self.counter.desk.read(lambda c: records.product_row(c, swap.product))
        self.swap.ask_about(self.fate, was, row.name if row else swap.product)
        self.turn_to("swap")

    def ask_completion(self) -> None:
        """Ask for what the county lacks to buy it."""
        order, wanting, papers = self.order, self.fate.wanting, self.outfit.papers
        if wanting is None:
            return
        said = self.counter.desk.read(lambda c: papers.name_of_line(c, order, wanting.line))
        self.photo.forget()
        self.complete.ask_about(self.fate, said)
        self.turn_to("complete")

    def ask_claim(self) -> None:
        """Ask who bears what the county did not take over."""
        self.claim.ask(self.fate)
        self.turn_to("claim")

    def ask_cancel(self) -> None:
        """Ask why it is called off."""
        self.cancel.ask(self.fate)
        self.turn_to("cancel")

    def ask_fetch(self) -> None:
        """Ask how the balance is paid."""
        order, people = self.fate.order, self.outfit.people
        if order is None:
            return
        credit = self.counter.desk.read(lambda c: people.credit(c, order.person))
        who = self.counter.desk.read(
            lambda c: people.person(c, order.collector) if order.collector else None
        )
        name = self.counter.privacy.name(who.name) if who else ""
        words = self.say("purchasing.fetch.collector", name=name) if name else ""
        self.fetch.ask(self.fate, Paying(person=order.person, credit=credit), words)
        self.turn_to("fetch")

    def ask_back(self) -> None:
        """Ask what comes back, and why."""
        order = self.order
        items = self.counter.desk.read(lambda c: self.outfit.papers.lines_back(c, order))
        self.photo.forget()
        self.back.ask_about(self.fate, items)
        self.turn_to("back")

    def ask_leaving(self) -> None:
        """Ask with whom what came back leaves."""
        papers = self.outfit.papers
        self.leaving.ask_about(self.counter.desk.read(papers.returned_here))
        self.turn_to("leaving")

    def leave(self) -> None:
        """Go back to the list; nothing was recorded."""
        self.seen.close()
        self.photo.forget()
        self.turn_to("list")

    def look(self) -> None:
        """Show what was photographed of it."""
        self.seen.open(self.photos_of_order())
        self.turn_to("photos")
