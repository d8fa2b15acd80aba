#!/usr/bin/env python3
"""Asks Z3 the questions that the policy engine answers, and compares.

    pip install z3-solver
    cargo run -p xiezhi-policy --example pairs -- 300 7 | python3 conformance/z3_policies.py

Each input line holds two identity policies and the engine's answer to "does `a` allow a request that `b` does not". The encoding is
written from the rules of the policy language and shares nothing with the engine: actions and ARN segments are Z3 strings with regular
expressions, numbers and instants are reals, addresses are bit vectors, sets of values are sets over a few strings, and every key has
a presence bit. Witnesses are checked in the model too. Exit code 1 at the first difference.
"""
import datetime
import ipaddress
import json
import sys
import time

import z3

TIMEOUT_MS = 30_000
ALWAYS = {"acs:securetransport", "acs:sourceip", "acs:currenttime"}
# Keys that hold several values at once, with the values that the generator's policies can tell apart and one that they cannot.
SET_KEYS = {"ram:servicenames": ["a", "b", "c", "ab", "ac", "zz"]}


def regex(pattern, colon):
    """A wildcard pattern as a regular expression; without `colon`, wildcards stay inside a segment."""
    if colon:
        any_char = z3.AllChar(z3.ReSort(z3.StringSort()))
    else:
        any_char = z3.Union(z3.Range(chr(0), chr(ord(":") - 1)), z3.Range(chr(ord(":") + 1), chr(0x2FFFF)))
    parts = []
    for c in pattern:
        if c == "*":
            parts.append(z3.Star(any_char))
        elif c == "?":
            parts.append(any_char)
        else:
            parts.append(z3.Re(c))
    if not parts:
        return z3.Re("")
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


def listed(value):
    return value if isinstance(value, list) else [value]


class Request:
    """The symbolic request."""

    def __init__(self):
        # Actions compare without case: the symbolic action is in lower case.
        self.code, self.name = z3.String("code"), z3.String("name")
        self.segments = [z3.String(n) for n in ("rcode", "region", "account", "relative")]
        self.star = z3.Bool("resource is the lone star")
        self.keys = {}
        word = z3.Plus(z3.Union(z3.Range("!", "9"), z3.Range(";", "~")))
        lower = z3.Plus(z3.Union(z3.Range("!", "9"), z3.Range(";", "@"), z3.Range("[", "~")))
        part = z3.Star(z3.Union(z3.Range("!", "9"), z3.Range(";", "~")))
        self.facts = [z3.InRe(self.code, lower), z3.InRe(self.name, lower)]
        self.facts += [z3.InRe(s, part) for s in self.segments[:3]]
        self.facts.append(z3.InRe(self.segments[3], z3.Star(z3.Range("!", "~"))))
        # Names of RAM roles compare without case: here they are in lower case.
        self.is_role = z3.And(self.segments[0] == "ram", z3.InRe(self.segments[3], z3.Concat(z3.Re("role/"), z3.Star(z3.Range("!", "~")))))
        upper_role = z3.Concat(
            z3.Union(z3.Re("r"), z3.Re("R")), z3.Union(z3.Re("o"), z3.Re("O")), z3.Union(z3.Re("l"), z3.Re("L")),
            z3.Union(z3.Re("e"), z3.Re("E")), z3.Re("/"), z3.Star(z3.Range("!", "~")))
        no_capital = z3.Star(z3.Union(z3.Range("!", "@"), z3.Range("[", "~")))
        self.facts.append(z3.Implies(z3.And(self.segments[0] == "ram", z3.InRe(self.segments[3], upper_role)), z3.InRe(self.segments[3], no_capital)))

    def key(self, name, kind):
        folded = name.lower()
        if folded not in self.keys:
            present = z3.BoolVal(True) if folded in ALWAYS else z3.Bool(f"{folded} present")
            if folded in SET_KEYS:
                value = {v: z3.Bool(f"{folded} has {v}") for v in SET_KEYS[folded]}
                self.facts.append(z3.Implies(present, z3.Or(*value.values())))
            elif kind == "num" or kind == "date":
                value = z3.Real(folded)
            elif kind == "bool":
                value = z3.Bool(folded)
            elif kind == "ip":
                value = (z3.Bool(f"{folded} is v6"), z3.BitVec(folded, 128))
                self.facts.append(z3.Implies(z3.Not(value[0]), z3.ULE(value[1], z3.BitVecVal(2**32 - 1, 128))))
            else:
                value = z3.String(folded)
            self.keys[folded] = (present, value)
        return self.keys[folded]


