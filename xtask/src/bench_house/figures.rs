//! Reads what a house says under `/metrics` about its transactions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

const TOTAL: &str = "clearinghouse_transactions_total";
const SECONDS: &str = "clearinghouse_transaction_seconds_total";
const TRIPS: &str = "clearinghouse_transaction_trips_total";
const CARRIED: &str = "clearinghouse_transactions_carried_total";

/// By name: how often, milliseconds on average with all waiting, trips to the database in each, and callers that shared one where they do.
pub fn described(text: &str) -> Value {
    let (counts, seconds) = (family(text, TOTAL), family(text, SECONDS));
    let (trips, carried) = (family(text, TRIPS), family(text, CARRIED));
    let of = |name: &str, figures: &BTreeMap<&str, f64>| figures.get(name).copied().unwrap_or_default();
    let line = |(name, count): (&&str, &f64)| {
        let mean_ms = of(name, &seconds) / count.max(1.0) * 1e3;
        let mean_trips = of(name, &trips) / count.max(1.0);
        let mut line = json!({ "count": count, "mean_ms": mean_ms, "trips": mean_trips });
        if *name == "database::commit" {
            line["callers"] = json!(of(name, &carried) / count.max(1.0));
        }
        ((*name).to_owned(), line)
    };
    Value::Object(counts.iter().map(line).collect())
}

/// The samples of one family by the name in their label.
fn family<'t>(text: &'t str, family: &str) -> BTreeMap<&'t str, f64> {
    let sample = |line: &'t str| {
        let rest = line.strip_prefix(family)?.strip_prefix("{name=\"")?;
        let (name, number) = rest.split_once("\"} ")?;
        Some((name, number.parse().ok()?))
    };
    text.lines().filter_map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_house_are_read() {
        let text = "# TYPE clearinghouse_transactions_total counter\n\
            clearinghouse_transactions_total{name=\"finish\"} 200\n\
            clearinghouse_transactions_total{name=\"database::commit\"} 50\n\
            clearinghouse_transaction_seconds_total{name=\"finish\"} 0.4\n\
            clearinghouse_transaction_trips_total{name=\"finish\"} 1400\n\
            clearinghouse_transactions_carried_total{name=\"database::commit\"} 200\n";
        let read = described(text);
        assert_eq!(read["finish"], json!({ "count": 200.0, "mean_ms": 2.0, "trips": 7.0 }));
        assert_eq!(read["database::commit"]["callers"], json!(4.0));
    }
}
