"""The `shouhu` command.

Exit codes: 0 good, 1 the data has problems, 2 a wrong call.
"""

from __future__ import annotations

import os

import typer

from dashboard.commands import (
    building,
    card_versions,
    contracts,
    definitions,
    difference,
    figures,
    form,
    identity,
    intake,
    learn,
    lists,
    override,
    people,
    plan,
    receipts,
    returns,
    running,
    samples,
    subjects,
    trial,
)

# Every library's telemetry is off before it is imported.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("STREAMLIT_BROWSER_GATHER_USAGE_STATS", "false")

app = typer.Typer(
    help="守护：留守儿童关爱服务督查 / screening and supervision for left-behind children",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(running.demo)
app.command("intake")(intake.intake)
app.command("check")(building.check)
app.command("build")(building.build_command)
app.command("screen")(lists.screen)
app.add_typer(plan.app, name="plan")
app.command("form")(form.form)
app.command("trial")(trial.trial)
app.command("learn")(learn.learn)
app.command("receipts")(receipts.receipts)
app.add_typer(definitions.app, name="indicators")
app.command("difference")(difference.difference_command)
app.command("cases")(figures.cases)
app.command("measures")(subjects.measures)
app.command("report")(running.report)
app.command("template")(running.template)
app.command("serve")(running.serve)
app.command("status")(intake.status)
app.command("returns")(returns.returns)
app.command("resolve")(returns.resolve)
app.command("forget")(returns.forget)
app.add_typer(people.app, name="account")
app.add_typer(samples.app, name="sample")
app.add_typer(identity.app, name="identity")
app.add_typer(contracts.app, name="contracts")
app.add_typer(card_versions.app, name="cards")
app.add_typer(override.app, name="override")


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