def action(request, patterns):
    out = []
    for pattern in patterns:
        pattern = pattern.lower()
        whole = z3.Concat(request.code, z3.StringVal(":"), request.name)
        if pattern == "*":
            out.append(z3.BoolVal(True))
        elif pattern.count(":") == 1:
            code, name = pattern.split(":")
            # Exactly one colon on both sides: the parts can be matched apart.
            out.append(z3.And(z3.InRe(request.code, regex(code, False)), z3.InRe(request.name, regex(name, False))))
        else:
            out.append(z3.InRe(whole, regex(pattern, True)))
    return z3.Or(*out)


def resource(request, patterns):
    out = []
    for pattern in patterns:
        if pattern == "*":
            out.append(z3.BoolVal(True))
            continue
        parts = pattern.split(":", 4)
        if len(parts) < 5 or parts[0] != "acs":
            text = z3.Concat(z3.StringVal("acs:"), request.segments[0], z3.StringVal(":"), request.segments[1], z3.StringVal(":"),
                             request.segments[2], z3.StringVal(":"), request.segments[3])
            out.append(z3.And(z3.Not(request.star), z3.InRe(text, regex(pattern, True))))
            continue
        code, region, account, relative = parts[1:]
        fits = [z3.InRe(request.segments[0], regex(code, False))]
        ram = z3.Or(request.segments[0] == "ram", request.segments[0] == "sts")
        for segment, wanted in ((request.segments[1], region), (request.segments[2], account)):
            same = z3.InRe(segment, regex(wanted, False))
            fits.append(z3.Or(ram, same) if wanted == "" else same)
        fits.append(z3.If(request.is_role, z3.InRe(request.segments[3], regex(relative.lower(), True)), z3.InRe(request.segments[3], regex(relative, True))))
        out.append(z3.And(z3.Not(request.star), *fits))
    return z3.Or(*out)


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def positive(operator, value, texts, folded):
    """The positive form of an operator over one value of the request."""
    if operator in ("StringEquals", "StringEqualsIgnoreCase", "StringLike"):
        loose = operator == "StringEqualsIgnoreCase" or folded == "acs:principalarn"
        out = []
        for text in texts:
            letters = []
            any_char = z3.AllChar(z3.ReSort(z3.StringSort()))
            for c in text:
                if operator == "StringLike" and c == "*":
                    letters.append(z3.Star(any_char))
                elif operator == "StringLike" and c == "?":
                    letters.append(any_char)
                elif loose and c.isascii() and c.isalpha():
                    letters.append(z3.Union(z3.Re(c.lower()), z3.Re(c.upper())))
                else:
                    letters.append(z3.Re(c))
            expression = z3.Re("") if not letters else letters[0] if len(letters) == 1 else z3.Concat(*letters)
            out.append(z3.InRe(value, expression))
        return z3.Or(*out)
    if operator.startswith("Numeric") or operator.startswith("Date"):
        compare = {
            "Equals": lambda a, b: a == b, "LessThan": lambda a, b: a < b, "LessThanEquals": lambda a, b: a <= b,
            "GreaterThan": lambda a, b: a > b, "GreaterThanEquals": lambda a, b: a >= b,
        }[operator.replace("Numeric", "").replace("Date", "")]
        read = (lambda t: z3.RealVal(t)) if operator.startswith("Numeric") else (lambda t: z3.RealVal(instant(t)))
        return z3.Or(*[compare(value, read(t)) for t in texts])
    if operator == "Bool":
        return z3.Or(*[value == (t.lower() == "true") for t in texts])
    if operator == "IpAddress":
        out = []
        for text in texts:
            network = ipaddress.ip_network(text, strict=False)
            low, high = int(network.network_address), int(network.broadcast_address)
            out.append(z3.And(value[0] == (network.version == 6), z3.UGE(value[1], z3.BitVecVal(low, 128)), z3.ULE(value[1], z3.BitVecVal(high, 128))))
        return z3.Or(*out)
    raise SystemExit(f"operator {operator}")


