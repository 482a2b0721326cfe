//! The story of a report: intake, enrich, correlate, triage, route, disclose, retain.
