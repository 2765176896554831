"""Makes households: parents who left, the carer who stayed, and the children, all tied to one latent need."""

from __future__ import annotations

import random
from datetime import date, timedelta

from data_contracts.demo.people import People
from data_contracts.demo.profile import profile, risk, weighted
from data_contracts.demo.world import Carer, Child, Household, Parent, Village, birthday, years_before

RELATION_SEX = {
    "paternal_grandfather": "male",
    "maternal_grandfather": "male",
    "uncle": "male",
    "paternal_grandmother": "female",
    "maternal_grandmother": "female",
    "aunt": "female",
}

# Days that parents of a returned family were away at least.
SHORTEST_STAY = 240


def make_household(people: People, village: Village, number: int, size: int, as_of: date) -> Household:
    """One household with `size` children; the parents' departures fall after the first birth."""
    rng = people.rng
    ethnicity = _ethnicity(rng, village)
    need = rng.gauss(0, 1) + (0.25 if village.remote else 0)
    surname = people.surname(ethnicity)
    born = _birth_dates(rng, size, as_of)
    kind = _kind(rng, min(born), as_of)
    father, mother = _parents(people, kind, surname, ethnicity, min(born), as_of)
    household = Household(
        household_no=f"H{number:05d}",
        village=village,
        kind=kind,
        need=need,
        father=father,
        mother=mother,
        carer=_carer(people, need, surname, ethnicity, as_of),
        income_band=_income(rng, need),
        relief_status=None,
        grade=_dwelling(rng, need),
    )
    _relief_status(rng, household)
    for birth in born:
        household.children.append(_child(people, household, surname, ethnicity, birth, as_of))
    _papers(rng, household, as_of)
    return household


def _kind(rng: random.Random, first_birth: date, as_of: date) -> str:
    kind = weighted(rng, profile()["families"]["kinds"])
    too_short = kind == "returned" and (as_of - first_birth).days < SHORTEST_STAY + 100
    return "both_away" if too_short else kind


def _ethnicity(rng: random.Random, village: Village) -> str:
    groups = profile()["ethnicity"]
    return weighted(rng, groups.get(village.township_code, groups["usual"]))


def _birth_dates(rng: random.Random, size: int, as_of: date) -> list[date]:
    born: list[date] = []
    while len(born) < size:
        bands = profile()["ages"]["bands"]
        low, high, _ = rng.choices(bands, [band[2] for band in bands])[0]
        oldest = years_before(as_of, high) + timedelta(1)
        youngest = min(years_before(as_of, low), as_of - timedelta(profile()["ages"]["youngest_days"]))
        day = oldest + timedelta(rng.randrange((youngest - oldest).days + 1))
        if all(abs((day - other).days) > 330 for other in born):
            born.append(day)
    return sorted(born)


def _departure(rng: random.Random, first_birth: date, as_of: date) -> date:
    latest, earliest = as_of - timedelta(15), first_birth + timedelta(50)
    return latest - timedelta(int((latest - earliest).days * rng.random() ** 0.9))


def _away(rng: random.Random, name: str, first_birth: date, as_of: date) -> Parent:
    words = profile()["families"]
    parent = Parent(name, "away", rng.choice(words["places"]), _departure(rng, first_birth, as_of))
    parent.month_only = rng.random() < words["month_only"]
    return parent


def _parents(
    people: People, kind: str, surname: str, ethnicity: str, first_birth: date, as_of: date
) -> tuple[Parent, Parent]:
    rng, words = people.rng, profile()["families"]
    father_name = people.full_name(surname, "male", ethnicity)
    mother_name = people.full_name(people.surname(ethnicity), "female", ethnicity)
    father = _away(rng, father_name, first_birth, as_of)
    mother = _away(rng, mother_name, first_birth, as_of)
    if kind == "one_home":
        stays = mother if rng.random() < 0.8 else father
        capacity = weighted(rng, words["capacity_at_home"])
        _stays(stays, "home", None if capacity == "blank" else capacity)
    elif kind == "one_gone":
        _stays(mother if rng.random() < 0.7 else father, weighted(rng, words["gone"]), None)
        gone = mother if mother.status != "away" else father
        gone.capacity = "no" if rng.random() < 0.75 else None
    elif kind == "returned":
        for parent in (father, mother):
            _returns(rng, parent, as_of)
    return father, mother


def _stays(parent: Parent, status: str, capacity: str | None) -> None:
    parent.status, parent.capacity = status, capacity
    parent.place = parent.since = parent.until = None
    parent.month_only = False


