//! Bars as SVG with the same figures as a table beneath: the drawing is for the glance, the table for the answer. Bars are as
//! wide as the window lets them, and their letters are as large on a telephone as on a desk.

use maud::{Markup, html};

use crate::details::details;
use crate::picture::cut;
use crate::table::{Column, Order, Row, Table, table};
use crate::text::text;

/// One bar.
#[derive(Debug, Clone, Copy)]
pub struct Bar<'a> {
    /// What is counted.
    pub label: &'a str,
    /// How many.
    pub count: u64,
}

/// Height of a bar with its label above it and its gap, and of the label.
const STEP: usize = 48;
const LABEL: usize = 18;
/// Width of the longest bar in thousandths of the drawing; the rest is for the figure behind it.
const LONGEST: u64 = 780;
/// Letters of a label that fit on a telephone; the table has all of it.
const LETTERS: usize = 38;

/// Draws the bars in order; `counted` names what the figures count.
pub fn bars(id: &str, caption: &str, counted: &str, bars: &[Bar<'_>]) -> Markup {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
    html! {
        figure .house-chart {
            figcaption #{ (id) "-caption" } { (text(caption)) }
            svg role="img" aria-labelledby={ (id) "-caption" } width="100%" height=(bars.len() * STEP) {
                @for (place, bar) in bars.iter().enumerate() { (draw(bar, place * STEP, length(bar.count, most))) }
            }
            (details("Show as a table", &twin(caption, counted, bars)))
        }
    }
}

/// A bar's length; what is not nothing is seen.
fn length(count: u64, most: u64) -> u64 {
    match count {
        0 => 0,
        count => (u128::from(count) * u128::from(LONGEST) / u128::from(most)).max(1) as u64,
    }
}

fn draw(bar: &Bar<'_>, top: usize, length: u64) -> Markup {
    let share = format!("{}.{}%", length / 10, length % 10);
    html! {
        text x="0" y=(top + LABEL - 4) { (cut(bar.label, LETTERS)) }
        rect x="0" y=(top + LABEL) width=(share) height=(STEP - LABEL - 8) {}
        text x=(share) dx="8" y=(top + STEP - 14) { (bar.count) }
    }
}

fn twin(caption: &str, counted: &str, bars: &[Bar<'_>]) -> Markup {
    let column = |label| Column { label, order: Order::Fixed };
    let columns = [column("Kind"), column(counted)];
    let row = |bar: &Bar<'_>| Row { head: text(bar.label), cells: vec![html! { (bar.count) }] };
    let rows: Vec<Row> = bars.iter().map(row).collect();
    table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_drawn_to_scale_and_told_as_a_table() {
        let drawn = bars(
            "kinds",
            "Reports by kind",
            "Reports",
            &[Bar { label: "A&B", count: 8 }, Bar { label: "C", count: 2 }, Bar { label: "D", count: 0 }],
        )
        .into_string();
        let picture = "<figure class=\"house-chart\"><figcaption id=\"kinds-caption\">Reports by kind</figcaption>\
            <svg role=\"img\" aria-labelledby=\"kinds-caption\" width=\"100%\" height=\"144\">\
            <text x=\"0\" y=\"14\">A&amp;B</text>\
            <rect x=\"0\" y=\"18\" width=\"78.0%\" height=\"22\"></rect><text x=\"78.0%\" dx=\"8\" y=\"34\">8</text>\
            <text x=\"0\" y=\"62\">C</text>\
            <rect x=\"0\" y=\"66\" width=\"19.5%\" height=\"22\"></rect><text x=\"19.5%\" dx=\"8\" y=\"82\">2</text>\
            <text x=\"0\" y=\"110\">D</text>\
            <rect x=\"0\" y=\"114\" width=\"0.0%\" height=\"22\"></rect><text x=\"0.0%\" dx=\"8\" y=\"130\">0</text></svg>";
        assert!(drawn.starts_with(picture), "{drawn}");
        assert!(drawn.contains("<th scope=\"row\" dir=\"auto\">A&amp;B</th><td dir=\"auto\">8</td>"));
    }

    #[test]
    fn one_among_many_is_still_seen() {
        assert_eq!(length(1, u64::MAX), 1);
        assert_eq!(length(u64::MAX, u64::MAX), LONGEST);
        assert!(bars("none", "Nothing", "Reports", &[]).into_string().contains("height=\"0\""));
    }
}
