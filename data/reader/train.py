#!/usr/bin/env python3
"""Trains the reader: an encoder that judges the sentences of a mail in their context.

    callfirst evaluate --sentences data/mails/*.jsonl > own.jsonl
    callfirst evaluate --sentences real_pass_train.jsonl > background.jsonl
    data/reader/train.py --base e5-small-q4.bin --own own.jsonl --background background.jsonl --out reader.pt

Learns from the part `train` of our own mails and from most of the background; prints figures on
`dev` and on the rest of the background. `data/README.md` says where base and background come from.
Needs torch and numpy. Fixed seeds; figures agree within a point from machine to machine.
"""
import argparse
import json
import random
import time
import zlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from base import Base
from tokens import Pieces, kept

CATEGORIES = ["warranty_denial", "claim_denial", "refund_refusal", "delivery_delay", "order_cancellation", "error_disclosure", "price_increase",
              "service_termination", "rejection", "complaint_response", "email_apology", "other"]
# Kinds of pass in which a sentence may be news by itself, and only its surroundings say that it is not.
BY_CONTEXT = {"post_call", "our_complaint", "customer_complaint", "third_party", "solved", "quoted", "quoted_angry_positive", "counterpart", "boilerplate", "condolence"}
# Kinds of pass whose sentences take nothing from news that stands among them.
HOSTS = {"everyday", "harmless_change", "trivial"}
WINDOW = 96
# The gate's log-odds above which a sentence is read at all.
GATE = 0.0


class Layer(nn.Module):
    def __init__(self, hidden, heads, inner, epsilon):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.aln, self.oln = nn.LayerNorm(hidden, epsilon), nn.LayerNorm(hidden, epsilon)

    def forward(self, x, mask, drop):
        split = lambda t: t.view(*t.shape[:2], self.heads, -1).transpose(1, 2)
        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        near = q @ k.transpose(2, 3) * q.shape[-1] ** -0.5
        seen = near.masked_fill(~mask, -1e4).softmax(-1).to(v.dtype) @ v
        seen = self.ao(seen.transpose(1, 2).reshape(x.shape))
        x = self.aln(x + F.dropout(seen, drop, self.training))
        return self.oln(x + F.dropout(self.fo(F.gelu(self.fi(x))), drop, self.training))


class Reader(nn.Module):
    """Pieces to hidden states; the mean of a sentence's to its logits: news, then the categories.
    After the lower layers a glance says whether the upper ones need to be asked."""

    def __init__(self, base, pieces, layers, glance, drop=0.1):
        super().__init__()
        hidden = base.hidden
        words = torch.from_numpy(base.matrix("emb.word", hidden)[pieces].copy())
        self.words = nn.Embedding.from_pretrained(words, freeze=True)
        self.places = nn.Parameter(torch.from_numpy(base.numbers("emb.pos").reshape(-1, hidden)[:WINDOW + 2] + base.numbers("emb.type")[:hidden]))
        self.norm = nn.LayerNorm(hidden, base.epsilon)
        self.layers = nn.ModuleList(Layer(hidden, base.heads, base.inner, base.epsilon) for _ in layers)
        self.head = nn.Linear(hidden, 1 + len(CATEGORIES))
        self.glance, self.glance_after = nn.Linear(hidden, 1), glance
        self.drop = drop
        self.fill(base, layers)

    def fill(self, base, layers):
        copy = lambda into, values: into.data.copy_(torch.from_numpy(values.copy()).view_as(into))
        copy(self.norm.weight, base.numbers("emb.ln.w"))
        copy(self.norm.bias, base.numbers("emb.ln.b"))
        for mine, theirs in zip(self.layers, layers):
            for name in ("q", "k", "v", "ao", "fi", "fo"):
                linear = getattr(mine, name)
                copy(linear.weight, base.matrix("l%d.%s.w" % (theirs, name), linear.in_features))
                copy(linear.bias, base.numbers("l%d.%s.b" % (theirs, name)))
            for name in ("aln", "oln"):
                copy(getattr(mine, name).weight, base.numbers("l%d.%s.w" % (theirs, name)))
                copy(getattr(mine, name).bias, base.numbers("l%d.%s.b" % (theirs, name)))

    def forward(self, ids, mask, pool):
        """ids, mask: [mails, pieces]; pool: [mails, sentences, pieces], rows that sum to one.
        Gives the sentences' logits, and those of the glance."""
        x = self.norm(self.words(ids) + self.places[:ids.shape[1]])
        x = F.dropout(x, self.drop, self.training)
        mask = mask[:, None, None, :]
        mean = lambda x: torch.bmm(pool, x.to(pool.dtype))
        for at, layer in enumerate(self.layers, 1):
            x = layer(x, mask, self.drop)
            if at == self.glance_after:
                glance = self.glance(mean(x))[..., 0]
        return self.head(mean(x)), glance


