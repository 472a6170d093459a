"""An independent count of the TensorFlow names in a source tree that the installed TensorFlow lacks.

    python tools/evidence/chains.py FOLDER... > unresolved_chains.tsv

It shares no code and no idea with flake8_tf2: no ast, no scopes, no symbol table. Comments and strings are
blanked out (tokenize), aliases are read off the import lines by regex, every dotted chain that begins with
an alias is found by regex, and getattr on the TensorFlow of this interpreter decides whether it can be followed.

Columns of the output, one row for each chain that cannot be followed:

    path  line  column  chain  resolves  canonical  kind

column counts characters from 1. chain is as the file spells it (blanks and line breaks taken out), canonical
has the alias written out, resolves is the longest prefix of canonical that getattr (for an import line:
import or getattr) can follow. kind:

    import    an import line
    use       a dotted chain that begins with an imported alias
    bare      an imported name without a dot behind it (the import itself does not resolve)
    assigned  a chain that begins with a name which is bound, by a line of its own, to a chain that does not
              resolve (flags = tf.flags). A textual guess, one level deep.
    fstring   a use inside the braces of an f-string

What is followed: modules, and one attribute of a class (tf.GraphKeys.X). At an instance or a function, or after
the attribute of a class, following stops and the chain counts as resolved.

Limits, all textual: an alias holds in the whole file (no scopes, no shadowing); names that come through a star
import or through a module of the tree itself (U.tf.placeholder), getattr(tf, "x"), and anything after a call
or a subscript are not seen. stderr lists the files that are no Python 3 and every star import.
"""

import ast
import bisect
import importlib
import io
import keyword
import os
import re
import sys
import tokenize
import types
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

ROOT = "tensorflow"
NAME = r"[^\W\d]\w*"
DOT = r"(?:[ \t\f\r\n]|\\\r?\n)*\.(?:[ \t\f\r\n]|\\\r?\n)*"
CHAIN = re.compile(rf"(?<![\w.])({NAME})((?:{DOT}{NAME})*)")
IMPORT = re.compile(r"(?m)(?:^|[;:])[ \t]*import[ \t]+([^\n;]+)")
FROM = re.compile(r"(?m)(?:^|[;:])[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n;]+)")
ASSIGN = re.compile(rf"(?m)^[ \t]*({NAME})[ \t]*=[ \t]*({NAME}(?:[ \t]*\.[ \t]*{NAME})+)[ \t]*;?[ \t\r]*$")
ENTRY = re.compile(rf"({NAME}(?:\.{NAME})*|\*)(?:[ \t\r\n]+as[ \t\r\n]+({NAME}))?")
CRUDE = re.compile(
    r"(?s)[rRbBuU]{0,2}(?:'''(?:\\.|.)*?'''|\"\"\"(?:\\.|.)*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")|#[^\n]*"
)


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        text = data.decode("latin-1")
    return text.removeprefix("\ufeff")


def blank(text):
    return re.sub(r"[^\r\n]", " ", text)


def line_starts(text):
    """Offsets of the lines, as tokenize counts them: only \\n ends a line."""
    return [0] + [match.end() for match in re.finditer("\n", text)]


def code_of(text):
    """The text with comments and strings blanked out, the f-strings, and whether it could be tokenized."""
    starts = line_starts(text)
    out, done, fstrings = [], 0, []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="\n").readline):
            if token.type not in (tokenize.COMMENT, tokenize.STRING):
                continue
            begin = starts[token.start[0] - 1] + token.start[1]
            end = starts[token.end[0] - 1] + token.end[1]
            if token.type == tokenize.STRING and "f" in re.match(r"\w*", token.string)[0].lower():
                fstrings.append((begin, token.string))
            out += [text[done:begin], blank(text[begin:end])]
            done = end
    except (tokenize.TokenError, SyntaxError, IndexError):
        return CRUDE.sub(lambda match: blank(match[0]), text), [], False
    return "".join(out) + text[done:], fstrings, True


def aliases_of(code):
    """The names that import lines bind to something of TensorFlow, the chains on those lines, and star imports."""
    flat = re.sub(r"\\(\r?\n)", lambda match: " " * len(match[0]), code)
    aliases, lines, stars = {}, [], []
    for match in IMPORT.finditer(flat):
        for entry in ENTRY.finditer(match[1]):
            dotted, bound = entry[1], entry[2]
            if dotted.split(".")[0] != ROOT:
                continue
            lines.append((match.start(1) + entry.start(1), dotted, dotted))
            aliases[bound or ROOT] = dotted if bound else ROOT
    for match in FROM.finditer(flat):
        module = match[1]
        if module.split(".")[0] != ROOT:
            continue
        names = [entry for entry in ENTRY.finditer(match[2])]
        for entry in names:
            if entry[1] == "*":
                stars.append((match.start(1), module))
                lines.append((match.start(1), module, module))
                continue
            lines.append((match.start(1), f"{module}.{entry[1]}", f"{module}.{entry[1]}"))
            aliases[entry[2] or entry[1]] = f"{module}.{entry[1]}"
    return aliases, lines, stars


