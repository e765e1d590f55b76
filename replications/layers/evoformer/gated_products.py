"""Gated products of the triangle multiplication, with hand-written gradients.

As separate operations they spend as long on memory traffic as on products. Here a gate is applied
in place, its gradient needs the gated values alone, and each product has its factors in the layout
in which it reads them.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn


def gated_triangle_sum(
    pair: Float[Tensor, "batch start end d"],
    edges: nn.Linear,
    edge_gates: nn.Linear,
    *,
    incoming: bool = False,
) -> Float[Tensor, "batch start end d_hidden"]:
    """a, b = sigmoid(edge_gates(z)) ⊙ edges(z), then Σ_k a_ik ⊙ b_jk; `incoming`: Σ_k a_ki ⊙ b_kj.

    Source: Jumper et al. 2021, supplement, algorithms 11 and 12, line 2 and the sum of line 4. The
    first half of the output of `edges` is a, the second b.
    """
    return _GatedTriangleSum.apply(
        pair, edges.weight, edges.bias, edge_gates.weight, edge_gates.bias, incoming
    )


def gated_linear(
    inputs: Float[Tensor, "*batch d"],
    linear: nn.Linear,
    gate_inputs: Float[Tensor, "*batch d_gate"],
    gate: nn.Linear,
) -> Float[Tensor, "*batch d_out"]:
    """sigmoid(gate(gate_inputs)) ⊙ linear(inputs)."""
    return _GatedLinear.apply(
        inputs, gate_inputs, linear.weight, linear.bias, gate.weight, gate.bias
    )


class _GatedTriangleSum(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        pair: Tensor,
        weight: Tensor,
        bias: Tensor,
        gate_weight: Tensor,
        gate_bias: Tensor,
        incoming: bool,
    ) -> Tensor:
        batch, length = pair.shape[:2]
        rows = pair.flatten(0, 2)
        # Channels first: the sum over k is then a matrix product for each channel.
        gate = torch.addmm(gate_bias[:, None], gate_weight, rows.T).sigmoid_()
        sides = torch.addmm(bias[:, None], weight, rows.T).mul_(gate)
        factors = _as_computed(sides, rows, weight, gate_weight)
        ctx.save_for_backward(*factors, gate, sides)
        ctx.incoming, ctx.shape = incoming, pair.shape
        a, b = sides.view(2, -1, length, length)
        product = torch.bmm(a.mT, b) if incoming else torch.bmm(a, b.mT)
        return product.view(-1, batch, length, length).permute(1, 2, 3, 0).contiguous()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        _refuse_second_gradient()
        rows, weight, gate_weight, gate, sides = ctx.saved_tensors
        a, b = sides.view(2, -1, *ctx.shape[1:3])
        product = gradient.flatten(0, 2).T.contiguous().view(a.shape)
        edges = torch.empty_like(sides)
        to_a, to_b = edges.view(2, *a.shape)
        if ctx.incoming:
            torch.bmm(b, product.mT, out=to_a)
            torch.bmm(a, product, out=to_b)
        else:
            torch.bmm(product, b, out=to_a)
            torch.bmm(product.mT, a, out=to_b)
        # With y = sigmoid(g) ⊙ x, dL/dg = dL/dy ⊙ y ⊙ (1 - sigmoid(g)): x itself is not needed.
        gates = edges * sides
        gates.addcmul_(gates, gate, value=-1)
        edges *= gate
        inputs = torch.addmm(edges.T @ weight, gates.T, gate_weight).view(ctx.shape)
        return inputs, edges @ rows, edges.sum(1), gates @ rows, gates.sum(1), None


class _GatedLinear(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        inputs: Tensor,
        gate_inputs: Tensor,
        weight: Tensor,
        bias: Tensor,
        gate_weight: Tensor,
        gate_bias: Tensor,
    ) -> Tensor:
        rows, gate_rows = inputs.flatten(0, -2), gate_inputs.flatten(0, -2)
        gate = torch.addmm(gate_bias, gate_rows, gate_weight.T).sigmoid_()
        gated = torch.addmm(bias, rows, weight.T).mul_(gate)
        factors = _as_computed(gated, rows, gate_rows, weight, gate_weight)
        ctx.save_for_backward(*factors, gate, gated)
        ctx.shapes = inputs.shape, gate_inputs.shape
        return gated.view(*inputs.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, ...]:
        _refuse_second_gradient()
        rows, gate_rows, weight, gate_weight, gate, gated = ctx.saved_tensors
        shape, gate_shape = ctx.shapes
        gradient = gradient.reshape(gated.shape)
        gates = gradient * gated
        gates.addcmul_(gates, gate, value=-1)
        values = gradient * gate
        return (
            (values @ weight).view(shape),
            (gates @ gate_weight).view(gate_shape),
            values.T @ rows,
            values.sum(0),
            gates.T @ gate_rows,
            gates.sum(0),
        )


def _as_computed(result: Tensor, *factors: Tensor) -> tuple[Tensor, ...]:
    # Autocast casts the factors of products in the forward pass, but not in the backward pass.
    if factors[0].dtype == result.dtype:
        return factors
    return tuple(factor.to(result.dtype) for factor in factors)


def _refuse_second_gradient() -> None:
    # Autograd would differentiate this gradient and miss what was computed in place before it.
    if torch.is_grad_enabled():
        raise RuntimeError(
            "gated products have no second derivative (create_graph=True): write them out "
            "as torch.sigmoid(gate(x)) * linear(x) for that"
        )
