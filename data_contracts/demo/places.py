"""Makes the district's villages, schools and workers: townships are real, everything below is invented."""

from __future__ import annotations

import random
from datetime import date, timedelta

from data_contracts.demo.people import People
from data_contracts.demo.profile import profile
from data_contracts.demo.world import School, Village, Worker

DISTRICT = "530902"
SMALLEST_VILLAGE = 3


def make_villages(people: People, children: int, as_of: date) -> list[Village]:
    """About one village for twenty children, spread over the ten townships by their weights."""
    rng, words = people.rng, profile()["villages"]
    count = max(words["fewest"], min(words["most"], children // words["children_per_village"]))
    names = [root + ending for root in words["roots"] for ending in words["endings"]]
    rng.shuffle(names)
    villages = []
    for township, n_villages in _spread(count).items():
        remote = profile()["townships"][township]["remote"]
        for number in range(n_villages):
            code = f"{township}{901 + number}"
            is_remote = rng.random() < remote
            director = _director(people, code, as_of, is_remote)
            before = _predecessor(people, director, as_of)
            villages.append(Village(code, names.pop(), township, is_remote, director, before))
    _copier(rng, villages).copies_notes = True
    villages[-1].director.ended_on = as_of - timedelta(20)
    for village in villages:
        village.traditional = village.township_code == "530902202" and village.code.endswith(("901", "902"))
    return villages


def _copier(rng: random.Random, villages: list[Village]) -> Worker:
    """A director of a remote village, in office long enough, who copies the same note again and again."""
    remote = [village for village in villages[2:-1] if village.remote] or villages[2:-1]
    longest = sorted(remote, key=lambda village: village.director.started_on)[: max(1, len(remote) // 2)]
    return rng.choice(longest).director


def _predecessor(people: People, director: Worker, as_of: date) -> Worker | None:
    if (as_of - director.started_on).days > 1000:
        return None
    before = _director(people, director.org_code, director.started_on, False)
    before.started_on = director.started_on - timedelta(people.rng.randint(700, 1500))
    before.ended_on, before.diligence = director.started_on, director.diligence
    return before


def all_workers(people: People, villages: list[Village], as_of: date) -> list[Worker]:
    """Directors, those before them, and the townships' supervisors."""
    directors = [village.director for village in villages]
    earlier = [village.predecessor for village in villages if village.predecessor]
    return [*directors, *earlier, *make_supervisors(people, as_of)]


def _spread(count: int) -> dict[str, int]:
    townships = profile()["townships"]
    total = sum(entry["weight"] for entry in townships.values())
    shares = {code: max(2, round(count * entry["weight"] / total)) for code, entry in townships.items()}
    largest = max(shares, key=lambda code: shares[code])
    shares[largest] += count - sum(shares.values())
    return shares


def _director(people: People, code: str, as_of: date, remote: bool) -> Worker:
    rng = people.rng
    return Worker(
        post="child_director",
        org_code=code,
        worker_name=people.full_name(people.surname(), "female", "汉族"),
        phone=people.phone(),
        started_on=as_of - timedelta(rng.randint(40, 1400)),
        trained_on=as_of - timedelta(rng.randint(10, 700)) if rng.random() < 0.85 else None,
        diligence=min(0.98, max(0.35, rng.gauss(0.88, 0.09) - (0.13 if remote else 0))),
    )


def make_supervisors(people: People, as_of: date) -> list[Worker]:
    """One child supervisor per township."""
    supervisors = []
    for code in profile()["townships"]:
        worker = _director(people, code, as_of, False)
        worker.post = "child_supervisor"
        supervisors.append(worker)
    return supervisors


def make_schools(rng: random.Random) -> list[School]:
    """Four schools a township, and one senior school in the district."""
    schools = []
    for code, township in profile()["townships"].items():
        for number, (word, kind) in enumerate(profile()["schools"]["kinds"], 1):
            school = School(f"{code}S{number}", township["short"] + word, kind, township["name"], code)
            school.csv_roster = rng.random() < profile()["lists"]["roster_csv"]
            school.writes_registration = rng.random() < 0.3
            schools.append(school)
    first, township = next(iter(profile()["townships"].items()))
    senior = profile()["schools"]["senior"]
    schools.append(School(f"{first}S5", senior, "senior_secondary_school", township["name"], first))
    schools[0].csv_roster, schools[1].csv_roster = True, False
    next(school for school in reversed(schools) if school.name.endswith("第二完小")).scores_from_one = True
    return schools


def share_out(rng: random.Random, villages: list[Village], children: int) -> dict[str, int]:
    """How many children each village has: the first none, the second exactly three, the rest what is left.

    A village without children gives zero denominators; in a village of three a quarterly change reveals one.
    """
    empty, tiny, *others = villages
    weights = {village.code: rng.lognormvariate(0, 0.5) for village in others}
    total = sum(weights.values())
    left = children - SMALLEST_VILLAGE
    shares = {code: int(left * weight / total) for code, weight in weights.items()}
    shares[others[0].code] += left - sum(shares.values())
    return {empty.code: 0, tiny.code: SMALLEST_VILLAGE, **shares}
