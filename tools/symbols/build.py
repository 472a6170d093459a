"""Join three dumps of dump.py into the symbol table of flake8-tf2.

    python tools/symbols/build.py TF1.json TF2_OLD.json TF2_NEW.json [FOLDER]

Writes symbols.jsonl, tf2.jsonl, members.jsonl, tf2_members.jsonl and
private.jsonl.  Needs this package, installed; the same dumps give the same bytes.
"""

import io
import json
import os
import sys

from flake8_tf2.names.table import split_signature

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "flake8_tf2", "names", "data")

#: Where a name that TF2 suggests should not come from, if there is another.
SECOND_CHOICE = ("tf.compat.", "tf.raw_ops.", "tf.keras.backend.")


# ---------------------------------------------------------------- signatures


class Signature:
    """The parameters of a signature: positional names in order, keyword-only names, defaults."""

    def __init__(self, text):
        self.positional, self.keyword_only, self.defaults = [], [], {}
        names = self.positional
        for part in split_signature(text):
            if part.startswith("**"):
                continue
            if part.startswith("*"):
                names = self.keyword_only
                continue
            name, equals, default = part.partition("=")
            names.append(name)
            if equals:
                self.defaults[name] = default

    @property
    def names(self):
        """All named parameters."""
        return self.positional + self.keyword_only

    def position(self, name):
        """The index of a positional parameter, None for others."""
        return self.positional.index(name) if name in self.positional else None


def renamed_parameters(old, new, stated):
    """{old: new}: what the source of TF1 states, then one for one at the same position."""
    renamed = {o: n for o, n in stated.items() if o in old.names and o not in new.names and n in new.names}
    taken = set(renamed.values())
    for before, after in zip(old.positional, new.positional):
        free = before not in new.names and after not in old.names and before not in renamed and after not in taken
        if free and is_same_parameter(before, after, old, new):
            renamed[before] = after
    return renamed


def is_same_parameter(before, after, old, new):
    """Are two parameters at the same position one parameter under two names?

    `collections=None` and `step=None` of tf.summary.scalar are not: None, True and
    False are everybody's defaults.  `tensor` and `data`, both required, are.
    """
    if before in old.defaults and after in new.defaults:
        alike = before in after or after in before
        telling = old.defaults[before] not in ("None", "True", "False") and not old.defaults[before].startswith("'")
        return same_default(old.defaults[before], new.defaults[after]) and (alike or telling)
    required = [len([n for n in s.positional if n not in s.defaults]) for s in (old, new)]
    return before not in old.defaults and after not in new.defaults and required[0] == required[1]


def same_default(old, new):
    """Are two defaults the same text, but for where the enumeration is looked up?"""
    return old == new or None not in (old, new) and old == new.replace("tf.compat.v1.", "tf.")


def compare_parameters(old_text, new_text, stated):
    """What became of the parameters, as the `params` of a symbol."""
    old, new = Signature(old_text), Signature(new_text)
    renamed = renamed_parameters(old, new, stated)
    kept = {n: renamed.get(n, n) for n in old.names if n in renamed or n in new.names}
    result = {
        "renamed": {o: renamed[o] for o in old.names if o in renamed},
        "removed": [n for n in old.names if n not in kept],
        "added": [n for n in new.names if n not in kept.values()],
        "moved": [o for o, n in kept.items() if old.position(o) is not None and old.position(o) != new.position(n)],
        "defaults": {
            o: [old.defaults.get(o), new.defaults.get(n)]
            for o, n in kept.items()
            # keep_dims beside keepdims: the default of the old spelling says nothing.
            if not same_default(old.defaults.get(o), new.defaults.get(n)) and (o == n or n not in old.names)
        },
    }
    return {key: value for key, value in result.items() if value}


# ---------------------------------------------------------------- one TF2


