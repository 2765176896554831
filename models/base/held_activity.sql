/* Each activity, and whether it is known who came: by a list, or because nobody did. */
SELECT a.activity_no, a.org_code, a.kind, a.method, a.by_volunteers, a.joint_org_code, a.held_on, a.record, a.invalid,
  l.activity_no IS NOT NULL OR COALESCE(a.n_children, 1) = 0 AS is_listed
FROM activity AS a
LEFT JOIN (SELECT DISTINCT activity_no FROM activity_attendance) AS l ON l.activity_no = a.activity_no
