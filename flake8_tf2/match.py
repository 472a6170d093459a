"""From references to findings: which rules speak of a reference, and whether their conditions hold."""

import ast
import re
from typing import Callable, NamedTuple

from flake8_tf2.arguments import Arguments, bind_to
from flake8_tf2.context import File, Match, Told, Use, fill, spelled_in_full
from flake8_tf2.families import FAMILIES, NAMES, PARAMETERS, SYMBOL, means_the_same, positional
from flake8_tf2.finding import Severity
from flake8_tf2.names.origins import makers
from flake8_tf2.names.ranks import rank
from flake8_tf2.names.references import Place, Reference, place_of
from flake8_tf2.names.table import Row
from flake8_tf2.registry import Rule


#: Makes a named tuple of a tuple: several times faster than a call of its class.
_new = tuple.__new__


def match_references(file: File, references: list[Reference]) -> list[Match]:
    """All matches of rules that name symbols and of families that the symbol table drives."""
    # What is said of a symbol depends on how it is spelled and used, on the shape of the call, and on which conditions
    # hold: worked out once for each of these, for all files. Only place and certainty are a reference's own.
    kept = file.registry.kept.setdefault((file.options, file.is_tf1), {})
    found: list[Match] = []
    for reference in references:
        symbol, kind, head, node, spelling, certain, _, _, _, call, receiver, known, weak = reference
        key = symbol, spelling, kind, known, receiver and receiver.spelling, weak
        plan = kept.get(key)
        if plan is None:
            plan = kept[key] = _plan(file, reference)
        matches, use = plan.matches, None
        if matches is None:
            shape = _shape(call)
            form = plan.forms.get(shape)
            if form is None:
                form = plan.forms[shape] = _form(file, reference, plan)
            if form.binds:
                use = _use(reference, plan)
            matches = _by_outcome(file, reference, plan, form, use)
        if matches:
            place = _new(Place, (head.lineno, head.col_offset, node.end_lineno, node.end_col_offset))
            for rule, at, severity, evident, message in matches:
                where = place if at == SYMBOL else _place(at, use)
                found.append(
                    _new(Match, (rule, where, symbol, severity, certain, spelling, evident, message, reference))
                )
    return found


def _shape(call: ast.Call | None) -> tuple:
    """What of a call decides which parameters it gives: how many positions, stars among them, and keywords."""
    if call is None:
        return ()
    arguments = call.args
    shape = len(arguments), *[keyword.arg for keyword in call.keywords]
    if ast.Starred in map(type, arguments):
        shape += tuple(i for i, argument in enumerate(arguments) if type(argument) is ast.Starred)
    return shape


class Form(NamedTuple):
    """What is known of all calls of one shape.

    varying: the rules of which more than the shape decides, without the conditions that it decides. outcomes: what is
    found, by which of these rules hold; None where it depends on yet more. binds: whether the arguments matter, for
    these rules or for the place.
    """

    varying: list[Rule]
    outcomes: dict[tuple[bool, ...], list[Told]] | None
    binds: bool


class Plan(NamedTuple):
    """What is known of all references to a symbol that are spelled and used in one way.

    groups: the rules that may speak of it, the more exact before the less. families, parameters: those of names and of
    parameters. positional: the parameters that have a position.
    matches: what is found in each of them; None where that depends on more.
    forms: what is known of uses of one shape.
    """

    groups: list[list[Rule]]
    families: list[Rule]
    parameters: list[Rule]
    row: Row | None
    native: bool
    positional: list[str]
    matches: list[Told] | None
    forms: dict[tuple, Form]


def _plan(file: File, reference: Reference) -> Plan:
    table, registry, symbol = file.table, file.registry, reference.symbol
    row, version = table.row(symbol), file.options.target_version
    families: list[Rule] = []
    parameters: list[Rule] = []
    if reference.receiver is not None:
        cls, _, method = symbol.rpartition(".")
        found = table.member(cls, method)
        native = (
            reference.receiver.spelling == "native"
            and table.resolves(cls, version)
            and table.tf2_has_member(cls, method) is not False
        )
        signature = found[1] if found else ""
    else:
        native = reference.spelling in ("native", "keras") and table.resolves(symbol, version)
        signature = row.tf1 if row else ""
        if not (native and reference.known):
            families = [rule for rule in registry.tables if rule.table in NAMES]
        if row is not None and row.params and reference.call is not None:
            parameters = [rule for rule in registry.tables if rule.table in PARAMETERS]
    kind = reference.kind
    exact = [rule for rule in registry.exact(symbol) if not rule.use or kind in rule.use]
    groups = [exact, registry.below(symbol, kind)]
    plan = Plan(groups, families, parameters, row, native, positional(table, signature), None, {})
    rules = [rule for group in groups for rule in group]
    conditional = any(
        rule.when or rule.structure or rule.unless or rule.hint or rule.at != SYMBOL for rule in [*rules, *families]
    )
    if parameters or conditional or reference.spelling == "compat":
        return plan
    return plan._replace(matches=_match_one(file, reference, plan))


