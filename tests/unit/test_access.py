import pytest

from dashboard.access import (
    PERMISSIONS,
    Forbidden,
    Permission,
    Reader,
    Role,
    covers_area,
    explain,
    may,
    reader_for,
    require,
    require_area,
)

P = Permission
# Written out by hand: a right given by accident must show here.
MATRIX = {
    Role.SUPERVISOR: {P.VIEW_AGGREGATES, P.EXPORT, P.VIEW_AUDIT},
    Role.PLANNER: {
        P.VIEW_AGGREGATES,
        P.VIEW_CHILDREN,
        P.VIEW_IDENTITY,
        P.DECIDE_IDENTITY,
        P.OVERRIDE,
        P.EXPORT,
        P.PUBLISH_CARD,
    },
    Role.ANALYST: {P.VIEW_AGGREGATES, P.VIEW_CHILDREN, P.VIEW_QUALITY, P.TUNE, P.PUBLISH_CARD},
    Role.DATA_OFFICER: {P.VIEW_AGGREGATES, P.VIEW_QUALITY, P.RUN_INTAKE, P.RETURN_ROWS, P.DECIDE_IDENTITY},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_each_role_has_exactly_its_rights(role, permission):
    reader = reader_for("someone", role, ("530902",))
    if permission in MATRIX[role]:
        require(reader, permission)
    else:
        with pytest.raises(Forbidden) as error:
            require(reader, permission)
        assert error.value.permission == permission


def test_only_one_role_sees_names_and_it_does_not_read_the_access_log():
    who = [role for role in Role if P.VIEW_IDENTITY in PERMISSIONS[role]]
    assert who == [Role.PLANNER]
    assert P.VIEW_AUDIT not in PERMISSIONS[Role.PLANNER]


def test_whoever_sees_names_may_also_see_the_case():
    assert all(P.VIEW_CHILDREN in rights for rights in PERMISSIONS.values() if P.VIEW_IDENTITY in rights)


def test_a_role_without_an_entry_has_no_right(monkeypatch):
    monkeypatch.delitem(PERMISSIONS, Role.ANALYST)
    assert not any(may(reader_for("someone", Role.ANALYST, ("53",)), right) for right in Permission)


def test_every_one_of_several_rights_is_needed():
    reader = reader_for("someone", Role.SUPERVISOR, ("530902",))
    require(reader, P.VIEW_AGGREGATES, P.EXPORT)
    with pytest.raises(Forbidden):
        require(reader, P.EXPORT, P.VIEW_IDENTITY)


def test_an_area_is_open_when_its_code_begins_with_one_of_the_readers():
    reader = reader_for("someone", Role.PLANNER, ("530902001", "530902102"))
    require_area(reader, "530902001003")
    require_area(reader, "530902102")
    for closed in ("530902202", "530902", "", "530903001"):
        with pytest.raises(Forbidden):
            require_area(reader, closed)


@pytest.mark.parametrize("areas", [(), ("",)])
def test_a_reader_without_areas_sees_none(areas):
    assert not covers_area(Reader("someone", Role.PLANNER, areas, frozenset(Permission)), "530902001")


def test_every_right_is_explained_to_everyone_those_held_first():
    listed = explain(reader_for("someone", Role.ANALYST, ("530902",)))
    assert {right for right, _ in listed} == set(Permission)
    assert {right for right, is_held in listed if is_held} == MATRIX[Role.ANALYST]
    assert [is_held for _, is_held in listed] == sorted((is_held for _, is_held in listed), reverse=True)
