"""The county and the PC of the tests of the line serve here, too."""

from tests.sync.conftest import clock, county, pc, sibling

__all__ = ["clock", "county", "pc", "sibling"]
