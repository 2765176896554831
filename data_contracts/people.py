"""Who a row is about: keyed references from identity number, name, village and birth date.

An identity number with a right check digit is the stronger evidence, so a birth date or sex that contradicts it is
taken from the number and the sender is told.  Without a usable number a person is name + village + birth date; with
neither, the row cannot be attached to anybody and is rejected.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from data_contracts import values
from data_contracts.forms import Form, FormTable
from data_contracts.notes import note_length, note_signature
from data_contracts.places import Places, Sender
from registry.vault import Vault

Finding = tuple[str, str, str]  # heading, code, `warning` or `reject`
ADULT_YEARS = 18  # 《中华人民共和国民法典》第十七条
HAS_CARER = ("household", "entrustment", "relief_application", "relief_payment", "dwelling_check")
HAS_SCHOOL = ("schooling", "psych_screen", "psych_referral", "education_aid", "org_provision", "school_care")
HAS_WORKER = ("visit", "worker", "worker_hours", "class_teacher", "training")


def is_forgotten(
    vault: Vault, forgotten: frozenset[str], child: str | None, alt: str | None, name: str | None
) -> bool:
    """Whether a row is about a child whose identity was removed; by its name alone where it has nothing else.

    A twin of the same name, village and birth date with a number of its own is somebody else: only a child that never
    had a number is known again by the rest.
    """
    if not forgotten:
        return False
    if child:
        return child in forgotten or any_number(alt or "") in forgotten
    return name is not None and vault.reference("forgotten", values.simplified(name)) in forgotten


def any_number(alt: str) -> str:
    """The mark under which a child that never had a number is kept as forgotten."""
    return f"any:{alt}"


class PersonReader:
    """Reads the person of a form's row into the hidden values `@child`, `@alt`, `@carer`, … of that row."""

    def __init__(self, vault: Vault, places: Places, forgotten: frozenset[str] = frozenset()) -> None:
        self.vault, self.places, self.forgotten = vault, places, forgotten

    def read(
        self, form: Form, found: dict[str, Any], invalid: set[str], sender: Sender, reported_on: dt.date
    ) -> list[Finding]:
        """Set the row's references; findings about its person."""
        heading = {c.writes: c.heading for c in form.columns if c.writes}
        findings: list[Finding] = []
        if "carer.id_no" in heading:
            self._carer(found, found.get(heading["carer.id_no"]))
        if "worker.name" in heading:
            found["@worker_name"] = found.get(heading["worker.name"])
            unit = heading.get(f"{form.main_table.table}.org_code")
            if unit:  # a teacher is known by name within the school's township
                found["@worker"] = self._worker(found["@worker_name"], found.get(unit))
        if "worker.worker_name" in heading:
            place = found.get(heading["worker.org_code"])
            found["@worker"] = self._worker(found.get(heading["worker.worker_name"]), place)
        if "person.name" not in heading:
            return findings
        village = found.get(heading["person.village_code"]) if "person.village_code" in heading else None
        if form.village == "sender":
            village = sender.village_code
            if village is None:
                findings.append((heading["person.name"], "sender_unknown", "reject"))
        name = found.get(heading["person.name"])
        found["@name"] = name
        findings += self._not_the_childs(heading, found, invalid, reported_on)
        id_no = found.get(heading.get("person.id_no", ""))
        findings += self._agree(heading, found, invalid, id_no)
        birth_date = found.get(heading.get("person.birth_date", ""))
        found["@form"], found["@village"], found["@birth_date"] = form.id, village, birth_date
        found["@sex"] = found.get(heading.get("person.sex", ""))
        found["@alt"] = (
            self.vault.reference(
                "child", "name", values.simplified(name), village or "", birth_date.isoformat()
            )
            if name and birth_date
            else None
        )
        found["@child"] = self.vault.reference("child", "id", id_no) if id_no else found["@alt"]
        found["@forgotten"] = is_forgotten(self.vault, self.forgotten, found["@child"], found["@alt"], name)
        if found["@child"] is None:
            findings.append((heading["person.name"], "person_unidentified", "reject"))
        if found.get("@worker_name"):
            found["@worker"] = self._worker(found["@worker_name"], village)
        return findings

    @staticmethod
    def _not_the_childs(
        heading: dict[str, str], found: dict[str, Any], invalid: set[str], reported_on: dt.date
    ) -> list[Finding]:
        """A number that cannot be this child's (an adult's, or of a day to come) is unreadable, not believed.

        A grandmother's number in the child's column would otherwise make the child eighty years old.
        """
        column = heading.get("person.id_no", "")
        born = values.id_birth_date(found[column]) if found.get(column) else None
        if born is None:
            return []
        is_adult = (reported_on.year - ADULT_YEARS, reported_on.month, reported_on.day) >= (
            born.year, born.month, born.day)  # fmt: skip
        agrees = found.get(heading.get("person.birth_date", "")) == born
        if born <= reported_on and (agrees or not is_adult):
            return []
        found[column] = None
        invalid.add(column)
        return [(column, "id_form" if born > reported_on else "id_of_an_adult", "warning")]

    def _agree(
        self, heading: dict[str, str], found: dict[str, Any], invalid: set[str], id_no: str | None
    ) -> list[Finding]:
        if not id_no:
            return []
        findings: list[Finding] = []
        for place, inside, code in (
            ("person.birth_date", values.id_birth_date(id_no), "birth_date_differs_from_id"),
            ("person.sex", values.id_sex(id_no), "sex_differs_from_id"),
        ):
            column = heading.get(place)
            if column is None or found.get(column) == inside:
                continue
            if found.get(column) is not None:
                findings.append((column, code, "warning"))
            found[column] = inside
            invalid.discard(column)
        return findings

    def _carer(self, found: dict[str, Any], id_no: str | None) -> None:
        found["@carer"] = self.vault.reference("adult", "id", id_no) if id_no else None
        found["@carer_birth_date"] = values.id_birth_date(id_no) if id_no else None

    def _worker(self, name: str | None, place: str | None) -> str | None:
        return self.vault.reference("worker", values.simplified(name), (place or "")[:9]) if name else None

    def fill(self, target: FormTable, content: dict[str, Any], found: dict[str, Any], sender: Sender) -> None:
        """Put references, places and encryption into one table row."""
        table = target.table
        if "@child" in found:
            content["child_ref"] = found["@child"]
        if table in HAS_CARER:
            content["carer_ref"] = found.get("@carer")
        if table == "relation" and target.instance == "carer":
            content["adult_ref"] = found.get("@carer")
            content["adult_birth_date"] = found.get("@carer_birth_date")
        if table in HAS_WORKER:
            content["worker_ref"] = found.get("@worker")
        if table == "visit":
            note = content.get("note")
            content["note_length"] = note_length(note)
            content["note_signature"] = note_signature(self.vault, note, found.get("@name"))
        if table in ("child", "household"):
            content["village_code"] = found.get("@village")
        if table in HAS_SCHOOL:
            content["school_name"] = content.get("school_name") or sender.org_name
            content["org_code"] = self.places.org(content["school_name"])
        if table == "org":
            content["township_code"] = self.places.township(content.get("township_name"))
        if table in ("person", "child"):
            self._person(table, content, found)
        for name in ("name", "id_no", "id_written", "adult_name", "worker_name", "phone", "note"):
            if name in content and table in ("person", "relation", "worker", "visit"):
                is_gone = found.get("@forgotten") and table != "worker"
                content[name] = None if is_gone else self.vault.seal(content[name])

    @staticmethod
    def _person(table: str, content: dict[str, Any], found: dict[str, Any]) -> None:
        if table == "person":
            content["alt_ref"], content["village_code"] = found["@alt"], found.get("@village")
            content["source"], content["id_written"] = found["@form"], found.get("@id_written")
        else:
            content["birth_date"], content["sex"] = found.get("@birth_date"), found.get("@sex")
