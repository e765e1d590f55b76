"""The claims of the chapter on InstructGPT, and criteria set before the runs.

Gold rewards are those of the synthetic world, whose standard deviation over the tuned model's
answers is about 1; they stand for human judgements, and are none.
"""

from replications.claims import (
    Above,
    Between,
    Claim,
    Difference,
    FallFromPeak,
    FinalValue,
    Informative,
    TrajectoryCorrelation,
    Value,
)
from replications.papers.instructgpt.listed import BETAS, PUSHED, listed_name
from replications.papers.instructgpt.policies import policy_name, reward_recipe_name
from replications.papers.instructgpt.recipes import (
    COEFFICIENTS,
    POLICY,
    PROMPTS_COMPARED,
    REWARD_MODEL,
)
from replications.papers.instructgpt.tuning import LARGE_BASE

_STIENNON, _GAO = "Stiennon et al. 2020", "Gao et al. 2022"
_OUYANG = "Ouyang et al. 2022"
_UNIT = "gold reward (synthetic)"
_ACCURACY = "(the paper's points of accuracy; ours points against the gold reward (synthetic))"
_WINS = f"(the paper's share of wins; ours {_UNIT})"


def _gold(recipe: str, metric: str = "gold") -> Value:
    return Value(recipe, metric)


CLAIMS = (
    Claim(
        slug="an-example-helps-the-base-model",
        statement="A base model follows instructions better with an example before the request.",
        source=f"{_OUYANG}, section 1 (wins of the 175B model against GPT-3, and against few-shot "
        "GPT-3)",
        paper_value={"against GPT-3": 0.85, "against few-shot GPT-3": 0.71},
        measure=Difference(_gold("base", "prompted_gold"), _gold("base")),
        criterion=Above(0),
        comparable=False,
        smallest=0.05,
        unit=_WINS,
    ),
    Claim(
        slug="demonstrations-beat-prompting",
        statement="Fine-tuned on demonstrations, a model follows instructions better than the "
        "base model with an example.",
        source=f"{_OUYANG}, figure 1 (wins against the 175B SFT model at 1.3B; read off)",
        paper_value={"SFT": 0.35, "GPT without a prompt": 0.14},
        measure=Difference(_gold("sft"), _gold("base", "prompted_gold")),
        criterion=Above(0),
        comparable=False,
        smallest=0.3,
        unit=_WINS,
    ),
    Claim(
        slug="ppo-beats-demonstrations",
        statement="Reinforcement learning from comparisons improves on the fine-tuned model.",
        source=f"{_OUYANG}, figure 1 (wins against the 175B SFT model at 1.3B; read off)",
        paper_value={"PPO": 0.51, "SFT": 0.35},
        measure=Difference(_gold(POLICY), _gold("sft")),
        criterion=Above(0),
        comparable=False,
        smallest=0.3,
        paired=True,
        unit=_WINS,
    ),
    Claim(
        slug="small-aligned-beats-large-base",
        statement="The aligned model is better than a prompted base model of eleven times "
        "its parameters.",
        source=f"{_OUYANG}, section 1 and figure 1 (1.3B PPO-ptx against 175B GPT-3; read off)",
        paper_value={"1.3B PPO-ptx": 0.52, "175B GPT-3": 0.24},
        measure=Difference(_gold(POLICY), _gold(LARGE_BASE, "prompted_gold")),
        criterion=Above(0),
        comparable=False,
        smallest=0.3,
        informative=Informative(
            Difference(_gold(LARGE_BASE, "prompted_gold"), _gold("base", "prompted_gold")),
            Above(0),
            "a base model that size does not help",
        ),
        unit=_WINS,
    ),
    Claim(
        slug="pairs-not-seen-in-training",
        statement="What was learned holds for pairs of task and constraint that no demonstration "
        "and no comparison had.",
        source=f"{_OUYANG}, section 4.3 (instructions outside of the fine-tuning distribution)",
        paper_value="examples in other languages and of code, not scored",
        measure=Difference(_gold(POLICY, "gold_unseen"), _gold("base", "prompted_gold_unseen")),
        criterion=Above(0),
        role="secondary",
        smallest=0.3,
        unit=_UNIT,
    ),
    Claim(
        slug="more-comparisons-make-better-rewards",
        statement="A reward model of sixteen times the comparisons is right more often.",
        source=f"{_STIENNON}, section 4.3 (1.1 points for each doubling of the data)",
        paper_value={"four doublings": 4.4},
        measure=Difference(
            Value(reward_recipe_name(PROMPTS_COMPARED[-1]), "gold_accuracy"),
            Value(reward_recipe_name(PROMPTS_COMPARED[1]), "gold_accuracy"),
        ),
        criterion=Above(0),
        informative=Informative(
            Value(REWARD_MODEL, "gold_accuracy"), Above(60), "a coin, right in 50 % of the pairs"
        ),
        paired=True,
        unit=_ACCURACY,
    ),
    Claim(
        slug="larger-reward-models-are-better",
        statement="A reward model of three layers is right more often than one of a single layer.",
        source=f"{_STIENNON}, section 4.3 (1.8 points for each doubling of the model)",
        paper_value={"1.6 doublings": 2.85},
        measure=Difference(
            Value(REWARD_MODEL, "gold_accuracy"),
            Value(reward_recipe_name(PROMPTS_COMPARED[-1], 1), "gold_accuracy"),
        ),
        criterion=Above(0),
        paired=True,
        unit=_ACCURACY,
    ),
    Claim(
        slug="best-of-n-turns-over",
        statement="Among ever more answers, the one with the highest proxy reward gets worse.",
        source=f"{_GAO}, figure 1a; {_STIENNON}, figure 5; the bound is ours",
        paper_value="gold rises, then falls, while the proxy rises",
        measure=Value(reward_recipe_name(PROMPTS_COMPARED[1]), "best_of:gold_loss"),
        criterion=Above(0.05),
        informative=Informative(
            Value(reward_recipe_name(PROMPTS_COMPARED[1]), "best_of:gold_gain"),
            Above(0.05),
            "one answer, which no reward model chose",
        ),
        unit=_UNIT,
    ),
    Claim(
        slug="ppo-turns-over",
        statement="Without a KL penalty the gold reward of a policy rises and then falls, while "
        "the reward model's rises.",
        source=f"{_GAO}, figure 1b; the bound is ours",
        paper_value="gold rises, then falls, while the proxy rises",
        measure=FallFromPeak("ppo-few-comparisons", "gold"),
        criterion=Above(0.2),
        informative=Informative(
            TrajectoryCorrelation("ppo-few-comparisons", "proxy"),
            Above(0.8),
            "a policy that the reward model does not like better and better",
        ),
        unit=_UNIT,
    ),
    Claim(
        slug="gaos-curve-fits",
        statement="Under best-of-n the gold reward is d (alpha - beta d), d the root of KL.",
        source=f"{_GAO}, equation 1; the bound is ours",
        paper_value="fits well, with no number given",
        measure=Value(PUSHED.name, "counts:r_squared"),
        criterion=Above(0.85),
        informative=Informative(
            Value(PUSHED.name, "counts:loss"), Above(0.1), "a gold reward that does not turn over"
        ),
        unit="r squared",
    ),
    Claim(
        slug="beta-falls-with-size",
        statement="Of as many comparisons, beta is smaller for a proxy of eight times the weights: "
        "it can be pushed further.",
        source=f"{_GAO}, section 3.2",
        paper_value="beta falls smoothly with the reward model's size",
        measure=Difference(Value(PUSHED.name, "counts:beta"), Value(PUSHED.name, "many:beta")),
        criterion=Above(0),
        informative=Informative(
            Value(PUSHED.name, "counts:beta"), Above(0.1), "a gold reward that does not bend"
        ),
        paired=True,
        unit="beta, in gold reward per nat (synthetic)",
    ),
    Claim(
        slug="the-coefficient-buys-divergence",
        statement="With a smaller KL coefficient the policy ends further from where it began.",
        source=f"{_GAO}, section 3.6",
        paper_value="the KL coefficient moves a policy along one frontier",
        measure=Difference(
            FinalValue(policy_name(COEFFICIENTS[-2]), "kl"),
            FinalValue(policy_name(COEFFICIENTS[0]), "kl"),
        ),
        criterion=Above(0),
        smallest=0.5,
        paired=True,
        unit="nats per answer",
    ),
    Claim(
        slug="ptx-reduces-the-tax",
        statement="Mixing pre-training text into PPO keeps what the base model could.",
        source=f"{_OUYANG}, section 4.2",
        paper_value="smaller regressions on SQuAD, DROP, HellaSwag and translation",
        measure=Difference(
            Value(POLICY, "text_nats_per_token"), Value("ppo-ptx", "text_nats_per_token")
        ),
        criterion=Above(0),
        smallest=0.05,
        paired=True,
        informative=Informative(
            Difference(Value(POLICY, "text_nats_per_token"), Value("base", "text_nats_per_token")),
            Above(0.02),
            "a policy that has forgotten nothing",
        ),
        unit="nats per token of held-out base text (synthetic)",
    ),
    Claim(
        slug="ptx-costs-little-reward",
        statement="Mixing in pre-training text costs at most a tenth of a standard deviation of "
        "the gold reward.",
        source=f"{_OUYANG}, figure 1 (PPO-ptx and PPO at 1.3B; read off); the margin is ours",
        paper_value={"PPO-ptx": 0.52, "PPO": 0.51},
        measure=Difference(_gold("ppo-ptx"), _gold(POLICY)),
        criterion=Above(-0.1),
        comparable=False,
        paired=True,
        role="secondary",
        unit=_WINS,
    ),
    *(
        Claim(
            slug=f"the-optimum-is-reached-at-{beta:g}",
            statement=f"With a KL coefficient of {beta:g} PPO earns what the best policy of its "
            "objective earns, which can be summed exactly.",
            source="a control that the paper has not; the margin is ours",
            paper_value="not given",
            measure=Value(listed_name(beta), "percent_of_optimum"),
            criterion=Between(98, 102),
            role="control",
            unit="% of the optimum's expected gold reward (synthetic)",
        )
        for beta in BETAS
    ),
    Claim(
        slug="a-rule-holds-over-turns",
        statement="Fine-tuned on dialogues, a model keeps at the third turn a rule that was told "
        "at the first; fine-tuned on single turns it does not.",
        source="ChatGPT (OpenAI 2022) mixed dialogues into InstructGPT's data; no number is given",
        paper_value="not given",
        measure=Difference(Value("several-turns", "kept:3"), Value("one-turn", "kept:3")),
        criterion=Above(0),
        smallest=20,
        role="secondary",
        unit="points (synthetic)",
    ),
    Claim(
        slug="thompson-sampling-asks-better-questions",
        statement="At equal numbers of comparisons, reward models trained on pairs chosen by "
        "Thompson sampling choose better answers than those trained on random pairs.",
        source="Dwaracherla et al. 2024, abstract; the margin is ours",
        paper_value="as good as random questions with far fewer of them",
        measure=Difference(Value("feedback", "gold:thompson"), Value("feedback", "gold:random")),
        criterion=Above(0),
        smallest=0.05,
        role="secondary",
        unit=_UNIT,
    ),
    Claim(
        slug="uncertain-questions-beat-random-ones",
        statement="At equal numbers of comparisons, reward models trained on pairs on which they "
        "disagree choose better answers than those trained on random pairs.",
        source="Dwaracherla et al. 2024, abstract; the margin is ours",
        paper_value="better than random, worse than Thompson sampling",
        measure=Difference(Value("feedback", "gold:uncertain"), Value("feedback", "gold:random")),
        criterion=Above(0),
        smallest=0.05,
        role="secondary",
        unit=_UNIT,
    ),
)
