"""Metrics in words, for the sentences that say what a claim measures.

A metric's own name is a key of records, and short. One that has no words here stands as it is.
"""

import re

_WORDS = {
    "aer": "alignment error",
    "analogies_chosen_by": "accuracy on one half of the analogies",
    "analogies_judged": "accuracy on the other half of the analogies",
    "aer_diagonal": "alignment error along the diagonal",
    "answers_bits_per_byte": "bits per byte of people's answers",
    "answers_instruction_gain": "bits per byte that the own instruction saves",
    "bits_per_byte": "bits per byte",
    "bleu": "BLEU",
    "bleu_slope": "change of BLEU over 10 words",
    "blimp_accuracy": "accuracy on BLiMP",
    "cloze_names": "share of names found",
    "cloze_nouns": "share of nouns found",
    "cloze_nouns_frequent": "share of nouns found by choosing the most frequent",
    "cloze_prepositions": "share of prepositions found",
    "cloze_prepositions_frequent": "share of prepositions found by choosing the most frequent",
    "cloze_verbs": "share of verbs found",
    "cloze_verbs_frequent": "share of verbs found by choosing the most frequent",
    "cloze_names_frequent": "share of names found by naming the most frequent",
    "completion_lddt": "lDDT of distances that are not shown",
    "completion_precision": "precision at L/2 among pairs that are not shown",
    "confidence_correlation": "correlation of pLDDT and lDDT",
    "distinct_words": "different words per hundred words",
    "f1:rare": "F1 of rare words",
    "fape_change": "change of FAPE",
    "gold_accuracy": "accuracy against the gold reward",
    "gold_unseen": "gold reward on unseen pairs of task and constraint",
    "induction_best": "attention of the best induction head",
    "ipa_change": "change of the point attention's output",
    "lambada_accuracy": "LAMBADA accuracy",
    "lambada_accuracy_filtered": "LAMBADA accuracy with the stop-word filter",
    "lambada_accuracy_last_sentence": "LAMBADA accuracy from the last sentence",
    "lambada_gain_nats": "nats on LAMBADA that the passage saves beyond the last sentence",
    "lambada_log_perplexity": "ln perplexity on LAMBADA",
    "lambada_passage_word_accuracy": "LAMBADA accuracy among the passage's words",
    "lambada_random_capitalised_word": "LAMBADA accuracy of a draw of its capitalised words",
    "log_ratio_difference": "ln ratio for solid less that for gas",
    "masked_nll": "nats per masked token",
    "mse": "mean squared error",
    "nats_per_token": "nats per token",
    "nll": "nats per token",
    "over_length": "accuracy beyond that of the longer answer",
    "over_words": "accuracy beyond that of the words alone",
    "percent_of_optimum": "per cent of the best expected reward",
    "primed_xz_bits_per_byte": "bits per byte of xz with the training text before it",
    "promoter_auc": "area under the ROC curve of promoters",
    "prompted_gold": "gold reward with examples in the prompt",
    "prompted_gold_unseen": "gold reward on unseen pairs with examples in the prompt",
    "real_precision:0.2": "precision at L/5 on targets of CASP",
    "real_precision:1": "precision at L on targets of CASP",
    "real_precision_chance": "share of contacts on targets of CASP",
    "reordered_accuracy": "share of moved words found",
    "reordered_accuracy_diagonal": "share of moved words found along the diagonal",
    "right_hand": "share of right hands",
    "seen_bits_per_byte": "bits per byte of text seen in training",
    "semantic": "semantic accuracy",
    "syntactic": "syntactic accuracy",
    "text_nats_per_token": "nats per token of the base text",
    "total": "total accuracy",
    "unseen_bits_per_byte": "bits per byte of unseen text",
    "validation_accuracy": "validation accuracy",
    "validation_bits_per_byte": "validation bits per byte",
    "validation_bleu": "validation BLEU",
    "validation_nats_per_token": "validation loss",
    "word_labels_by_form": "share of parts of speech found by the word alone",
    "wordsim353": "agreement with WordSim-353",
    "wordsim353_scaled": "agreement with WordSim-353, features scaled",
    "men_scaled": "agreement with MEN, features scaled",
    "world_precision:0.5": "precision at L/2 on synthetic families",
    "world_precision_chance": "share of contacts on synthetic families",
    "zero_shot_accuracy": "zero-shot accuracy",
    "zero_shot_auc": "area under the zero-shot ROC curve",
}

_PATTERNS = (
    (r"world_precision_at_depth:(\d+)", r"precision at L/2 in \1 synthetic sequences"),
    (r"world_lddt_after:(\d+)", r"lDDT after \1 cycles"),
    (r"best_held_out:(\d+)", r"best possible accuracy on held-out families at K = \1"),
    (r"bits_per_byte:(\w+)", r"bits per byte on \1"),
    (r"bleu_beam(\d+)", r"BLEU with a beam of \1"),
    (r"blimp:(\w+)", r"accuracy on BLiMP's \1"),
    (r"context_bits_per_byte:(\d+)", r"bits per byte with a context of \1"),
    (r"cosine:layer(\d+)", r"correlation of cosines in layer \1"),
    (r"best_of:gold:(\d+)", r"gold reward of the best of \1"),
    (r"gold:(\w+)", r"gold reward with \1 questions"),
    (r"(\w+):r_squared", r"r squared of the curve of `\1`"),
    (r"(\w+):beta", r"beta of the curve of `\1`"),
    (r"kept:(\d+)", r"share that keeps the rule at turn \1"),
    (r"right:(\d+)", r"share that is right at turn \1"),
    (r"best_of:gold_loss", "gold reward that the best of many loses after its peak"),
    (r"in_context:(\w+):(\d+)", r"accuracy on the task \1 at K = \2"),
    (r"shuffled:(\w+):(\d+)", r"accuracy on the task \1 with shuffled examples at K = \2"),
    (r"instructed:(\d+)", r"accuracy at K = \1 after the task's name"),
    (r"word_labels:(\w+)", r"share of parts of speech found in \1"),
    (r"in_context:(\d+)", r"accuracy at K = \1"),
    (r"in_context_held_out:(\d+)", r"accuracy on held-out families at K = \1"),
    (r"log_ratio:(\w+)", r"ln ratio for \1"),
    (r"nll:(\d+)\+", r"nats per token of sentences of \1 words and more"),
    (r"owt2:([\w-]+)", r"exponent on OpenWebText2 at the step `\1`"),
    (r"(rounded|unrounded):objective_ratio", r"objective of the \1 constants over the fit's"),
    (r"rw:([\w-]+)", r"exponent on RefinedWeb at the step `\1`"),
    (r"overlap:(\w+)", r"overlap with \1"),
    (r"rounded_bits_per_byte:([\w-]+)", r"bits per byte with \1 weights"),
    (r"shuffled:(\d+)", r"accuracy with shuffled examples at K = \1"),
)


def metric_name(metric: str) -> str:
    """What a metric is called in a sentence, such as "nats per token" for nll."""
    if metric in _WORDS:
        return _WORDS[metric]
    if metric.startswith("joined:"):
        return f"{metric_name(metric.removeprefix('joined:'))} on joined captions"
    if found := re.fullmatch(r"paper:(\w+):(\d+)", metric):
        task, shots = found.groups()
        return f"{task.replace('_', ' ')} at K = {shots}"
    for pattern, words in _PATTERNS:
        if found := re.fullmatch(pattern, metric):
            return found.expand(words)
    return metric
