"""The commands of the station: `python -m station_app [--data DIR] COMMAND`.

Support staff and scripts rely on these words. Every error is one sentence and exit status 2; a
check that finds something wrong exits with 1 and names it. What a command needs is imported when
it runs: the window is not to wait for what only `verify` uses.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Run = Callable[[argparse.Namespace], int]


class Stop(Exception):
    """Ends the command with one sentence and status 2."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    options.data = options.data or _usual_folder()
    try:
        return int(options.run(options))
    except Exception as problem:
        sentence = _sentence_of(problem, options.data)
        if not sentence:
            raise
    sys.stderr.write(f"station: {sentence}\n")
    return 2


def _usual_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("village-station", appauthor=False))


def _sentence_of(problem: Exception, data: Path) -> str:
    """Return what to say of a problem that has an answer; "" for a bug."""
    if isinstance(problem, Stop):
        return str(problem)
    from station_app.journal.troubles import StoreTrouble
    from station_app.premises import NotEnrolled
    from station_app.resources_dir import load_texts

    if isinstance(problem, NotEnrolled):
        return load_texts().say("command.said.not_enrolled", folder=data)
    if isinstance(problem, StoreTrouble):
        sentence = load_texts().say(problem.text_key, **problem.slots)
        return sentence + (f" [{problem.detail}]" if problem.detail else "")
    if isinstance(problem, OSError) and problem.filename:
        slots = {"file": problem.filename, "reason": problem.strerror}
        return load_texts().say("command.said.no_file", **slots)
    return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="station_app", description="村站: the counter of a village service station."
    )
    _shared(parser, suppressed=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    parser.set_defaults(run=_open, county="", anew=False)
    for name, (run, sentence, extend) in COMMANDS.items():
        command = commands.add_parser(name, help=sentence, description=sentence)
        _shared(command, suppressed=True)
        extend(command)
        command.set_defaults(run=run)
    return parser


def _shared(parser: argparse.ArgumentParser, *, suppressed: bool) -> None:
    """Add the options that stand before or after the command."""
    absent: Any = argparse.SUPPRESS if suppressed else None
    parser.add_argument("--data", type=Path, default=absent, help="data folder of this PC")
    parser.add_argument(
        "--key-file", type=Path, default=absent, help="keep keys in this file, not in the keyring"
    )
    parser.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS if suppressed else False,
        help="machine-readable output",
    )


def _tell(options: argparse.Namespace, shown: dict[str, Any], words: str) -> None:
    text = json.dumps(shown, ensure_ascii=False, indent=1) if options.json else words
    sys.stdout.write(text + "\n")


# --- Commands ------------------------------------------------------------------------------------


def _open(options: argparse.Namespace) -> int:
    """Open the window; the default."""
    import gc

    gc.disable()  # loading makes much and drops nothing; `opening` turns it on again
    from station_app import opening  # Qt is loaded only when there is something to show
    from station_app.start import Start

    start = Start(options.data, options.key_file, options.county, anew=options.anew)
    return opening.open_station(start)


def _demo(options: argparse.Namespace) -> int:
    """Open the window and strike the demo's first keys in it: ready to scan."""
    from station_app import opening
    from station_app.start import Start
    from station_app.tour.opening_act import act_out

    start = Start(options.data, options.key_file, options.county, then=act_out)
    return opening.open_station(start)


def _practice(options: argparse.Namespace) -> int:
    """Open the window of the practice, which knows nothing of the real journal."""
    from station_app.practice import practise

    return practise(options.data, options.lesson, options.senses)


def _tour(options: argparse.Namespace) -> int:
    """Play a working day on the real window and leave pictures and papers."""
    from station_app.tour import tour

    folder = Path(options.out)
    county = "" if options.county == "none" else options.county
    try:
        summary = tour.play(options.data, options.key_file, county_url=county, out=folder)
    except tour.NotAnAlbum as problem:
        from station_app.resources_dir import load_texts

        raise Stop(load_texts().say("command.said.tour_not_ours", folder=folder)) from problem
    _tell(options, summary, tour.in_words(summary, folder))
    return 0 if summary["ok"] else 1


