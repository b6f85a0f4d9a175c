#!/usr/bin/env python3
"""Binds written mails to JSONL, and checks them.

    data/decks/bind.py SHEET... > data/mails/NAME.jsonl
    data/decks/bind.py --check SHEET...

A sheet holds mails as a writer types them:

    === w1-0007 hold warranty_denial
    L: de                       language; left out: en
    F: k.brandt@firma.example
    T: a@kunde.example, b@kunde.example
    I: car dealer and garage
    X: negation                 in a minimal pair: what makes the difference
    S: subject

    What the sender newly wrote. [[The sentence that carries the news stands in brackets.]] More.
    --- quoted
    > what he answers or forwards

The twins of a brief share its name: with `X:` they are a minimal pair, without it only their style
is the same; either way they stay in one part of the data.

Python's standard library only.
"""
import json
import re
import sys

HOLDS = "warranty_denial claim_denial refund_refusal delivery_delay order_cancellation error_disclosure price_increase service_termination rejection complaint_response email_apology other".split()
PASSES = ("everyday good_news approval post_call invitation trivial question hypothetical boilerplate negation our_complaint customer_complaint third_party internal solved "
          "quoted_angry_positive quoted payment_reminder harmless_change condolence counterpart").split()
LANGS = "en de fr es it nl pt".split()
NEWS = re.compile(r"\[\[(.+?)\]\]", re.S)


class Wrong(Exception):
    """What is wrong with a mail."""


def mail(head, body):
    try:
        brief, label, category = head.split()
    except ValueError:
        raise Wrong("the first line needs: === BRIEF hold|pass CATEGORY")
    if label not in ("hold", "pass") or category not in (HOLDS if label == "hold" else PASSES):
        raise Wrong("no such label or category: %s %s" % (label, category))
    fields, _, rest = body.strip("\n").partition("\n\n")
    found = {}
    for line in fields.splitlines():
        name, colon, value = line.partition(":")
        if not colon or name not in "LFTISX" or len(name) != 1:
            raise Wrong("expected a field (L: F: T: I: S: X:), found %r" % line[:40])
        found[name] = value.strip()
    for name in "FTIS":
        if name not in found:
            raise Wrong("no field %s:" % name)
    lang = found.get("L", "en")
    if lang not in LANGS:
        raise Wrong("no such language: %s" % lang)
    to = [a.strip() for a in found["T"].split(",") if a.strip()]
    for address in [found["F"]] + to:
        if not re.fullmatch(r"[^@\s]+@[a-z0-9.-]+\.example", address):
            raise Wrong("an address must end in .example: %s" % address)
    text, _, quoted = ("\n" + rest + "\n").partition("\n--- quoted\n")
    news = [n.strip() for n in NEWS.findall(text + "\n" + found["S"])]
    if (label == "hold") != bool(news):
        raise Wrong("a hold needs [[news]], a pass must not have any")
    text, subject = NEWS.sub(r"\1", text).strip(), NEWS.sub(r"\1", found["S"]).strip()
    if not text or "[[" in text or "]]" in text:
        raise Wrong("no text, or a bracket too many")
    inside = all(a.split("@")[1] == found["F"].split("@")[1] for a in to)
    if label == "hold" and inside:
        raise Wrong("a hold goes to somebody outside")
    made = {"id": "%s%s" % (brief, "ab"[label == "pass"]), "lang": lang, "from": found["F"], "to": to,
            "subject": subject, "text": text, "quoted": quoted.strip() or None, "label": label,
            "category": category, "news": news, "industry": found["I"], "brief": brief}
    if "X" in found:
        made |= {"pair": brief, "flip": found["X"]}
    return made


def main(args):
    check = args[:1] == ["--check"]
    sheets, wrong, seen, texts = args[1 if check else 0:], 0, {}, {}
    if not sheets:
        sys.exit(__doc__)
    for name in sheets:
        with open(name, encoding="utf-8") as sheet:
            blocks = re.split(r"^=== ", sheet.read(), flags=re.M)
        for block in blocks[1:]:
            head, _, body = block.partition("\n")
            try:
                made = mail(head, body)
                if made["id"] in seen:
                    raise Wrong("this brief has two mails with this label")
                if made["text"] in texts:
                    raise Wrong("the same text as %s" % texts[made["text"]])
            except Wrong as what:
                wrong += 1
                print("%s: %s: %s" % (name, head, what), file=sys.stderr)
                continue
            seen[made["id"]] = made
            texts[made["text"]] = made["id"]
    if check:
        holds = sum(m["label"] == "hold" for m in seen.values())
        print("%d mails, %d holds, %d passes, %d wrong" % (len(seen), holds, len(seen) - holds, wrong))
    else:
        for made in seen.values():
            print(json.dumps(made, ensure_ascii=False))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
