# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
"""
# 调一张卡 / Tuning a card

卡只在等级之内排先后。改一个分数，看谁动了、落在哪些人身上、过去几季会怎样；再看为什么谁的等级也没有降。

A card orders children inside a tier.  Change one number, see who moves, on whom it falls, what past quarters say of it,
and why nobody's tier goes down.
"""

# %%
from collections import Counter
from datetime import date

from data_contracts.known import make_known_tables
from models.engines import DuckDbEngine
from models.evaluate import prepare
from models.facts import create_facts
from models.screening.receipts import facts_used
from models.screening.rulebook.card import ReadCard, default_cards, parse
from models.screening.rulebook.lanes import tiers_of
from models.screening.scoring import rank_children
from models.strict_toml import FileProblem
from notebooks.district import demo_store, working_copy
from registry import store

folder = demo_store()
as_of = date.fromisoformat(store.current(folder)["as_of"])
engine = DuckDbEngine(working_copy(folder))  # in memory; the published build stays as it is
rules = tiers_of("visit")

# %% [markdown]
# ## 1. 现在的卡 / The card as it stands

# %%
expert = default_cards()["visit"]
for line in expert.card.lines:
    points = [one.points for one in line.bins]
    print(f"{line.zh} / {line.en}: {points}, 不明 unknown {line.unknown}")

# %% [markdown]
# ## 2. 改一格 / One bin changed
#
# 假如本区认为半年没有入户更要紧：5 分改成 9 分。卡的总分范围也要跟着改，否则读不进来。
#
# Suppose this district finds half a year without a visit graver: 9 points for 5.
# The declared range must follow.

# %%
text = expert.text.replace("{ from = 180, points = 5 }", "{ from = 180, points = 9 }")
try:
    parse(text, "trial.toml")
except FileProblem as problem:
    refusal = str(problem)
    print(refusal)
lowest, highest = expert.card.range
trial = parse(
    text.replace(f"range = [{lowest}, {highest}]", f"range = [{lowest}, {highest + 4}]"), "trial.toml"
)

# %% [markdown]
# ## 3. 谁动了 / Who moves


# %%
def ranked(card: ReadCard) -> dict[str, dict]:
    """The visit list under a card: child → rank, tier, points."""
    rank_children(engine, as_of, rules, card)
    rows = engine.rows("SELECT child_id, rank, lane, tier, points FROM screening_visit ORDER BY rank")
    return {row["child_id"]: row for row in rows}


before, after = ranked(expert), ranked(trial)
moved = [child for child in before if before[child]["rank"] != after[child]["rank"]]
scored = [child for child in before if before[child]["points"] != after[child]["points"]]
print(f"{len(before)} children, {len(scored)} with other points, {len(moved)} at another place")
for child in sorted(moved, key=lambda child: after[child]["rank"] - before[child]["rank"])[:5]:
    old, new = before[child], after[child]
    print(
        f"{child[:8]} {new['tier']:7} {old['rank']:3} → {new['rank']:3}   {old['points']} → {new['points']}"
    )
assert scored and all(after[child]["points"] - before[child]["points"] == 4 for child in scored)

# %% [markdown]
# ## 4. 为什么等级不降 / Why no tier goes down
#
# 等级由规则定，规则看不到分数。卡若写明“满多少分升级”，也只能升（取两者较高）。
#
# Rules set the tiers, and no rule sees a score.  A card that says “from so many points on” can only
# raise a tier: the higher of the two counts.

# %%
assert {child: row["tier"] for child, row in before.items()} == {
    child: row["tier"] for child, row in after.items()
}

raising = parse(
    trial.text
    + '\n[[raises]]\nat_least = 12\ntier = "orange"\nzh = "满12分升为橙"\nen = "orange from 12 points on"\n',
    "raising.toml",
)
raised = ranked(raising)
up = [
    child for child in before if rules.severity(raised[child]["tier"]) > rules.severity(before[child]["tier"])
]
down = [
    child for child in before if rules.severity(raised[child]["tier"]) < rules.severity(before[child]["tier"])
]
print(f"{len(up)} raised, {len(down)} lowered")
assert up and not down

# %% [markdown]
# ## 5. 落在谁身上 / On whom it falls
#
# 平均数会掩盖偏差：同一改动，看它在性别、民族、乡镇、远近、寄宿、资料缺失各组里各抬高了几个。
# 台账没有距离，远近只能看街道、镇、乡。
#
# An average hides a bias: how many of each group the same change raises, by sex, ethnic group, township,
# remoteness, boarding and missing answers.  Ledgers hold no distance; remoteness is street, town or rural township.

