"""The county server's commands: `python -m county_server --data DIR COMMAND`.

An error is one sentence and exit status 2; something found by `verify` is exit status 1. With
`--json` a command prints one JSON object instead of sentences.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from county_server import device_commands as devices
from county_server import key_commands, put_back_commands, serving
from county_server.app import SystemChance, SystemClock
from county_server.backing_up import NoBackup, back_up
from county_server.bundles import SENTENCES as BUNDLE_SENTENCES
from county_server.bundles import Answer as BundleAnswer
from county_server.bundles import NoBundle, as_json, read_bundle, read_enrolment
from county_server.county import County, NotThisCounty, open_county
from county_server.desks.photos import bring_in as bring_in_photos
from county_server.desks.waybills import commands as waybill_commands
from county_server.enrol import NoStation, make_enrolment_code
from county_server.key_change import NotRenewed
from county_server.keys import NoCounty, SeedIsThere, make_keys
from county_server.master import Problems
from county_server.master_import import import_master
from county_server.messages import commands as message_commands
from county_server.pages import routes
from county_server.passing import NotPassed, pass_home
from county_server.recovery import NoRequest, recover_key
from county_server.serving import Stop
from county_server.staff import commands as staff
from county_server.staff.accounts import BadAccount, NoSuchAccount
from county_server.staff.roles import ROLES
from county_server.store import UnsafeDatabase, reach
from county_server.upgrades import TooNew
from county_server.verify import rebuild_county, verify_county
from station_app.resources_dir import load_texts, resources
from station_app.sync.dictionary import load_press
from station_app.sync.usb_link import ANSWER_SUFFIX, StickTrouble, beside, open_file
from station_app.vocabulary import VOCABULARY

FOUND = 1
WRONG = 2


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Stop as stop:
        return _fail(str(stop))
    except NoCounty:
        return _fail(f"there is no county in {options.data}: run init first")
    except NotThisCounty as problem:
        return _fail(f"the database is not this county's: {problem}")
    except (
        devices.NotDone,
        NotRenewed,
        SeedIsThere,
        put_back_commands.NotReleased,
        message_commands.NotPassedOn,
        waybill_commands.NotGiven,
    ) as problem:
        return _fail(str(problem))
    except NoSuchAccount as problem:
        return _fail(f"there is no account {problem}")
    except BadAccount as problem:
        return _fail(staff.SENTENCES[str(problem)])
    except TooNew as problem:
        return _fail(str(problem))
    except UnsafeDatabase as problem:
        return _fail(f"the database would not keep what it is told: {problem}")
    except OSError as problem:
        return _fail(
            f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)
        )
    except SQLAlchemyError as problem:
        return _fail(f"{type(problem).__name__}: {str(problem).splitlines()[0]}")


def _fail(sentence: str) -> int:
    sys.stderr.write(f"county_server: {sentence}\n")
    return WRONG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m county_server", description="The county server of the village stations."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the county: keys, data")
    parser.add_argument("--database", default="", metavar="URL", help="default: a file in DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[Any], int], sentence: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=sentence, description=sentence)
        command.set_defaults(run=run)
        command.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object"
        )
        return command

    new = add("init", init, "Make a new county: keys, database, first account.")
    _password_option(new)
    master = add("import-master", bring_in, "Say what is new in a folder of CSV sheets.")
    master.add_argument("folder", type=Path, metavar="DIR")
    code = add("enrol-code", enrol_code, "Make a code for a new PC of a station, for one week.")
    code.add_argument("station", metavar="STATION")
    passed = add("pass-home", pass_on, "Let another PC answer for the money of a dead one.")
    passed.add_argument("station", metavar="STATION")
    passed.add_argument("from_device", metavar="DEAD", type=str.upper, help="as D1")
    passed.add_argument("to_device", metavar="LIVING", type=str.upper, help="as D2")
    lost = add("recover-key", recover, "Answer a station's request for its lost key.")
    lost.add_argument("file", type=Path, metavar="FILE", help="the request, from stick or photo")
    lost.add_argument("--out", type=Path, metavar="ANSWER", help="write the answer here, too")
    served = add("serve", serve, "Serve devices and pages until SIGTERM or Ctrl+C.")
    served.add_argument("--port", type=int, default=8460, help="0: any free one (default: 8460)")
    served.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    served.add_argument("--workers", type=int, default=1, help="processes (default: 1)")
    served.add_argument(
        "--metrics", type=int, default=0, metavar="PORT",
        help="numbers for Prometheus at PORT, of the next worker at PORT+1, … (default: none)",
    )  # fmt: skip
    served.add_argument("--metrics-host", default="127.0.0.1", help="default: 127.0.0.1")
    served.add_argument(
        "--grace", type=int, default=serving.GRACE_SECONDS, metavar="SECONDS",
        help=f"for what is under way at the end (default: {serving.GRACE_SECONDS})",
    )  # fmt: skip
    served.add_argument("--socket", type=int, default=-1, help=argparse.SUPPRESS)
    _stick_parser(commands, add)
    _staff_parser(commands)
    devices.add_parser(commands, _open, _say)
    key_commands.add_parser(commands, _open, _say)
    put_back_commands.add_parser(commands, _open, _say)
    message_commands.add_parser(commands, _open, _say)
    waybill_commands.add_parser(commands, _open, _say)
    kept = add("backup", take_backup, "Copy the database into a file, while the server works.")
    kept.add_argument("file", type=Path, metavar="FILE")
    add("verify", verify, "Look whether everything holds; exit status 1 if something does not.")
    add("rebuild", rebuild, "Make everything that follows from the facts anew.")
    return parser


def _stick_parser(commands: Any, add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `bundle read` and `enrol-stick`."""
    sentence = "Take in what a station has sent by stick."
    group = commands.add_parser("bundle", help=sentence, description=sentence)
    acts = group.add_subparsers(dest="act", required=True, metavar="ACT")
    sentence = "Take a bundle in and write the answer that goes back on the same stick."
    bundle = acts.add_parser("read", help=sentence, description=sentence)
    bundle.set_defaults(run=read_stick)
    bundle.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    bundle.add_argument("file", type=Path, metavar="FILE")
    new = add("enrol-stick", enrol_stick, "Enrol a PC by the request on a stick.")
    new.add_argument("file", type=Path, metavar="FILE")
    new.add_argument("--address", default="", metavar="URL", help="where the county answers")
    for command in (bundle, new):
        command.add_argument(
            "--answer", type=Path, metavar="FILE", help="default: beside it, as .answer"
        )