def _returns(rng: random.Random, parent: Parent, as_of: date) -> None:
    parent.status, parent.month_only = "returned", False
    assert parent.since is not None
    parent.since -= timedelta(max(0, SHORTEST_STAY - (as_of - parent.since).days))
    stay = (as_of - parent.since).days
    parent.until = as_of - timedelta(rng.randrange(min(120, stay - SHORTEST_STAY // 2)))


def _carer(people: People, need: float, surname: str, ethnicity: str, as_of: date) -> Carer:
    rng, words = people.rng, profile()["carers"]
    relation = weighted(rng, words["relations"])
    sex = RELATION_SEX[relation]
    years = rng.randint(30, 54) if relation in ("aunt", "uncle") else rng.randint(50, 81)
    born = years_before(as_of, years) - timedelta(rng.randrange(360))
    paternal = relation.startswith("paternal") and sex == "male"
    name = people.full_name(surname if paternal else people.surname(ethnicity), sex, ethnicity)
    blank = words["blank"]
    capacity: str | None = "no" if rng.random() < risk(words["capacity_no"], need) else "yes"
    conduct: str | None = "none"
    if rng.random() < risk(words["conduct"], need):
        conduct = weighted(rng, words["records"])
    failed = rng.random() < risk(words["duty_failed"], need)
    carer = Carer(
        adult_name=name,
        relation_to_child=relation,
        id_no=people.adult_id(born, sex),
        phone=people.phone() if rng.random() > blank else None,
        capacity=capacity if capacity == "no" or rng.random() > blank else None,
        conduct=conduct if conduct != "none" or rng.random() > 1.5 * blank else None,
        duty="not_performed" if failed else ("performed" if rng.random() > blank else None),
    )
    carer.duty_failed_since = as_of - timedelta(rng.randint(10, 330)) if failed else None
    return carer


def _income(rng: random.Random, need: float) -> str | None:
    words = profile()["households"]
    if rng.random() < profile()["carers"]["blank"]:
        return None
    if rng.random() < risk(words["below_line"], need, 0.5):
        return "below_line"
    return "near_line" if rng.random() < risk(words["near_line"], need, 0.3) else "ordinary"


def _relief_status(rng: random.Random, household: Household) -> None:
    if household.income_band == "below_line":
        if rng.random() < profile()["households"]["on_relief_of_below"]:
            household.relief_status = "extreme_poverty" if rng.random() < 0.06 else "minimum_living"
        else:
            household.relief_status = "none"
    elif rng.random() > profile()["carers"]["blank"]:
        household.relief_status = "none"


def _dwelling(rng: random.Random, need: float) -> str:
    words = profile()["households"]
    if rng.random() < risk(words["dwelling_d"], need, 0.6):
        return "D"
    if rng.random() < risk(words["dwelling_c"], need, 0.4):
        return "C"
    return "B" if rng.random() < words["dwelling_b"] else "A"


def eligible_from(household: Household, birth: date) -> date:
    """The later of the departures, or the birth."""
    left = [parent.since for parent in (household.father, household.mother) if parent.since]
    return max([*left, birth])


def _opened(rng: random.Random, household: Household, birth: date, as_of: date) -> date:
    begins = eligible_from(household, birth)
    lag = rng.choices([rng.randint(0, 30), rng.randint(31, 90), rng.randint(91, 200)], [76, 18, 6])[0]
    ends = min([p.until for p in (household.father, household.mother) if p.until] or [as_of])
    opened = begins + timedelta(lag)
    if opened > ends:
        opened = begins + timedelta(rng.randrange(max(0, (ends - begins).days) + 1))
    return min(opened, as_of)


def _child(
    people: People, household: Household, surname: str, ethnicity: str, birth: date, as_of: date
) -> Child:
    rng = people.rng
    sex = "male" if rng.random() < profile()["ages"]["boys"] else "female"
    has_number = rng.random() > profile()["identity"]["without_number"]
    child = Child(
        id_no=people.child_id(birth, sex) if has_number else None,
        name=people.full_name(surname, sex, ethnicity),
        sex=sex,
        birth_date=birth,
        ethnicity=ethnicity,
        household=household,
        need=household.need + rng.gauss(0, 0.5),
        opened_on=_opened(rng, household, birth, as_of),
        residence=weighted(rng, profile()["families"]["residence"]),
    )
    _care(rng, child, as_of)
    _health(rng, child, as_of)
    return child


def _care(rng: random.Random, child: Child, as_of: date) -> None:
    words = profile()["children"]
    old_enough = as_of >= birthday(child.birth_date, 9)
    if old_enough and rng.random() < risk(1.6 * words["alone"], child.need):
        child.living = "alone"
    elif rng.random() < words["blank"]:
        child.living = None
    if rng.random() < risk(words["unattended"], child.need):
        child.supervision = "unattended"
    elif rng.random() < words["blank"]:
        child.supervision = None
    if rng.random() > words["contact_blank"]:
        long_gap = rng.random() < risk(words["contact_gap"], child.need, 0.5)
        days = rng.choice([rng.randint(8, 28), rng.randint(8, 28), rng.randint(29, 150)])
        child.last_contact_on = as_of - timedelta(days if long_gap else rng.randint(0, 7))


def _health(rng: random.Random, child: Child, as_of: date) -> None:
    words = profile()["children"]
    blank = words["blank"]
    child.disability = "无" if rng.random() > blank else None
    if rng.random() < risk(words["disabled"], child.need, 0.3):
        child.disability = rng.choice(words["disabilities"])
    child.chronic_disease = "无" if rng.random() > blank / 2 else None
    if rng.random() < risk(words["chronic"], child.need, 0.3):
        child.chronic_disease = rng.choice(words["diseases"])
    child.insured = rng.random() < 0.965 if rng.random() > blank else None
    if rng.random() < 0.85:
        days = rng.randrange(1, min(500, (as_of - child.birth_date).days))
        child.examined_on = as_of - timedelta(days)


def _papers(rng: random.Random, household: Household, as_of: date) -> None:
    words = profile()["children"]
    first = min(child.opened_on for child in household.children)
    if rng.random() < words["agreement"]:
        household.signed_on = min(as_of, first + timedelta(rng.randint(0, 40)))
    if "no" in (household.father.capacity, household.mother.capacity) and rng.random() < 0.85:
        household.capacity_assessed_on = as_of - timedelta(rng.randint(5, 420))
    for child in household.children:
        if rng.random() > words["blank"]:
            child.notified_school = rng.random() < words["notified_school"]
        if rng.random() > words["blank"]:
            child.notified_village = rng.random() < words["notified_village"]
        days = (as_of - child.opened_on).days
        child.updated_on = as_of - timedelta(rng.randrange(min(days, 130) + 1))
        for name in ("away_verified_on", "residence_verified_on"):
            if rng.random() > 0.07:
                setattr(child, name, as_of - timedelta(rng.randrange(min(days + 30, 420) + 1)))
