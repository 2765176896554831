# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
"""
# 从台账到走访名单 / From ledgers to a list

一行台账怎样成为名单上的一条理由，又怎样从理由找回那一行。全部是虚构的人，不出现姓名。

How a row of a ledger becomes a reason on the list, and how the reason leads back to that row.
All people are made up, and no name is shown.
"""

# %%
from datetime import date

from models.engines import DuckDbEngine
from notebooks.district import demo_store
from registry import store

folder = demo_store()
snapshot = store.open_snapshot(folder)  # read-only
engine = DuckDbEngine(snapshot)
as_of = date.fromisoformat(store.current(folder)["as_of"])

# %% [markdown]
# ## 1. 收到了什么 / What came in
#
# 每个文件的账：读入 = 接收 + 退回 + 略过（标题、合计、空行）。一行不差。
#
# The account of every file: read = accepted + sent back + ignored (headings, totals, blank rows), to the row.

# %%
deliveries = engine.rows(
    "SELECT delivery, file, rows_read, rows_accepted, rows_quarantined, rows_ignored FROM delivery "
    "ORDER BY file"
)
for one in deliveries[:5]:
    print(one["file"], one["rows_read"], one["rows_accepted"], one["rows_quarantined"], one["rows_ignored"])
for one in deliveries:
    assert one["rows_read"] == one["rows_accepted"] + one["rows_quarantined"] + one["rows_ignored"]

# %% [markdown]
# ## 2. 谁在范围内 / Who is in scope
#
# 三种回答：是、否、不能确定。不能确定的不当作“否”，他们留在名单上等待核实。
#
# Three answers: yes, no, cannot be established.  The last is no “no”: these children stay on the list,
# to be verified.

# %%
scope = engine.rows(
    "SELECT eligibility, why, COUNT(*) AS children FROM population "
    f"WHERE on_day = CAST('{as_of}' AS DATE) AND listed GROUP BY eligibility, why ORDER BY eligibility, why"
)
for row in scope:
    print(f"{row['eligibility']:8} {row['why']:28} {row['children']:5}")

# %% [markdown]
# ## 3. 名单 / The list
#
# 先是法定“立即报告”，再按规则定等级，等级之内才用卡的分数排先后。分数只排序，不贴标签。
#
# First what the law says to report at once, then tiers set by rules; points only order children
# inside a tier.

# %%
listed = engine.rows(
    "SELECT rank, child_id, eligibility, lane, tier, points, points_low, points_high, due_on FROM screening "
    "WHERE target = 'visit' ORDER BY rank"
)
for row in listed[:10]:
    bounds = f"{row['points_low']}..{row['points_high']}"
    print(
        f"{row['rank']:3} {row['child_id'][:8]} {row['lane']:10} {row['tier']:7} {row['points']:3} ({bounds})"
    )
in_scope_or_open = sum(row["children"] for row in scope if row["eligibility"] != "no")
on_the_list = sum(1 for row in listed if row["lane"] != "report_now")
assert on_the_list <= in_scope_or_open

# %% [markdown]
# ## 4. 一个孩子的理由 / One child's reasons
#
# 取名单上第一个不属于“立即报告”的孩子。卡的理由相加，就是分数。
#
# The first child that is not to be reported at once.  The card's reasons add up to the points.

# %%
chosen = next(row for row in listed if row["lane"] != "report_now")
reasons = engine.rows(
    "SELECT kind, clause, record, points, sentence_zh, sentence_en FROM reason "
    f"WHERE target = 'visit' AND child_id = '{chosen['child_id']}' ORDER BY ord"
)
for reason in reasons:
    print(f"{reason['kind']:7} {reason['points'] or 0:3} {reason['clause']:16} {reason['sentence_zh']}")
    print(f"{'':29}{reason['sentence_en']}")
points = sum(reason["points"] for reason in reasons if reason["kind"] == "card")
assert points == chosen["points"]

# %% [markdown]
# ## 5. 回到那一行 / Back to the row
#
# `record` 写明送来的文件、工作表、行号。
#
# `record` names the delivery, the sheet and the row.

# %%
files = {one["delivery"]: one["file"] for one in deliveries}
sources = []
for reason in reasons:
    if reason["record"]:
        delivery, _, place = reason["record"].partition("/")
        sources.append((files[delivery], place))
        print(f"{reason['sentence_zh']}  ←  {files[delivery]}，{place}")
assert sources
snapshot.close()

# %% [markdown]
# 试一试：换一个孩子；或把 `target` 换成 `referral`（心理转介）。
#
# Try: another child, or the target `referral` instead of `visit`.