def _enrol(options: argparse.Namespace) -> int:
    """Claim this PC for a station with the county's one-time code."""
    from station_app import chores, line
    from station_app.resources_dir import load_texts

    texts = load_texts()
    keys = chores.keys(options.key_file, options.data)
    if options.stick:
        from station_app.stick_enrol import ASKED, enrol_by_stick

        place = (options.data, keys, [options.stick])
        outcome = enrol_by_stick(*place, options.county, options.code, anew=options.anew)
        if outcome.state == ASKED:
            words = texts.say("command.said.enrolment_asked", file=outcome.detail)
            _tell(options, outcome.as_json(), words)
            return 0
    elif options.county:
        outcome = line.enrol(options.data, keys, options.county, options.code, anew=options.anew)
    else:
        raise Stop(texts.say("command.said.no_county"))
    if outcome.state != line.ENROLLED:
        raise Stop(f"{texts.say(f'overview.enrol.outcome.{outcome.state}')} [{outcome.detail}]")
    words = texts.say("command.said.enrolled", name=outcome.name, device=outcome.device)
    _tell(options, outcome.as_json(), words)
    return 0


def _sync(options: argparse.Namespace) -> int:
    """Send and fetch once, until nothing is left or the line fails."""
    from station_app import chores, line

    keys = chores.keys(options.key_file, options.data)
    with chores.opened(options.data, options.key_file, keys) as premises:
        result = line.sync_once(premises, keys, address=options.county)
        _tell(options, result.as_json(), result.in_words(premises.texts))
    return 0 if result.is_complete else 1