def windows(sentences, most=WINDOW):
    """Runs of sentences that fit: (first, last + 1). A long mail has several, each with the last
    sentence of the one before it."""
    runs, start = [], 0
    while start < len(sentences):
        end, room = start, most - 1
        while end < len(sentences) and (room := room - min(len(sentences[end]["ids"]), most // 2) - 1) >= 0:
            end += 1
        end = max(end, start + 1)
        runs.append((start, end))
        if end >= len(sentences):
            break
        start = max(end - 1, start + 1)
    return runs


def laid(run, base, most=WINDOW):
    """The pieces of a run and where each sentence stands."""
    ids, spans = [base["bos"]], []
    for sentence in run:
        cut = sentence["ids"][:most // 2]
        spans.append((len(ids), len(ids) + len(cut) + 1))
        ids += cut + [base["eos"]]
    return ids, spans


def batch(runs, base):
    laid_out = [laid(run, base) for run in runs]
    longest, most = max(len(i) for i, _ in laid_out), max(len(s) for _, s in laid_out)
    ids = torch.full((len(runs), longest), base["pad"])
    mask, pool = torch.zeros(len(runs), longest, dtype=torch.bool), torch.zeros(len(runs), most, longest)
    for n, (pieces, spans) in enumerate(laid_out):
        ids[n, :len(pieces)] = torch.tensor(pieces)
        mask[n, :len(pieces)] = True
        for k, (a, b) in enumerate(spans):
            pool[n, k, a:b] = 1.0 / (b - a)
    return ids, mask, pool


def load(path, pieces, own=False):
    mails = []
    for line in open(path, encoding="utf-8"):
        mail = json.loads(line) | {"own": own}
        mail["sentences"] = [s for s in mail["sentences"] if s["place"] != "quoted"][:60]
        for sentence in mail["sentences"]:
            sentence["ids"] = pieces.cut(sentence["normal"]) if pieces else None
        mails.append(mail)
    return mails


def draw(mail, rng):
    """The sentences of one mail that this epoch shows."""
    all_of_it = mail["sentences"]
    local = mail["label"] == "hold" or mail["category"] not in BY_CONTEXT
    if local and rng.random() < 0.55 and len(all_of_it) > 1:
        size = rng.choice([1, 2, 3, 4, 6])
        told = [i for i, s in enumerate(all_of_it) if s["news"]]
        centre = rng.choice(told) if told and rng.random() < 0.7 else rng.randrange(len(all_of_it))
        start = max(0, centre - rng.randrange(size))
        return all_of_it[start:start + size]
    if rng.random() < 0.15 and all_of_it and all_of_it[0]["place"] == "subject" and len(all_of_it) > 1:
        all_of_it = all_of_it[1:]
    return all_of_it


def graft(mail, hosts, rng):
    """What a mail tells, or almost tells, among the sentences of another that tells nothing: so
    that news is known by what it says, not by the manners of the mail around it."""
    own = [n for n, s in enumerate(mail["sentences"]) if s["place"] != "subject"]
    suspicious = lambda s: s["news"] if mail["label"] == "hold" else s["gate"] > GATE
    found = [n for n in own if suspicious(mail["sentences"][n])]
    if not found:
        return None
    first = rng.choice(found)
    last = first + 1 + (first + 1 in found)
    host = rng.choice(hosts)["sentences"]
    start = rng.randrange(len(host)) if len(host) > 8 else 0
    host = host[start:start + rng.choice([2, 4, 6, 8])]
    at = rng.randint(0, len(host))
    return host[:at] + mail["sentences"][first:last] + host[at:]


def batches(mails, rng, tokens):
    """Runs of about the same length, so many pieces a batch, in random order. Twins that fit a
    window stand together, mostly whole."""
    groups, twins = [], {}
    for mail in mails:
        if mail["own"] and mail["pair"] and mail["part"] == "train":
            twins.setdefault(mail["pair"], []).append(mail)
    for pair in twins.values():
        short = all(len(windows(mail["sentences"])) == 1 for mail in pair)
        if len(pair) == 2 and short and rng.random() < 0.7:
            groups.append([(mail, mail["sentences"]) for mail in pair])
            for mail in pair:
                mail["shown"] = True
    hosts = [m for m in mails if m["label"] == "pass" and m["sentences"] and (not m["own"] or m["category"] in HOSTS)]
    for mail in mails:
        if mail.pop("shown", False):
            continue
        shown = draw(mail, rng)
        local = mail["own"] and (mail["label"] == "hold" or mail["category"] not in BY_CONTEXT)
        if local and rng.random() < (0.4 if mail["label"] == "hold" else 0.25):
            grafted = graft(mail, hosts, rng)
            if grafted:
                mail, shown = mail | {"pair": None}, grafted
        found = [(mail, shown[a:b]) for a, b in windows(shown)]
        # Long ordinary mails have many windows that the gate would never let through.
        groups += [[r] for r in found if mail["own"] or any(s["gate"] > GATE - 1 for s in r[1]) or rng.random() < 0.2]
    size = lambda group: max(sum(len(s["ids"]) + 1 for s in run) for _, run in group)
    groups.sort(key=lambda group: (size(group) // 8, rng.random()))
    out, current, longest = [], [], 0
    for group in groups:
        longest = min(WINDOW, max(size(group), longest))
        if current and (len(current) + len(group)) * longest > tokens:
            out.append(current)
            current, longest = [], min(WINDOW, size(group))
        current += group
    rng.shuffle(out)
    return out + [current]


def targets(chunk, most, soft):
    news, category, weight = torch.zeros(len(chunk), most), torch.full((len(chunk), most), -1), torch.zeros(len(chunk), most)
    for n, (mail, run) in enumerate(chunk):
        for k, sentence in enumerate(run):
            news[n, k] = float(sentence["news"]) * (1 - soft) + soft / 2
            # The subject of a mail that is held hints at the news without telling it.
            hint = mail["label"] == "hold" and sentence["place"] == "subject" and not sentence["news"]
            weight[n, k] = 0.0 if hint else mail.get("weight", 1.0)
            if sentence["news"] and mail["category"] in CATEGORIES:
                category[n, k] = CATEGORIES.index(mail["category"])
    return news, category, weight


def loss_of(reader, chunk, base, soft=0.02, dear=2.0):
    ids, mask, pool = batch([run for _, run in chunk], base)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, glance = reader(ids, mask, pool)
    logits, glance = logits.float(), glance.float()
    news, category, weight = targets(chunk, logits.shape[1], soft)
    each = F.binary_cross_entropy_with_logits(logits[..., 0], news, reduction="none", pos_weight=torch.tensor(dear))
    each = each + 0.2 * F.binary_cross_entropy_with_logits(glance, news, reduction="none", pos_weight=torch.tensor(2 * dear))
    loss = (each * weight).sum() / weight.sum().clamp(min=1.0)
    if (category >= 0).any():
        loss = loss + 0.3 * F.cross_entropy(logits[..., 1:].reshape(-1, len(CATEGORIES)), category.reshape(-1), ignore_index=-1)
    return loss + 0.5 * loss_of_wholes(chunk, logits[..., 0])


def loss_of_wholes(chunk, news):
    """Whether a run as a whole tells news; and of twins, that the one which does is well above."""
    mask = torch.zeros_like(news)
    for n, (_, run) in enumerate(chunk):
        mask[n, len(run):] = -1e4
    whole = (news + mask).logsumexp(1)
    told = torch.tensor([float(any(s["news"] for s in run)) for _, run in chunk])
    loss = F.binary_cross_entropy_with_logits(whole, told)
    twins = {}
    for n, (mail, run) in enumerate(chunk):
        if mail["own"] and mail["pair"] and len(run) == len(mail["sentences"]):
            twins.setdefault(mail["pair"], {})[mail["label"]] = whole[n]
    apart = [pair["hold"] - pair["pass"] for pair in twins.values() if len(pair) == 2]
    return loss + F.softplus(4.0 - torch.stack(apart)).mean() if apart else loss


@torch.no_grad()
def judged(reader, mails, base, gate=GATE):
    """For each mail the logits of its sentences, the highest where windows overlap. As in the
    binary, only windows with a sentence that the gate lets through are read. With them, for each
    window read, the glance's highest logit, the reader's, and whether it holds news."""
    reader.eval()
    runs = [(n, a, b) for n, mail in enumerate(mails) for a, b in windows(mail["sentences"])
            if any(s["gate"] > gate for s in mail["sentences"][a:b])]
    runs.sort(key=lambda r: sum(len(s["ids"]) for s in mails[r[0]]["sentences"][r[1]:r[2]]))
    out, glances = [np.full((len(mail["sentences"]), 1 + len(CATEGORIES)), -20.0) for mail in mails], []
    for at in range(0, len(runs), 32):
        chunk = runs[at:at + 32]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, glance = (t.float().numpy() for t in reader(*batch([mails[n]["sentences"][a:b] for n, a, b in chunk], base)))
        for (n, a, b), rows, glanced in zip(chunk, logits, glance):
            glances.append((glanced[:b - a].max(), rows[:b - a, 0].max(), any(s["news"] for s in mails[n]["sentences"][a:b])))
            for k, row in enumerate(rows[:b - a]):
                if row[0] > out[n][a + k][0]:
                    out[n][a + k] = row
    reader.train()
    return out, np.array(glances)


def strength(logits):
    """A mail's score: its three strongest sentences."""
    best = np.sort(logits[:, 0])[::-1][:3] if len(logits) else np.array([-20.0])
    return float(np.log1p(np.exp(best)).sum())


def area(holds, passes):
    both = np.concatenate([holds, passes])
    rank = both.argsort().argsort() + 1
    return (rank[:len(holds)].sum() - len(holds) * (len(holds) + 1) / 2) / (len(holds) * len(passes))


def figures(reader, sets, base):
    read = {name: judged(reader, mails, base) for name, mails in sets.items()}
    scores = {name: np.array([strength(l) for l in logits]) for name, (logits, _) in read.items()}
    ordinary = np.sort(scores["ordinary"])
    own = sets["dev"]
    hold = np.array([m["label"] == "hold" for m in own])
    pairs = {}
    for mail, score in zip(own, scores["dev"]):
        if mail["pair"]:
            pairs.setdefault(mail["pair"], {})[mail["label"]] = score
    pairs = [p for p in pairs.values() if len(p) == 2]
    line = "auc dev %.3f, pairs in order %.3f (%d)" % (area(scores["dev"][hold], scores["dev"][~hold]), np.mean([p["hold"] > p["pass"] for p in pairs]), len(pairs))
    for rate in (0.003, 0.01, 0.02):
        at = ordinary[int(len(ordinary) * (1 - rate))]
        line += "; at %.1f %%: recall %.3f false %.3f pairs %.3f" % (100 * rate, np.mean(scores["dev"][hold] > at), np.mean(scores["dev"][~hold] > at),
                                                              np.mean([p["hold"] > at >= p["pass"] for p in pairs]))
        for name in sets:
            if name not in ("dev", "ordinary"):
                line += " %s %.3f" % (name, np.mean(scores[name] > at))
    (own_glance, own_logit, told), plain = read["dev"][1].T, read["ordinary"][1]
    known = (told == 1) & (own_logit > 0)
    for kept in (0.005, 0.01, 0.02) if known.any() else ():
        quiet = np.quantile(own_glance[known], kept)
        line += "; glance %.2f loses %.1f %%, settles %.3f of %d ordinary windows" % (quiet, 100 * kept, np.mean(plain[:, 0] < quiet), len(plain))
    return line


def share(mail):
    """A number from 0 to 1 that mails of a pair have in common."""
    return zlib.crc32((mail["pair"] or mail["id"]).encode()) / 2 ** 32


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--base", required=True)
    args.add_argument("--own", required=True, nargs="+")
    args.add_argument("--background", required=True)
    args.add_argument("--measure", nargs="*", default=[], help="more sets, measured only")
    args.add_argument("--out", required=True)
    args.add_argument("--layers", default="0,2,4,6,8,10")
    args.add_argument("--glance", type=int, default=4, help="layers below the glance")
    args.add_argument("--pieces", type=int, default=20_000)
    args.add_argument("--epochs", type=float, default=3)
    args.add_argument("--steps", type=int, help="stop after so many, whatever the epochs")
    args.add_argument("--share", type=float, default=1.0, help="learn from this share of our own briefs; a smaller one is part of a larger")
    args.add_argument("--rate", type=float, default=1e-4)
    args.add_argument("--tokens", type=int, default=4096)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--calm", type=float, default=0.995, help="share of the running mean that each step keeps")
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--from", dest="start", help="go on from this file")
    args = args.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    base = Base(args.base)
    raw = [json.loads(line) for path in args.own + [args.background] for line in open(path, encoding="utf-8")]
    started = torch.load(args.start) if args.start else None
    pieces = started["pieces"] if started else kept(base, (s["normal"] for m in raw if m["part"] != "test" for s in m["sentences"]), args.pieces)
    vocabulary = Pieces([base.pieces[i] for i in pieces], [float(base.scores[i]) for i in pieces], pieces.index(base.unknown))
    numbers = {"bos": pieces.index(base.bos), "eos": pieces.index(base.eos), "pad": pieces.index(base.pad)}
    own = [m for path in args.own for m in load(path, vocabulary, own=True) if m["category"] != "internal"]
    background = load(args.background, vocabulary)
    ordinary = [m for n, m in enumerate(background) if n % 4 == 3]
    learned = [m for m in own if m["part"] == "train" and share(m) < args.share] + [m for n, m in enumerate(background) if n % 4 != 3]
    sets = {"dev": [m for m in own if m["part"] == "dev"], "ordinary": ordinary}
    for path in args.measure:
        sets[path.rsplit("/", 1)[-1].removesuffix(".jsonl")] = load(path, vocabulary)
    layers = [int(n) for n in args.layers.split(",")]
    reader = Reader(base, pieces, layers, args.glance)
    if started:
        mine = reader.state_dict()
        # A file of longer windows knows more places.
        started["reader"]["places"] = started["reader"]["places"][:WINDOW + 2]
        reader.load_state_dict(mine | {name: weights for name, weights in started["reader"].items() if name in mine})
    plan = [batches(learned, rng, args.tokens) for _ in range(int(np.ceil(args.epochs)))]
    steps, step, began = int(sum(map(len, plan)) * args.epochs / len(plan)), 0, time.time()
    if args.steps:
        steps = min(steps, args.steps)
    fresh = list(reader.head.parameters()) + list(reader.glance.parameters())
    old = [p for p in reader.parameters() if p.requires_grad and not any(p is f for f in fresh)]
    learner = torch.optim.AdamW([{"params": old, "base": args.rate}, {"params": fresh, "base": 1e-3 if not started else 3e-4}], weight_decay=0.01)
    print("%d mails, %d pieces, %d steps" % (len(learned), len(pieces), steps), flush=True)
    reader.train()
    mean = None
    # The running mean of the weights judges better than the last of them.
    calm = torch.optim.swa_utils.AveragedModel(reader, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(args.calm))
    for epoch in plan:
        for chunk in epoch:
            if step >= steps:
                break
            step += 1
            for group in learner.param_groups:
                group["lr"] = group["base"] * min(1.0, step / 60) * max(0.02, 1 - step / steps)
            loss = loss_of(reader, chunk, numbers)
            learner.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            learner.step()
            if step > 60:
                calm.update_parameters(reader)
            mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
            if step % 50 == 0:
                print("%d/%d loss %.4f %.0f s" % (step, steps, mean, time.time() - began), flush=True)
        torch.save({"reader": calm.module.state_dict(), "pieces": pieces, "layers": layers, "glance": args.glance}, args.out)
        print(figures(calm.module, sets, numbers), flush=True)


if __name__ == "__main__":
    main()