def _form(file: File, reference: Reference, plan: Plan) -> Form:
    if any(rule.hint for rule in plan.families):
        return Form([], None, True)
    use = _use(reference, plan)
    rules = [rule for group in plan.groups for rule in group]
    varying = [left for left in (_undecided(rule, use) for rule in rules) if left is not None]
    changed = bool(plan.parameters) and not means_the_same(file.table, plan.row, reference.call)
    return Form(varying, {}, changed or bool(varying) or any(rule.at != SYMBOL for rule in rules))


def _use(reference: Reference, plan: Plan) -> Use:
    call = reference.call
    arguments = bind_to(call, plan.positional) if call is not None else None
    return _new(Use, (reference, plan.row, plan.native, arguments))


def _by_outcome(file: File, reference: Reference, plan: Plan, form: Form, use: Use | None) -> list[Told]:
    """What is found at a reference."""
    if form.outcomes is None:
        return _match_one(file, reference, plan)
    outcome = [_holds(file, rule, use) for rule in form.varying]
    for rule in form.varying:
        if rule.hint:
            outcome.append(_only_hints(file, rule, use))
    if reference.spelling == "compat":
        outcome.append(spelled_in_full(file, reference))
    key = tuple(outcome)
    matches = form.outcomes.get(key)
    if matches is None:
        matches = form.outcomes[key] = _match_one(file, reference, plan)
    return matches


def _undecided(rule: Rule, use: Use) -> Rule | None:
    """A rule with those of its conditions that the shape of the call does not decide; None where it decides about all.

    Which parameters are given, and whether there is a receiver, is the same for all calls of a shape.
    """
    arguments = use.arguments
    if isinstance(rule.at, dict) and (arguments is None or rule.at["argument"] not in arguments.bound):
        return None
    if arguments is None and any(name != "file" for name in rule.when):
        return None
    when = {}
    for name, condition in rule.when.items():
        left = condition if name == "file" else _reduced(use, arguments, name, condition)
        if left is _NEVER:
            return None
        if left is not _ALWAYS:
            when[name] = left
    return rule._replace(when=when) if when or rule.structure or rule.unless or rule.hint else None


_ALWAYS, _NEVER = object(), object()


def _reduced(use: Use, arguments: Arguments, name: str, condition: object) -> object:
    """What is left of a condition once the shape of the call is known: a simpler condition, _ALWAYS or _NEVER.

    Follows `condition_holds`.
    """
    given = name in arguments.bound or name == "self" and use.reference.receiver is not None
    if isinstance(condition, list):
        parts = [_reduced(use, arguments, name, part) for part in condition]
        if _ALWAYS in parts:
            return _ALWAYS
        parts = [part for part in parts if part is not _NEVER]
        return parts if len(parts) > 1 else parts[0] if parts else _NEVER
    if isinstance(condition, dict) and "not" in condition:
        left = _reduced(use, arguments, name, condition["not"])
        if left is _ALWAYS or arguments.open and name not in arguments.bound:
            return _NEVER
        return _ALWAYS if left is _NEVER else {"not": left}
    if condition == "absent":
        return _ALWAYS if arguments.absent(name) else _NEVER
    if condition == "present":
        return _ALWAYS if given else _NEVER
    return condition if given else _NEVER


def _match_one(file: File, reference: Reference, plan: Plan) -> list[Told]:
    """What is found at one reference and counts in this file."""
    call, spelling = reference.call, reference.spelling
    own: list[Told] = []
    use = Use(reference, plan.row, plan.native, None)
    if plan.groups[0] or plan.groups[1]:
        use = use._replace(arguments=bind_to(call, plan.positional) if call is not None else None)
        own = [_match(file, rule, use) for rule in _applicable(file, plan.groups, use)]
        own = [told for told in own if counts(file, told.severity, spelling, told.evident)]
    found = own
    families = plan.families
    if plan.parameters and not means_the_same(file.table, plan.row, call):
        families = families + plan.parameters
        if use.arguments is None:
            use = use._replace(arguments=bind_to(call, plan.positional))
    for rule in families:
        for at, fields, evident in FAMILIES[rule.table](file, use, own):
            severity = _severity(file, rule, use)
            if counts(file, severity, spelling, evident):
                found = [*found, Told(rule, at, severity, evident, fill(rule, fields))]
    return found