def _staff_parser(commands: Any) -> None:
    """Add `staff add|list|disable|reset`."""
    sentence = "Give, list and close the accounts of the county's people."
    group = commands.add_parser("staff", help=sentence, description=sentence)
    acts = group.add_subparsers(dest="act", required=True, metavar="ACT")

    def add(name: str, run: Callable[[Any], int], sentence: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = acts.add_parser(
            name, help=sentence, description=sentence
        )
        command.set_defaults(run=run)
        command.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        if name != "list":
            command.add_argument("code", metavar="CODE", type=str.upper, help="as F01")
        return command

    new = add("add", staff_add, "Make an account; print its one-time password.")
    new.add_argument("name", metavar="NAME")
    new.add_argument(
        "--role", action="append", required=True, choices=ROLES, help="may be given several times"
    )
    new.add_argument(
        "--area", default="", metavar="STATION", help="of a township assistant: the top of hers"
    )
    _password_option(new)
    add("list", staff_list, "Print every account.")
    add("disable", staff_disable, "Let nobody in with an account any more.")
    _password_option(add("reset", staff_reset, "Give a new one-time password; let in again."))


def _password_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--password-stdin", action="store_true", help="take a lasting password from the first line"
    )


# --- Commands ------------------------------------------------------------------------------------


def init(options: argparse.Namespace) -> int:
    """Make a new county with its first account, an administrator's."""
    given = staff.typed_password(sys.stdin) if options.password_stdin else ""
    staff.check_given(given, is_given=options.password_stdin)
    if options.database:
        # Before there are keys: with them a county is made, and only once.
        reach(options.database, options.data)
    try:
        make_keys(options.data, SystemChance())
    except FileExistsError as problem:
        raise Stop(f"there is a county in {options.data} already") from problem
    county = _open(options)
    try:
        password = staff.found(county, given)
        said = {"county": county.id, "account": staff.FIRST, "data": str(options.data)}
    finally:
        county.close()
    lines = [f"The county {said['county']} is in {options.data}."]
    if not given:
        said["password"] = password
        lines.append(f"Sign in as {staff.FIRST} with {password}, shown only now and good for once.")
    _say(options, said, *lines)
    return 0