def wild(pattern, text):
    """A plain matcher for the values of set keys."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return wild(pattern[1:], text) or (bool(text) and wild(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and wild(pattern[1:], text[1:])


def condition(request, operator, key, texts):
    for_all = operator.startswith("ForAllValues:")
    operator = operator.removeprefix("ForAllValues:")
    negated = "Not" in operator
    plain = operator.replace("Not", "")
    kind = "num" if plain.startswith("Numeric") else "date" if plain.startswith("Date") else "bool" if plain == "Bool" else "ip" if plain == "IpAddress" else "str"
    present, value = request.key(key, kind)
    folded = key.lower()
    if folded in SET_KEYS:
        hit = {v: any(wild(t, v) if plain == "StringLike" else t == v for t in texts) for v in value}
        if for_all:
            return z3.Or(z3.Not(present), z3.And(*[z3.Implies(has, z3.BoolVal(hit[v] != negated)) for v, has in value.items()]))
        some = z3.Or(*[has for v, has in value.items() if hit[v]], z3.BoolVal(False))
        return z3.Or(z3.Not(present), z3.Not(some)) if negated else z3.And(present, some)
    fits = positive(plain, value, texts, folded)
    return z3.Or(z3.Not(present), z3.Not(fits)) if negated else z3.And(present, fits)


def statement(request, s):
    parts = [action(request, listed(s["Action"])) if "Action" in s else z3.Not(action(request, listed(s["NotAction"])))]
    parts.append(resource(request, listed(s["Resource"])) if "Resource" in s else z3.Not(resource(request, listed(s["NotResource"]))))
    for operator, keys in s.get("Condition", {}).items():
        for key, texts in keys.items():
            parts.append(condition(request, operator, key, listed(texts)))
    return z3.And(*parts)


def allowed(request, text):
    allow, deny = [], []
    for s in json.loads(text)["Statement"]:
        (allow if s["Effect"] == "Allow" else deny).append(statement(request, s))
    return z3.And(z3.Or(*allow, z3.BoolVal(False)), z3.Not(z3.Or(*deny, z3.BoolVal(False))))


def main():
    same, open_questions, times, ours = 0, 0, [], []
    for number, line in enumerate(sys.stdin):
        pair = json.loads(line)
        request = Request()
        question = z3.And(allowed(request, pair["a"]), z3.Not(allowed(request, pair["b"])))
        solver = z3.Solver()
        solver.set("timeout", TIMEOUT_MS)
        solver.add(question, *request.facts)
        start = time.perf_counter()
        answer = solver.check()
        times.append(time.perf_counter() - start)
        ours.append(pair["micros"] / 1e6)
        if answer == z3.unknown or pair["truth"] == "undecided":
            open_questions += 1
            continue
        theirs = "yes" if answer == z3.sat else "no"
        if theirs != pair["truth"]:
            print(f"pair {number}: the engine says {pair['truth']}, Z3 says {theirs}")
            print("a:", pair["a"])
            print("b:", pair["b"])
            print("witness:", pair["witness"] if theirs == "no" else solver.model())
            return 1
        same += 1
    times.sort()
    ours.sort()
    at = lambda list, share: list[int((len(list) - 1) * share)] * 1000 if list else 0.0
    print(f"{same} answers agree, {open_questions} open (time-out or budget)")
    print(f"Z3 {z3.get_version_string()}: p50 {at(times, .5):.1f} ms, p90 {at(times, .9):.1f} ms, max {at(times, 1):.0f} ms")
    print(f"engine: p50 {at(ours, .5):.3f} ms, p90 {at(ours, .9):.3f} ms, max {at(ours, 1):.1f} ms")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
