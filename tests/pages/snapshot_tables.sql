-- The tables that a build publishes, as far as the pages read them.

CREATE TABLE build_info (
    build_id VARCHAR,
    as_of DATE,
    known_on DATE,
    built_at TIMESTAMP,
    rows BIGINT,
    demo BOOLEAN
);

CREATE TABLE area (
    area_code VARCHAR,
    name VARCHAR,
    level VARCHAR,
    parent_code VARCHAR
);

CREATE TABLE org (
    org_code VARCHAR,
    name VARCHAR,
    kind VARCHAR,
    township_name VARCHAR,
    township_code VARCHAR
);

CREATE TABLE period (
    period VARCHAR,
    kind VARCHAR,
    starts_on DATE,
    ends_on DATE,
    snapshot_on DATE
);

CREATE TABLE indicator (
    code VARCHAR,
    title_zh VARCHAR,
    title_en VARCHAR,
    question_zh VARCHAR,
    question_en VARCHAR,
    counted_zh VARCHAR,
    counted_en VARCHAR,
    out_of_zh VARCHAR,
    out_of_en VARCHAR,
    clause VARCHAR,
    owner VARCHAR,
    owner_en VARCHAR,
    period_kind VARCHAR,
    unit VARCHAR,
    better VARCHAR,
    disclosure VARCHAR,
    partner VARCHAR,
    parameters VARCHAR,
    author VARCHAR,
    reviewed_on DATE
);

CREATE TABLE figure (
    code VARCHAR,
    series VARCHAR,
    level VARCHAR,
    area VARCHAR,
    period VARCHAR,
    yes BIGINT,
    no BIGINT,
    unknown BIGINT,
    value DOUBLE,
    low DOUBLE,
    high DOUBLE,
    evidence DOUBLE,
    status VARCHAR,
    n_shown BIGINT
);

CREATE TABLE measure_series (code VARCHAR, series VARCHAR, kind VARCHAR, weight VARCHAR);

CREATE TABLE case_row (
    code VARCHAR,
    series VARCHAR,
    period VARCHAR,
    area VARCHAR,
    subject_kind VARCHAR,
    subject VARCHAR,
    outcome VARCHAR,
    days BIGINT,
    amount DECIMAL(18,2),
    record VARCHAR
);

CREATE VIEW case_place AS
SELECT area_code AS unit, level, area_code AS rollup FROM area
UNION ALL SELECT area_code, 'township', parent_code FROM area WHERE level = 'village'
UNION ALL SELECT area_code, 'district', left(area_code, 6) FROM area WHERE level <> 'district'
UNION ALL SELECT org_code, 'school', org_code FROM org
UNION ALL SELECT org_code, 'township', township_code FROM org
UNION ALL SELECT org_code, 'district', left(township_code, 6) FROM org
UNION ALL SELECT '', 'district', area_code FROM area WHERE level = 'district';

CREATE TABLE fact (
    child_id VARCHAR,
    fact VARCHAR,
    known BOOLEAN,
    number DOUBLE,
    code VARCHAR,
    flag BOOLEAN,
    since DATE,
    record VARCHAR
);

CREATE TABLE screening (
    target VARCHAR,
    rank BIGINT,
    child_id VARCHAR,
    village_code VARCHAR,
    eligibility VARCHAR,
    lane VARCHAR,
    lane_high VARCHAR,
    tier VARCHAR,
    tier_low VARCHAR,
    tier_high VARCHAR,
    points DOUBLE,
    points_low DOUBLE,
    points_high DOUBLE,
    due_on DATE,
    days_since_visit BIGINT,
    card VARCHAR,
    receipt VARCHAR
);

CREATE TABLE reason (
    target VARCHAR,
    child_id VARCHAR,
    ord BIGINT,
    kind VARCHAR,
    code VARCHAR,
    clause VARCHAR,
    since DATE,
    record VARCHAR,
    points DOUBLE,
    sentence_zh VARCHAR,
    sentence_en VARCHAR
);

CREATE TABLE unknown_fact (
    target VARCHAR,
    child_id VARCHAR,
    fact VARCHAR,
    label_zh VARCHAR,
    label_en VARCHAR
);

CREATE TABLE identity (
    child_id VARCHAR,
    name VARCHAR,
    id_no VARCHAR,
    birth_date DATE,
    sex VARCHAR,
    village_code VARCHAR
);

CREATE TABLE quality (
    table_name VARCHAR,
    check_id VARCHAR,
    zh VARCHAR,
    en VARCHAR,
    dimension VARCHAR,
    status VARCHAR,
    failed BIGINT,
    applicable BIGINT
);

