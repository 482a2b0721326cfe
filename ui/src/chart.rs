//! Bars as SVG with the same figures as a table beneath: the drawing is for the glance, the table for the answer.

use maud::{Markup, html};

use crate::details::details;
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

/// Height of one bar with its gap, width of the labels, of the longest bar, and of the figure behind it.
const STEP: usize = 28;
const LABELS: u64 = 200;
const LONGEST: u64 = 400;
const FIGURE: u64 = 80;

/// Draws the bars in order; `counted` names what the figures count.
pub fn bars(id: &str, caption: &str, counted: &str, bars: &[Bar<'_>]) -> Markup {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
    let (width, height) = (LABELS + LONGEST + FIGURE, bars.len() * STEP);
    html! {
        figure .house-chart {
            figcaption #{ (id) "-caption" } { (text(caption)) }
            svg role="img" aria-labelledby={ (id) "-caption" } viewBox={ "0 0 " (width) " " (height) } {
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
    let baseline = top + STEP * 2 / 3;
    html! {
        text x=(LABELS - 8) y=(baseline) text-anchor="end" { (crate::text::visible(bar.label)) }
        rect x=(LABELS) y=(top + 4) width=(length) height=(STEP - 8) {}
        text x=(LABELS + length + 8) y=(baseline) { (bar.count) }
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
            <svg role=\"img\" aria-labelledby=\"kinds-caption\" viewBox=\"0 0 680 84\">\
            <text x=\"192\" y=\"18\" text-anchor=\"end\">A&amp;B</text>\
            <rect x=\"200\" y=\"4\" width=\"400\" height=\"20\"></rect><text x=\"608\" y=\"18\">8</text>\
            <text x=\"192\" y=\"46\" text-anchor=\"end\">C</text>\
            <rect x=\"200\" y=\"32\" width=\"100\" height=\"20\"></rect><text x=\"308\" y=\"46\">2</text>\
            <text x=\"192\" y=\"74\" text-anchor=\"end\">D</text>\
            <rect x=\"200\" y=\"60\" width=\"0\" height=\"20\"></rect><text x=\"208\" y=\"74\">0</text></svg>";
        assert!(drawn.starts_with(picture), "{drawn}");
        assert!(drawn.contains("<th scope=\"row\" dir=\"auto\">A&amp;B</th><td dir=\"auto\">8</td>"));
    }

    #[test]
    fn one_among_many_is_still_seen() {
        assert_eq!(length(1, u64::MAX), 1);
        assert_eq!(length(u64::MAX, u64::MAX), LONGEST);
        assert!(bars("none", "Nothing", "Reports", &[]).into_string().contains("viewBox=\"0 0 680 0\""));
    }
}
