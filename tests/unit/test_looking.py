"""The map of tiles, outlines from a file, small multiples, children in and out."""

import json
from base64 import b64decode

import pytest

from dashboard.access import Role, reader_for
from dashboard.drawings import outline_map, panel
from dashboard.snapshot import opened
from dashboard.texts import LANGUAGES
from dashboard.views.disclosure import NOT_SHOWN
from dashboard.views.indicator_detail import indicator_detail
from dashboard.views.indicator_page import CHAPTERS, indicator_page
from dashboard.views.outlines import FILE, outlines_of
from dashboard.views.overview import overview
from dashboard.views.readings import figures_of
from dashboard.views.sheets import sheets_page
from models.measure import indicators
from tests.pages.snapshot_fixture import DISTRICT, make_store

SUPERVISOR = reader_for("s", Role.SUPERVISOR, (DISTRICT,))
ANALYST = reader_for("a", Role.ANALYST, (DISTRICT,))
SQUARE = [[100, 24], [100.2, 24], [100.2, 23.8], [100, 23.8], [100, 24]]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("looking"))


def drawn(picture: str) -> str:
    return b64decode(picture.removeprefix("data:image/svg+xml;base64,")).decode()


def feature(code, rings=(SQUARE,), kind="Polygon"):
    return {
        "type": "Feature",
        "properties": {"area_code": code},
        "geometry": {"type": kind, "coordinates": list(rings)},
    }


def lay(store, *features):
    (store / FILE).write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return outlines_of(store, ["A", "B"])


def test_every_chapter_of_the_catalogue_has_one_page():
    letters = [letter for page in CHAPTERS.values() for letter in page]
    assert sorted(letters) == sorted({code[0] for code in indicators()}) and len(letters) == len(set(letters))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_tile_says_what_the_figure_of_its_place_says(store, lang):
    with opened(store) as snapshot:
        page = overview(snapshot, SUPERVISOR, lang, {"map": "C12"})
        figures = figures_of(snapshot, SUPERVISOR, ["C12"])
    found = page.tiles
    assert found is not None and found.code == "C12"
    whole = {
        (row["area"], row["period"]): row
        for row in figures.to_dicts()
        if row["code"] == "C12" and not row["series"]
    }
    numbers = 0
    for tile in found.tiles:
        row = whole.get((tile.area, found.period))
        if row and row["status"] == "ok" and row["value"] is not None:
            assert tile.words.startswith(f"{100 * row['value']:.1f}%")
            numbers += 1
        else:
            assert "%" not in tile.words or row["status"] in NOT_SHOWN
        assert tile.name in found.alt and tile.words in found.alt
    assert numbers


def test_an_indicator_that_no_map_can_show_falls_back_to_one_that_it_can(store):
    with opened(store) as snapshot:
        page = overview(snapshot, SUPERVISOR, "zh", {"map": "C7"})
    assert page.tiles is not None and page.tiles.code in page.tiles.choices and page.tiles.code != "C7"


def test_without_a_map_file_there_are_no_outlines(tmp_path):
    assert outlines_of(tmp_path, ["A"]) is None


def test_outlines_stand_north_up_and_in_proportion(tmp_path):
    south = [[100, 23.8], [100.2, 23.8], [100.2, 23.6], [100, 23.6], [100, 23.8]]
    found = lay(tmp_path, feature("A"), feature("B", [[south]], "MultiPolygon"), feature("elsewhere"))
    assert not found.problem and set(found.shapes) == {"A", "B"} and not found.missing
    assert max(y for _, y in found.shapes["A"][0]) == pytest.approx(min(y for _, y in found.shapes["B"][0]))
    # Two fifths of a degree high, one fifth wide: at 23.8° north a degree of longitude is 0.915 of one of latitude.
    assert found.height / found.width == pytest.approx(2 / 0.915, rel=0.01)


def test_a_place_that_the_map_file_lacks_is_named(tmp_path):
    assert lay(tmp_path, feature("A")).missing == ("B",)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "tiles.map_unreadable"),
        ("[]", "tiles.map_unreadable"),
        (json.dumps({"features": [feature("A", kind="Point")]}), "tiles.map_unreadable"),
        (json.dumps({"features": [feature("A", [[[1e6, 2]]])]}), "tiles.map_unreadable"),
        (
            json.dumps({"features": [{"properties": {"area_code": "A"}, "geometry": None}]}),
            "tiles.map_unreadable",
        ),
        (json.dumps({"features": [feature("elsewhere")]}), "tiles.map_without_areas"),
        (json.dumps({"features": []}), "tiles.map_without_areas"),
    ],
)
def test_a_map_file_that_is_none_is_said_so_and_not_drawn(tmp_path, content, problem):
    (tmp_path / FILE).write_text(content)
    found = outlines_of(tmp_path, ["A"])
    assert found.problem == problem and not found.shapes


def test_words_of_a_map_cannot_become_marks_of_the_drawing():
    picture = drawn(outline_map({"A": [[(0, 0), (9, 0), (9, 9)]]}, 9, 9, {"A": "#fff"}, {"A": "<script>"}))
    assert "<script>" not in picture and "&lt;script&gt;" in picture


def test_a_gap_in_a_panel_stays_a_gap():
    path = drawn(panel([1.0, None, 2.0, 3.0], [None] * 4, 0.0, 3.0))
    assert (
        path.count("M") - path.count("M0") == 2
    )  # the place's line starts twice: before the gap and after it


def test_equal_values_are_drawn_at_equal_heights_in_every_panel():
    heights = [
        drawn(panel([value, 5.0], [None, None], 0.0, 10.0)).rsplit('cy="', 1)[1].split('"')[0]
        for value in (1.0, 9.0)
    ]
    assert heights[0] == heights[1]


@pytest.mark.parametrize("reader", [SUPERVISOR, ANALYST])
def test_panels_and_flows_hold_no_number_that_the_figures_hide(store, reader):
    with opened(store) as snapshot:
        page = indicator_page(snapshot, reader, "zh", "coverage", {})
        detail = indicator_detail(snapshot, reader, "zh", page, "C7")
        figures = figures_of(snapshot, reader, ["C7"])
    assert detail.flow is not None
    shown = {
        (row["series"], row["period"]): row
        for row in figures.to_dicts()
        if row["area"] == page.area and row["status"] == "ok"
    }
    drawn_cells = 0
    for bar in detail.flow.chart.data:
        part = next(one for one in detail.card.parts if one.words == bar.name).reading.series
        for period, value in zip(bar.x, bar.y, strict=True):
            if value is not None:
                row = shown[(part, period)]
                assert abs(value) == (row["value"] if row["value"] is not None else row["yes"])
                assert value >= 0 if part == "new" else value <= 0
                drawn_cells += 1
    assert drawn_cells


def test_a_few_letters_find_a_definition(store):
    with opened(store) as snapshot:
        assert len(sheets_page(snapshot.build, "zh", "", "").codes) == len(indicators())
        assert "C12" in sheets_page(snapshot.build, "en", "ON TIME", "").codes
        assert sheets_page(snapshot.build, "zh", "没有这样的指标", "").table.is_empty()
        assert sheets_page(snapshot.build, "zh", "", "C12").opened.code == "C12"
        assert sheets_page(snapshot.build, "zh", "", "Z99").opened is None
