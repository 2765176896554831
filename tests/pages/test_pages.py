import duckdb
import pytest
from streamlit.testing.v1 import AppTest

import dashboard.session
from dashboard.access import Role
from dashboard.audit import Action, recent
from dashboard.texts import LANGUAGES, text
from dashboard.views.words import file_number
from tests.pages.snapshot_fixture import BUILD, DISTRICT, HOSTILE, VAULT, child_ids, make_store
from tests.pages.test_shell import APP, words_of

FIGURES = ("overview", "coverage", "relief", "safety", "schooling", "funds", "supervision")
AGGREGATES = (*FIGURES, "definitions")
EVERY_PAGE = (*AGGREGATES, "worklist", "plan", "child", "form", "overrides", "quality", "identity")
TITLES = {"child": "nav.child", "identity": "pairs.title", "overrides": "override.title"}
MAY = {
    Role.SUPERVISOR: AGGREGATES,
    Role.PLANNER: (*AGGREGATES, "worklist", "plan", "child", "form", "overrides", "identity"),
    Role.ANALYST: (*AGGREGATES, "worklist", "plan", "child", "form", "overrides", "quality"),
    Role.DATA_OFFICER: (*AGGREGATES, "quality", "identity"),
}
WHO = {"identity": Role.DATA_OFFICER}  # pages that an analyst does not have
# Elements that read Markdown: a ledger's words in one of them could fetch a picture from anywhere.
MARKDOWN = (
    "markdown",
    "caption",
    "title",
    "header",
    "subheader",
    "metric",
    "error",
    "warning",
    "info",
    "success",
)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("published"))


@pytest.fixture
def open_page(sign_in_as, monkeypatch, published):
    """Opens one page as a role; the desk stands in a store of its own, the snapshot in the shared one."""

    def opened(page, role=Role.ANALYST, areas=(DISTRICT,), store=published, **address):
        sign_in_as(role, areas)
        monkeypatch.setattr("dashboard.app_pages.parts.drawing.store", lambda: store)
        app = AppTest.from_file(APP, default_timeout=30)
        app.switch_page(f"app_pages/{page}.py")
        app.query_params.update(address)
        return app.run()

    return opened


def everything_sent(app):
    """All that reaches the browser: words, tables and charts."""
    tables = [table.value.to_csv() for table in app.dataframe]
    charts = [str(chart.proto) for chart in app.get("plotly_chart")]
    return "\n".join([words_of(app), *tables, *charts, *(str(element.proto) for element in app.selectbox)])


def is_refused(app):
    return [error.value for error in app.error] == [text("zh", "shell.forbidden_area")] and not app.title


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", EVERY_PAGE)
def test_a_page_opens_for_those_who_may_see_it_and_for_nobody_else(open_page, page, role, lang):
    app = open_page(page, role, lang=lang)
    assert not app.exception
    if page not in MAY[role]:
        assert app.title[0].value == text(lang, "overview.title"), "such a page does not exist for the role"
        assert app.query_params.get("child") is None
        return
    assert app.title[0].value == text(lang, TITLES.get(page, f"{page}.title"))
    if page != "child":
        assert BUILD in words_of(app), "every page says which build it shows"
        assert "2026-09-30" in words_of(app), "and as of which day"


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_without_a_build_a_page_says_what_to_do(open_page, tmp_path, page):
    app = open_page(page, WHO.get(page, Role.ANALYST), store=tmp_path / "nothing")
    assert not app.exception
    assert [one.value for one in app.info] == [text("zh", "empty.no_snapshot")]


@pytest.mark.parametrize("page", [page for page in EVERY_PAGE if page != "definitions"])
def test_a_build_without_rows_is_told_in_words(open_page, tmp_path, page):
    empty = make_store(tmp_path / "empty", is_empty=True)
    app = open_page(page, WHO.get(page, Role.ANALYST), store=empty)
    assert not app.exception
    assert "nan" not in everything_sent(app).lower().split()
    expected = {
        "overview": "empty.no_figures",
        "worklist": "worklist.later_none",
        "child": "child.choose",
        "quality": "quality.deliveries_none",
        "identity": "pairs.none_at_all",
        "plan": "plan.no_visits",
        "form": "form.nobody",
        "overrides": "override.none",
    }.get(page, "empty.no_indicator")
    assert text("zh", expected) in words_of(app) + "".join(one.value for one in app.info)


def test_a_supervisor_never_receives_a_child_under_any_number(open_page):
    for page in AGGREGATES:
        for code in ("", "C12", "C7", "R1", "P4"):
            sent = everything_sent(open_page(page, Role.SUPERVISOR, code=code))
            for child in child_ids():
                assert child not in sent
                assert file_number(child) not in sent


def test_an_analyst_sees_the_rows_behind_a_figure_under_file_numbers(open_page):
    app = open_page("coverage", Role.ANALYST, code="C12")
    sent = everything_sent(app)
    assert file_number(child_ids()[0]) in sent
    assert not any(child in sent for child in child_ids()), "the whole pseudonym stays on the server"


def test_names_reach_nobody_before_a_reason_is_given(open_page):
    for role in (Role.PLANNER, Role.ANALYST):
        for page, address in (("worklist", {}), ("child", {"child": child_ids()[0]})):
            assert "测试" not in everything_sent(open_page(page, role, **address))