def staff_add(options: argparse.Namespace) -> int:
    """Make an account and print its one-time password."""
    return _with_password(options, lambda county, given: staff.add(county, options, given))


def staff_reset(options: argparse.Namespace) -> int:
    """Give an account a new one-time password and let it in again."""
    return _with_password(options, lambda county, given: staff.reset(county, options.code, given))


def _with_password(options: argparse.Namespace, act: Callable[[County, str], str]) -> int:
    given = staff.typed_password(sys.stdin) if options.password_stdin else ""
    staff.check_given(given, is_given=options.password_stdin)
    county = _open(options)
    try:
        password = act(county, given)
    finally:
        county.close()
    said, lines = {"account": options.code}, [f"The account {options.code} is ready."]
    if not given:
        said["password"] = password
        lines.append(f"Its password, shown only now and good for once: {password}")
    _say(options, said, *lines)
    return 0


def staff_disable(options: argparse.Namespace) -> int:
    """Let nobody in with an account any more."""
    county = _open(options)
    try:
        staff.disable(county, options.code)
    finally:
        county.close()
    _say(options, {"account": options.code}, f"Nobody comes in as {options.code} any more.")
    return 0


def staff_list(options: argparse.Namespace) -> int:
    """Print every account."""
    county = _open(options)
    try:
        rows = staff.rows(county)
    finally:
        county.close()
    _say(options, {"accounts": rows}, *(staff.line(row) for row in rows))
    return 0


def bring_in(options: argparse.Namespace) -> int:
    """Say what is new in a folder of sheets, or name every bad row and say nothing."""
    county = _open(options)
    try:
        made = import_master(county, options.folder)
    finally:
        county.close()
    if isinstance(made, Problems):
        lines = made.lines(load_texts())
        if options.json:
            _say(options, {"said": 0, "problems": lines})
        for line in lines:
            sys.stderr.write(f"{line}\n")
        raise Stop(f"nothing was brought in: {len(lines)} places to put right")
    kinds = made.counts()
    _say(
        options,
        {"said": len(made.steps), "kinds": kinds, "rows": dict(made.rows)},
        f"{len(made.steps)} facts were said.",
        *(f"  {kind} {count}" for kind, count in kinds.items()),
    )
    return 0


def enrol_code(options: argparse.Namespace) -> int:
    """Make an enrolment code and print it, on the last line."""
    county = _open(options)
    try:
        made = make_enrolment_code(county, options.station)
    except NoStation as problem:
        raise Stop(f"the county knows no open station {options.station}") from problem
    finally:
        county.close()
    said = {"code": made.code, "station": made.station, "expires_at": made.expires_at}
    _say(options, said, made.code)
    return 0


def pass_on(options: argparse.Namespace) -> int:
    """Say to a station that one of its PCs answers for a dead one."""
    station, dead, living = options.station, options.from_device, options.to_device
    county = _open(options)
    try:
        pass_home(county, station, from_device=dead, to_device=living)
    except NotPassed as problem:
        raise Stop(str(problem)) from problem
    finally:
        county.close()
    said = {"station": station, "from": dead, "to": living}
    _say(options, said, f"{living} of {station} answers for the money of {dead} from now on.")
    return 0


def recover(options: argparse.Namespace) -> int:
    """Open a request for a lost key and print the answer, for that PC's eyes only."""
    county = _open(options)
    try:
        answered = recover_key(county, options.file)
    except NoRequest as problem:
        raise Stop(f"this is no request to this county: {problem}") from problem
    finally:
        county.close()
    opened = answered.opened
    if not answered.is_known:
        raise Stop(f"the county knows no PC {opened.device} of {opened.station}")
    if options.out is not None:
        options.out.write_text(opened.answer + "\n", "ascii")
    said = {
        "station": opened.station,
        "device": opened.device,
        "digits": opened.digits,
        "answer": opened.answer,
    }
    _say(
        options,
        said,
        f"{answered.name} ({opened.station}), PC {opened.device}.",
        f"Hand this out only if the station reads you the same digits by phone: {opened.digits}",
        opened.answer,
    )
    return 0


