import ast
import re
from pathlib import Path

import pytest

from dashboard import texts as texts_module
from dashboard.access import Permission, Role
from dashboard.app_pages import PAGES
from dashboard.texts import LANGUAGES, MissingText, fields, text, texts
from models.parameters import parameters

DASHBOARD = Path(texts_module.__file__).parents[1]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Said in Chinese in the English file on purpose.
CHINESE_IN_ENGLISH = {"product.name", "sign_in.other_language"}


LETTERS = re.compile(r"[A-Za-z]{2,}")
# Said in letters in the Chinese file on purpose: a language's own name, units and codes.
LETTERS_IN_CHINESE = {"sign_in.other_language"}


def keys_in_code() -> set[tuple[str, str]]:
    """Every literal key given to `text(…)`, with the file that asks for it."""
    found = set()
    for file in DASHBOARD.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("text", "text_in"):
                literals = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                found |= {(file.name, key) for key in literals if isinstance(key, str) and "." in key}
    return found


def test_both_languages_say_the_same_things():
    assert set(texts("zh")) == set(texts("en"))


@pytest.mark.parametrize("key", sorted(texts("zh")))
def test_each_text_has_words_and_wants_the_same_values_in_both_languages(key):
    assert texts("zh")[key] or key.endswith(
        ".between_sentences"
    )  # Chinese sentences need no space between them
    assert texts("en")[key]
    assert fields(texts("zh")[key]) == fields(texts("en")[key])


def test_each_language_is_written_in_its_own_script():
    assert [
        key for key, words in texts("en").items() if CHINESE.search(words) and key not in CHINESE_IN_ENGLISH
    ] == []
    without_chinese = {key for key, words in texts("zh").items() if not CHINESE.search(words)}
    lettered = {key for key in without_chinese if LETTERS.search(re.sub(r"{.*?}", "", texts("zh")[key]))}
    assert lettered <= LETTERS_IN_CHINESE, "marks and numbers are no language; words are"


def test_every_text_that_the_code_asks_for_exists():
    asked = keys_in_code()
    assert len(asked) > 20, "the search for keys in the code finds them"
    assert sorted((file, key) for file, key in asked if key not in texts("zh")) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_roles_rights_and_pages_have_words(lang):
    for role in Role:
        assert text(lang, f"role.{role}")
    for permission in Permission:
        assert text(lang, f"permission.{permission}.name")
        assert text(lang, f"permission.{permission}.why")
    for page in PAGES:
        assert text(lang, page.title)
        assert text(lang, page.section)


def test_a_missing_text_or_value_is_an_error_and_never_a_raw_key_on_the_screen():
    with pytest.raises(MissingText, match=r"no\.such"):
        text("zh", "no.such")
    with pytest.raises(MissingText, match="idle"):
        text("zh", "sign_in.limits", hours=8)
    with pytest.raises(MissingText):
        text("fr", "product.name")


def test_every_registered_page_is_a_file_and_every_file_a_registered_page():
    files = {file.name for file in (DASHBOARD / "app_pages").glob("*.py")} - {"__init__.py"}
    assert files == {page.file for page in PAGES}
    assert len(PAGES) == len(files)


def test_every_unit_of_a_parameter_has_its_word_in_the_pack() -> None:
    units = {one.unit for dated in parameters().values() for one in dated}
    for lang in ("zh", "en"):
        for unit in units:
            assert text(lang, f"pack.in_unit.{unit}"), unit
