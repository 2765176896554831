"""The page that sets the four-colour form beside the lists."""

import pytest
from streamlit.testing.v1 import AppTest

import dashboard.session
from dashboard.access import Forbidden, Role, reader_for
from dashboard.audit import Action, recent
from dashboard.snapshot import opened
from dashboard.texts import LANGUAGES, text
from dashboard.views.form import cell_of, form_page
from dashboard.views.form_child import form_child
from dashboard.views.words import file_number
from models.screening.four_colour.comparing import LEVELS
from models.screening.four_colour.form import form
from tests.pages.snapshot_fixture import DISTRICT, HOSTILE, child_ids, make_store
from tests.pages.test_pages import everything_sent
from tests.pages.test_shell import APP, words_of

ANALYST = reader_for("test.user", Role.ANALYST, (DISTRICT,))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("published"))


@pytest.fixture
def seen(published):
    """What an analyst sees for an address, without a browser's page."""

    def page(**address):
        with opened(published) as snapshot:
            return form_page(snapshot, ANALYST, "zh", address)

    return page


@pytest.fixture
def open_form(sign_in_as, monkeypatch, published):
    def shown(role=Role.ANALYST, **address):
        sign_in_as(role, (DISTRICT,))
        monkeypatch.setattr("dashboard.app_pages.parts.drawing.store", lambda: published)
        app = AppTest.from_file(APP, default_timeout=30)
        app.switch_page("app_pages/form.py")
        app.query_params.update(address)
        return app.run()

    return shown


def tables_of(app):
    return {frame.value.columns[0]: frame.value for frame in app.dataframe}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_first_then_the_hidden_children_then_the_worked_cases(open_form, lang):
    app = open_form(lang=lang)
    tables = tables_of(app)
    matrix = tables[text(lang, "form.ours")]
    assert list(matrix[text(lang, "form.ours")]) == [text(lang, f"form.levels.{level}") for level in LEVELS]
    assert matrix[text(lang, "form.total")].sum() == len(child_ids())
    hidden = tables[text(lang, "column.file_number")]
    calm = [text(lang, f"form.colours.{colour}") for colour in ("blue", "green")]
    assert len(hidden) == matrix.iloc[:3][calm].to_numpy().sum() > 0
    assert set(hidden[text(lang, "form.colour")]) <= set(calm)
    worked = tables[text(lang, "form.case")]
    assert text(lang, "form.no_branch") in set(worked[text(lang, "form.coded")]), "79 fits no branch"


def test_a_cell_of_the_matrix_opens_as_many_rows_as_it_says(seen):
    green = text("zh", "form.colours.green")
    number = seen().matrix[green][1]
    page = seen(**cell_of("zh", 1, green))
    assert len(page.rows) == number > 0
    assert {ours.split(" · ")[0] for ours in page.rows[text("zh", "form.ours")]} == {
        text("zh", "form.levels.red")
    }


def test_the_total_of_a_row_opens_all_its_colours():
    assert cell_of("zh", 0, text("zh", "form.total")) == {"kind": "all", "level": "report_now", "colour": ""}


def test_a_blank_counted_as_nothing_hides_nobody_and_reddens_everybody(seen):
    page = seen(reading="filled")
    assert page.rows.is_empty()
    assert page.matrix[text("zh", "form.colours.red")].sum() == len(child_ids())


def test_not_even_a_planner_is_shown_a_name_here_and_the_look_is_recorded(open_form):
    app = open_form(Role.PLANNER, kind="all")
    sent = everything_sent(app)
    assert not app.text_input
    assert "测试" not in sent
    assert file_number(child_ids()[0]) in sent
    assert not any(child in sent for child in child_ids())
    assert HOSTILE in sent and HOSTILE not in words_of(app), "a ledger's words reach tables only"
    looks = recent(dashboard.session.desk(), 10)
    assert (looks[0].action, looks[0].subject) == (Action.CHILD_VIEWED, f"form/{DISTRICT}")


def test_a_choice_nobody_offers_is_taken_for_none(seen):
    chosen = seen(kind="worst", reading="best", level="purple", colour="black").chosen
    assert chosen == (DISTRICT, "high", "hidden", "", "")


def test_a_reader_without_the_right_to_children_is_refused(published):
    with opened(published) as snapshot, pytest.raises(Forbidden):
        form_page(snapshot, reader_for("test.user", Role.SUPERVISOR, (DISTRICT,)), "zh", {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_child_is_told_on_both_sides_item_by_item(seen, published, lang):
    page = seen(kind="all")
    with opened(published) as snapshot:
        one = form_child(snapshot, ANALYST, lang, page.children[0])
    assert len(one.items) == len(form().items)
    answers = dict(one.items.select(text(lang, "form.item"), text(lang, "form.points_of")).iter_rows())
    carer = next(item for item in form().items if item.id == "carer_education")
    assert answers[getattr(carer, lang)] == "— / 8", "nothing recorded answers it"
    assert "1950-01-01" not in one.items.write_csv(), "the carer's birth date stays where it is"
    assert HOSTILE in "".join(one.ours[text(lang, "column.reason")]) or lang == "en"
