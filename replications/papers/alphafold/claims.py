"""The claims of the chapter on AlphaFold, and criteria set before the runs."""

from dataclasses import replace

from replications.claims import (
    Above,
    Average,
    Below,
    Claim,
    Difference,
    Informative,
    Measure,
    Ratio,
    Value,
)

_PLOTTED = "plotted in figure 4a, not tabulated"
_WORLD, _LDDT = "world_precision:0.5", "world_lddt_after:3"
_POINTS = "points of precision at L/2, six or more apart, in 32 synthetic sequences"


def _less(recipe: str, other: str, metric: str) -> Difference:
    return Difference(Value(recipe, metric), Value(other, metric))


def _finds_contacts(ending: str) -> Informative:
    return Informative(
        Difference(
            Value(f"evoformer{ending}", _WORLD), Value(f"mi-apc{ending}", "world_precision_chance")
        ),
        Above(5),
        "drawing pairs at random",
    )


def _real_contacts(ending: str) -> Informative:
    return Informative(
        Difference(
            Value(f"evoformer{ending}", "real_precision:0.2"),
            Value(f"mi-apc{ending}", "real_precision_chance"),
        ),
        Above(2),
        "drawing pairs at random",
    )


def _completed(triangles: str) -> Measure:
    return Value(f"completion-{triangles}", "completion_lddt")


def _in_a_world(ending: str, share: str) -> tuple[Claim, ...]:
    """What is judged in each synthetic world, and on the targets of CASP after training there.

    `share` is that of the couplings' variance which all families have in common.
    """
    # In front: the claims of the worlds differ in this alone.
    where = f"Where families share {share} of their couplings"
    return (
        Claim(
            slug=f"triangles-find-contacts{ending}",
            statement=f"{where}, with triangle updates more contacts of unseen families are found "
            "than with axial attention in their place, at the same number of operations.",
            source="Jumper et al. 2021, figure 4a (no triangles, biasing or gating)",
            paper_value=_PLOTTED,
            measure=_less(f"evoformer{ending}", f"no-triangles{ending}", _WORLD),
            criterion=Above(0),
            informative=_finds_contacts(ending),
            unit=_POINTS,
        ),
        Claim(
            slug=f"depth-saturates{ending}",
            statement=f"{where}, accuracy rises steeply from 4 to 32 sequences; from 128 to 512 it "
            "gains less than a third as much.",
            source="Jumper et al. 2021, figure 5a (the factor is ours)",
            paper_value={"threshold": 30, "little gained beyond": 100},
            comparable=False,
            measure=Ratio(
                Difference(
                    Value(f"evoformer{ending}", "world_precision_at_depth:512"),
                    Value(f"evoformer{ending}", "world_precision_at_depth:128"),
                ),
                Difference(
                    Value(f"evoformer{ending}", "world_precision_at_depth:32"),
                    Value(f"evoformer{ending}", "world_precision_at_depth:4"),
                ),
            ),
            criterion=Below(1 / 3),
            # Where covariation still gains and the network has stopped, the network is at its own
            # limit, and not at that of the alignment.
            informative=Informative(
                _less(f"evoformer{ending}", f"mi-apc{ending}", "world_precision_at_depth:512"),
                Above(0),
                "mutual information, which needs no training, from the same 512 sequences",
            ),
            unit="(the paper's sequences; ours gain from 128 to 512 sequences over that from 4 to "
            "32)",
        ),
        Claim(
            slug=f"recycling-refines{ending}",
            statement=f"{where}, the same network, run again on its own output, finds the "
            "distances better.",
            source="Jumper et al. 2021, figure 4a (no recycling)",
            paper_value=_PLOTTED,
            measure=Difference(
                Value(f"evoformer{ending}", _LDDT),
                Value(f"evoformer{ending}", "world_lddt_after:1"),
            ),
            criterion=Above(0),
            informative=_finds_contacts(ending),
            unit="points of lDDT, three cycles less one",
        ),
        Claim(
            slug=f"better-than-covariation-synthetic{ending}",
            statement=f"{where}, in shallow alignments of unseen families, a trained network finds "
            "more contacts than mutual information with APC.",
            source="Jumper et al. 2021, section on earlier work: contacts from covariation",
            paper_value="no number for contacts",
            measure=_less(f"evoformer{ending}", f"mi-apc{ending}", _WORLD),
            criterion=Above(0),
            unit=_POINTS,
        ),
        Claim(
            slug=f"better-than-covariation-real{ending}",
            statement=f"{where}: a network trained there finds more contacts than mutual "
            "information with APC in 64 sequences of the targets of CASP, too.",
            source="Jumper et al. 2021, section on earlier work: contacts from covariation",
            paper_value="no number for contacts",
            measure=_less(f"evoformer{ending}", f"mi-apc{ending}", "real_precision:0.2"),
            criterion=Above(0),
            informative=_real_contacts(ending),
            unit="points of precision at L/5, 24 or more apart",
        ),
        Claim(
            slug=f"triangles-find-real-contacts{ending}",
            statement=f"{where}: of networks trained there, those with triangle updates find more "
            "contacts of the targets of CASP.",
            source="Jumper et al. 2021, figure 4a (no triangles, biasing or gating)",
            paper_value=_PLOTTED,
            measure=_less(f"evoformer{ending}", f"no-triangles{ending}", "real_precision:0.2"),
            criterion=Above(0),
            role="secondary",
            informative=_real_contacts(ending),
            unit="points of precision at L/5, 24 or more apart",
        ),
    )