def test_a_planner_sees_names_after_a_reason_and_each_look_is_recorded(open_page, monkeypatch):
    monkeypatch.setenv("SHOUHU_KEY", (b"k" * 32).hex())
    app = open_page("worklist", Role.PLANNER)
    app.text_input[0].set_value("安排入户")
    app.button[0].click().run()
    assert "测试00" in everything_sent(app)
    looks = [
        entry for entry in recent(dashboard.session.desk(), 100) if entry.action == Action.IDENTITY_VIEWED
    ]
    assert {entry.subject for entry in looks} == set(child_ids()[:50]), (
        "the fifty that were shown, and no other"
    )
    assert {entry.reason for entry in looks} == {"安排入户"}
    assert text("zh", "column.points") not in "".join(app.dataframe[0].value.columns), (
        "no score beside a name"
    )
    app.run()
    assert "测试00" not in everything_sent(app), "the next run of the page shows no names"


def test_without_a_reason_there_are_no_names_and_no_record(open_page, monkeypatch):
    monkeypatch.setenv("SHOUHU_KEY", (b"k" * 32).hex())
    app = open_page("child", Role.PLANNER, child=child_ids()[0])
    app.text_input[0].set_value("   ")
    app.button[0].click().run()
    assert [warning.value for warning in app.warning] == [text("zh", "naming.missing")]
    assert "测试" not in everything_sent(app)
    assert not [one for one in recent(dashboard.session.desk(), 100) if one.action == Action.IDENTITY_VIEWED]


def test_an_analyst_is_not_even_asked_for_a_reason(open_page):
    assert not open_page("worklist", Role.ANALYST).text_input


def test_opening_a_child_is_recorded_once_a_session(open_page):
    child = child_ids()[3]
    app = open_page("child", Role.ANALYST, child=child)
    app.run()
    looks = recent(dashboard.session.desk(), 100, subject=child)
    assert [look.action for look in looks] == [Action.CHILD_VIEWED]


def test_the_address_opens_area_period_and_indicator(open_page):
    app = open_page("coverage", Role.ANALYST, area="530902102", code="C12", period="2026Q1")
    words = words_of(app)
    assert [box.value for box in app.selectbox[:3]] == ["530902102", "2026Q1", "C12"]
    assert text("zh", "card.period", period="2026Q1") in words
    assert "永泉村" in everything_sent(app), "the villages of the township stand side by side"


def test_a_choice_goes_into_the_address_as_a_code(open_page):
    app = open_page("coverage", Role.ANALYST)
    app.selectbox[0].select("530902202").run()
    assert app.query_params["area"] in ("530902202", ["530902202"])
    assert app.selectbox[0].value == "530902202"


@pytest.mark.parametrize("page", [*FIGURES, "worklist", "form"])
def test_an_area_outside_the_reader_is_refused_whatever_the_address_says(open_page, page):
    app = open_page(page, Role.ANALYST, areas=("530902001",), area="530902102")
    assert is_refused(app)
    assert "永泉村" not in everything_sent(app)


def test_a_township_reader_sees_that_township_only(open_page):
    for page in (*FIGURES, "worklist", "form"):
        sent = everything_sent(open_page(page, Role.ANALYST, areas=("530902001",)))
        assert "凤翔街道" in sent
        assert "博尚镇" not in sent
        assert "永泉村" not in sent


def test_a_child_of_another_township_is_refused(open_page):
    elsewhere = child_ids()[5]  # 户有村 is the fourth village of 博尚镇 and 凤翔街道 together
    assert is_refused(open_page("child", Role.ANALYST, areas=("530902001",), child=elsewhere))


def test_an_unknown_child_or_indicator_is_told_in_words(open_page):
    assert text("zh", "child.missing") in words_of(open_page("child", Role.ANALYST, child="c0"))
    assert not open_page("coverage", Role.ANALYST, code="Z99").exception


def test_words_from_ledgers_are_never_read_as_markdown_or_html(open_page):
    pages = [("worklist", {}), ("child", {"child": child_ids()[0]}), ("quality", {})]
    assert any(HOSTILE in everything_sent(open_page(page, **address)) for page, address in pages)
    for page, address in pages:
        app = open_page(page, **address)
        for kind in MARKDOWN:
            for element in app.get(kind):
                assert "attacker.invalid" not in str(getattr(element, "value", ""))
        for element in app.get("html"):
            assert "<img" not in element.proto.body


def test_no_raw_code_of_tiers_or_rights_is_shown(open_page):
    sent = everything_sent(open_page("worklist", Role.ANALYST))
    for raw in ("report_now", "not_established", "'red'", "plan>"):
        assert raw not in [cell for line in sent.splitlines() for cell in line.split(",")]


def test_the_unknown_and_the_not_applicable_are_shown_as_what_they_are(open_page, tmp_path):
    assert "不明" in words_of(open_page("coverage", Role.ANALYST, area="530902202202"))
    store = make_store(tmp_path / "changed")
    with duckdb.connect(str(store / "snapshots" / f"{BUILD}.duckdb")) as connection:
        connection.execute(
            "UPDATE figure SET status = 'not_applicable', value = NULL, low = NULL, high = NULL, "
            "yes = 0, no = 0, "
            "unknown = 0, evidence = NULL WHERE code = 'C12' AND area = '530902'"
        )
    assert text("zh", "status.not_applicable") in words_of(open_page("coverage", store=store))
    assert text("zh", "status.not_applicable") not in words_of(open_page("coverage"))


def test_the_vault_of_the_fixture_is_no_real_key():
    assert VAULT.open(VAULT.seal("x")) == "x"
