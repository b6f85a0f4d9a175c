#!/usr/bin/env python3
"""A second reader labels blind: hands out mails without their labels, then compares.

    data/decks/blind.py out SET.jsonl... --share K/N > sheet.txt     every N-th mail, from the K-th, shuffled, as text
    data/decks/blind.py compare ANSWERS... -- SET.jsonl...           lines "NUMBER hold|pass|unsure"; prints agreement
    data/decks/blind.py keep ANSWERS... -- SET.jsonl                 the mails of a set without those in dispute

A mail's number is the first eight digits of its text's SHA-256, so that it tells nothing. A mail that the
reader labels otherwise, or is unsure of, is in dispute. Python's standard library only.
"""
import hashlib
import json
import sys


def number(mail):
    return hashlib.sha256((mail["subject"] + "\n" + mail["text"] + str(mail["to"])).encode()).hexdigest()[:8]


def read(paths):
    return [json.loads(line) for path in paths for line in open(path, encoding="utf-8")]


def hand_out(mails, share):
    k, n = (int(x) for x in share.split("/"))
    for mail in sorted(mails, key=number)[k::n]:
        print("##### %s" % number(mail))
        print("From: %s\nTo: %s\nSubject: %s\n\n%s" % (mail["from"], ", ".join(mail["to"]), mail["subject"], mail["text"]))
        if mail.get("quoted"):
            print("--- quoted below it\n" + mail["quoted"])
        print()


def answers(paths):
    found = {}
    for path in paths:
        for line in open(path, encoding="utf-8"):
            words = line.split()
            if len(words) >= 2 and words[1] in ("hold", "pass", "unsure"):
                found[words[0]] = words[1]
    return found


def main(args):
    if not args or args[0] not in ("out", "compare", "keep"):
        sys.exit(__doc__)
    what, rest = args[0], args[1:]
    if what == "out":
        at = rest.index("--share")
        return hand_out(read(rest[:at] + rest[at + 2:]), rest[at + 1])
    at = rest.index("--")
    said, mails = answers(rest[:at]), read(rest[at + 1:])
    dispute = [m for m in mails if said.get(number(m), m["label"]) != m["label"]]
    if what == "compare":
        asked = sum(number(m) in said for m in mails)
        print("%d of %d mails read again, %d in dispute" % (asked, len(mails), len(dispute)))
        for mail in dispute:
            print("%s\t%s\t%s\tsecond reader: %s\t%s" % (mail["id"], mail["label"], mail["category"], said[number(mail)], mail["subject"]))
    else:
        gone = {m["id"] for m in dispute}
        # A pair without its twin is no pair.
        broken = {m.get("pair") for m in dispute} - {None}
        for mail in mails:
            if mail["id"] not in gone:
                if mail.get("pair") in broken:
                    mail = {k: v for k, v in mail.items() if k not in ("pair", "flip")}
                print(json.dumps(mail, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