def read_stick(options: argparse.Namespace) -> int:
    """Take a bundle in and write its answer."""
    return _answer_stick(options, read_bundle)


def enrol_stick(options: argparse.Namespace) -> int:
    """Enrol a PC by the request on a stick and write its answer."""
    return _answer_stick(
        options, lambda county, file: read_enrolment(county, file, address=options.address)
    )


def _answer_stick(
    options: argparse.Namespace, read: Callable[[County, BinaryIO], BundleAnswer]
) -> int:
    county = _open(options)
    target = options.answer or options.file.with_suffix(ANSWER_SUFFIX)
    try:
        with open_file(options.file) as file:
            answer = read(county, file)
        with beside(target) as out:
            answer.seal(out)
    except NoBundle as problem:
        sentence = BUNDLE_SENTENCES[problem.reason]
        raise Stop(f"nothing was taken: {sentence} [{problem.detail}]") from problem
    except StickTrouble as problem:
        raise Stop(f"the stick: {problem.reason} [{problem.detail}]") from problem
    finally:
        county.close()
    done = answer.read
    said = {**as_json(done), "answer": str(target)}
    lines = [f"{done.device}: {done.facts} new facts. The answer is in {target}."]
    if done.branched:
        lines.append(f"Kept as branches, to be decided: {', '.join(done.branched)}")
    if done.refused:
        lines.append(f"{done.refused} frames could not be read; the station sends them again.")
    _say(options, said, *lines)
    return 0


def take_backup(options: argparse.Namespace) -> int:
    """Copy the database into a file."""
    county = _open(options)
    try:
        size = back_up(county, options.file)
    except NoBackup as problem:
        raise Stop(str(problem)) from problem
    finally:
        county.close()
    said = {"file": str(options.file), "bytes": size}
    _say(options, said, f"The database is in {options.file}, {size} bytes.")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Look at everything, and name the first that does not hold."""
    county = _open(options)
    try:
        report = verify_county(county)
    finally:
        county.close()
    looked_at = f"{report.stations} stations, {report.streams} streams, {report.facts} facts"
    lines = [f"{f.check}: {f.station} {f.stream} {f.seq or ''} {f.reason}" for f in report.findings]
    _say(
        options, msgspec.to_builtins(report), f"Looked at {looked_at}.", *(lines or ["All holds."])
    )
    return FOUND if report.findings else 0


def rebuild(options: argparse.Namespace) -> int:
    """Make everything that follows from the facts anew."""
    county = _open(options)
    try:
        folded = rebuild_county(county)
    finally:
        county.close()
    _say(options, {"facts": folded}, f"{folded} facts were folded and posted anew.")
    return 0


def serve(options: argparse.Namespace) -> int:
    """Serve until told to stop; what is under way is finished first."""
    place = serving.Place(
        options.host, options.port, options.metrics_host, options.metrics, options.grace
    )

    def said(what: dict[str, object]) -> None:
        _say(options, what, f"The county answers at {what['url']}")

    if options.socket < 0:
        _prepare(options)
    if options.workers > 1 and options.socket < 0:
        where = ["--data", str(options.data), "--database", options.database, "--json", "serve"]
        return serving.serve_with_workers(where, place, options.workers, said)
    county = _open(options)
    pages = routes(county, load_texts())
    try:
        return serving.serve(county, pages, place, options.socket, said)
    finally:
        county.close()


def _prepare(options: argparse.Namespace) -> None:
    """Bring database and photos up to this program, before anybody serves."""
    county = _open(options)
    try:
        bring_in_photos(county.store, options.data)
    finally:
        county.close()


def _open(options: argparse.Namespace) -> County:
    press = load_press(resources() / "dictionaries", VOCABULARY.kinds)
    return open_county(
        options.data,
        VOCABULARY,
        press,
        clock=SystemClock(),
        chance=SystemChance(),
        url=options.database,
    )


def _say(options: argparse.Namespace, content: object, *lines: str) -> None:
    """Print one JSON object, or sentences."""
    if options.json:
        lines = (msgspec.json.encode(content).decode(),)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
