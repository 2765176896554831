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

卡只在等级之内排先后。改一个分数，看谁动了；再看为什么谁的等级也没有降。

A card orders children inside a tier.  Change one number, see who moves, and why nobody's tier goes down.
"""

# %%
from datetime import date

from models.engines import DuckDbEngine
from models.screening.card import ReadCard, parse
from models.screening.lanes import tiers_of
from models.screening.scoring import default_cards, rank_children
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
# ## 5. 不许计分的 / What may not be scored
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
