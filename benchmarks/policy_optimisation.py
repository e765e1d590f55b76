"""PPO of a tiny language model: our Lightning module beside TRL's PPOTrainer.

TRL is not installed with the book: versions 0.25 to 0.29 have the trainer, in `trl.experimental`.
Make an environment of its own for it: `pip install "trl==0.29.0"`.
"""

import tempfile
import time
from functools import partial

import torch

from benchmarks.alternation import Comparison, alternate
from replications.corpora.batches.conversations.prompted import PromptsToAnswer
from replications.corpora.texts.instructions.prompts import (
    instruction_documents,
    world_prompts,
    world_words,
)
from replications.errors import ReplicationError
from replications.layers.attention import MultiHeadAttention
from replications.models.preference.scalar_head import ScalarHead
from replications.models.presets import GPT2
from replications.objectives.optimisers import adamw
from replications.objectives.preference.policy_optimisation import (
    ProximalPolicyOptimisation,
    Updates,
)
from replications.objectives.preference.rewards import LearnedReward
from replications.objectives.schedules import constant
from replications.recipes import Workspace
from replications.training.trainers import train

_PROMPT, _ANSWER, _BATCH, _MINIBATCHES, _EPOCHS = 18, 16, 128, 4, 4
_D, _LAYERS, _HEADS = 64, 3, 2
_network = partial(
    GPT2,
    d_model=_D,
    layers=_LAYERS,
    heads=_HEADS,
    d_ff=4 * _D,
    max_length=64,
    dropout=0.0,
    attention=MultiHeadAttention,
)


class _Start:
    """A policy and a reward model, both untrained: the work is the same."""

    def __init__(self, vocabulary: int) -> None:
        self.policy, self.model = _network(vocabulary), ScalarHead(_network(vocabulary))


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> Comparison:
    """Answers a second, each rewarded and learned from. No corpus is read.

    A step of PPO is a batch of them, so that the ratio is that of steps a second.
    """
    data = PromptsToAnswer(
        0,
        prompts=partial(world_prompts, requests=512),
        text=partial(instruction_documents, documents=10),
        tokenizer=world_words,
        prompt_length=_PROMPT,
        answer_length=_ANSWER,
        prompts_per_batch=_BATCH,
        batches_per_epoch=epochs,
    )
    data.setup()
    speeds = alternate(partial(ours, data, epochs), partial(theirs, data, epochs), rounds)
    return Comparison(
        name="policy-optimisation",
        ours="PPO, this package",
        theirs="PPO, TRL",
        unit="answers",
        setting=f"{_BATCH} prompts of {_PROMPT} tokens, answers of at most {_ANSWER}, {_EPOCHS} "
        f"epochs of {_MINIBATCHES} minibatches; policy, reference, reward and value of {_LAYERS} "
        f"layers of {_D} numbers, float32, {torch.get_num_threads()} threads",
        our_speeds=speeds[0],
        their_speeds=speeds[1],
    )


def ours(data: PromptsToAnswer, batches: int) -> float:
    objective = partial(
        ProximalPolicyOptimisation,
        network=_network,
        reward=LearnedReward,
        schedule=partial(constant, learning_rate=1e-5),
        answer_length=_ANSWER,
        kl_coefficient=0.05,
        updates=partial(Updates, ppo_epochs=_EPOCHS, minibatches=_MINIBATCHES),
        optimiser=partial(adamw, weight_decay=0.0),
    )
    start = _Start(len(data.vocabulary))
    learned = train(data, (), Workspace(0, start=start), objective=objective, epochs=1)
    return batches * _BATCH / learned.seconds


def theirs(data: PromptsToAnswer, batches: int) -> float:
    try:
        from trl.experimental.ppo import PPOConfig, PPOTrainer
    except ImportError as error:
        raise ReplicationError(
            f"TRL's PPOTrainer is not here ({error}): pip install 'trl==0.29.0' accelerate, in an "
            "environment of its own."
        ) from error
    from datasets import Dataset
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from transformers import (
        GPT2Config,
        GPT2ForSequenceClassification,
        GPT2LMHeadModel,
        PreTrainedTokenizerFast,
    )

    words = data.vocabulary
    index = {symbol: number for number, symbol in enumerate(words.symbols)}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel(index, unk_token=words.symbols[0])),
        pad_token=words.symbols[words.end_of_text],
        eos_token=words.symbols[words.end],
        padding_side="left",
    )
    config = GPT2Config(
        vocab_size=len(words),
        n_positions=64,
        n_embd=_D,
        n_layer=_LAYERS,
        n_head=_HEADS,
        eos_token_id=words.end,
        bos_token_id=words.end_of_text,
        pad_token_id=words.end_of_text,
        num_labels=1,
    )
    torch.manual_seed(0)
    rows = [data.template.prompt(prompt.turns) for prompt in data.prompts.train]
    # Of one width, as ours are.
    rows = [[words.end_of_text] * (_PROMPT - len(row)) + row for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        settings = PPOConfig(
            output_dir=folder,
            per_device_train_batch_size=_BATCH // _MINIBATCHES,
            gradient_accumulation_steps=_MINIBATCHES,
            num_mini_batches=_MINIBATCHES,
            num_ppo_epochs=_EPOCHS,
            local_rollout_forward_batch_size=_BATCH,
            total_episodes=batches * _BATCH,
            response_length=_ANSWER,
            stop_token_id=words.end,
            num_sample_generations=0,
            learning_rate=1e-5,
            kl_coef=0.05,
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            report_to="none",
            save_strategy="no",
            disable_tqdm=True,
        )
        trainer = PPOTrainer(
            settings,
            tokenizer,
            GPT2LMHeadModel(config),
            GPT2LMHeadModel(config),
            GPT2ForSequenceClassification(config),
            Dataset.from_dict({"input_ids": rows}),
            GPT2ForSequenceClassification(config),
        )
        start = time.perf_counter()
        trainer.train()
        return batches * _BATCH / (time.perf_counter() - start)
