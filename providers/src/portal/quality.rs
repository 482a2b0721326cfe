//! The quality card: week by week, how complete and useful the provider's own reports were, and what they lacked.

use std::collections::BTreeMap;

use axum::response::Response;
use domain::Outcome;
use maud::{Markup, html};
use pipeline::quality::{self, CommonLack, WeekCard};
use ui::{Bar, Column, Link, Order, Row, Table};
use workspace::outcomes::{self, Count, SMALLEST_CELL};

use super::session::SignedIn;
use super::shell::{self, QUALITY};

/// Weeks on the card.
const WEEKS: u32 = 12;

/// `GET /provider/quality`.
pub(super) async fn page(who: SignedIn) -> Response {
    let found = async {
        let cards = quality::weekly(&who.portal.house, &who.viewer, WEEKS).await?;
        Ok::<_, office::Trouble>((cards, outcomes::counts(&who.portal.house, who.viewer.reads()).await?))
    };
    match found.await {
        Ok((cards, counts)) => {
            shell::page(&who, QUALITY, "Quality", &html! { (main(&cards)) (came_of(&counts)) })
        }
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn main(cards: &[WeekCard]) -> Markup {
    let told = cards.iter().any(|card| card.reports > 0);
    let newest = cards.iter().rev().find(|card| card.reports > 0);
    html! {
        h1 { "Quality" }
        p { "How much of what an investigator needs your reports hold, from 0 to 100. It is advice: no report is refused, delayed or ranked for it, and nobody else sees your figures." }
        @if !told {
            (ui::empty("No report of yours was judged in the last 12 weeks.", None))
        }
        @if let Some(newest) = newest { (week(newest)) }
        @if told {
            h2 { "Trend" }
            (trend(cards))
            (table(cards))
        }
    }
}

/// What agencies said came of the own reports; no small number, no single case.
fn came_of(counts: &BTreeMap<Outcome, Count>) -> Markup {
    let told: Vec<_> =
        counts.iter().filter_map(|(one, count)| count.at_least().map(|many| (one.title(), many))).collect();
    html! {
        h2 { "What came of your reports" }
        p { "As agencies said, of all your reports together. A number below " (SMALLEST_CELL) " is not shown, and every other is rounded down to tens." }
        @if told.is_empty() { (ui::empty("No outcome was said often enough to be shown.", None)) }
        @else { ul { @for (title, many) in told { li { (title) ": at least " (many) } } } }
    }
}

fn trend(cards: &[WeekCard]) -> Markup {
    let scores: Vec<Bar<'_>> =
        cards.iter().map(|card| Bar { label: &card.week, count: whole(card.mean) }).collect();
    let reports: Vec<Bar<'_>> =
        cards.iter().map(|card| Bar { label: &card.week, count: card.reports }).collect();
    html! {
        (ui::bars("scores", "Mean score of each week", "Mean score", &scores))
        (ui::bars("reports", "Reports of each week", "Reports", &reports))
    }
}

/// A mean as a whole number; no reports count as nothing.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a score is from 0 to 100")]
fn whole(mean: Option<f64>) -> u64 {
    mean.map_or(0, |mean| mean.clamp(0.0, 100.0).round() as u64)
}

/// The newest week that had reports, with examples.
fn week(card: &WeekCard) -> Markup {
    html! {
        h2 { "Week " (card.week) ", from " (card.monday.to_string()) }
        p {
            (card.reports) " reports."
            @if let Some(mean) = card.mean { " Mean score " strong { (format!("{mean:.1}")) } "." }
            @if let Some(median) = card.median { " Median " (median) "." }
            @if let Some(trend) = card.trend { " " (direction(trend)) }
        }
        @if let Some(counted) = card.counted_of() { p { (counted) } }
        @if !card.common.is_empty() {
            h3 { "What they lacked most often" }
            ol .house-reasons { @for lack in &card.common { (common(lack, card.counted)) } }
        }
    }
}

fn direction(trend: f64) -> String {
    let by = trend.abs();
    match trend {
        up if up >= 0.05 => format!("That is {by:.1} better than before."),
        down if down <= -0.05 => format!("That is {by:.1} worse than before."),
        _ => "That is as before.".to_owned(),
    }
}

fn common(lack: &CommonLack, counted: u64) -> Markup {
    html! {
        li {
            p { strong { (lack.reports) " of " (counted) " reports: " (ui::text(&lack.fix)) } " " code { (ui::text(&lack.rule)) } }
            ul {
                li { "Field: " code { (ui::text(&lack.field)) } }
                li { "Why: " (ui::text(&lack.why)) }
                li { "Examples: " @for (place, report) in lack.examples.iter().enumerate() {
                    @if place > 0 { ", " }
                    (Link { href: &format!("/provider/reports/{report}"), label: &report.to_string() })
                } }
            }
        }
    }
}

fn table(cards: &[WeekCard]) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    let columns = ["Week", "Reports", "Mean", "Median", "Change"].map(fixed);
    let figure = |value: Option<String>| html! { (value.unwrap_or_else(|| "\u{2013}".to_owned())) };
    let row = |card: &WeekCard| Row {
        head: html! { (card.week) },
        cells: vec![
            html! { (card.reports) },
            figure(card.mean.map(|mean| format!("{mean:.1}"))),
            figure(card.median.map(|median| median.to_string())),
            figure(card.trend.map(|trend| format!("{trend:+.1}"))),
        ],
    };
    let rows: Vec<Row> = cards.iter().rev().map(row).collect();
    ui::table(&Table { caption: "The last 12 weeks", columns: &columns, rows: &rows, swap: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_words_and_a_hair_is_none() {
        assert!(direction(2.0).contains("2.0 better"));
        assert!(direction(-2.0).contains("2.0 worse"));
        assert_eq!(direction(0.01), "That is as before.");
    }
}
