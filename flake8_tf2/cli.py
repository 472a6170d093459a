"""The command flake8-tf2."""

from __future__ import annotations

import argparse
import os
import re
import sys

from flake8_tf2 import __version__, report
from flake8_tf2.checkpoint.command import add_arguments as add_checkpoint_arguments
from flake8_tf2.checkpoint.command import run as run_checkpoint
from flake8_tf2.prove.command import add_arguments as add_prove_arguments
from flake8_tf2.prove.command import run as run_prove

NOTHING_FOUND, FOUND, FAILED = 0, 1, 2

#: Options that `check` and `fix` hand to flake8, which reads them together with its configuration files.
_FLAKE8_VALUES = {
    "--select": ("CODES", "codes, or beginnings of codes, to report"),
    "--ignore": ("CODES", "codes to leave out"),
    "--extend-select": ("CODES", "codes to report besides those of the configuration"),
    "--extend-ignore": ("CODES", "codes to leave out besides those of the configuration"),
    "--per-file-ignores": ("PATTERN:CODES", "codes to leave out in some files"),
    "--filename": ("PATTERNS", "patterns of the files to look for in folders (default: *.py)"),
    "--exclude": ("PATTERNS", "files and folders to leave out"),
    "--extend-exclude": ("PATTERNS", "files and folders to leave out besides those of the configuration"),
    "--stdin-display-name": ("NAME", "what to call standard input"),
    "--config": ("FILE", "the configuration file, instead of setup.cfg, tox.ini, .flake8 or pyproject.toml"),
    "--tf2-target-version": ("VERSION", "the TensorFlow 2 version that the code shall run under"),
    "--tf2-extra-roots": ("MODULES", "modules that stand for tensorflow in this code"),
    "--tf2-rules": ("DIR", "a folder of rule files of your own"),
}
_FLAKE8_FLAGS = {
    "--isolated": "read no configuration files",
    "--disable-noqa": "report what # noqa silences",
    "--tf2-allow-compat-v1": "do not report what is spelled through tf.compat.v1 and works there",
    "--tf2-hints": "report advice, too",
}
_FIRST_STEPS = """\
first steps:
  flake8-tf2 check .                what is TensorFlow 1 in this folder
  flake8-tf2 check --statistics .   how much of each, and how much of it has a fix
  flake8-tf2 explain TF101          what a code means, with examples
  flake8-tf2 fix --diff .           what can be rewritten; nothing is written
"""


class _Parser(argparse.ArgumentParser):
    """Tells of a mistake what to do next, without the list of all options."""

    def error(self, message: str):
        """End with the message."""
        self.exit(FAILED, f"{self.format_usage()}{self.prog}: error: {message}\n{self._next(message)}")

    def _next(self, message: str) -> str:
        wrong = re.search(r"argument COMMAND: invalid choice: '(.*?)'", message)
        if wrong and os.path.exists(wrong[1]):
            return f"To report what is found in it: {self.prog} check {wrong[1]}\n"
        if "required: PATH" in message:
            return f"For instance, for all of this folder: {self.prog} .\n"
        return f"More: {self.prog} --help\n"


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        parser.print_help()
        return FAILED
    if hasattr(arguments, "paths") and not (arguments.paths or arguments.paths_from):
        arguments.parser.error("the following arguments are required: PATH")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files and characters that the terminal cannot show
    try:
        return arguments.run(arguments)
    except BrokenPipeError:  # whoever read has enough
        _discard_output()
        return FOUND
    except OSError as error:  # a full disk
        _discard_output()
        return _fail(str(error))
    except KeyboardInterrupt:
        print("flake8-tf2: interrupted", file=sys.stderr)
        return 130


