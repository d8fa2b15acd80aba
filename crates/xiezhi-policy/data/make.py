#!/usr/bin/env python3
"""Writes actions.bin from the action table and more.tsv: python3 make.py ram-actions.tsv

One line per action, sorted without case: code, name, level (r read, l list, w write, p permissions, u unknown) and marks
(c returns a credential, n has no resource-level support, s seen only in published skill policies). Deflated with zlib.
"""
import csv, pathlib, sys, zlib

LEVEL = {"read": "r", "list": "l", "write": "w", "permissions": "p", "unknown": "u"}
rows = {}
with open(sys.argv[1], newline="") as table:
    for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
        arns = [a for a in row["resource_arns"].split(";") if a]
        marks = ""
        if row["credential"] == "1":
            marks += "c"
        if arns == ["*"]:
            marks += "n"
        if row["action_basis"] == "skill":
            marks += "s"
        rows[f"{row['service']}:{row['action']}"] = f"{row['service']}:{row['action']}\t{LEVEL[row['level']]}{marks}"
# Actions that documentation names and the table lacks, each with its source.
with open(pathlib.Path(__file__).with_name("more.tsv"), newline="") as table:
    for name, level, _source in csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
        rows.setdefault(name, f"{name}\t{LEVEL[level]}")
lines = [rows[name] for name in sorted(rows, key=lambda n: (n.lower(), n))]
raw = ("\n".join(lines) + "\n").encode()
out = pathlib.Path(__file__).with_name("actions.bin")
out.write_bytes(zlib.compress(raw, 9))
print(len(lines), "actions,", len(raw), "bytes,", out.stat().st_size, "deflated")