def counts(file: File, severity: Severity, spelling: str, evident: bool) -> bool:
    """Whether what is found counts in this file, with these options."""
    if severity is Severity.HINT and not file.options.hints:
        return False
    if spelling == "compat":
        return not file.options.allow_compat_v1 or severity is Severity.ERROR
    return evident or file.is_tf1


def _applicable(file: File, groups: list[list[Rule]], use: Use) -> list[Rule]:
    """The most exact rules that speak of this use: by name before by namespace, with a condition before without."""
    for group in groups:
        chosen = [rule for rule in group if _holds(file, rule, use)]
        conditional = [rule for rule in chosen if rule.when or rule.structure]
        if conditional:
            # A condition on one argument does not silence the rule on the whole call, unless both stand at one place.
            places = {str(rule.at) for rule in conditional}
            return conditional + [r for r in chosen if r not in conditional and str(r.at) not in places]
        if chosen:
            return chosen
    return []


def use_of(file: File, reference: Reference) -> Use:
    """A reference with its row of the symbol table, and the arguments of its call bound."""
    return _use(reference, _plan(file, reference))


def rules_of(file: File, use: Use) -> list[Rule]:
    """The rules that name the symbol and whose conditions hold for this use."""
    return _applicable(file, _plan(file, use.reference).groups, use)


def conditions_hold(file: File, use: Use, when: dict) -> bool:
    """Whether all conditions on the file and the arguments of a call hold.

    Of what is not called none does, but for those that speak of the file alone, or of `self` alone.
    """
    if not when:
        return True
    if "file" in when:
        canonical = file.table.canonical
        for word, symbols in when["file"].items():
            if any(canonical(symbol) in file.references.symbols for symbol in symbols) != (word == "has"):
                return False
        if len(when) == 1:
            return True
    arguments = use.arguments
    if arguments is None:
        if when.keys() != {"self"}:
            return False
        arguments = Arguments({}, False)
    for name, condition in when.items():
        if name != "file" and not condition_holds(file, use, arguments, name, condition):
            return False
    return True


def _holds(file: File, rule: Rule, use: Use) -> bool:
    if not conditions_hold(file, use, rule.when):
        return False
    if isinstance(rule.at, dict) and (use.arguments is None or rule.at["argument"] not in use.arguments.bound):
        return False
    if any(conditions_hold(file, use, conditions) for conditions in rule.unless):
        return False
    if rule.structure:
        from flake8_tf2.structure import matches_structure  # imports ast-grep

        return matches_structure(file, rule, use.reference)
    return True


def condition_holds(file: File, use: Use, arguments: Arguments, name: str, condition: object) -> bool:
    """Whether one condition of a rule's `when` holds; what a star hides is neither absent nor present."""
    cls = condition.__class__
    if cls is list:
        for one in condition:
            if condition_holds(file, use, arguments, name, one):
                return True
        return False
    if cls is dict and "not" in condition:
        return not condition_holds(file, use, arguments, name, condition["not"]) and not (
            arguments.open and name not in arguments.bound
        )
    if condition == "absent":
        return arguments.absent(name)
    argument = arguments.bound.get(name)
    if argument is not None:
        value = argument.value
    elif name == "self" and use.reference.receiver is not None:
        value = use.reference.node.value
    else:
        return False
    if cls is dict:
        if "named" in condition:
            named = value.func if value.__class__ is ast.Call else value
            tail = getattr(named, "attr", None) or getattr(named, "id", None) or ""
            return re.search(condition["named"], tail) is not None
        if "matches" in condition:
            text = value.value if value.__class__ is ast.Constant else None
            return isinstance(text, str) and re.search(condition["matches"], text) is not None
        reference = use.reference
        if "rank" in condition:
            return rank(file.resolver, value, reference.scope, reference.block) in condition["rank"]
        if "made_by" in condition:
            made_by = makers(file.resolver, value, reference.scope, reference.block)
            return bool(made_by) and made_by <= file.table.canonicals(tuple(condition["made_by"]))
        values = file.resolver.values(value, reference.scope, reference.block)
        return any(v.kind == "symbol" and file.table.canonical(v.name) == condition["symbol"] for v in values)
    if condition == "present":
        return True
    if condition == "function":
        values = file.resolver.values(value, use.reference.scope, use.reference.block)
        return value.__class__ is ast.Lambda or any(v.kind == "function" for v in values)
    if condition == "several":
        values = file.resolver.values(value, use.reference.scope, use.reference.block)
        return any(v.kind == "container" and _holds_several(v.node) for v in values)
    if condition not in _WORDS and value.__class__ not in _SCALARS:
        return False  # a condition is never a display
    literal, known = literal_value(value)
    if cls is str and condition in _WORDS:
        return _WORDS[condition](known, literal)
    return known and type(literal) is type(condition) and literal == condition


