#!/usr/bin/env python3
"""Chooses the reference set from data/mails: `data/reference/choose.py > data/reference/mails.jsonl`.

What a change of a policy does to mail in general is shown on these mails (docs/tuning.md). Never one
of the test part. Of each category as many holds, half of them English; passes by their kinds. Mails of the
part dev come first: nothing learned from them. Short ones are taken: they are judged each time.
"""
import collections
import glob
import hashlib
import json
import os

HOLDS_A_CATEGORY = 34  # so that one mail of a category is less than three points of it
PASSES_ENGLISH = 110
PASSES_OTHER = 15  # of each other language
LONGEST = 900  # characters, with subject and thread
OTHERS = ["de", "es", "fr", "it", "nl", "pt"]
KEPT = ["id", "lang", "from", "to", "subject", "text", "quoted", "label", "category"]
HERE = os.path.dirname(os.path.abspath(__file__))


def part(row):
    """As `Part::of` in src/policy/model/train.rs."""
    if row.get("kept_for"):
        return "test"
    h = 0xCBF29CE484222325
    for octet in (row.get("pair") or row.get("brief") or row["id"]).encode():
        h = ((h ^ octet) * 0x100000001B3) & (2**64 - 1)
    n = (h ^ (h >> 32)) % 100
    return "train" if n < 70 else "dev" if n < 85 else "test"


def turn(row):
    return part(row) != "dev", hashlib.sha256(row["id"].encode()).hexdigest()


def take(rows, wanted):
    """So many, kinds in turn, each brief once."""
    kinds = collections.defaultdict(list)
    for row in sorted(rows, key=turn):
        kinds[row["category"]].append(row)
    taken, briefs = [], set()
    while len(taken) < wanted and any(kinds.values()):
        for kind in sorted(kinds):
            while kinds[kind]:
                row = kinds[kind].pop(0)
                brief = row.get("pair") or row.get("brief") or row["id"]
                if brief not in briefs:
                    briefs.add(brief)
                    taken.append(row)
                    break
    return taken[:wanted]


def main():
    rows = []
    for name in sorted(glob.glob(os.path.join(HERE, "../mails/*.jsonl"))):
        for line in open(name, encoding="utf-8"):
            row = json.loads(line)
            row.setdefault("lang", "en")
            length = sum(len(row.get(k) or "") for k in ["subject", "text", "quoted"])
            if part(row) != "test" and length <= LONGEST and row.get("to"):
                rows.append(row)
    chosen = []
    for category in sorted({r["category"] for r in rows if r["label"] == "hold"}):
        of = [r for r in rows if r["label"] == "hold" and r["category"] == category]
        english = HOLDS_A_CATEGORY // 2
        for code in OTHERS:
            most = (HOLDS_A_CATEGORY - english + OTHERS.index(code)) // len(OTHERS)
            chosen += take([r for r in of if r["lang"] == code], most)
        missing = HOLDS_A_CATEGORY - sum(
            r["label"] == "hold" and r["category"] == category for r in chosen
        )
        chosen += take([r for r in of if r["lang"] == "en"], missing)
    passes = [r for r in rows if r["label"] == "pass"]
    chosen += take([r for r in passes if r["lang"] == "en"], PASSES_ENGLISH)
    for code in OTHERS:
        chosen += take([r for r in passes if r["lang"] == code], PASSES_OTHER)
    for row in sorted(chosen, key=lambda r: (r["label"], r["category"], r["lang"], r["id"])):
        kept = {k: row[k] for k in KEPT if row.get(k)}
        print(json.dumps(kept, ensure_ascii=False, separators=(",", ":")))


main()
