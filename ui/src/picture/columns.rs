//! Counts by period, one or two beside each other: the second is hatched, so that ink alone tells them apart.

use maud::{Markup, html};

use super::{WIDTH, cut, framed};
use crate::table::{Column, Order, Row, Table, table};
use crate::text::text;

/// Counts of one kind, one for each period.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// What is counted.
    pub label: &'a str,
    /// How many in each period.
    pub counts: &'a [u64],
}

/// Columns in the order of time.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// Identifies it on the page.
    pub id: &'a str,
    /// What it shows.
    pub caption: &'a str,
    /// What a period is, such as `Week from`.
    pub period: &'a str,
    /// The periods, the earliest first.
    pub periods: &'a [&'a str],
    /// One or two kinds of count; more are told in the table alone.
    pub series: &'a [Series<'a>],
}

const DRAWN: usize = 2;
const LEFT: i32 = 10;
const TOP: i32 = 64;
const FOOT: i32 = 264;
/// Figures stand above the columns where they are wide enough for them.
const READABLE: i32 = 22;
const HEIGHT: i32 = 304;
/// Width of the legend. It stands at the right, above what came last, where a narrow window begins to show the drawing.
const LEGEND: i32 = 320;

/// Draws them.
pub fn columns(shown: &Columns<'_>) -> Markup {
    let most = shown.series.iter().take(DRAWN).flat_map(|one| one.counts).copied().max().unwrap_or(0);
    let count = i32::try_from(shown.periods.len().max(1)).unwrap_or(i32::MAX);
    let step = ((WIDTH - 2 * LEFT) / count).max(1);
    let drawn = i32::try_from(shown.series.len().clamp(1, DRAWN)).unwrap_or(1);
    let wide = (step * 4 / 5 / drawn).max(1);
    // Every label would run into the next one where the periods stand close.
    let labelled = usize::try_from((80 / step).max(1)).unwrap_or(1);
    let drawing = html! {
        (hatch(shown.id))
        @for (place, series) in shown.series.iter().take(DRAWN).enumerate() { (legend(shown.id, place, series.label)) }
        line .house-axis x1=(LEFT) y1=(FOOT) x2=(WIDTH - LEFT) y2=(FOOT) {}
        @for (at, period) in shown.periods.iter().enumerate() {
            @let x = LEFT + step * i32::try_from(at).unwrap_or(0);
            @if at % labelled == 0 { text x=(x + wide * drawn / 2) y=(FOOT + 22) text-anchor="middle" { (cut(period, 12)) } }
            @for (place, series) in shown.series.iter().take(DRAWN).enumerate() {
                @let left = x + wide * i32::try_from(place).unwrap_or(0);
                (column(shown.id, place, series.counts.get(at).copied().unwrap_or(0), (left, wide, most)))
            }
        }
    };
    framed(shown.id, shown.caption, HEIGHT, &drawing, &twin(shown))
}

fn column(id: &str, place: usize, count: u64, (left, wide, most): (i32, i32, u64)) -> Markup {
    let high = height(count, most);
    html! {
        rect class=(class(place)) x=(left) y=(FOOT - high) width=(wide) height=(high) fill=[fill(id, place)] {}
        @if wide >= READABLE { text x=(left + wide / 2) y=(FOOT - high - 6) text-anchor="middle" { (count) } }
    }
}

/// A column's height; what is not nothing is seen.
fn height(count: u64, most: u64) -> i32 {
    match count {
        0 => 0,
        count => {
            let high = u128::from(count) * u128::from((FOOT - TOP).unsigned_abs()) / u128::from(most.max(1));
            i32::try_from(high).unwrap_or(FOOT - TOP).max(1)
        }
    }
}

const fn class(place: usize) -> &'static str {
    if place == 0 { "house-bar" } else { "house-bar--hatched" }
}

fn fill(id: &str, place: usize) -> Option<String> {
    (place > 0).then(|| format!("url(#{id}-hatch)"))
}

fn hatch(id: &str) -> Markup {
    html! {
        defs {
            pattern #{ (id) "-hatch" } width="8" height="8" patternUnits="userSpaceOnUse" {
                path .house-hatch d="M-2 2l4 -4M0 8l8 -8M6 10l4 -4" {}
            }
        }
    }
}

fn legend(id: &str, place: usize, label: &str) -> Markup {
    let (x, y) = (WIDTH - LEGEND, 6 + 20 * i32::try_from(place).unwrap_or(0));
    html! {
        rect class=(class(place)) x=(x) y=(y) width="16" height="16" fill=[fill(id, place)] {}
        text x=(x + 24) y=(y + 13) { (cut(label, 34)) }
    }
}

fn twin(shown: &Columns<'_>) -> Markup {
    let labels = std::iter::once(shown.period).chain(shown.series.iter().map(|series| series.label));
    let columns: Vec<Column<'_>> = labels.map(|label| Column { label, order: Order::Fixed }).collect();
    let row = |(at, period): (usize, &&str)| Row {
        head: text(period),
        cells: shown
            .series
            .iter()
            .map(|series| html! { (series.counts.get(at).copied().unwrap_or(0)) })
            .collect(),
    };
    let rows: Vec<Row> = shown.periods.iter().enumerate().map(row).collect();
    table(&Table { caption: shown.caption, columns: &columns, rows: &rows, swap: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(periods: &[&str], series: &[Series<'_>]) -> String {
        columns(&Columns { id: "load", caption: "Load", period: "Week from", periods, series }).into_string()
    }

    #[test]
    fn two_kinds_stand_beside_each_other_to_scale_and_in_the_table() {
        let page = drawn(
            &["2026-01-05", "2026-01-12"],
            &[Series { label: "Received", counts: &[8, 2] }, Series { label: "Closed", counts: &[0, 4] }],
        );
        assert!(
            page.contains("height=\"200\"")
                && page.contains("height=\"50\"")
                && page.contains("height=\"100\""),
            "{page}"
        );
        assert_eq!(page.matches("fill=\"url(#load-hatch)\"").count(), 3, "two columns and the legend");
        assert!(page.contains(
            "<th scope=\"col\">Week from</th><th scope=\"col\">Received</th><th scope=\"col\">Closed</th>"
        ));
        assert!(page.contains("2026-01-12</th><td dir=\"auto\">2</td><td dir=\"auto\">4</td>"));
    }

    #[test]
    fn one_among_many_is_still_seen_and_many_periods_stay_readable() {
        assert_eq!((height(1, u64::MAX), height(u64::MAX, u64::MAX), height(0, 0)), (1, 200, 0));
        let names: Vec<String> = (0..52).map(|week| format!("w{week}")).collect();
        let periods: Vec<&str> = names.iter().map(String::as_str).collect();
        let counts = vec![1; 52];
        let page = drawn(&periods, &[Series { label: "Received", counts: &counts }]);
        assert!(page.contains(">w0</text>") && !page.contains(">w1</text>"), "{page}");
        assert!(drawn(&[], &[]).contains("viewBox=\"0 0 900 304\""));
    }
}
