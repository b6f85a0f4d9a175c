#!/usr/bin/env python3
"""Shows where the next mails must be written: what several readers together read otherwise than one.

    data/reader/teacher.py --base e5-small-q4.bin --readers first.pt second.pt reader.pt --sets own.jsonl background.jsonl

The last of the readers is the student. The teacher is the mean of them all, each reading the mail in three
views: windows of 96 pieces, windows of 64, and 96 without the subject. It is too slow to ship. Of our own mails
only the part `dev` is read. For each language and kind of mail are printed: how many mails there are, how often
the teacher would hold (the mail's strength above that of 0.3 % of the ordinary mails), how often the student, how
often they differ, and, where mails are labelled, how often the teacher is wrong: where both are wrong, new mails
are needed; where only the student is, more training. `--list FILE` writes the mails in dispute, by id.

Needs torch and numpy.
"""
import argparse
import json
from collections import defaultdict

import numpy as np
import torch

import train
from base import Base
from tokens import Pieces

VIEWS = ((96, True), (64, True), (96, False))


def strengths(reader, mails, numbers, pieces_most, subject):
    """A mail's strength, read in windows of so many pieces."""
    shown = []
    for mail in mails:
        sentences = mail["sentences"]
        if not subject and len(sentences) > 1 and sentences[0]["place"] == "subject":
            sentences = sentences[1:]
        shown.append(mail | {"sentences": sentences})
    train.windows.__defaults__ = (pieces_most,)
    logits, _ = train.judged(reader, shown, numbers)
    train.windows.__defaults__ = (train.WINDOW,)
    return np.array([train.strength(rows) for rows in logits])


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--base", required=True)
    args.add_argument("--readers", required=True, nargs="+", help="from train.py, of one vocabulary; the last is the student")
    args.add_argument("--sets", required=True, nargs="+", help="own.jsonl, then the background: its fourth part that was not learned from is the ordinary mail")
    args.add_argument("--list", help="write the mails in dispute here")
    args = args.parse_args()
    torch.set_num_threads(1)
    base = Base(args.base)
    kept = torch.load(args.readers[-1])["pieces"]
    vocabulary = Pieces([base.pieces[i] for i in kept], [float(base.scores[i]) for i in kept], kept.index(base.unknown))
    numbers = {"bos": kept.index(base.bos), "eos": kept.index(base.eos), "pad": kept.index(base.pad)}
    own = [m for path in args.sets[:-1] for m in train.load(path, vocabulary, own=True) if m["category"] != "internal" and m["part"] == "dev"]
    ordinary = train.load(args.sets[-1], vocabulary)[3::4]
    mails = own + ordinary
    teacher = np.zeros(len(mails))
    for path in args.readers:
        stored = torch.load(path)
        assert stored["pieces"] == kept, path
        reader = train.Reader(base, kept, stored["layers"], stored.get("glance", 4))
        stored["reader"]["places"] = stored["reader"]["places"][:train.WINDOW + 2]
        reader.load_state_dict(reader.state_dict() | stored["reader"])
        views = [np.log(np.maximum(strengths(reader, mails, numbers, *view), 1e-9)) for view in VIEWS]
        teacher += np.mean(views, axis=0) / len(args.readers)
        student = views[0]
    is_ordinary = np.arange(len(mails)) >= len(own)
    bar = lambda scores: np.sort(scores[is_ordinary])[int(is_ordinary.sum() * 0.997)]
    taught, said = teacher > bar(teacher), student > bar(student)
    groups = defaultdict(list)
    for n, mail in enumerate(mails):
        name = "ordinary" if n >= len(own) else "%s %s" % (mail["label"], mail["category"])
        groups[name].append(n)
        if n < len(own):
            groups["language %s" % mail["lang"]].append(n)
    print("%-36s %6s %8s %8s %8s %14s" % ("mails of", "number", "teacher", "student", "differ", "teacher wrong"))
    for name, members in sorted(groups.items()):
        m = np.array(members)
        held = np.array([mails[n]["label"] == "hold" for n in members])
        wrong = "" if name == "ordinary" else "%.2f" % np.mean(taught[m] != held)
        print("%-36s %6d %8.2f %8.2f %8.2f %14s" % (name, len(m), taught[m].mean(), said[m].mean(), np.mean(taught[m] != said[m]), wrong))
    if args.list:
        with open(args.list, "w", encoding="utf-8") as out:
            for n in np.flatnonzero(taught != said):
                out.write(json.dumps({"id": mails[n]["id"], "label": mails[n]["label"], "teacher": bool(taught[n]), "student": bool(said[n])}) + "\n")


if __name__ == "__main__":
    main()
