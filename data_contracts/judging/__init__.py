"""Is what stands in the tables as the contracts say: rules, suites, the judge, verdicts and their history."""