class Tf2:
    """One TensorFlow 2: its native names, its compat.v1 names, and which are one object."""

    def __init__(self, data):
        self.data = data
        everything = data["symbols"]
        self.native = {n: e for n, e in everything.items() if not n.startswith("tf.compat.v1.")}
        self.v1 = {"tf." + n[len("tf.compat.v1.") :]: e for n, e in everything.items() if n.startswith("tf.compat.v1.")}
        self.by_core = {}
        for name, entry in self.native.items():
            if "core" in entry:
                self.by_core.setdefault(entry["core"], []).append(name)
        self.by_constant = {}
        for name, where in data["constants"].items():
            if name.startswith("tf.") and name in self.native:
                self.by_constant.setdefault(where, []).append(name)

    def new_name(self, name):
        """The native name of the object that is tf.compat.v1.X, or None."""
        entry = self.v1.get(name)
        if entry is None or entry["kind"] == "module":
            return None
        if "core" not in entry:
            names = self.by_constant.get(self.data["constants"].get("v1." + name[len("tf.") :]), [])
            return min(names, key=plainness) if names else None
        names = self.by_core.get(entry["core"], [])
        names = sorted({self.native[n]["canonical"] for n in names if self.native[n]["canonical"] in self.native})
        return min(names, key=plainness) if names else None

    def same_object(self, name):
        """Is tf.compat.v1.X the object tf.X?

        Decorators are looked through: tf.math.log and tf.compat.v1.math.log are one
        function, of which one has its dispatcher around it.
        """
        native, old = self.native[name], self.v1[name]
        if "core" in native or "core" in old:
            return native.get("core") == old.get("core")
        return native.get("value") == old.get("value")


def plainness(name):
    """Sort key: the name to prefer comes first."""
    return name.startswith(SECOND_CHOICE), "__" in name, name.count("."), len(name), name


# ---------------------------------------------------------------- symbols


def is_contrib(name):
    """Is this a name of tf.contrib?"""
    return name == "tf.contrib" or name.startswith("tf.contrib.")


def has_twin(name, new):
    """Does tf.compat.v1 keep the TF1 object of this name?

    tf.compat.v1.keras does not: it is Keras 3, the same as tf.keras.
    """
    return name in new.v1 and not name.startswith("tf.keras")


def classify(name, entry, new):
    """The class of a symbol, and its target if it is renamed."""
    native = None if is_contrib(name) else new.native.get(name)
    if entry["kind"] == "module":
        return ("same" if native else "compat" if name in new.v1 else "gone"), None
    if native is None:
        target = new.new_name(name) if not is_contrib(name) else None
        if target:
            return "renamed", target
        return ("compat" if name in new.v1 and not is_contrib(name) else "gone"), None
    if has_twin(name, new):
        if new.same_object(name):
            return "same", None
    elif all(entry.get(key) == native.get(key) for key in ("kind", "sig", "value")):
        return "same", None
    comparable = "sig" in entry and "sig" in native
    return ("signature" if comparable and entry["sig"] != native["sig"] else "other"), None


def availability(name, old, new):
    """`<2.21`, `>2.16`, or None where both have it (or neither)."""
    versions = [".".join(t.data["version"].split(".")[:2]) for t in (old, new)]
    if (name in old.native) == (name in new.native):
        return None
    return "<" + versions[1] if name in old.native else ">" + versions[0]


def symbol_line(name, entry, old, new):
    """One line of symbols.jsonl."""
    kind = entry["kind"]
    group, target = classify(name, entry, new)
    native_name = target or name
    native = None if group in ("gone", "compat") else new.native.get(native_name, {})
    line = {"name": name, "kind": kind, "class": group, "target": target}
    if entry.get("canonical", name) != name:
        line["alias"] = entry["canonical"]
    line["tf1"] = entry.get("sig")
    if native and "sig" in native and "sig" in entry and native["sig"] != entry["sig"]:
        line["tf2"] = native["sig"]
        line["params"] = compare_parameters(entry["sig"], native["sig"], entry.get("renames", {})) or None
    if name not in new.v1 or is_contrib(name):
        line["v1"] = False
    if not is_contrib(name):
        line["range"] = availability(native_name, old, new)
    return {key: value for key, value in line.items() if value is not None}


def symbols(tf1, old, new):
    """The lines of symbols.jsonl."""
    return [symbol_line(name, entry, old, new) for name, entry in sorted(tf1["symbols"].items())]


# ---------------------------------------------------------------- TF2 names


def unofficial(old, new):
    """Lines for what `import tensorflow as tf` happens to hold."""
    tops = [set(t.data["top"]) for t in (old, new)]
    modules = ("__internal__", "__operators__", "dtensor", "security", "tools", "tsl")
    names = {n for n in tops[0] | tops[1] if not n.startswith("_") or (n.startswith("__") and n.endswith("__"))}
    lines = []
    for name in sorted(names):
        full = "tf." + name
        if full in old.native or full in new.native:
            continue
        line = {"name": full, "kind": "module" if name in modules else "constant"}
        if (name in tops[0]) != (name in tops[1]):
            line["range"] = ("<" if name in tops[0] else ">") + ".".join(
                (new if name in tops[0] else old).data["version"].split(".")[:2]
            )
        line["unofficial"] = True
        lines.append(line)
    return lines


