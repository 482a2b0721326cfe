//! `/metrics`: figures for the operator's monitoring, as text. Names and numbers only, nothing about a report.

use std::fmt::Write as _;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use config::outcome::chain;
use database::Measure;
use store::health::{self, Counts, Undelivered};
use store::{Alarm, House, work};

/// The routes of the listener for monitoring: figures, and health.
pub fn router(house: House) -> Router {
    let figures = Router::new().route("/metrics", get(measured)).with_state(house.clone());
    crate::health::router(house).merge(web::secure(figures, web::Surface::Machines))
}

async fn measured(State(house): State<House>) -> String {
    of(&house).await
}

/// Every figure of a house, now.
async fn of(house: &House) -> String {
    let mut text = Exposition::default();
    let profile = house.profile().as_str();
    let about: &[(&str, &str)] = &[("version", env!("CARGO_PKG_VERSION")), ("profile", profile)];
    text.family(Kind::Gauge, "info", "What runs here.", &[(about, 1.0)]);
    alarms(&mut text, house);
    let waiting = house.read("metrics", |view| {
        Ok((health::counts(view)?, health::oldest_undelivered(view)?, work::dead(view)?.len()))
    });
    match waiting.await {
        Ok((counts, oldest, dead)) => {
            text.family(Kind::Gauge, "database_up", "Whether the database answers.", &[(&[], 1.0)]);
            reports(&mut text, &counts, oldest.as_ref(), dead, house.now());
        }
        Err(fault) => {
            tracing::warn!(fault = chain(&fault), "figures without the database");
            text.family(Kind::Gauge, "database_up", "Whether the database answers.", &[(&[], 0.0)]);
        }
    }
    ledger(&mut text, house).await;
    if let Ok((open, oldest)) = house.read("metrics::destructions", store::destruction::backlog).await {
        let age = oldest.map_or(0.0, |at| house.now().duration_since(at).as_secs_f64().max(0.0));
        let open = u32::try_from(open).map_or(f64::MAX, f64::from);
        text.family(
            Kind::Gauge,
            "destructions_open",
            "Destructions that two people agreed to and that are not done.",
            &[(&[], open)],
        );
        text.family(
            Kind::Gauge,
            "oldest_destruction_seconds",
            "Age of the oldest of them; when it is an alarm the retention schedule says, 43200 where it says nothing.",
            &[(&[], age)],
        );
    }
    transactions(&mut text, &house.measures());
    text.finish()
}

fn alarms(text: &mut Exposition, house: &House) {
    let standing = house.alarms();
    let names: Vec<[(&str, &str); 1]> = Alarm::ALL.iter().map(|alarm| [("alarm", alarm.as_str())]).collect();
    let samples: Vec<(&[(&str, &str)], f64)> = names
        .iter()
        .zip(Alarm::ALL)
        .map(|(label, alarm)| {
            (label.as_slice(), f64::from(u8::from(standing.iter().any(|raised| raised.alarm == alarm))))
        })
        .collect();
    text.family(Kind::Gauge, "alarm", "Whether this alarm stands.", &samples);
    let failures = house.append_failures() as f64;
    text.family(Kind::Counter, "append_failures_total", "Acts that could not be kept.", &[(&[], failures)]);
}

async fn ledger(text: &mut Exposition, house: &House) {
    let (reader, now) = (house.clone(), house.now());
    let read = house.read("metrics::ledger", move |view| {
        let book = reader.book();
        Ok((book.quorum_at(view)?, book.standings(view)?, book.size(view)?))
    });
    let Ok((heard, standings, size)) = read.await else { return };
    text.family(Kind::Gauge, "ledger_leaves", "Leaves in the tree.", &[(&[], size as f64)]);
    if let Some(heard) = heard {
        let age = now.duration_since(heard).as_secs_f64().max(0.0);
        text.family(
            Kind::Gauge,
            "ledger_quorum_age_seconds",
            "Age of the last quorum of witnesses.",
            &[(&[], age)],
        );
    }
    let names: Vec<[(&str, &str); 1]> = standings
        .iter()
        .map(|one| [("witness", one.witness.split('+').next().unwrap_or_default())])
        .collect();
    let samples: Vec<(&[(&str, &str)], f64)> = names
        .iter()
        .zip(&standings)
        .map(|(label, one)| (label.as_slice(), size.saturating_sub(one.size) as f64))
        .collect();
    text.family(Kind::Gauge, "ledger_witness_behind_leaves", "Leaves that a witness has not seen.", &samples);
}

