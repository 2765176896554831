# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
"""
# 由结果提出一张卡 / A card proposed from outcomes

走访的结果可以改进专家给的分数，卡仍然小、整数、读得懂。学到的不会自己生效：提出、比较、审查，再由第二人发布。
这里的名单和结果是生成的，真相已知。

What visits found can improve the points that experts set, and the card stays small, whole-numbered and readable.
Nothing learned goes live by itself: it is proposed, compared, audited, and a second person publishes it.  The lists and
outcomes here are made up, so the truth is known.
"""

# %%
import datetime as dt
import tempfile
from pathlib import Path

from dashboard.views.learned_words import report_lines
from models.learning.proposing.allowed import candidates
from models.learning.proposing.made_up import made_up_rows
from models.learning.proposing.proposal import Wanted, propose
from models.learning.proposing.refusals import LearningRefused
from models.screening.rulebook import bars, in_force
from models.screening.rulebook.card import default_cards, lint
from registry import evaluations, versions
from registry.versions import VersionProblem

expert = default_cards()["visit"]

# %% [markdown]
# ## 1. 提出 / Propose
#
# 不得计分的事实，问也不给，并说明理由。
#
# A fact that nobody may be scored by is refused, with the reason.

# %%
refusals = {}
for fact in ("sex", "disability", "income_band", "children_in_household"):
    try:
        candidates(expert.card, [fact])
    except LearningRefused as refused:
        refusals[fact] = refused.refusals[0].sentence("zh"), str(refused)
        print(*refusals[fact], sep="\n")

names = [line.fact for line in expert.card.lines]
facts = candidates(expert.card, names)
rows = made_up_rows(facts, n=400)
proposal = propose(rows, facts, expert, expert, Wanted(max_lines=5, capacity=60, refits=2))
print(proposal.text)
assert lint(proposal.text, "proposed.toml") == []

# %% [markdown]
# ## 2. 比较 / Compare
#
# 三个数并列、六条基线、小卡的代价、名单有多少出于偶然、谁进入谁退出。
#
# Three figures side by side, six baselines, the price of the small card, how far the list hangs on chance, who would
# enter and leave.

# %%
document = proposal.document()
for line in report_lines("zh", document):
    print(line)

# %% [markdown]
# ## 3. 审查 / Audit
#
# 这些群体从不计分，只用来看：各群体中严重情形进入名单的比例，比现行卡高还是低。
#
# Nobody is scored by these groups; they are looked at: is a group's share of serious cases on the list higher or lower
# than with the card in force.

# %%
gaps = {(one.kind, one.group): one.gap for one in proposal.judged.beside.groups}
for (kind, group), gap in gaps.items():
    if gap.value is not None:
        print(f"{kind:10} {group or '—':10} {gap.value:+.2f} ({gap.low:+.2f} … {gap.high:+.2f})")
hidden = [one for one in proposal.judged.evaluation.scorers[0].groups if one.n.state == "hidden"]
print(f"{len(hidden)} groups are too small to show")

# %% [markdown]
# ## 4. 发布 / Publish
#
# 分析员保存；没有检验不得发布；界限事先定好；第二人发布；后来低于停用界限，专家卡自动接替。
#
# An analyst saves; without an evaluation nobody can publish; the bar was set before; a second person publishes; should
# it fall below the other bar later, the expert card takes its place by itself.

# %%
store = Path(tempfile.mkdtemp(prefix="shouhu-publishing-"))
at = dt.datetime(2026, 10, 8, 9)
number = in_force.save(
    store, "visit_card", proposal.text, "proposed.toml", "li.na", "由走访结果提出", at
).number
steps = []


def publish(by: str, day: int) -> None:
    """Try to publish, and keep what came of it."""
    try:
        in_force.publish(store, "visit_card", number, by, "复核无误", at + dt.timedelta(day))
        steps.append("published")
    except VersionProblem as problem:
        steps.append(problem.code)
    print(by, steps[-1])


def evaluated(recall: bars.Gap, day: int) -> None:
    """Keep an evaluation with that difference in recall, all else as it was found."""
    found = {**document, "beside": {**document["beside"], "recall": recall._asdict(), "groups": []}}
    digest = versions.digest_of(proposal.text)
    evaluations.keep(store, "visit_card", digest, "made up", at + dt.timedelta(day), found)


publish("wang.fang", 0)
evaluated(bars.Gap(0.02, -0.2, 0.2), 1)
publish("wang.fang", 1)
evaluated(bars.Gap(0.05, -0.02, 0.12), 2)
publish("li.na", 2)
publish("wang.fang", 2)
held = in_force.in_force(store)["visit"]
print(held.card.card.id, held.card_number)
evaluated(bars.Gap(-0.2, -0.3, -0.1), 30)
fallen = in_force.in_force(store)["visit"]
print(fallen.card.card.id, "fallen:", fallen.fallen)
