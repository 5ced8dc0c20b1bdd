"""Bayesian search: first points that fill the space, then those of which a Gaussian process expects most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
import os, json
import numpy as np
from scipy.special import ndtri

from localaws.sagemaker.strategies import surrogate
from localaws.sagemaker.strategies.chance import Chance
from localaws.sagemaker.strategies.cube import Cube
from localaws.sagemaker.strategies.sampled import History
from localaws.sagemaker.strategies.space import Choice, Space
from localaws.sagemaker.strategies.values import Observation


@dataclass(frozen=True)
class Settings:
    start: int = 3
    centre: bool = True
    transform: str = "rank"
    draws: int = 500
    liar: str = "mean"
    around: int = 300
    length: float = 0.7
    length_sd: float = 0.8
    noise: float = 0.003
    noise_sd: float = 1.5
    steps: int = 25
    nu: float = 2.5
    best: str = "min"
    eps: float = 0.0


class Led:
    def __init__(self, space, sign, parents=(), identical=False, settings=None):
        self.space, self.sign, self.parents, self.identical = space, sign, parents, identical
        self.settings = settings or Settings(**json.loads(os.environ.get("LED", "{}")))
        self.cube = Cube(space)

    def points(self, seed: int, number: int, history: History) -> Iterator[dict[str, str]]:
        told = [found for _, found in sorted(history.told.items()) if found.objective is not None]
        rng = np.random.default_rng([seed, number])
        if number < self.settings.start or len(told) < 2 or rng.random() < self.settings.eps:
            yield self.start(seed, number)
        else:
            yield from self.model_points(rng, history, told)
        yield from Chance(self.space).points(seed, number, history)

    def start(self, seed, number):
        d = self.cube.dimensions
        if self.settings.centre:
            if number == 0:
                return self.space.at([0.5] * d)
            number -= 1
        n = max(self.settings.start - self.settings.centre, 1)
        rng = np.random.default_rng([seed, number // n, 77])
        block = np.stack([(rng.permutation(n) + rng.random(n)) / n for _ in range(d)], axis=1)
        return self.space.at(block[number % n])

    def model_points(self, rng, history, told):
        s = self.settings
        xs = self.cube.shares([o.values for o in told])
        x = self.cube.features(xs)
        y = transform(np.array([self.sign * o.objective for o in told]), s.transform)
        steps = s.steps if len(y) <= 60 else 8
        gp = surrogate.fit(x, y, s, steps)
        waiting = [v for _, v in sorted(history.pending.items())] + [
            o.values for _, o in sorted(history.told.items()) if o.objective is None
        ]
        ws = self.cube.shares(waiting)
        if s.best == "model":
            best = gp.predict(x).min()
        else:
            best = y.min()
        if waiting:
            xp = self.cube.features(ws)
            yp = {"believer": lambda: gp.predict(xp), "mean": lambda: np.full(len(xp), y.mean()),
                  "best": lambda: np.full(len(xp), y.min()), "worst": lambda: np.full(len(xp), y.max())}[s.liar]()
            gp = surrogate.add(gp, np.vstack([x, xp]), np.concatenate([y, yp]))
        near = xs[np.argsort(y, kind="stable")[:3]]
        cand = self.cube.snapped(np.vstack([rng.random((s.draws, self.cube.dimensions)), *[self.around(rng, b, s.around // 3) for b in near]]))
        seen = np.vstack([xs, ws])
        seen = {r.tobytes() for r in self.cube.snapped(seen)}
        cand = cand[[r.tobytes() not in seen for r in cand]]
        if not len(cand):
            return
        cand = rng.permutation(cand)
        mean, deviation = gp.predict(self.cube.features(cand), return_std=True)
        noise = np.exp(gp.kernel_.theta[-1])
        deviation = np.sqrt(np.maximum(deviation**2 - noise, 1e-10))
        score = surrogate.log_expected_improvement(mean, deviation, best)
        for i in np.argsort(-score, kind="stable")[:20]:
            yield self.space.at(cand[i])

    def around(self, rng, base, n):
        d = len(base)
        scale = 10 ** rng.uniform(-2.5, -0.5, (n, 1))
        p = np.clip(base + rng.normal(0, 1, (n, d)) * scale, 0, 1)
        p = np.where(rng.random((n, d)) > max(0.3, 1.5 / d), base, p)
        for j, dim in enumerate(self.space.dimensions):
            if isinstance(dim, Choice):
                p[:, j] = np.where(rng.random(n) < 0.3, rng.random(n), base[j])
        return p


def transform(y, how):
    if how == "rank":
        order = np.sort(y)
        r = (np.searchsorted(order, y, "left") + np.searchsorted(order, y, "right")) / 2
        return ndtri(r / len(y))
    if how == "log":
        gap = np.median(y) - y.min()
        if gap <= 0:
            gap = max(y.max() - y.min(), 1e-300)
        y = np.log1p((y - y.min()) / gap)
    if how == "log2":
        gap = np.median(y) - y.min()
        if gap <= 0:
            gap = max(y.max() - y.min(), 1e-300)
        y = np.log((y - y.min()) / gap + 0.1)
    if how == "winsor":
        gap = np.median(y) - y.min()
        y = np.minimum(y, np.median(y) + 2 * gap) if gap > 0 else y
    sd = y.std()
    return (y - y.mean()) / (sd if sd > 0 else 1.0)
