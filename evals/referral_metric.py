"""Trains ``corpus/acr_ac_2025/referral_metric.npz``: a linear map under which kindred referrals lie close.

Run by ``evals/fit_scenario_ranker.py``. Every referral of the shelf is drawn to the other referrals of its
topic and of its scenario and away from all others (a contrastive softmax over cosines, as in Khosla et al.,
"Supervised Contrastive Learning", NeurIPS 2020; one layer, no bias). The map starts as the identity and is
held near it. The ranking's weights are fitted on each form of the referrals under a map that never saw
that form. Settings were chosen on the second to fourth sets of frozen referrals, not on the fifth.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from rag.knowledge.scenario_entry import ScenarioEntry
from rag.retrieval.postings import Floats
from rag.retrieval.scenario_index import Embed

ROUNDS, BATCH, RATE, TEMPERATURE, PULL = 6, 256, 1e-3, 0.05, 0.1
SCENARIO = 0.4
"""Share of the loss that asks for the same scenario; the rest asks for the same topic."""


def trained_metric(entries: Sequence[ScenarioEntry], embed: Embed) -> Floats:
    """The Gram matrix ``(d, d)`` of the map trained on the referrals of ``entries``."""
    torch.manual_seed(1)
    asked = [(text, row) for row, entry in enumerate(entries) for text in entry.referrals]
    rows = torch.from_numpy(np.asarray(embed([text for text, _ in asked]), np.float32))
    scenario = torch.tensor([row for _, row in asked])
    number = {topic: n for n, topic in enumerate(dict.fromkeys(e.topic for e in entries))}
    topic = torch.tensor([number[e.topic] for e in entries])[scenario]
    plain = torch.eye(rows.shape[1])
    found = plain.clone().requires_grad_()
    steps = torch.optim.Adam([found], RATE)
    for _ in range(ROUNDS):
        for batch in torch.randperm(len(rows)).split(BATCH):
            loss = PULL * ((found - plain) ** 2).sum() / len(plain)
            loss = loss + _apart(rows, batch, found, ((1 - SCENARIO, topic), (SCENARIO, scenario)))
            steps.zero_grad()
            loss.backward()
            steps.step()
    gram: Floats = (found @ found.T).detach().numpy()
    return gram


def _apart(
    rows: torch.Tensor, batch: torch.Tensor, found: torch.Tensor,
    kinds: Sequence[tuple[float, torch.Tensor]],
) -> torch.Tensor:  # fmt: skip
    """Mean loss of a batch against all referrals; none is its own neighbour."""
    mapped = torch.nn.functional.normalize(rows @ found, dim=1)
    near = mapped[batch] @ mapped.T / TEMPERATURE
    own = torch.zeros_like(near, dtype=torch.bool)
    own[torch.arange(len(batch)), batch] = True
    near = near.masked_fill(own, -1e9)
    every = torch.logsumexp(near, 1)
    loss = torch.zeros(())
    for share, kind in kinds:
        alike = (kind[batch][:, None] == kind[None, :]) & ~own
        loss = loss - share * (torch.logsumexp(near.masked_fill(~alike, -1e9), 1) - every).mean()
    return loss


def write_metric(gram: Floats, model: str, path: Path) -> None:
    """Write ``gram`` in half precision with the name of the sentence model it belongs to."""
    np.savez_compressed(path, gram=gram.astype(np.float16), model=np.array(model))
