from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard.app_pages
import dashboard.session
from dashboard.access import PERMISSIONS, Permission, Role
from dashboard.accounts import mark_as_demo
from dashboard.app_pages import PAGES, Page, pages_for
from dashboard.texts import LANGUAGES, text

APP = str(Path(dashboard.app_pages.__file__).parents[1] / "app.py")


def open_app(lang: str | None = None, page: str = "app_pages/about.py") -> AppTest:
    """The application at one of its pages; the rights page needs no build."""
    app = AppTest.from_file(APP, default_timeout=30)
    if lang:
        app.query_params["lang"] = lang
    opened = app.run()
    if not opened.sidebar.children:
        return opened
    return opened.switch_page(page).run()


def words_of(app: AppTest) -> str:
    kinds = ("title", "markdown", "caption", "text", "error", "warning", "html")
    return "\n".join(
        str(element.value if hasattr(element, "value") else element.proto.body)
        for kind in kinds
        for element in app.get(kind)
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_each_role_reads_its_rights_in_words(sign_in_as, role, lang):
    sign_in_as(role)
    app = open_app(lang)
    assert not app.exception
    assert app.title[0].value == text(lang, "about.heading")
    words = words_of(app)
    assert text(lang, f"role.{role}") in words
    assert words.count(f"✓ {text(lang, 'about.allowed')}\n") == len(PERMISSIONS[role])
    for permission in Permission:
        assert text(lang, f"permission.{permission}.name") in words
        assert permission.value not in words or "_" not in permission.value, "no raw identifier on the screen"


def test_chinese_is_the_language_of_an_address_without_one(sign_in_as):
    sign_in_as(Role.ANALYST)
    assert open_app().title[0].value == text("zh", "about.heading")
    assert open_app("fr").title[0].value == text("zh", "about.heading")


def test_without_the_gate_nothing_is_shown_but_the_way_in(monkeypatch, tmp_path):
    monkeypatch.setenv(dashboard.session.STORE_VARIABLE, str(tmp_path))
    app = open_app()
    assert [warning.value for warning in app.warning] == [text("zh", "shell.through_the_door")]
    assert not app.title
    assert not app.sidebar.children


@pytest.mark.parametrize("key", ["provider", "_test_reader", "reader", "ticket", "user"])
def test_nothing_in_the_session_or_the_address_signs_anyone_in(monkeypatch, tmp_path, key):
    monkeypatch.setenv(dashboard.session.STORE_VARIABLE, str(tmp_path))
    app = AppTest.from_file(APP, default_timeout=30)
    app.session_state[key] = "planner"
    app.query_params[key] = "planner"
    assert not app.run().title


def test_the_demo_banner_stands_in_a_demo_store_only(sign_in_as):
    sign_in_as(Role.PLANNER)
    assert text("zh", "demo.banner") not in words_of(open_app())
    mark_as_demo(dashboard.session.desk())
    assert text("zh", "demo.banner") in words_of(open_app())


def test_a_page_outside_the_role_does_not_exist_for_it(sign_in_as, monkeypatch):
    names = Page("names.py", "about.title", "section.help", Permission.VIEW_IDENTITY)
    monkeypatch.setattr(dashboard.app_pages, "PAGES", (*PAGES, names))
    assert names in pages_for(sign_in_as(Role.PLANNER))
    for role in (Role.SUPERVISOR, Role.ANALYST, Role.DATA_OFFICER):
        assert names not in pages_for(sign_in_as(role))
    assert not [
        page for page in pages_for(sign_in_as(Role.SUPERVISOR)) if page.file in ("worklist.py", "child.py")
    ]


def failing_page() -> None:
    from dashboard.session import show_failure

    try:
        raise ValueError("row 7: 李小明 11010120150101123X")
    except ValueError as error:
        assert show_failure(error)


def test_a_page_that_fails_says_so_in_words_and_nobody_learns_what_the_exception_said(sign_in_as, caplog):
    sign_in_as(Role.ANALYST)
    app = AppTest.from_function(failing_page).run()
    logged = caplog.text
    number = logged.partition("number ")[2].partition(",")[0]
    assert [error.value for error in app.error] == [text("zh", "shell.failed", number=number)]
    assert "ValueError at " in logged
    assert "李小明" not in logged + words_of(app)
    assert "1101" not in logged + words_of(app)
