//! `/metrics`: figures for the operator's monitoring, as text. Names and numbers only, nothing about a report.

use std::fmt::Write as _;

/// Builds the text exposition format, family by family.
#[derive(Debug, Default)]
pub(crate) struct Exposition(String);

/// Whether a figure only grows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// It only grows, until the process ends.
    Counter,
    /// It goes up and down.
    Gauge,
}

impl Exposition {
    /// Adds a family with its samples: label pairs and a number.
    pub(crate) fn family(&mut self, kind: Kind, name: &str, help: &str, samples: &[(&[(&str, &str)], f64)]) {
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
    pub(crate) fn finish(self) -> String {
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