CREATE TABLE message (
    delivery VARCHAR,
    file VARCHAR,
    sheet VARCHAR,
    "row" INTEGER,
    "column" VARCHAR,
    heading VARCHAR,
    severity VARCHAR,
    code VARCHAR,
    table_name VARCHAR,
    check_id VARCHAR,
    expected VARCHAR,
    found VARCHAR
);

CREATE TABLE delivery (
    delivery VARCHAR,
    file VARCHAR,
    sha256 VARCHAR,
    forms VARCHAR,
    sender VARCHAR,
    reported_on DATE,
    received_on DATE,
    status VARCHAR,
    rows_read BIGINT,
    rows_accepted BIGINT,
    rows_quarantined BIGINT,
    rows_ignored BIGINT
);

CREATE TABLE visit (
    child_id VARCHAR,
    due_on DATE,
    visited_on DATE,
    mode VARCHAR,
    child_seen BOOLEAN,
    child_seen_alone BOOLEAN,
    worker_ref VARCHAR,
    recorded_on DATE,
    record VARCHAR,
    invalid VARCHAR,
    known_on DATE
);

CREATE TABLE concern (
    child_id VARCHAR,
    source VARCHAR,
    situation VARCHAR,
    closed_on DATE,
    record VARCHAR,
    known_on DATE,
    aware_on DATE
);

CREATE TABLE psych_screen (
    child_id VARCHAR,
    scale VARCHAR,
    screened_on DATE,
    second_on DATE,
    second_outcome VARCHAR,
    crisis_flag BOOLEAN,
    record VARCHAR,
    known_on DATE
);

CREATE TABLE household (
    child_id VARCHAR,
    household_no VARCHAR,
    village_code VARCHAR,
    income_band VARCHAR,
    relief_status VARCHAR,
    record VARCHAR
);

CREATE TABLE known_child (
    child_id VARCHAR,
    sex VARCHAR,
    birth_date DATE,
    ethnicity VARCHAR,
    village_code VARCHAR
);

CREATE TABLE code_list (
    vocabulary VARCHAR,
    code VARCHAR,
    zh VARCHAR,
    en VARCHAR,
    mandatory BOOLEAN
);

CREATE TABLE identity_pair (
    pair_id VARCHAR,
    child_id VARCHAR,
    other_id VARCHAR,
    evidence VARCHAR,
    weight DOUBLE,
    certainty DOUBLE,
    name_evidence VARCHAR,
    birth_date_evidence VARCHAR,
    village_evidence VARCHAR,
    guardian_evidence VARCHAR,
    sex_evidence VARCHAR,
    id_no_evidence VARCHAR,
    together_evidence VARCHAR,
    village_code VARCHAR,
    state VARCHAR,
    decision_id VARCHAR,
    found_on DATE,
    resolved_on DATE
);

CREATE TABLE pair_person (
    child_id VARCHAR,
    name VARCHAR,
    id_no VARCHAR,
    id_written VARCHAR,
    carer_name VARCHAR,
    birth_date DATE,
    sex VARCHAR,
    village_code VARCHAR,
    sources VARCHAR,
    found_on DATE
);

CREATE TABLE worker (
    worker_ref VARCHAR,
    post VARCHAR,
    org_code VARCHAR,
    started_on DATE,
    ended_on DATE
);

CREATE TABLE person_override (
    override_id VARCHAR,
    child_id VARCHAR,
    target VARCHAR,
    direction VARCHAR,
    tier VARCHAR,
    tier_then VARCHAR,
    rules_then VARCHAR,
    code VARCHAR,
    "by" VARCHAR,
    "at" TIMESTAMP,
    from_on DATE,
    until_on DATE
);

CREATE TABLE moved_child (
    target VARCHAR,
    child_id VARCHAR,
    override_id VARCHAR,
    tier_computed VARCHAR,
    tier VARCHAR,
    due_computed DATE,
    due_on DATE,
    told VARCHAR
);

CREATE TABLE judgement_visit (
    child_id VARCHAR, rule_carer_record BOOLEAN, rule_out_of_school BOOLEAN, rule_contact_lost BOOLEAN
);

CREATE TABLE judgement_referral (
    child_id VARCHAR, rule_severe_unseen BOOLEAN, rule_positive_without_second BOOLEAN, rule_second_watch BOOLEAN
);

CREATE TABLE link (child_ref VARCHAR, child_id VARCHAR);

CREATE TABLE tiering (child_id VARCHAR, tiered_on DATE, tier VARCHAR, target VARCHAR, record VARCHAR);

CREATE TABLE incident (child_id VARCHAR, happened_on DATE, kind VARCHAR, severity VARCHAR, record VARCHAR);