CLAIMS = (
    *_in_a_world("-three-tenths", "three tenths"),
    # Families that share less: the world of the first runs, where no network left its plateau.
    *(replace(claim, role="secondary") for claim in _in_a_world("", "a tenth")),
    Claim(
        slug="triangles-complete-distances",
        statement="From a fifth of the noisy distances of a real chain, triangle multiplication "
        "finds the others better than axial attention, at the same number of operations.",
        source="Jumper et al. 2021, figure 4a (no triangles, biasing or gating)",
        paper_value=_PLOTTED,
        measure=_less("completion-multiplication", "completion-axial", "completion_precision"),
        criterion=Above(0),
        smallest=5,
        unit="points of precision at L/2 among pairs that are not shown",
    ),
    Claim(
        slug="two-triangle-operations-are-better",
        statement="Each triangle operation alone works, and both together are better.",
        source="Jumper et al. 2021, section on the Evoformer",
        paper_value="no number: either alone gives high accuracy, both together more",
        measure=Difference(
            _completed("both"), Average((_completed("multiplication"), _completed("attention")))
        ),
        criterion=Above(0),
        smallest=1,
        unit="points of lDDT of distances that are not shown",
    ),
    Claim(
        slug="pairs-and-alignment-belong-together",
        statement="An Evoformer finds more contacts than attention over the alignment alone, at "
        "the same number of operations.",
        source="Jumper et al. 2021, section on the Evoformer: the communication in every block",
        paper_value="no number: contrasted with attention over the alignment",
        measure=_less("evoformer-three-tenths", "plain-msa-three-tenths", _WORLD),
        criterion=Above(0),
        smallest=3,
        informative=_finds_contacts("-three-tenths"),
        unit=_POINTS,
    ),
    Claim(
        slug="pair-bias-helps",
        statement="Biasing the row attention by the pairs helps to find contacts.",
        source="Jumper et al. 2021, figure 4a (no triangles, biasing or gating)",
        paper_value=_PLOTTED,
        measure=_less("evoformer-three-tenths", "no-pair-bias-three-tenths", _WORLD),
        criterion=Above(0),
        role="secondary",
        informative=_finds_contacts("-three-tenths"),
        unit=_POINTS,
    ),
    Claim(
        slug="alignment-is-needed",
        statement="Without an alignment, from the query alone, far fewer contacts are found.",
        source="Jumper et al. 2021, figure 4a (no raw MSA) and figure 5a",
        paper_value=_PLOTTED,
        measure=_less("evoformer-three-tenths", "no-msa-three-tenths", _WORLD),
        criterion=Above(0),
        smallest=10,
        informative=_finds_contacts("-three-tenths"),
        unit=_POINTS,
    ),
    Claim(
        slug="recycling-beats-longer-training",
        statement="A network with three cycles predicts distances better than one of a single "
        "cycle that was trained with as many operations.",
        source="Jumper et al. 2021, figure 4a (no recycling)",
        paper_value=_PLOTTED,
        measure=Difference(
            Value("evoformer-three-tenths", _LDDT),
            Value("no-recycling-three-tenths", "world_lddt_after:1"),
        ),
        criterion=Above(0),
        role="secondary",
        informative=_finds_contacts("-three-tenths"),
        unit="points of lDDT",
    ),
    Claim(
        slug="point-attention-is-invariant",
        statement="Turning and moving all frames changes the output of invariant point attention "
        "by less than 1e-5 of its largest value.",
        source="Jumper et al. 2021, section on the structure module",
        paper_value="no number: invariant to rigid motions",
        measure=Value("structure-fape", "ipa_change"),
        criterion=Below(1e-5),
        unit="relative, in single precision",
    ),
    Claim(
        slug="frame-loss-tells-hands-apart",
        statement="A network that is trained on FAPE predicts the right hand in 95 % of unseen "
        "chains or more.",
        source="Jumper et al. 2021, methods: FAPE is not the same for a mirror image",
        paper_value="no number: the loss tells mirror images apart",
        measure=Value("structure-fape", "right_hand"),
        criterion=Above(95),
        unit="% of chains whose prediction is nearer than its mirror image",
    ),
    Claim(
        slug="distance-loss-does-not",
        statement="Trained on distances instead of FAPE, a network predicts the right hand less "
        "often.",
        source="Jumper et al. 2021, methods: FAPE is not the same for a mirror image",
        paper_value="no number: the loss tells mirror images apart",
        measure=_less("structure-fape", "structure-distances", "right_hand"),
        criterion=Above(0),
        smallest=20,
        role="secondary",
        unit="points",
    ),
    Claim(
        slug="confidence-is-calibrated",
        statement="The network's own confidence, pLDDT, is correlated with the lDDT that its "
        "predictions turn out to have.",
        source="Jumper et al. 2021, figure 2c",
        paper_value={"pLDDT and lDDT": 76},
        comparable=False,
        measure=Value("structure-fape", "confidence_correlation"),
        criterion=Above(60),
        unit="(the paper's Pearson's r · 100 over chains; ours Pearson's r · 100 over residues of "
        "unseen chains)",
    ),
    Claim(
        slug="near-experimental-accuracy",
        statement="The backbone is predicted with a median error of 0.96 Å, over the 95 % of "
        "residues that fit best.",
        source="Jumper et al. 2021, figure 1a (CASP14)",
        paper_value={"AlphaFold": 0.96, "next best": 2.8},
        not_testable="It took eleven days of 128 TPU cores and all known structures; ours are "
        "networks of at most 131,000 parameters and a few minutes.",
    ),
    Claim(
        slug="promoters-by-attention",
        statement="The same gated attention tells promoters from shuffled ones better than counts "
        "of short words.",
        source="a control that the paper has not",
        paper_value="no claim of the paper",
        measure=_less("promoters-encoder", "promoters-kmers", "promoter_auc"),
        criterion=Above(0),
        role="control",
        unit="points of the area under the ROC curve",
    ),
)