def _renew_key(options: argparse.Namespace) -> int:
    """Make this PC a new key and offer it to the county."""
    from station_app import chores
    from station_app.own_key import RENEWED_ELSEWHERE, OwnKey, offer

    keys = chores.keys(options.key_file, options.data)
    with chores.opened(options.data, options.key_file, keys) as premises:
        connection, texts = premises.session.connection, premises.texts
        own = OwnKey(keys, premises.chance, connection, premises.enrolment)
        if own.standing() == RENEWED_ELSEWHERE:
            raise Stop(texts.say("command.said.key_renewed_elsewhere"))
        is_new = offer(premises, own, by="")
        shown = {"offered": own.next_key().key_id, "is_new": is_new}
        _tell(options, shown, texts.say("command.said.key_offered"))
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Check chains, folds, tables, postings; name the first broken fact."""
    from station_app import chores

    report, texts = chores.verify(options.data, options.key_file)
    shown = report.as_json(texts)
    first = report.first_broken
    words = (
        f"{texts.say('command.said.sound', facts=report.facts, streams=report.streams)}"
        if first is None
        else f"{shown['first']['words']} [{first}]"
    )
    photos = report.photos
    if photos.here or photos.elsewhere:
        words += "\n" + texts.say(
            "command.said.photos", here=photos.here, elsewhere=photos.elsewhere
        )
    for one in report.lacking:
        words += "\n" + texts.say(
            "command.said.lost", stream=one.lost.stream, first=one.first, last=one.last
        )
    if not report.floor.is_whole:
        words += "\n" + texts.say("command.said.floor", facts=report.floor.facts)
    _tell(options, shown, words)
    return 0 if report.is_sound else 1


def _rebuild(options: argparse.Namespace) -> int:
    """Make all states and tables anew from the facts."""
    from station_app import chores

    rebuilt, texts = chores.rebuild(options.data, options.key_file)
    _tell(
        options,
        {"streams": rebuilt.streams, "facts": rebuilt.facts, "quarantined": rebuilt.quarantined},
        texts.say("command.said.rebuilt", facts=rebuilt.facts),
    )
    return 0


def _export(options: argparse.Namespace) -> int:
    """Write the ledger (beancount, xlsx) or all facts to a file, or to standard output."""
    from station_app import chores
    from station_app.shell.files import NotWritten, put_file
    from station_app.values.day import is_day

    if options.what == "xlsx" and not options.out:
        raise Stop("a workbook goes into a file: --out FILE")
    for day in (options.first, options.last):
        if day and not is_day(day):
            raise Stop(f"no day: {day} (write 2026-11-25)")
    counted = [0]
    with chores.opened(options.data, options.key_file) as premises:

        def write(path: Path) -> None:
            if options.what == "xlsx":
                counted[0] = chores.write_books(
                    premises, path, first=options.first, last=options.last
                )
                return
            with path.open("w", encoding="utf-8", newline="\n") as file:
                for line in chores.exported(premises, options.what):
                    file.write(line)
                    counted[0] += 1

        if not options.out:
            for line in chores.exported(premises, options.what):
                sys.stdout.write(line)
            return 0
        out = Path(options.out).absolute()
        try:
            target = put_file(out.parent, out.name, write)
        except NotWritten as problem:
            words = premises.texts.say(f"ledger.out.{problem.reason}", folder=str(out.parent))
            raise Stop(f"{words} [{problem.detail}]") from problem
        words = premises.texts.say("command.said.exported", file=str(target), count=counted[0])
    shown = {"what": options.what, "file": str(target), "lines": counted[0]}
    _tell(options, shown, words)
    return 0


def _printers(options: argparse.Namespace) -> int:
    """Say which printers hang on this PC, or set them."""
    from station_app import chores, printers
    from station_app.journal.store import transaction

    with chores.opened(options.data, options.key_file) as premises:
        connection = premises.session.connection
        if options.printer:
            try:
                wanted = [printers.parse(text) for text in options.printer]
            except printers.BadSetting as problem:
                raise Stop(str(problem)) from problem
            with transaction(connection):
                printers.keep(connection, wanted)
        held = [str(setting) for setting in printers.kept(connection)]
    _tell(options, {"printers": held}, "\n".join(held))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    """Say what is wrong with this PC, and what helps; nothing is written."""
    from station_app import check_up
    from station_app.machine import SystemClock
    from station_app.resources_dir import load_texts

    signs = check_up.look(
        options.data, options.key_file, clock=SystemClock(), address=options.county
    )
    shown, words, is_well = check_up.told(signs, load_texts())
    _tell(options, shown, words)
    return 0 if is_well else 1


def _backup(options: argparse.Namespace) -> int:
    """Write a backup of the journal to a file; the program may be running."""
    from station_app import backups, chores
    from station_app.machine import SystemClock
    from station_app.resources_dir import load_texts

    source = backups.source_of(options.data, chores.key_of(options.data, options.key_file))
    header = backups.take(source, Path(options.file), at=SystemClock().now_ms())
    words = load_texts().say("command.said.backed_up", file=options.file, facts=header.facts)
    _tell(options, {**_shown(header), "file": options.file}, words)
    return 0


def _restore(options: argparse.Namespace) -> int:
    """Put a backup into a data folder without a journal."""
    from station_app import backups
    from station_app.resources_dir import load_texts

    header = backups.put_back(Path(options.file), options.data)
    slots = {"station": header.station, "device": header.device, "facts": header.facts}
    _tell(options, _shown(header), load_texts().say("command.said.put_back", **slots))
    return 0


def _shown(header: Any) -> dict[str, Any]:
    return {name: getattr(header, name) for name in ("station", "device", "at", "facts", "size")}


def _recover(options: argparse.Namespace) -> int:
    """Ask the county for a lost key, or take its answer."""
    from station_app import chores, recovery
    from station_app.machine import SystemChance
    from station_app.resources_dir import load_texts

    keys = chores.keys(options.key_file, options.data)
    path = Path(options.file)
    if options.what == "ask":
        asking = recovery.ask(options.data, keys, SystemChance())
        path.write_text(asking.letter + "\n", "ascii")
        words = load_texts().say("command.said.recovery_sent", file=path, digits=asking.digits)
        _tell(options, {"digits": asking.digits, "file": str(path)}, words)
        return 0
    recovery.take(options.data, keys, recovery.read_file(path))
    _tell(options, {"recovered": True}, load_texts().say("command.said.recovered"))
    return 0


def _bundle(options: argparse.Namespace) -> int:
    """Write what waits into a bundle for a stick, or take the county's answer from one."""
    from station_app import chores, stick_mail

    keys = chores.keys(options.key_file, options.data)
    path = Path(options.file).absolute()
    with chores.opened(options.data, options.key_file, keys) as premises:
        stick = stick_mail.Stick(
            premises,
            keys,
            connection=premises.open_reader(),
            write=premises.session.write,
            reopen=premises.session.reopen,
        )
        mail = stick.write_to(path) if options.what == "write" else stick.take_from(path)
        words = mail.in_words(premises.texts)
    if not mail.is_done:
        raise Stop(f"{words} [{mail.detail}]")
    shown = {"what": mail.what, "facts": mail.facts, "facts_down": mail.down}
    _tell(options, {**shown, "has_more": mail.has_more, "file": str(path)}, words)
    return 0