def tf2_lines(old, new, tf1_lines):
    """The lines of tf2.jsonl."""
    told = {line["name"] for line in tf1_lines if line["class"] in ("same", "signature", "other") and "tf1" in line}
    lines = unofficial(old, new)
    for name in set(old.native) | set(new.native):
        entry = new.native.get(name) or old.native[name]
        line = {"name": name, "kind": entry["kind"]}
        reach = availability(name, old, new)
        if reach:
            line["range"] = reach
        if "sig" in entry and name not in told:
            line["sig"] = entry["sig"]
        lines.append(line)
    return sorted(lines, key=lambda line: line["name"])


# ---------------------------------------------------------------- members


def member_lines(tf1, new, tf1_lines):
    """The lines of members.jsonl."""
    by_name = {line["name"]: line for line in tf1_lines}
    classes = tf1["classes"]
    lines = []
    for name, entry in sorted(classes.items()):
        inherited = [classes[b]["members"] for b in entry["bases"] if b in classes]
        own = {m: s for m, s in sorted(entry["members"].items()) if not any(i.get(m) == s for i in inherited)}
        line = {"name": name, "bases": entry["bases"], "members": own, "gone": gone_members(by_name[name], entry, new)}
        lines.append({k: v for k, v in line.items() if v or k == "gone" and v is not None})
    return lines


def gone_members(line, entry, new):
    """The members that the native TF2 class lacks; None without such a class."""
    if line["class"] in ("gone", "compat"):
        return None
    native = new.native.get(line.get("target", line["name"]))
    if not native or native["kind"] != "class":
        return None
    there = set(new.data["classes"][native["canonical"]]["all"])
    return sorted(set(entry["members"]) - there) or None


def tf2_member_lines(old, new):
    """The lines of tf2_members.jsonl."""
    lines = []
    for name in sorted(set(old.native) | set(new.native)):
        tf2 = new if name in new.native else old
        entry = tf2.native[name]
        if entry["kind"] == "class":
            lines.append(class_line(name, entry, tf2))
        elif entry["kind"] == "constant" and "all" in entry:
            public_type = entry["type"] in tf2.native
            lines.append(dict(name=name, of=entry["type"]) if public_type else dict(name=name, members=entry["all"]))
    return lines


def class_line(name, entry, tf2):
    """A class: what it adds to the members of its nearest public base."""
    classes, canonical = tf2.data["classes"], entry["canonical"]
    if canonical != name and canonical in tf2.native:
        return {"name": name, "of": canonical}
    all_members = classes[canonical]["all"]
    for base in classes[canonical]["bases"]:
        if base in tf2.native and base in classes and set(classes[base]["all"]) <= set(all_members):
            own = sorted(set(all_members) - set(classes[base]["all"]))
            return {"name": name, "of": base, "members": own} if own else {"name": name, "of": base}
    return {"name": name, "members": all_members} if all_members else {"name": name}


# ---------------------------------------------------------------- private modules


def private_lines(tf1, new):
    """The lines of private.jsonl."""
    lines = []
    for module, names in sorted(tf1["private"].items()):
        line = {"module": module}
        there = new.data["private"].get(module)
        if there is not None:
            line["tf2"] = True
        if names:
            line["names"] = dict(sorted(names.items()))
        if there is not None and set(names) - set(there):
            line["missing"] = sorted(set(names) - set(there))
        lines.append(line)
    return lines


# ---------------------------------------------------------------- files


def read(path):
    """One dump."""
    with io.open(path, encoding="utf-8") as handle:
        return json.load(handle)


def write(folder, name, lines):
    """One data file."""
    with io.open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as handle:
        for line in lines:
            handle.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")


def main(argv):
    """The command line."""
    if len(argv) not in (3, 4):
        sys.exit(__doc__)
    tf1, old, new = read(argv[0]), Tf2(read(argv[1])), Tf2(read(argv[2]))
    folder = argv[3] if len(argv) == 4 else FOLDER
    tf1_lines = symbols(tf1, old, new)
    write(folder, "symbols.jsonl", tf1_lines)
    write(folder, "tf2.jsonl", tf2_lines(old, new, tf1_lines))
    write(folder, "members.jsonl", member_lines(tf1, new, tf1_lines))
    write(folder, "tf2_members.jsonl", tf2_member_lines(old, new))
    write(folder, "private.jsonl", private_lines(tf1, new))


if __name__ == "__main__":
    main(sys.argv[1:])
