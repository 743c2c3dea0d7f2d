"""Why nothing was sent: one list of causes, each with its sentence in the catalogue.

An operator can do something about most of them, and each time something else. So "it did not
work" is never enough: the cause is found where it happens and carried up to the screen as it is.
"""

NO_LINE = "no_line"  # nobody could be reached: cable, radio, name, refused
NO_ANSWER = "no_answer"  # reached, but silent for too long
CUT_OFF = "cut_off"  # the answer broke off
CAPTIVE_PORTAL = "captive_portal"  # another page answered: the line wants a login first
PROXY_ERROR = "proxy_error"  # something between here and the county answered in its place
COUNTY_TROUBLE = "county_trouble"  # the county's program failed
BUSY = "busy"  # the county asks to come again later
TOO_BIG = "too_big"  # the county takes smaller requests only
WRONG_ADDRESS = "wrong_address"  # a web server, but not this one
WRONG_KEY = "wrong_key"  # it answers in our words but is not our county
TWIN = "twin"  # another machine has used this start's numbers: a copy of this one is at work
REPLAYED = "replayed"  # an old answer, or one to somebody else
GARBLED = "garbled"  # the answer was changed or is not readable
OLD_EPOCH = "old_epoch"  # the county answers from before it was restored
UNKNOWN_DEVICE = "unknown_device"  # the county does not know this PC's key
REVOKED = "revoked"  # the county has stopped this PC
WRONG_CLOCK = "wrong_clock"  # the certificate is not valid by this PC's clock
BAD_CERTIFICATE = "bad_certificate"  # it is not valid by any clock
REFUSED = "refused"  # the county holds what it could take, and named what it could not
KEPT_HERE = "kept_here"  # the county takes no more of what cannot be read, or of a second version
OWN_FAULT = "own_fault"  # this program stumbled: a bug, to be told to the county
FORK = "fork"  # the county holds something of this start's stream that is not held here

CAUSES = (
    NO_LINE,
    NO_ANSWER,
    CUT_OFF,
    CAPTIVE_PORTAL,
    PROXY_ERROR,
    COUNTY_TROUBLE,
    BUSY,
    TOO_BIG,
    WRONG_ADDRESS,
    WRONG_KEY,
    TWIN,
    REPLAYED,
    GARBLED,
    OLD_EPOCH,
    UNKNOWN_DEVICE,
    REVOKED,
    WRONG_CLOCK,
    BAD_CERTIFICATE,
    REFUSED,
    KEPT_HERE,
    OWN_FAULT,
    FORK,
)

# For these the line is there and waiting does not help: somebody must see to it first.
HOLD_UP = frozenset(
    {WRONG_KEY, UNKNOWN_DEVICE, REVOKED, WRONG_CLOCK, BAD_CERTIFICATE, WRONG_ADDRESS, OWN_FAULT}
)


def text_key(cause: str) -> str:
    """Return the catalogue key of a cause's sentence: what it is, and what to do."""
    return f"sync.cause.{cause}"