def _nothing(_command: argparse.ArgumentParser) -> None:
    """Add no option."""


def _county(command: argparse.ArgumentParser) -> None:
    command.add_argument("--county", default="", help="address of the county server")


def _with_anew(command: argparse.ArgumentParser) -> None:
    _county(command)
    command.add_argument(
        "--anew", action="store_true", help="this PC was cut off: show the enrolment page first"
    )


def _with_code(command: argparse.ArgumentParser) -> None:
    command.add_argument("--county", default="", help="address of the county server")
    command.add_argument(
        "--stick", type=Path, help="a folder: write the request there, or take the answer"
    )
    command.add_argument("--code", required=True, help="the one-time code, VE…")
    command.add_argument(
        "--anew", action="store_true", help="this PC was cut off: become another PC of its station"
    )


def _with_lesson(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lesson", type=int, default=0, help="which lesson, from 0")
    command.add_argument("--senses", default="", help="how the counter hears and is heard, as JSON")


def _with_out(command: argparse.ArgumentParser) -> None:
    command.add_argument("--county", required=True, help="address of the county server, or none")
    command.add_argument("out", metavar="OUT", help="folder for pictures, papers and the summary")


def _with_printers(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "printer",
        nargs="*",
        metavar="ROLE=PROFILE@PORT",
        help="for instance label=label_60x40@tcp:192.168.1.50:9100",
    )


def _with_what(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=("beancount", "xlsx", "facts"))
    command.add_argument("--out", default="", metavar="FILE", help="the file to write")
    command.add_argument("--from", dest="first", default="", metavar="DAY", help="xlsx: first day")
    command.add_argument("--to", dest="last", default="", metavar="DAY", help="xlsx: last day")


def _with_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="the backup")


def _with_letter(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=("ask", "answer"))
    command.add_argument("file", metavar="FILE", help="the request to write, or the answer to read")


def _with_bundle(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=("write", "read"))
    command.add_argument("file", metavar="FILE", help="the bundle to write, or the answer to read")


COMMANDS: dict[str, tuple[Run, str, Callable[[argparse.ArgumentParser], None]]] = {
    "open": (_open, "open the window (default)", _with_anew),
    "demo": (_demo, "open the window as the demo's operator, ready to scan", _county),
    "practice": (_practice, "open the practice: its own journal, simulated devices", _with_lesson),
    "tour": (_tour, "play a working day and leave pictures and papers", _with_out),
    "enrol": (_enrol, "claim this PC for a station with a one-time code", _with_code),
    "sync": (_sync, "send and fetch once", _county),
    "renew-key": (_renew_key, "offer the county a new key of this PC", _nothing),
    "bundle": (_bundle, "write a bundle for a USB stick, or read the answer", _with_bundle),
    "printers": (_printers, "show or set the printers of this PC", _with_printers),
    "doctor": (_doctor, "check clock, disk, keys and printers", _county),
    "verify": (_verify, "check the journal and all that follows from it", _nothing),
    "rebuild": (_rebuild, "make states and tables anew from the facts", _nothing),
    "backup": (_backup, "write a backup of the journal to a file", _with_file),
    "restore": (_restore, "put a backup into an empty data folder", _with_file),
    "recover": (_recover, "ask the county for a lost key, or take its answer", _with_letter),
    "export": (_export, "write the ledger or the facts to a file or standard output", _with_what),
}


if __name__ == "__main__":
    sys.exit(main())
