"""The register of pages: a new page is one file here and one line in PAGES."""

from __future__ import annotations

from dashboard.access import Permission, Reader, may
from dashboard.app_pages.parts.page import Page

__all__ = ["PAGES", "Page", "pages_for"]
# In the order of the sidebar; the first page that a role may see is its start page.
PAGES: tuple[Page, ...] = (
    Page("overview.py", "overview.title", "nav.section", Permission.VIEW_AGGREGATES),
    Page("coverage.py", "coverage.title", "nav.section", Permission.VIEW_AGGREGATES),
    Page("relief.py", "relief.title", "nav.section", Permission.VIEW_AGGREGATES),
    Page("safety.py", "safety.title", "nav.section", Permission.VIEW_AGGREGATES),
    Page("schooling.py", "schooling.title", "nav.section", Permission.VIEW_AGGREGATES),
    Page("funds.py", "funds.title", "nav.section", Permission.VIEW_AGGREGATES),
    Page("supervision.py", "supervision.title", "nav.section", Permission.VIEW_AGGREGATES),
    Page("definitions.py", "definitions.title", "nav.section", Permission.VIEW_AGGREGATES),
    Page("worklist.py", "nav.worklist", "nav.work", Permission.VIEW_CHILDREN),
    Page("plan.py", "plan.title", "nav.work", Permission.VIEW_CHILDREN),
    Page("child.py", "nav.child", "nav.work", Permission.VIEW_CHILDREN),
    Page("form.py", "form.title", "nav.work", Permission.VIEW_CHILDREN),
    Page("tuning.py", "tuning.title", "nav.work", Permission.PUBLISH_CARD),
    Page("validation.py", "validation.title", "nav.work", Permission.PUBLISH_CARD),
    Page("model_card.py", "model_card.title", "nav.work", Permission.PUBLISH_CARD),
    Page("overrides.py", "override.title", "nav.work", Permission.VIEW_CHILDREN),
    Page("quality.py", "nav.quality", "nav.work", Permission.VIEW_QUALITY),
    Page("identity.py", "pairs.title", "nav.work", Permission.DECIDE_IDENTITY),
    Page("items.py", "items.title", "nav.work", Permission.RUN_INTAKE),
    Page("mapping.py", "mapping.title", "nav.work", Permission.RUN_INTAKE),
    Page("about.py", "about.title", "section.help", None),
)


def pages_for(reader: Reader) -> list[Page]:
    """The pages of a person's role; a page that is not here does not exist for that person."""
    return [page for page in PAGES if page.permission is None or may(reader, page.permission)]
