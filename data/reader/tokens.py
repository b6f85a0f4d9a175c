"""Cuts normal forms into the pieces of a unigram vocabulary (Kudo 2018), as the binary does.

The likeliest cut by the pieces' scores; a character that no piece covers is the unknown piece.
"""
SPACE = "▁"
LONGEST = 16


class Pieces:
    """A vocabulary: pieces in order, with scores."""

    def __init__(self, pieces, scores, unknown):
        self.scores = {piece: (index, score) for index, (piece, score) in enumerate(zip(pieces, scores))}
        self.unknown = unknown
        self.unknown_score = min(scores) - 10.0
        self.words = {}

    def cut(self, text):
        """The pieces of a text, as numbers."""
        out = []
        for word in text.split():
            if word not in self.words:
                self.words[word] = self.word(SPACE + word)
            out += self.words[word]
        return out

    def word(self, word):
        best = [(0.0, 0, 0)] + [None] * len(word)
        for start in range(len(word)):
            before = best[start][0]
            for end in range(start + 1, min(len(word), start + LONGEST) + 1):
                index, score = self.scores.get(word[start:end], (None, None))
                if index is None:
                    if end > start + 1:
                        continue
                    index, score = self.unknown, self.unknown_score
                if best[end] is None or before + score > best[end][0]:
                    best[end] = (before + score, index, start)
        cut, at = [], len(word)
        while at:
            _, index, at_before = best[at]
            cut.append(index)
            at = at_before
        return cut[::-1]


def kept(base, sentences, most):
    """Which pieces of a base to keep: the special ones, every single character met, those that
    the sentences are cut into, then the likeliest of lower-case Latin letters."""
    import collections
    import re

    special = [base.bos, base.pad, base.eos, base.unknown]
    plain = [i for i, p in enumerate(base.pieces) if i not in special and p == p.lower() and len(p) <= LONGEST
             and re.fullmatch("[▁\x21-\x7e\u00a1-\u024f\u2010-\u20bf]+", p)]
    whole = Pieces([base.pieces[i] for i in plain], [float(base.scores[i]) for i in plain], None)
    met = collections.Counter()
    for sentence in sentences:
        met.update(i for i in whole.cut(sentence) if i is not None)
    singles = [n for n, i in enumerate(plain) if len(base.pieces[i].lstrip("▁")) <= 1]
    often = [n for n, count in met.most_common() if count >= 2]
    rest = sorted(range(len(plain)), key=lambda n: -base.scores[plain[n]])
    order = list(dict.fromkeys(singles + often + rest))[:most - len(special)]
    return special + sorted(plain[n] for n in order)
