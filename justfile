# `just` lists every task.

default:
    @just --list

# install into .venv, with everything that tests need
install:
    python3 -m venv .venv
    .venv/bin/pip install -c constraints.txt -e '.[test]'

# the demo district, on http://localhost:8501
demo:
    .venv/bin/shouhu demo

# all tests
test *ARGS:
    .venv/bin/pytest {{ARGS}}

# lint, format, types, structure
lint:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    .venv/bin/lint-imports

# what must hold before a change lands
ci:
    .ci/run

# pin the newest versions that fit, without any registry's address
pin:
    uv pip compile --universal --python-version 3.11 --upgrade --no-emit-index-url --no-header --no-annotate --all-extras pyproject.toml -o constraints.txt

# screenshots of every page, in both languages and two widths, into artifacts/
screenshots:
    .venv/bin/python tests/journey/screenshots.py

# the worked examples of the definition sheets, from the spec ledgers
definitions:
    .venv/bin/python -m tests.spec.examples
