#!/usr/bin/env python3
"""Calibrates a packed reader and writes what is known of it: `reader.toml` and `golden.jsonl`.

    data/reader/seal.py --packed data/reader --own own.jsonl --background background.jsonl

Runs the packed encoder with onnxruntime, another runtime than the binary's, over the part `dev` of our own
mails and the part of the background that was not learned from; fits slope and intercept (Platt) of a
sentence's log-odds relative to how many sentences of them are news. `golden.jsonl` keeps the logits of
some mails: a test compares the binary's. Needs numpy and onnxruntime.
"""
import argparse
import hashlib
import json
import os

import numpy as np
import onnxruntime

from tokens import Pieces

CATEGORIES = ["warranty_denial", "claim_denial", "refund_refusal", "delivery_delay", "order_cancellation", "error_disclosure", "price_increase",
              "service_termination", "rejection", "complaint_response", "email_apology", "other"]
WINDOW = 96
BOS, EOS, UNKNOWN, WIDTH = 0, 2, 3, 384
PACKED = ("encoder.onnx", "words.bin", "pieces.tsv")
GOLDEN = 24


class Packed:
    """The packed files, run by onnxruntime on one thread."""

    def __init__(self, folder):
        read = lambda name: open(os.path.join(folder, name), "rb").read()
        lines = [line.split("\t") for line in read("pieces.tsv").decode().splitlines()]
        self.pieces = Pieces([piece for piece, _ in lines], [float(score) for _, score in lines], UNKNOWN)
        octets = read("words.bin")
        packed = np.frombuffer(octets, np.uint8, len(lines) * WIDTH // 32 * 18).reshape(-1, 18)
        scales = packed[:, :2].copy().view("<f2").astype(np.float32)
        numbers = np.concatenate([packed[:, 2:] & 15, packed[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        self.words = (numbers * scales).reshape(len(lines), WIDTH)
        self.places = np.frombuffer(octets, "<f4", offset=packed.size).reshape(-1, WIDTH)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(read("encoder.onnx"), options)
        self.inputs = [i.name for i in self.session.get_inputs()]

    def read(self, cuts):
        """The sentences of a run, each given as its pieces: the glance's logits, and the reader's."""
        ids, spans = [BOS], []
        for cut in cuts:
            spans.append((len(ids), len(ids) + len(cut) + 1))
            ids += cut + [EOS]
        pool = np.zeros((len(cuts), len(ids)), np.float32)
        for row, (a, b) in zip(pool, spans):
            row[a:b] = 1.0 / (b - a)
        vectors = self.words[ids] + self.places[:len(ids)]
        return self.session.run(None, dict(zip(self.inputs, (vectors, pool))))[1:]


def around(at, sizes):
    """The window around a sentence: two before for each one behind, as in the binary."""
    room, first, last, turn, before, behind = WINDOW - 1 - sizes[at] - 1, at, at + 1, 0, True, True
    while before or behind:
        backwards = before and (turn % 3 != 2 or not behind)
        turn += 1
        then = first - 1 if backwards else last
        fits = 0 <= then < len(sizes) and sizes[then] + 1 <= room
        if fits:
            room -= sizes[then] + 1
            first, last = (then, last) if backwards else (first, then + 1)
        elif backwards:
            before = False
        else:
            behind = False
    return first, last


def judged(packed, mail, gate, most):
    """The logits of the sentences that are read, by place; and for each window the glance's
    highest, the reader's highest, and whether it holds news."""
    sentences = [s for s in mail["sentences"] if s["place"] != "quoted"]
    cuts = [packed.pieces.cut(s["normal"])[:WINDOW // 2] for s in sentences]
    windows, read, glances = [], {}, []
    for at in sorted(range(len(cuts)), key=lambda at: -sentences[at]["gate"]):
        if sentences[at]["gate"] > gate and len(windows) < most and not any(a <= at < b for a, b in windows):
            a, b = around(at, [len(c) for c in cuts])
            windows.append((a, b))
            glance, rows = packed.read(cuts[a:b])
            glances.append((glance.max(), rows[:, 0].max(), any(s["news"] for s in sentences[a:b]), rows[:, 0].mean()))
            for k, row in zip(range(a, b), rows):
                if k not in read or row[0] > read[k][0]:
                    read[k] = row
    return sentences, read, glances


def platt(logits, news):
    """Slope and intercept by Newton's method; a step that makes it worse is halved."""
    def surprise(at):
        scores = at[0] * logits + at[1]
        return np.mean(np.logaddexp(0, scores) - news * scores)
    at = np.array([0.5, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(at[0] * logits + at[1])))
        gradient = np.array([((p - news) * logits).sum(), (p - news).sum()])
        w = p * (1 - p)
        curve = np.array([[(w * logits * logits).sum(), (w * logits).sum()], [(w * logits).sum(), w.sum()]])
        step = np.linalg.solve(curve + 1e-9 * np.eye(2), gradient)
        while np.abs(step).max() > 1e-9 and surprise(at - step) > surprise(at):
            step = step / 2
        at = at - step
    return float(at[0]), float(at[1])


def sharpness(rows, kinds):
    """The factor on the kinds' logits that makes the right kinds likeliest."""
    def surprise(factor):
        scores = rows * factor
        return np.mean(np.log(np.exp(scores - scores.max(1, keepdims=True)).sum(1)) + scores.max(1) - scores[np.arange(len(rows)), kinds])
    return float(min(np.arange(0.1, 2.01, 0.05), key=surprise))


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--packed", required=True)
    args.add_argument("--own", required=True, nargs="+")
    args.add_argument("--background", required=True)
    args.add_argument("--base", required=True, help="SHA-256 of the base")
    args.add_argument("--gate", type=float, default=0.3)
    args.add_argument("--lost", type=float, default=0.001, help="share of windows with news that the glance may lose")
    args.add_argument("--rarer", type=float, default=0.65,
                      help="log-odds taken from all: in mail at large news is rarer among suspicious sentences than here, where much was written to be news")
    args.add_argument("--windows", type=int, default=2)
    args = args.parse_args()
    packed, sources = Packed(args.packed), hashlib.sha256()
    mails = []
    for path in args.own + [args.background]:
        octets = open(path, "rb").read()
        sources.update(octets)
        found = [json.loads(line) for line in octets.splitlines()]
        if path == args.background:
            mails += found[3::4]
        else:
            mails += [m for m in found if m["part"] == "dev" and m["category"] != "internal"]
    logits, news, rows, kinds, golden, glances = [], [], [], [], [], []
    for mail in mails:
        sentences, read, seen = judged(packed, mail, args.gate, args.windows)
        glances += seen
        for at, row in read.items():
            logits.append(row[0])
            news.append(sentences[at]["news"])
            if sentences[at]["news"] and mail["category"] in CATEGORIES:
                rows.append(row[1:])
                kinds.append(CATEGORIES.index(mail["category"]))
    logits, news = np.array(logits), np.array(news, float)
    slope, intercept = platt(logits, news)
    intercept -= float(np.log(news.sum() / (len(news) - news.sum()))) + args.rarer
    sharp = sharpness(np.array(rows), np.array(kinds))
    # Of the windows whose news the reader finds, so many are lost by the glance.
    glances = np.array(glances)
    quiet = float(np.quantile(glances[(glances[:, 2] == 1) & (slope * glances[:, 1] + intercept > 0), 0], args.lost))
    settled = float(glances[glances[:, 0] < quiet, 3].mean())
    own = [m for m in mails if m["label"] == "hold"]
    for mail in own[::max(1, len(own) // GOLDEN)][:GOLDEN]:
        normals = [s["normal"] for s in mail["sentences"] if s["place"] != "quoted"][:6]
        cuts = [packed.pieces.cut(n)[:18] for n in normals]
        glance, rows = packed.read(cuts)
        golden.append({"sentences": normals, "pieces": cuts, "glance": [round(float(v), 4) for v in glance[:, 0]],
                       "logits": [[round(float(v), 4) for v in row] for row in rows]})
    with open(os.path.join(args.packed, "golden.jsonl"), "w", encoding="utf-8") as out:
        out.writelines(json.dumps(g, ensure_ascii=False) + "\n" for g in golden)
    sha = {name: hashlib.sha256(open(os.path.join(args.packed, name), "rb").read()).hexdigest() for name in PACKED}
    with open(os.path.join(args.packed, "reader.toml"), "w", encoding="utf-8") as out:
        out.write("# What is known of the reader; written by data/reader/seal.py.\n\n# From what it was made, by SHA-256.\n"
                  'base = "%s"\nsources = "%s"\n\n# Its files, by SHA-256.\nencoder = "%s"\nwords = "%s"\npieces = "%s"\n\n'
                  % (args.base, sources.hexdigest(), *(sha[n] for n in PACKED)))
        out.write("# The gate's log-odds above which a sentence is read.\ngate = %.4f\n\n" % args.gate)
        out.write("# Where no sentence of a window has a glance above this, its upper layers are not asked.\nquiet = %.4f\n" % quiet)
        out.write("# The logit of a sentence in such a window: what the upper layers say there on the whole.\nsettled = %.4f\n\n" % settled)
        out.write("# Log-odds of news = slope * logit + intercept.\nslope = %.6f\nintercept = %.6f\n" % (slope, intercept))
        out.write("# The kinds' logits times this are natural logarithms of their odds.\nsharpness = %.2f\n" % sharp)
    plain = glances[glances[:, 2] == 0, 0]
    print("quiet %.3f settles %.3f of %d windows without news" % (quiet, np.mean(plain < quiet), len(plain)))
    print("%d sentences read, %d news; slope %.3f, intercept %.3f, sharpness %.2f" % (len(news), news.sum(), slope, intercept, sharp))


if __name__ == "__main__":
    main()
