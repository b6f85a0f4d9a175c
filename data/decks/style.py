#!/usr/bin/env python3
"""Can style tell the labels apart? It should not: then a judge cannot learn who wrote a mail instead of what it says.

    data/decks/style.py SET.jsonl...

Fits a logistic regression on style alone (lengths, lines, punctuation, digits, capitals, greeting, form of
address, subject, thread, industry), never on words, in ten folds that keep the mails of a brief together.
Prints the area under the curve of each set, on folds not learned from: 0.5 means that style tells nothing.
Needs numpy.
"""
import json
import re
import sys
import zlib

import numpy as np


def style(mail):
    text, subject = mail["text"], mail["subject"]
    words, lines = text.split(), [l for l in text.splitlines() if l.strip()]
    sentences = max(1, len(re.findall(r"[.!?]+(?:\s|$)", text)))
    rate = lambda pattern: len(re.findall(pattern, text)) / len(words)
    counts = [np.log(len(words)), len(words) / sentences, np.log(len(lines)), np.log1p(text.count("\n\n")), np.mean([len(w) for w in words]),
              rate(r","), rate(r"[;:]"), rate(r"!"), rate(r"\?"), rate(r"[-–—]"), rate(r"\d+"), rate(r"[€$£]|\b(?:EUR|USD|GBP)\b"), rate(r"\b[A-Z]"), rate(r"[()]"),
              rate(r"[\"“”«»„]"), bool(re.match(r".{0,60},\s*\n", text)), len(lines[-1].split()) < 6, bool(re.search(r"^\s*[-*•]|^\s*\d[.)]", text, re.M)),
              "P.S" in text or "PS" in text, np.log1p(len(subject.split())), subject.lower().startswith(("re:", "aw:", "rv:", "r:", "antw:")), bool(re.search(r"\d", subject)),
              bool(mail.get("quoted")), np.log1p(len((mail.get("quoted") or "").split())), len(mail["to"]), rate(r"[a-z]'[a-z]"), text[:1].islower()]
    industry = np.zeros(24)
    industry[zlib.crc32(mail.get("industry", "").encode()) % 24] = 1
    return np.concatenate([np.array(counts, float), industry])


def fit(x, y, strength=3.0):
    """Logistic regression with a ridge, by Newton's method."""
    x = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(x.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        w -= np.linalg.solve((x.T * (p * (1 - p))) @ x + strength * np.eye(len(w)), x.T @ (p - y) + strength * w)
    return w


def area(score, y):
    rank = score.argsort().argsort() + 1
    return (rank[y == 1].sum() - (y == 1).sum() * ((y == 1).sum() + 1) / 2) / ((y == 1).sum() * (y == 0).sum())


def main(paths):
    if not paths:
        sys.exit(__doc__)
    everything = []
    for path in paths + [None]:
        mails = [json.loads(line) for line in open(path, encoding="utf-8")] if path else everything
        everything += mails if path else []
        y = np.array([m["label"] == "hold" for m in mails], int)
        if not 0 < y.sum() < len(y):
            continue
        x = np.array([style(m) for m in mails])
        x = (x - x.mean(0)) / (x.std(0) + 1e-9)
        fold = np.array([zlib.crc32((m.get("pair") or m.get("brief") or m["id"]).encode()) % 10 for m in mails])
        score = np.zeros(len(mails))
        for k in range(10):
            w = fit(x[fold != k], y[fold != k])
            score[fold == k] = x[fold == k] @ w[:-1] + w[-1]
        print("%-28s %5d mails, area %.3f" % (path.rsplit("/", 1)[-1] if path else "all together", len(mails), area(score, y)))


if __name__ == "__main__":
    main(sys.argv[1:])