def _holds_several(node: object) -> bool:
    """Whether a container holds more than one item, or as many as a loop makes."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return len(node.elts) > 1 or any(isinstance(item, ast.Starred) for item in node.elts)
    return isinstance(node, (ast.ListComp, ast.GeneratorExp))


_SCALARS = {ast.Constant, ast.UnaryOp, ast.BinOp}


_WORDS: dict[object, Callable[[bool, object], bool]] = {
    "literal": lambda known, value: known,
    "dynamic": lambda known, value: not known,
    "string": lambda known, value: known and _strings(value),
    "number": lambda known, value: known and isinstance(value, (int, float)) and not isinstance(value, bool),
    "bool": lambda known, value: known and isinstance(value, bool),
}


def _strings(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return bool(value) and all(map(_strings, value))
    return isinstance(value, str)


def literal_value(node: ast.expr) -> tuple[object, bool]:
    """The value of a literal, and whether it is one."""
    cls = node.__class__
    if cls is ast.Constant:
        return node.value, True
    if cls is ast.List or cls is ast.Tuple:
        values = []
        for element in node.elts:
            value, known = literal_value(element)
            if not known:
                return None, False
            values.append(value)
        return (values if cls is ast.List else tuple(values)), True
    if cls is ast.BinOp and node.right.__class__ is not ast.Constant:
        return None, False  # the only literal of this class is a complex number, `1 + 2j`
    if cls is ast.Dict or cls is ast.Set or cls is ast.UnaryOp or cls is ast.BinOp:
        try:
            return ast.literal_eval(node), True
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            pass
    return None, False


def _match(file: File, rule: Rule, use: Use) -> Told:
    reference = use.reference
    argument = rule.at["argument"] if isinstance(rule.at, dict) else ""
    fields = {"symbol": reference.symbol, "target": target_of(rule, use), "argument": argument}
    # Of a weak reference only the name of its receiver speaks for TF1.
    evident = rule.evident or not (use.native or reference.weak) or _foreign_keyword(file, rule, use)
    return Told(rule, rule.at, _severity(file, rule, use), evident, fill(rule, fields))


def _place(at: str | dict, use: Use) -> Place:
    """Where a use is reported: at the symbol, the call, or one of its arguments."""
    reference = use.reference
    if at == "call" and reference.call is not None:
        return place_of(reference.call)
    if isinstance(at, dict):
        argument = use.arguments.bound[at["argument"]]
        return place_of(argument.keyword or argument.value)
    return reference.place


def _foreign_keyword(file: File, rule: Rule, use: Use) -> bool:
    """Whether the call gives, by name, a parameter of the rule that native TF2 does not have."""
    if use.arguments is None or use.row is None:
        return False
    removed = {*use.row.params.get("removed", ()), *use.row.params.get("renamed", ())}
    asked = set(rule.when)
    if isinstance(rule.at, dict):
        asked.add(rule.at["argument"])
    return any(name in asked and a.keyword is not None for name, a in use.arguments.bound.items() if name in removed)


def target_of(rule: Rule, use: Use) -> str:
    """The TF2 spelling that a message may name."""
    symbol = use.reference.symbol
    targets = rule.targets
    if symbol in targets:
        return targets[symbol]
    if use.row is not None:
        for named, target in targets.items():
            if use.row.alias and use.row.alias == named:
                return target
        return use.row.target
    return ""


def _only_hints(file: File, rule: Rule, use: Use) -> bool:
    return any(conditions_hold(file, use, conditions) for conditions in rule.hint)


def _severity(file: File, rule: Rule, use: Use) -> Severity:
    """The rule's own severity; without one it follows from whether the spelling resolves under the target TF2."""
    reference = use.reference
    if _only_hints(file, rule, use):
        return Severity.HINT
    if reference.spelling == "compat":
        # compat.v1 keeps what it has: there the spelling works.
        row = use.row or file.table.row(reference.symbol.rpartition(".")[0])  # of a method, its class
        works = row is None or row.compat
        if rule.severity == "hint":
            return Severity.HINT
        return Severity.WARNING if works else Severity.ERROR
    if rule.severity:
        return Severity(rule.severity)
    if reference.spelling == "private":
        return Severity.WARNING
    return Severity.WARNING if use.native and not (rule.when or rule.table) else Severity.ERROR
