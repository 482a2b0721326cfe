//! How long the sender still preserves, and the way to a letter that asks for more. The year of the report and the
//! 90 days of a letter are two clocks, and are never shown as one.

use domain::{Dossier, ReportId};
use jiff::Timestamp;
use maud::{Markup, html};
use pipeline::keeping::Standing;
use ui::{Link, Tone};

use crate::show;

/// Below this many days the end is near: the first of the reminders.
const NEAR_DAYS: i64 = 90;
const DAY_S: i64 = 86_400;

/// Where the page of the letter is.
pub fn address(report: ReportId) -> String {
    format!("/agency/reports/{report}/preservation")
}

pub(crate) fn section(dossier: &Dossier, standing: &Standing, now: Timestamp) -> Markup {
    html! {
        section aria-labelledby="preservation" {
            h2 #preservation { "How long it is preserved" }
            (countdowns(dossier, standing, now))
            p { (Link { href: &address(dossier.report), label: "Write a preservation letter (18 USC 2703(f))" }) }
        }
    }
}

/// Both kinds of clock, each with its bar.
pub fn countdowns(dossier: &Dossier, standing: &Standing, now: Timestamp) -> Markup {
    let year = "The sender's own duty, one year from its report (18 USC 2258A(h))";
    html! {
        (countdown(year, dossier.received_at, dossier.preserve_until, now))
        @for letter in &standing.letters {
            @let label = format!("Your letter {}", letter.reference.reveal());
            (countdown(&label, letter.sent_at, letter.until_at, now))
        }
        @if standing.letters.is_empty() { p { "Your agency has recorded no preservation letter of its own." } }
    }
}

fn countdown(label: &str, from: Timestamp, until: Timestamp, now: Timestamp) -> Markup {
    let (whole, gone) = (until.as_second() - from.as_second(), now.as_second() - from.as_second());
    html! {
        div .house-countdown {
            p {
                strong { (ui::text(label)) } br;
                "until " (show::moment(until)) ": " (left(until, now))
            }
            progress max=(whole.max(1)) value=(gone.clamp(0, whole.max(1))) aria-label={ "Time gone: " (ui::visible(label)) } {}
        }
    }
}

/// How long it is until a moment that is to come, in words: nobody reckons with another clock at night.
pub(crate) fn ahead(until: Timestamp, now: Timestamp) -> String {
    const HOUR: i64 = 60;
    match (until.as_second() - now.as_second()).div_euclid(60) {
        ..2 => "in less than 2 minutes".to_owned(),
        minutes @ 2..120 => format!("in {minutes} minutes"),
        minutes @ 120..2_880 => format!("in {} hours", minutes / HOUR),
        minutes => format!("in {} days", minutes / (24 * HOUR)),
    }
}

/// The days that are left, in words, and standing out when they are few.
pub(crate) fn left(until: Timestamp, now: Timestamp) -> Markup {
    let seconds = until.as_second() - now.as_second();
    let days = seconds.div_euclid(DAY_S);
    match seconds {
        ..=0 => ui::chip("it may be gone", Tone::Critical),
        _ if days == 0 => ui::chip("less than a day left", Tone::Critical),
        _ if days < NEAR_DAYS => ui::chip(&format!("{days} days left"), Tone::Strong),
        _ => html! { (days) " days left" },
    }
}

#[cfg(test)]
mod tests {
    use super::super::addresses::tests::dossier;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    // PROVES: R-46 R-49
    #[test]
    fn the_days_of_the_sender_are_counted_down_to_the_second() {
        let until = at("2027-02-03T14:05:11Z");
        let shown = |now: &str| left(until, at(now)).into_string();
        assert_eq!(shown("2026-02-03T14:05:11Z"), "365 days left");
        assert!(shown("2027-01-03T00:00:00Z").contains("31 days left"));
        assert!(shown("2027-02-03T14:05:10Z").contains("less than a day left"));
        assert!(shown("2027-02-03T14:05:11Z").contains("it may be gone"));
    }

    #[test]
    fn how_long_it_is_to_a_deadline_is_said_in_minutes_hours_or_days() {
        let until = at("2026-02-03T12:00:00Z");
        let shown = |now: &str| ahead(until, at(now));
        assert_eq!(shown("2026-02-03T11:59:00Z"), "in less than 2 minutes");
        assert_eq!(shown("2026-02-03T11:01:00Z"), "in 59 minutes");
        assert_eq!(shown("2026-02-03T10:00:00Z"), "in 2 hours");
        assert_eq!(shown("2026-02-01T12:00:01Z"), "in 47 hours");
        assert_eq!(shown("2026-01-27T12:00:00Z"), "in 7 days");
    }

    #[test]
    fn the_year_and_a_letter_are_two_clocks() {
        let none =
            Standing { own: vec![], others: vec![], destructions: vec![], relayed: vec![], letters: vec![] };
        let page = section(&dossier(), &none, at("2026-05-01T00:00:00Z")).into_string();
        assert!(page.contains("2258A(h)") && page.contains("no preservation letter of its own"), "{page}");
        assert!(page.contains("<progress max=\"31536000\" value=\"7466"), "{page}");
        assert!(page.contains("/agency/reports/1000001/preservation"));
    }
}
