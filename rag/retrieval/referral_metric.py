"""How near two referrals are in meaning, learnt from the shelf's own referrals.

A sentence model made for everyday text puts "bag of worms in the scrotum" far from "varicocele". A linear
map of its vectors, trained by ``evals/referral_metric.py`` so that referrals of one topic lie closer to
each other than to those of other topics, mends some of that. Kept is its Gram matrix: the cosine after the
map is ``a G b / sqrt(a G a) sqrt(b G b)``, so that the stored vectors stay as they are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rag.errors import CorpusError
from rag.retrieval.postings import Floats

FILE = "referral_metric.npz"


def load_metric(path: Path, model: str, dimension: int) -> Floats:
    """The matrix ``(d, d)`` in ``path``; the identity where there is none for this sentence model.

    Raises:
        CorpusError: the file cannot be read.
    """
    plain = np.eye(dimension, dtype=np.float32)
    if not path.is_file():
        return plain
    try:
        with np.load(path, allow_pickle=False) as file:
            fits = str(file["model"]) == model and file["gram"].shape == plain.shape
            return file["gram"].astype(np.float32) if fits else plain
    except (OSError, ValueError, KeyError) as error:
        raise CorpusError(
            f"cannot be read ({error}); run evals/fit_scenario_ranker.py", file=str(path)
        ) from error


def lengths(rows: Floats, gram: Floats) -> Floats:
    """Length of each row ``(n, d)`` under the metric, shape ``(n,)``."""
    squared = np.einsum("nd,nd->n", rows @ gram, rows)
    found: Floats = np.sqrt(np.maximum(squared, 1e-12)).astype(np.float32)
    return found
