"""Weight matrices quantised to 8 or 4 bits: integers, with a scale for each group."""

from collections.abc import Callable

import torch
from einops import rearrange
from jaxtyping import Float, Int8, UInt8
from torch import Tensor, nn
from torch.nn import functional

BITS = (8, 4)


def rounded(
    weight: Float[Tensor, "output input"], *, bits: int, group: int | None = None
) -> tuple[Int8[Tensor, "output input"], Float[Tensor, "output groups"]]:
    """Integer codes, and the scale of each `group` of neighbours in a row; without it, of a row.

    Source: Dettmers et al. 2022 (arXiv:2208.07339), section 2.1, "absmax quantization": the scale
    maps the greatest magnitude of a group to the greatest integer, 127 or 7, and each weight is
    rounded. Groups are those of Dettmers and Zettlemoyer 2023 (arXiv:2212.09720), section 2.3.
    Raises ValueError for other numbers of bits, and for a `group` that does not divide a row.
    """
    if bits not in BITS:
        raise ValueError(f"weights of {bits} bits; give {' or '.join(map(str, BITS))}")
    size = weight.shape[1] if group is None else group
    if size < 1 or weight.shape[1] % size:
        raise ValueError(
            f"rows of {weight.shape[1]} weights cannot be split into groups of {size}; give a "
            "divisor as `group`"
        )
    greatest = 2 ** (bits - 1) - 1
    grouped = rearrange(weight.detach().float(), "o (n g) -> o n g", g=size)
    scale = grouped.abs().amax(-1) / greatest
    # A group of zeros is restored by any scale; by 0 it would be 0/0.
    scale = scale.masked_fill(scale == 0, 1.0)
    codes = (grouped / scale[..., None]).round().clamp(-greatest, greatest)
    return rearrange(codes, "o n g -> o (n g)").to(torch.int8), scale


def packed(codes: Int8[Tensor, "output input"]) -> UInt8[Tensor, "output half"]:
    """Two 4-bit codes in a byte, the first of a pair in its lower half."""
    pairs = rearrange((codes + 8).to(torch.uint8), "o (n two) -> two o n", two=2)
    return pairs[0] | (pairs[1] << 4)


def unpacked(pairs: UInt8[Tensor, "output half"]) -> Int8[Tensor, "output input"]:
    """The inverse of `packed`."""
    both = torch.stack((pairs & 15, pairs >> 4), -1).flatten(-2)
    return both.to(torch.int8) - 8


class QuantisedLinear(nn.Module):
    """torch.nn.Linear with weights of 8 or 4 bits, made from a trained one.

    Source: as `rounded`. The weights are dequantised to the inputs' precision for each product:
    this saves memory and no operations. It cannot be trained.
    """

    def __init__(self, linear: nn.Linear, *, bits: int, group: int | None = None) -> None:
        super().__init__()
        codes, scale = rounded(linear.weight, bits=bits, group=group)
        if bits == 4 and linear.in_features % 2:
            raise ValueError(f"rows of {linear.in_features} 4-bit weights fill no whole bytes")
        self.bits = bits
        self.register_buffer("codes", packed(codes) if bits == 4 else codes)
        self.register_buffer("scale", scale)
        bias = None if linear.bias is None else linear.bias.detach().clone()
        self.register_buffer("bias", bias)

    @property
    def weight(self) -> Float[Tensor, "output input"]:
        """The dequantised matrix."""
        codes = unpacked(self.codes) if self.bits == 4 else self.codes
        grouped = rearrange(codes, "o (n g) -> o n g", n=self.scale.shape[1])
        return rearrange(grouped * self.scale[..., None], "o n g -> o (n g)")

    def forward(self, inputs: Float[Tensor, "*batch input"]) -> Float[Tensor, "*batch output"]:
        bias = None if self.bias is None else self.bias.to(inputs.dtype)
        return functional.linear(inputs, self.weight.to(inputs.dtype), bias)

    def extra_repr(self) -> str:
        outputs, groups = self.scale.shape
        return f"{outputs} outputs, {self.bits} bits, {groups} groups a row"


def quantise_linears(model: nn.Module, quantise: Callable[[nn.Linear], nn.Module]) -> nn.Module:
    """Replace every torch.nn.Linear of a network by what `quantise` makes of it, in place.

    `partial(QuantisedLinear, bits=4, group=32)` is one. Embeddings, norms and the output layer
    stay as they are, as in Dettmers et al. 2022, section 3; so does any layer whose matrix is an
    embedding's, like that of BERT's masked tokens.
    """
    embeddings = {id(part.weight) for part in model.modules() if isinstance(part, nn.Embedding)}
    for name, part in list(model.named_modules()):
        for child, linear in list(part.named_children()):
            is_output = not name and child == "output"
            if type(linear) is not nn.Linear or is_output:
                continue
            if id(linear.weight) not in embeddings:
                setattr(part, child, quantise(linear))
    return model


def weight_bytes(model: nn.Module) -> int:
    """Memory of parameters and buffers, each counted once. Units: bytes."""
    held = {id(each): each.nbytes for each in (*model.parameters(), *model.buffers())}
    return sum(held.values())
