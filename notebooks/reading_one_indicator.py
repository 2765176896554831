# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
"""
# 读懂一个指标：应访尽访率 / Reading one indicator: visits made on time (C12)

一个指标就是一个 `.sql` 文件：上面是说明，下面是“个案”。数一数个案，就是公布的数字。

An indicator is one `.sql` file: a head in words, then its cases.
Count the cases and you have the published figure.
"""

# %%
from collections import Counter
from math import isclose, sqrt

from models.engines import DuckDbEngine
from models.evaluate import cases
from models.measure import indicators
from notebooks.district import demo_store
from registry import store

folder = demo_store()
snapshot = store.open_snapshot(folder)  # read-only
engine = DuckDbEngine(snapshot)
indicator = indicators()["C12"]

# %% [markdown]
# ## 1. 说明 / The head

# %%
head = indicator.head
print(head.title.zh, "/", head.title.en, "· 依据 / article:", head.clause)
for name, words in {
    "分子 counted": head.counted,
    "分母 out of": head.out_of,
    "不明 unknown": head.unknown,
}.items():
    print(f"{name}: {words.zh} / {words.en}")
print("与之同看 / read it together with:", ", ".join(head.partner))

# %% [markdown]
# ## 2. 个案 / The cases
#
# 每一次到期的应访是一个个案，结果为：是、否、不明。
#
# Every visit that fell due is a case, with one of three outcomes: yes, no, unknown.

# %%
period = engine.rows(
    "SELECT MAX(period) AS period FROM figure WHERE code = 'C12' AND level = 'district' AND n_shown > 0"
)[0]["period"]
district = engine.rows("SELECT area_code FROM area WHERE level = 'district'")[0]["area_code"]
found = cases(engine, "C12", district, period)
for case in found[:5]:
    print(case["area"], case["outcome"], case["days"], case["record"])
counted = Counter(case["outcome"] for case in found)
print(period, dict(counted))

# %% [markdown]
# ## 3. 用手数一遍 / Counted by hand
#
# 比例 = 是 ÷（是 + 否）。不明的不算“否”，也不藏起来：证据度 =（是 + 否）÷ 全部。
#
# The share is yes ÷ (yes + no).  Unknown is no “no”, and it isn't hidden either: evidence = (yes + no) ÷ all.


# %%
def published(level: str, area: str) -> dict:
    """The figure of one place in the period, as it stands in the snapshot."""
    columns = "yes, no, unknown, value, low, high, evidence, status"
    return engine.rows(
        f"SELECT {columns} FROM figure WHERE code = 'C12' AND level = '{level}' AND area = '{area}' "
        f"AND period = '{period}'"
    )[0]


figure = published("district", district)
yes, no, unknown = (counted[outcome] for outcome in ("yes", "no", "unknown"))
share = yes / (yes + no)
assert (yes, no, unknown) == (figure["yes"], figure["no"], figure["unknown"])
assert isclose(share, figure["value"])
assert isclose((yes + no) / len(found), figure["evidence"])
print(f"{yes} / ({yes} + {no}) = {share:.1%}")

# %% [markdown]
# 区间（Wilson 1927）说明：这么多个案，能说到多准。
#
# The interval (Wilson 1927) says how much so many cases can tell.

# %%
z, n = 1.959963984540054, yes + no
middle = (share + z * z / (2 * n)) / (1 + z * z / n)
half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
assert isclose(middle - half, figure["low"]) and isclose(middle + half, figure["high"])
print(f"{figure['low']:.1%} … {figure['high']:.1%}")

# %% [markdown]
# ## 4. 各村 / Village by village
#
# 村的数字相加就是区的数字。个案少的村，区间很宽：不要拿一两次走访排名次。
#
# The villages add up to the district.  With few cases the interval is wide: no ranking by one or two visits.

# %%
by_village = Counter((case["area"], case["outcome"]) for case in found)
villages = engine.rows("SELECT area_code, name FROM area WHERE level = 'village' ORDER BY area_code")
total = Counter()
for village in villages:
    own = {outcome: by_village[village["area_code"], outcome] for outcome in ("yes", "no", "unknown")}
    told = published("village", village["area_code"])
    assert own == {outcome: told[outcome] for outcome in own}
    total.update(own)
    if told["status"] == "ok":
        interval = f"{told['low']:.0%} … {told['high']:.0%}"
        print(
            f"{village['name']}: {own['yes']} / {own['yes'] + own['no']} = {told['value']:.0%} ({interval})"
        )
outside = sum(1 for case in found if case["area"] not in {village["area_code"] for village in villages})
assert sum(total.values()) + outside == len(found)
snapshot.close()

# %% [markdown]
# 试一试：把 C12 换成 C14（见到儿童本人），再看同一个村。
#
# Try: C14 (the child was seen) instead of C12, for the same village.