fn reports(
    text: &mut Exposition,
    counts: &Counts,
    oldest: Option<&Undelivered>,
    dead: usize,
    now: jiff::Timestamp,
) {
    let whole = |number: u64| u32::try_from(number).map_or(f64::MAX, f64::from);
    text.family(Kind::Gauge, "reports_open", "Reports that are not finished.", &[(&[], whole(counts.open))]);
    let stages: Vec<[(&str, &str); 1]> =
        counts.undelivered.iter().map(|(at, _)| [("stage", at.as_str())]).collect();
    let samples: Vec<(&[(&str, &str)], f64)> = stages
        .iter()
        .zip(&counts.undelivered)
        .map(|(label, (_, count))| (label.as_slice(), whole(*count)))
        .collect();
    text.family(
        Kind::Gauge,
        "reports_undelivered",
        "Finished reports that no agency has, by stage.",
        &samples,
    );
    let age = oldest.map_or(0.0, |waiting| now.duration_since(waiting.since).as_secs_f64().max(0.0));
    text.family(
        Kind::Gauge,
        "oldest_undelivered_seconds",
        "Age of the oldest finished report that no agency has.",
        &[(&[], age)],
    );
    text.family(Kind::Gauge, "work_dead", "Pieces of work that were given up.", &[(&[], whole(dead as u64))]);
}

fn transactions(text: &mut Exposition, measures: &[Measure]) {
    let names: Vec<[(&str, &str); 1]> = measures.iter().map(|measure| [("name", measure.name)]).collect();
    let mut family = |kind, name, help, figure: fn(&Measure) -> f64| {
        let samples: Vec<(&[(&str, &str)], f64)> =
            names.iter().zip(measures).map(|(label, measure)| (label.as_slice(), figure(measure))).collect();
        text.family(kind, name, help, &samples);
    };
    family(Kind::Counter, "transactions_total", "Answers of the database.", |m| m.count as f64);
    family(Kind::Counter, "transaction_failures_total", "Refusals and faults among them.", |m| {
        m.failures as f64
    });
    family(
        Kind::Counter,
        "transaction_trips_total",
        "Times that the database was waited for in them.",
        |m| m.trips as f64,
    );
    family(Kind::Counter, "transaction_retries_total", "Runs beyond the first.", |m| m.retries as f64);
    family(Kind::Counter, "transaction_seconds_total", "Waiting and working, all added up.", |m| {
        m.total_us as f64 / 1e6
    });
    family(Kind::Gauge, "transaction_worst_seconds", "The longest so far.", |m| m.worst_us as f64 / 1e6);
    family(Kind::Counter, "transactions_carried_total", "Rows or callers carried together.", |m| {
        m.carried as f64
    });
}

/// Builds the text exposition format, family by family.
#[derive(Debug, Default)]
struct Exposition(String);

/// Whether a figure only grows.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// It only grows, until the process ends.
    Counter,
    /// It goes up and down.
    Gauge,
}

impl Exposition {
    /// Adds a family with its samples: label pairs and a number.
    fn family(&mut self, kind: Kind, name: &str, help: &str, samples: &[(&[(&str, &str)], f64)]) {
        if samples.is_empty() {
            return;
        }
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        let mut text = format!("# HELP clearinghouse_{name} {help}\n# TYPE clearinghouse_{name} {kind}\n");
        for (labels, number) in samples {
            let labels: Vec<String> =
                labels.iter().map(|(key, value)| format!("{key}=\"{}\"", escaped(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            // Writing to a string cannot fail.
            writeln!(text, "clearinghouse_{name}{labels} {number}").unwrap_or_default();
        }
        self.0.push_str(&text);
    }

    /// The finished text.
    fn finish(self) -> String {
        self.0
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_written_as_monitoring_reads_it() {
        let mut text = Exposition::default();
        text.family(Kind::Counter, "reads_total", "Reads.", &[(&[("name", "a\"b")], 2.0), (&[], 0.5)]);
        assert_eq!(
            text.finish(),
            "# HELP clearinghouse_reads_total Reads.\n# TYPE clearinghouse_reads_total counter\n\
             clearinghouse_reads_total{name=\"a\\\"b\"} 2\nclearinghouse_reads_total 0.5\n"
        );
    }
}
