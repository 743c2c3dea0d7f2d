"""Widgets: the parts that pages are put together from. See docs/DESIGN.md §5."""
