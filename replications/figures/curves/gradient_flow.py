"""Gradient flow in recurrent layers: the norm of gradients against the steps that they cross."""

from collections.abc import Mapping

import seaborn as sns
import torch
from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from replications.figures.paper_and_ours import axes, finish
from replications.layers.recurrent import RecurrentLayer


def gradient_by_lag(
    layer: RecurrentLayer, inputs: Float[Tensor, "batch time d"]
) -> Float[Tensor, " lag"]:
    """The gradient of the last output by the input of each earlier step, from a lag of 0 on.

    Source: Hochreiter and Schmidhuber 1997, section 3.1, for the question. The norm of the gradient
    of the summed outputs of the last step, over the dimensions of each step's input; the mean over
    the batch.
    """
    inputs = inputs.detach().requires_grad_()
    outputs, _ = layer(inputs)
    (gradient,) = torch.autograd.grad(outputs[:, -1].sum(), inputs)
    return gradient.norm(dim=2).mean(0).flip(0)


def draw_gradients(flows: Mapping[str, Float[Tensor, " lag"]]) -> Figure:
    """A line for each layer, as a share of the gradient at no lag, on a logarithmic axis.

    A line that falls steeply is a layer that cannot learn dependencies across that many steps.
    """
    colours = sns.color_palette("colorblind", len(flows))
    styles = ("-", "--", "-.", ":")
    with axes() as ax:
        for number, ((name, flow), colour) in enumerate(zip(flows.items(), colours, strict=True)):
            share = (flow / flow[0]).double().numpy()
            ax.plot(range(len(share)), share, styles[number % 4], color=colour, lw=2, label=name)
        ax.set_yscale("log")
        finish(ax, "steps between the input and the output", "gradient, relative", recorded=True)
    return ax.figure
