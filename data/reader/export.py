#!/usr/bin/env python3
"""Packs a trained reader for the binary.

    data/reader/export.py --base e5-small-q4.bin --trained reader.pt --out data/reader

Writes three files: `encoder.onnx`, the layers in eight-bit whole numbers (seven bits used: older x86
machines saturate with eight); `words.bin`, the pieces' vectors in four-bit blocks just as the base has
them, then the places' in single precision; `pieces.tsv`, the vocabulary with its scores. Prints their SHA-256.
Needs torch, numpy, onnx and onnxruntime.
"""
import argparse
import hashlib
import os
import tempfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from base import Base


class Graph:
    """Nodes and weights of a graph, each named after what it makes."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def weight(self, name, values):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind, inputs, out, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [out], name=out, **attributes))
        return out

    def linear(self, state, name, x):
        weight = self.weight(name + ".weight", state[name + ".weight"].numpy().T)
        bias = self.weight(name + ".bias", state[name + ".bias"].numpy())
        return self.node("Add", [self.node("MatMul", [x, weight], name + ".product"), bias], name)

    def norm(self, state, name, x, epsilon):
        scale, bias = (self.weight("%s.%s" % (name, part), state["%s.%s" % (name, part)].numpy()) for part in ("weight", "bias"))
        return self.node("LayerNormalization", [x, scale, bias], name, axis=-1, epsilon=epsilon)


def layer(graph, state, at, x, heads, hidden, epsilon):
    p = "layers.%d." % at
    q, k, v = (graph.linear(state, p + name, x) for name in "qkv")
    split, joined = "split", "joined"
    q, v = (graph.node("Transpose", [graph.node("Reshape", [t, split], t + ".parted")], t + ".heads", perm=[1, 0, 2]) for t in (q, v))
    k = graph.node("Transpose", [graph.node("Reshape", [k, split], k + ".parted")], k + ".heads", perm=[1, 2, 0])
    near = graph.node("Mul", [graph.node("MatMul", [q, k], p + "near"), "nearness"], p + "near.scaled")
    seen = graph.node("MatMul", [graph.node("Softmax", [near], p + "share", axis=-1), v], p + "seen")
    seen = graph.node("Reshape", [graph.node("Transpose", [seen], p + "seen.back", perm=[1, 0, 2]), joined], p + "seen.joined")
    x = graph.norm(state, p + "aln", graph.node("Add", [x, graph.linear(state, p + "ao", seen)], p + "attended"), epsilon)
    inner = graph.node("Gelu", [graph.linear(state, p + "fi", x)], p + "inner")
    return graph.norm(state, p + "oln", graph.node("Add", [x, graph.linear(state, p + "fo", inner)], p + "thought"), epsilon)


def encoder(state, base, layers, glance):
    """The sentences' logits, and on the way there `halfway`, the vectors after the lower layers,
    and `glance`, what those say of each sentence: who stops there need not ask the upper layers."""
    graph = Graph()
    graph.weight("split", np.array([-1, base.heads, base.hidden // base.heads]))
    graph.weight("joined", np.array([-1, base.hidden]))
    graph.weight("nearness", np.array((base.hidden / base.heads) ** -0.5, np.float32))
    x = graph.norm(state, "norm", "words", base.epsilon)
    for at in range(layers):
        x = layer(graph, state, at, x, base.heads, base.hidden, base.epsilon)
        if at + 1 == glance:
            halfway = x
            glanced = graph.linear(state, "glance", graph.node("MatMul", ["pool", x], "glanced"))
    logits = graph.linear(state, "head", graph.node("MatMul", ["pool", x], "sentences"))
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    made = helper.make_graph(graph.nodes, "reader", [value("words", ["pieces", base.hidden]), value("pool", ["sentences", "pieces"])],
                             [value(halfway, ["pieces", base.hidden]), value(glanced, ["sentences", 1]), value(logits, ["sentences", 13])], graph.weights)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("base", "trained", "out"):
        args.add_argument("--" + name, required=True)
    args = args.parse_args()
    base, trained = Base(args.base), torch.load(args.trained)
    state, kept = trained["reader"], trained["pieces"]
    os.makedirs(args.out, exist_ok=True)
    with tempfile.NamedTemporaryFile(suffix=".onnx") as whole:
        onnx.save(encoder(state, base, len(trained["layers"]), trained["glance"]), whole.name)
        quantize_dynamic(whole.name, os.path.join(args.out, "encoder.onnx"), op_types_to_quantize=["MatMul"], weight_type=QuantType.QInt8,
                         per_channel=True, reduce_range=True, extra_options={"MatMulConstBOnly": True})
    scales, values = base.blocks("emb.word", base.hidden)
    with open(os.path.join(args.out, "words.bin"), "wb") as out:
        for piece in kept:
            for scale, block in zip(scales[piece], values[piece].reshape(-1, 32) + 8):
                out.write(scale.tobytes() + (block[:16] | block[16:] << 4).astype(np.uint8).tobytes())
        out.write(state["places"].numpy().astype("<f4").tobytes())
    with open(os.path.join(args.out, "pieces.tsv"), "w", encoding="utf-8") as out:
        for piece in kept:
            out.write("%s\t%.6g\n" % (base.pieces[piece], base.scores[piece]))
    for name in ("encoder.onnx", "words.bin", "pieces.tsv"):
        with open(os.path.join(args.out, name), "rb") as file:
            octets = file.read()
        print("%s\t%d\t%s" % (name, len(octets), hashlib.sha256(octets).hexdigest()))


if __name__ == "__main__":
    main()
