#!/usr/bin/env python3
"""The mean of two readers' weights: it often judges better than either.

    data/reader/mean.py ONE.pt OTHER.pt OUT.pt

Both from train.py, of one vocabulary and as many layers; of two lengths of window the shorter is kept.
Needs torch.
"""
import sys

import torch


def main(one, other, out):
    one, other = torch.load(one), torch.load(other)
    assert one["pieces"] == other["pieces"] and one["layers"] == other["layers"]
    places = min(len(one["reader"]["places"]), len(other["reader"]["places"]))
    for reader in (one["reader"], other["reader"]):
        reader["places"] = reader["places"][:places]
    for name, weights in other["reader"].items():
        if weights.is_floating_point():
            other["reader"][name] = (weights + one["reader"][name]) / 2
    torch.save(other, out)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
