//! The story of a report: intake, enrich, correlate, triage, route, disclose, retain. Each stride reads, performs and
//! records; it asks `policy` before it tells `store`. Deliberately absent: columns, HTML, and any way to a file's bytes
//! without a permit.

mod enrichers;
pub mod exports;
mod facts;
mod people;
mod places;
#[cfg(test)]
mod sample;
mod selectors;