def attribute(owner, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return True, getattr(owner, name)
        except Exception:  # a lazy module can raise anything
            return False, None


def follow(canonical, cache={}):
    """The longest prefix of canonical that getattr can follow; canonical itself if it resolves."""
    if canonical not in cache:
        cache[canonical] = _follow(canonical)
    return cache[canonical]


def _follow(canonical):
    parts = canonical.split(".")
    owner = importlib.import_module(ROOT)
    for index, part in enumerate(parts[1:], 1):
        if not isinstance(owner, (types.ModuleType, type)):
            return canonical
        found, value = attribute(owner, part)
        if not found:
            return ".".join(parts[:index])
        if isinstance(owner, type):
            return canonical
        owner = value
    return canonical


def follow_import(canonical, cache={}):
    """As follow, for an import line: a prefix may also be a module that can be imported."""
    if canonical not in cache:
        best, parts = follow(canonical), canonical.split(".")
        for count in range(len(best.split(".")) + 1, len(parts) + 1):
            prefix = ".".join(parts[:count])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    importlib.import_module(prefix)
                    best = prefix
                    continue
                except Exception:
                    pass
                try:
                    getattr(importlib.import_module(".".join(parts[: count - 1])), parts[count - 1])
                    best = prefix
                except Exception:
                    break
        cache[canonical] = best
    return cache[canonical]


def follow_use(target, rest):
    """The longest prefix of a use, where target is what the import line binds."""
    full = ".".join([target] + rest)
    if follow(target) == target:
        return follow(full)
    reached = follow_import(target)
    if reached != target:
        return reached
    owner = sys.modules.get(target)  # tensorflow.python.x: importable, but no attribute of tensorflow
    for index, part in enumerate(rest):
        if not isinstance(owner, (types.ModuleType, type)):
            break
        found, value = attribute(owner, part)
        if not found:
            return ".".join([target] + rest[:index])
        if isinstance(owner, type):
            break
        owner = value
    return full


def chains(code):
    for match in CHAIN.finditer(code):
        if not keyword.iskeyword(match[1]):
            yield match, [match[1]] + re.findall(NAME, match[2].replace("\\", " "))


def is_bare_use(code, match):
    """Not the binding of the name: not in an import line, no keyword argument, no def, no assignment."""
    start = code.rfind("\n", 0, match.start()) + 1
    if re.match(r"[ \t]*(?:from|import)\b", code[start : match.start()]):
        return False
    if re.search(r"\b(?:def|class|as|import|lambda)[ \t]+$", code[start : match.start()]):
        return False
    return not re.match(r"[ \t]*(?:=(?!=)|:[^=\n]*=(?!=))", code[match.end() : match.end() + 80])


def rows_of(text):
    code, fstrings, tokenized = code_of(text)
    aliases, lines, stars = aliases_of(code)
    if not aliases and not lines:
        return [], stars, tokenized
    starts = line_starts(text)
    rows, import_spans = [], []

    def add(offset, chain, resolves, canonical, kind):
        line = bisect.bisect_right(starts, offset)
        rows.append((line, offset - starts[line - 1] + 1, chain, resolves, canonical, kind))

    for pattern in (IMPORT, FROM):
        import_spans += [match.span() for match in pattern.finditer(code)]
    for offset, chain, canonical in lines:
        resolves = follow_import(canonical)
        if resolves != canonical:
            add(offset, chain, resolves, canonical, "import")

    assigned = {}
    for match in ASSIGN.finditer(code):
        parts = re.findall(NAME, match[2])
        if parts[0] in aliases and match[1] not in aliases:
            canonical = ".".join([aliases[parts[0]]] + parts[1:])
            if follow_use(aliases[parts[0]], parts[1:]) != canonical:
                assigned[match[1]] = canonical

    def scan(code, base, kind):
        for match, parts in chains(code):
            if base == 0 and any(begin <= match.start() < end for begin, end in import_spans):
                continue
            head, rest = parts[0], parts[1:]
            if head in aliases:
                target = aliases[head]
            elif head in assigned and rest:
                target = assigned[head]
            else:
                continue
            canonical = ".".join([target] + rest)
            resolves = follow_use(target, rest)
            if resolves == canonical:
                continue
            if not rest and not is_bare_use(code, match):
                continue
            found = "assigned" if head in assigned else kind if rest else "bare"
            add(base + match.start(), ".".join(parts), resolves, canonical, found)

    scan(code, 0, "use")
    for begin, string in fstrings:
        for match in re.finditer(r"\{([^{}]*)\}", string):
            inner = match[1]
            if inner.count('"') + inner.count("'") == 0:
                scan(inner, begin + match.start(1), "fstring")
    return sorted(set(rows)), stars, tokenized


def python_files(folders):
    for folder in folders:
        if os.path.isfile(folder):
            yield folder
            continue
        for where, inner, names in os.walk(folder):
            inner[:] = sorted(name for name in inner if name != ".git")
            yield from (os.path.join(where, name) for name in sorted(names) if name.endswith(".py"))


def main(folders):
    if not folders:
        sys.exit(__doc__)
    print("path", "line", "column", "chain", "resolves", "canonical", "kind", sep="\t")
    for path in python_files(folders):
        text = read(path)
        if ROOT not in text:
            continue
        rows, stars, tokenized = rows_of(text)
        if not tokenized:
            print(f"{path}: does not tokenize, chained by a cruder regex", file=sys.stderr)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(text)  # only for the list on stderr
        except (SyntaxError, ValueError) as error:
            print(f"{path}: no Python 3 ({error})", file=sys.stderr)
        for offset, module in stars:
            print(f"{path}: star import of {module}", file=sys.stderr)
        for row in rows:
            print(path, *row, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