# %%
townships = {
    row["area_code"]: row["name"]
    for row in engine.rows("SELECT area_code, name FROM area WHERE level = 'township'")
}
asked = facts_used(rules, expert.card)
unknown = " + ".join(f"CASE WHEN w.{name} IS NULL THEN 1 ELSE 0 END" for name in asked)
children = engine.rows(
    f"SELECT k.child_id, k.sex, k.ethnicity, k.village_code, w.boarding, {unknown} AS n_unknown "
    "FROM known_child AS k JOIN fact_wide AS w ON w.child_id = k.child_id"
)


def groups_of(child: dict) -> dict[str, str]:
    """Kind → group of one child; a dash where it is not recorded."""
    township = townships.get((child["village_code"] or "")[:9], "—")
    kinds = ("街道", "镇", "乡")
    return {
        "性别 sex": child["sex"] or "—",
        "民族 ethnic group": child["ethnicity"] or "—",
        "乡镇 township": township,
        "远近 remoteness": next((kind for kind in kinds if township.endswith(kind)), "—"),
        "寄宿 boarding": {True: "yes", False: "no", None: "—"}[child["boarding"]],
        "缺项 missing": "0" if not child["n_unknown"] else "1-3" if child["n_unknown"] < 4 else "4+",
    }


groups: dict[tuple[str, str], list[str]] = {}
for child in children:
    if child["child_id"] in before:
        for kind_and_group in groups_of(child).items():
            groups.setdefault(kind_and_group, []).append(child["child_id"])
for (kind, group), members in sorted(groups.items()):
    n_up = len(set(up) & set(members))
    print(f"{kind:20} {group:12} {len(members):4} children, {n_up:3} raised ({n_up / len(members):.0%})")

# %% [markdown]
# ## 6. 过去的季度 / Past quarters
#
# 用当时已知的资料重做季末名单（不能偷看后来），再看下一季度真的发生了什么：有记录为“是”，
# 有人入户见到、没有发现为“否”，没有人去看为“不明”，不当作好。
#
# The list of a past quarter's end, made again from what was known on that day, and what the next quarter showed:
# *yes* where a record says so, *no* where somebody saw the child and found nothing, *unknown* where nobody looked,
# which is never counted as good.


# %%
def facts_then(day: date) -> DuckDbEngine:
    """The facts of a past day as known on it, from the registry; nothing later is in reach."""
    connection = store.memory()
    store.attach(connection, folder / "registry.duckdb", "registry")
    make_known_tables(connection, "registry", day)
    then = DuckDbEngine(connection)
    prepare(then, day, months=1)
    create_facts(then, day)
    return then


def shown(day: date, until: date) -> dict[str, str]:
    """Child → yes or no in the days after one day until another, from the published build."""
    between = "{0} > CAST('" + str(day) + "' AS DATE) AND {0} <= CAST('" + str(until) + "' AS DATE)"
    looked = (
        f"SELECT child_id FROM visit WHERE mode = 'home' AND child_seen AND {between.format('visited_on')}"
    )
    happened = [
        f"SELECT child_id FROM concern WHERE {between.format('aware_on')}",
        f"SELECT child_id FROM incident WHERE {between.format('happened_on')}",
        f"SELECT child_id FROM psych_screen WHERE crisis_flag AND {between.format('screened_on')}",
    ]
    found = {row["child_id"]: "no" for row in engine.rows(looked)}
    return found | {row["child_id"]: "yes" for sql in happened for row in engine.rows(sql)}


quarters = {}
for day, until in ((date(2026, 3, 31), date(2026, 6, 30)), (date(2026, 6, 30), date(2026, 9, 30))):
    then, told = facts_then(day), shown(day, until)
    for name, card in (("expert", expert), ("raising", raising)):
        rank_children(then, day, rules, card)
        rows = then.rows("SELECT child_id, tier FROM screening_visit")
        for tier in rules.order:
            answers = Counter(told.get(row["child_id"], "unknown") for row in rows if row["tier"] == tier)
            quarters[day, name, tier] = answers
            print(
                f"{day} {name:8} {tier:7} yes {answers['yes']:3}  no {answers['no']:3}  "
                f"unknown {answers['unknown']:3}"
            )

# %% [markdown]
# ## 7. 不许计分的 / What may not be scored
#
# 性别、民族等不得计分：这样的卡读不进来，并说明在哪一行、为什么。
#
# Sex, ethnic group and the like are never scored: such a card is refused, with the line and the reason.

# %%
line = '\n[[lines]]\nfact = "sex"\nclause = "四·2"\nzh = "性别"\nen = "sex"\ndirection = "codes"\n'
line += 'bins = [{ codes = ["male"], points = 0 }, { codes = ["female"], points = 2 }]\nunknown = 1\n'
try:
    parse(expert.text + line, "unfair.toml")
except FileProblem as problem:
    unfair = str(problem)
    print(unfair)

# %% [markdown]
# 试一试：改 `missed_visits` 的分数。确定要用的卡由分管人签名、注明日期，另存一个版本，不改旧卡。
#
# Try: other points for `missed_visits`.  A card for use is signed and dated by who answers for it,
# as a new version.