def _discard_output() -> None:
    """Python flushes standard output at its end: what is left there goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    description = "Find TensorFlow 1 idioms, say what they become in TensorFlow 2, rewrite them, and prove the result."
    parser = _Parser(
        prog="flake8-tf2", description=description, epilog=_FIRST_STEPS, usage="%(prog)s COMMAND ...",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="flake8-tf2")

    def command(name: str, run, arguments: str, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, usage=f"%(prog)s [OPTION]... {arguments}")
        added.set_defaults(run=run)
        return added

    check = command("check", _check, "PATH...", "report the TF1 idioms of files and folders")
    check.add_argument("--format", choices=report.FORMATS, default="text", help="how findings are printed")
    check.add_argument("--statistics", action="store_true", help="count the findings of each code, and their fixes")
    check.add_argument("--no-cache", action="store_true", help="look anew at files that are as they were")
    known = check.add_mutually_exclusive_group()
    known.add_argument("--baseline", metavar="FILE", help="do not report the findings that FILE has")
    known.add_argument("--write-baseline", metavar="FILE", help="write all findings to FILE, and report none")
    fix = command("fix", _fix, "PATH...", "rewrite what can be rewritten where it stands")
    fix.add_argument("--diff", action="store_true", help="print what would change, and write nothing")
    fix.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something would change")
    fix.add_argument("--unsafe", action="store_true", help="also fix what changes a result as the rule's page says")
    fix.add_argument("--program", action="store_true", help="also convert whole programs of a graph and sessions")
    fix.add_argument("--jit", action="store_true", help="with --program: functions are compiled by XLA, for a GPU")
    fix.add_argument("--exact", action="store_true", help="with --program: optimizers update to the digit of TF1's")
    fix.add_argument("--format", choices=("text", "json"), default="text", help="how the report is printed")
    page = command("report", _report, "PATH...", "write a page that shows how much is TF1, and what removes it")
    page.add_argument("-o", "--output", default="report.html", metavar="FILE", help="the page to write: report.html")
    page.add_argument("--history", action="store_true", help="also show the findings of the commits of a repository")
    page.add_argument("--commits", type=_sample_size, default=20, metavar="N", help="how many of them: 20")
    page.add_argument("--dask", metavar="local|SCHEDULER", help="look at files on the workers of a Dask cluster")
    page.add_argument("--parquet", metavar="FOLDER", help="with --dask: what to keep results in: report.parquet")
    page.add_argument("--time-limit", type=float, metavar="SECONDS", help="with --dask: for one file: 300")
    for added in (check, fix, page):
        paths = "a file, a folder (searched for Python files), or - for standard input"
        added.add_argument("paths", nargs="*", metavar="PATH", help=paths)
        listed = "take more paths from FILE, one a line; - for standard input"
        added.add_argument("--paths-from", metavar="FILE", help=listed)
        added.set_defaults(parser=added)
        for name, (value, text) in _FLAKE8_VALUES.items():
            added.add_argument(name, metavar=value, help=text)
        for name, text in _FLAKE8_FLAGS.items():
            added.add_argument(name, action="store_true", help=text)
    explain = command("explain", _explain, "CODE|SYMBOL|FILE", "print the page of a rule, or what becomes of a symbol")
    explain.add_argument("subject", metavar="CODE|SYMBOL|FILE", help="for instance TF101, or tf.placeholder")
    explain.add_argument("--program", action="store_true", help="show what a TF1 program builds and runs: FILE")
    explain.add_argument(
        "--format", choices=("text", "dot"), default="text", help="with --program: a table or a picture"
    )
    lsp = command("lsp", _lsp, "", "answer an editor on standard input and output: the language server")
    lsp.add_argument("--stdio", action="store_true", help="what some editors add; there is no other way")
    lsp.add_argument("--pages", default="", metavar="URL", help="where the pages of the rules are, with {code} in it")
    what = "run a TF1 program and its TF2 version, and compare what they do"
    add_prove_arguments(command("prove", run_prove, "BEFORE AFTER", what))
    what = "convert a checkpoint that a TF1 program saved into one that its conversion saves"
    add_checkpoint_arguments(command("checkpoint", run_checkpoint, "OLD NEW --program FILE...", what))
    complete = command("completion", _completion, "SHELL", "print a script that completes this command in a shell")
    complete.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    return parser


def _completion(arguments: argparse.Namespace) -> int:
    from flake8_tf2 import completion

    try:
        print(completion.script(_parser(), arguments.shell))
    except ImportError:
        return _fail("completion needs shtab: pip install 'flake8-tf2[completion]'")
    return NOTHING_FOUND


def _check(arguments: argparse.Namespace) -> int:
    from flake8_tf2 import cache
    from flake8_tf2 import settings as flake8_settings
    from flake8_tf2.check import KNOWN, check_files
    from flake8_tf2.files import find_files

    if arguments.statistics and arguments.format != "text":
        return _fail("--statistics prints a table: it does not go with --format")
    flake8_arguments = _flake8_arguments(arguments)
    if arguments.write_baseline:
        flake8_arguments.append("--tf2-baseline=")  # what is known already is to be written, too
    elif arguments.baseline:
        flake8_arguments.append(f"--tf2-baseline={arguments.baseline}")
    try:
        settings = flake8_settings.read(flake8_arguments)
    except flake8_settings.SettingsError as error:
        return _fail(str(error))
    paths = find_files(_named(arguments), settings.is_excluded, settings.is_wanted)
    if arguments.write_baseline:
        return _write_baseline(arguments.write_baseline, check_files(paths, settings, flake8_arguments, KNOWN))
    form = "statistics" if arguments.statistics else arguments.format
    output = report.of(form).Report()
    failed = False
    found = gone = 0
    kept = None if arguments.no_cache else cache.of(settings)
    for result in check_files(paths, settings, flake8_arguments, form, sys.stdout.isatty(), kept):
        if result.error:
            failed = True
            _fail(f"{result.name}: {result.error}")
            output.fail(result.name, result.error)
        else:
            found += result.found
            gone += result.gone
            output.add(result.part)
    output.close()
    if gone:
        findings = f"{gone} finding{' is' if gone == 1 else 's are'}"
        print(
            f"flake8-tf2: {findings} in the baseline and not in the files any more: --write-baseline makes it anew",
            file=sys.stderr,
        )
    return FAILED if failed else FOUND if found else NOTHING_FOUND


def _write_baseline(path: str, results) -> int:
    from flake8_tf2.baseline import Baseline

    baseline = Baseline.beside(path)
    for result in results:
        if result.error:
            return _fail(f"{result.name}: {result.error}; no baseline was written")
        baseline.add(result.name, result.part)
    baseline.write(path)
    setting = path if os.path.dirname(path) else f"./{path}"
    how = f"`check --baseline {path}`, or `tf2-baseline = {setting}` in [flake8], reports only what is new"
    print(f"{baseline.total()} findings written to {path}; {how}")
    return NOTHING_FOUND


def _fix(arguments: argparse.Namespace) -> int:
    from flake8_tf2 import settings as flake8_settings
    from flake8_tf2.files import find_files
    from flake8_tf2.fix.report import REPORTS, with_progress
    from flake8_tf2.fix.run import ProgramOptions, diff, fix_files, write
    from flake8_tf2.run import read_input

    if (arguments.jit or arguments.exact) and not arguments.program:
        return _fail("--jit and --exact say how programs are converted: they need --program")
    flake8_arguments = _flake8_arguments(arguments)
    try:
        settings = flake8_settings.read(flake8_arguments)
    except flake8_settings.SettingsError as error:
        return _fail(str(error))
    writes = not (arguments.diff or arguments.check)
    # What is made of standard input, and a diff, are for other programs: the report must not stand between.
    named = _named(arguments)
    aside = arguments.diff or "-" in named
    report = REPORTS[arguments.format](lambda: sys.stderr if aside else sys.stdout, "fixed" if writes else "would fix")
    paths = list(find_files(named, settings.is_excluded, settings.is_wanted))
    if "-" in named and "-" not in paths and writes:
        sys.stdout.buffer.write(read_input("-"))  # excluded, and yet somebody waits for it
    failed = found = False
    program = ProgramOptions(arguments.jit, arguments.exact) if arguments.program else None
    results = fix_files(paths, settings, flake8_arguments, arguments.unsafe, program)
    if not (aside and sys.stdout.isatty()):  # a bar would stand in the text
        results = with_progress(results, len(paths))
    for path, result in zip(paths, results):
        if path == "-" and writes:
            sys.stdout.buffer.write(result.after)
        elif not result.error and result.changed and writes:
            result = result._replace(error=write(result))
        if result.error:
            failed = True
            _fail(f"{result.name}: {result.error}")
        elif arguments.diff:
            sys.stdout.buffer.write(diff(result))
            sys.stdout.buffer.flush()  # before what is told of the file on standard error
        found = found or bool(result.left or result.changed and not writes)
        report.add(result)
    sys.stdout.flush()
    report.close()
    return FAILED if failed else FOUND if found else NOTHING_FOUND


def _sample_size(text: str) -> int:
    if not text.isdecimal() or int(text) < 2:
        raise argparse.ArgumentTypeError("give 2 or more: the first commit and the last")
    return int(text)


def _report(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from flake8_tf2 import settings as flake8_settings
    from flake8_tf2.files import find_files, write_atomically
    from flake8_tf2.fix.report import with_progress
    from flake8_tf2.overview.history import HistoryError, history
    from flake8_tf2.overview.summary import summarize
    from flake8_tf2.overview.survey import SurveyError, survey_files
    from flake8_tf2.registry import load

    try:
        from flake8_tf2.overview.page import render
    except ImportError:
        return _fail("the report needs Jinja2: pip install 'flake8-tf2[report]'")
    if not arguments.output.lower().endswith((".html", ".htm")):
        return _fail(f"-o {arguments.output}: the page is HTML, so give a name that ends with .html")
    if not arguments.dask and (arguments.parquet or arguments.time_limit):
        return _fail("--parquet and --time-limit say how files are spread: they need --dask")
    named = _named(arguments)
    flake8_arguments = _flake8_arguments(arguments)
    try:
        settings = flake8_settings.read(flake8_arguments)
        points = history(named, settings, arguments.commits) if arguments.history else []
    except (flake8_settings.SettingsError, HistoryError) as error:
        return _fail(str(error))
    paths = list(find_files(named, settings.is_excluded, settings.is_wanted))
    if arguments.dask:
        try:
            files = _spread(arguments, paths, settings, flake8_arguments)
        except SurveyError as error:
            return _fail(str(error))
    else:
        files = list(with_progress(survey_files(paths, settings, flake8_arguments), len(paths), "looking"))
    for file in files:
        if file.error:
            _fail(f"{file.name}: {file.error}")
    titles = {rule.code: rule.name.replace("-", " ") for rule in load(settings.options.rules).rules}
    told = [*arguments.paths, *(["--paths-from", arguments.paths_from] if arguments.paths_from else [])]
    summary = summarize(files, titles, told)
    try:
        write_atomically(Path(arguments.output), render(summary, files, told, points))
    except OSError as error:
        return _fail(f"{arguments.output}: not written: {error.strerror}")
    found, by_hand = summary.all.total, summary.all.remedies["manual"]
    where = f"{summary.files_tf1} of {summary.files} files"
    print(f"{arguments.output}: {found} findings in {where}, {by_hand} left by hand")
    return FAILED if summary.failed else FOUND if found else NOTHING_FOUND


def _spread(arguments: argparse.Namespace, paths: list[str], settings, flake8_arguments: list[str]) -> list:
    """What the report has of files, looked at on a Dask cluster. Raises SurveyError."""
    from collections import deque
    from pathlib import Path

    from flake8_tf2 import cache
    from flake8_tf2.fix.report import with_progress
    from flake8_tf2.overview.survey import SurveyError

    try:
        from flake8_tf2.overview.spread import spread_files
        from flake8_tf2.overview.store import Store
    except ImportError:
        raise SurveyError("--dask needs Dask and PyArrow: pip install 'flake8-tf2[dask]'") from None
    if "-" in paths:
        raise SurveyError("--dask: standard input cannot be spread; name a file")
    folder = Path(arguments.parquet) if arguments.parquet else Path(arguments.output).with_suffix(".parquet")
    store = Store(folder, cache.of(settings).state)
    done = spread_files(paths, flake8_arguments, arguments.dask, store, arguments.time_limit or 300)
    deque(with_progress(done, len(paths), "looking"), maxlen=0)
    return store.read(paths)


def _named(arguments: argparse.Namespace) -> list[str]:
    """The paths that a user named, on the command line and in a file. Raises OSError."""
    from flake8_tf2.run import read_input

    listing = read_input(arguments.paths_from) if arguments.paths_from else b""
    return [*arguments.paths, *(os.fsdecode(line.strip()) for line in listing.splitlines() if line.strip())]


def _flake8_arguments(arguments: argparse.Namespace) -> list[str]:
    result = []
    for option in _FLAKE8_VALUES:
        value = getattr(arguments, option[2:].replace("-", "_"))
        if value is not None:
            result.append(f"{option}={value}")
    result += [option for option in _FLAKE8_FLAGS if getattr(arguments, option[2:].replace("-", "_"))]
    return result


def _explain(arguments: argparse.Namespace) -> int:
    from flake8_tf2 import explain

    if arguments.program:
        return _explain_program(arguments)
    text = explain.explain(arguments.subject)
    if text is None:
        hint = explain.suggestion(arguments.subject)
        return _fail(f"{arguments.subject}: neither a code nor a TensorFlow 1 symbol{hint}")
    print(text, end="")
    return NOTHING_FOUND


def _explain_program(arguments: argparse.Namespace) -> int:
    from flake8_tf2.convert.show import as_dot, as_table
    from flake8_tf2.convert.source import Stuck
    from flake8_tf2.files import decode
    from flake8_tf2.run import read_input

    try:
        source = decode(read_input(arguments.subject))
        text = (as_dot if arguments.format == "dot" else as_table)(source, arguments.subject)
    except Stuck as stuck:
        return _fail(f"{arguments.subject}:{getattr(stuck.node, 'lineno', 0)}: {stuck.reason}")
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        return _fail(f"{arguments.subject}: {error}")
    print(text, end="")
    return NOTHING_FOUND


def _lsp(arguments: argparse.Namespace) -> int:
    if arguments.pages and "{code}" not in arguments.pages:
        return _fail("--pages: the URL needs {code} in it, which stands for TF101 and so on")
    try:
        from flake8_tf2.editor.server import serve
    except ImportError:
        return _fail("the language server needs pygls: pip install 'flake8-tf2[lsp]'")
    serve(arguments.pages)
    return NOTHING_FOUND


def _fail(message: str) -> int:
    print(f"flake8-tf2: {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
