//! Tables: with a caption, with headed columns and rows, and sorted by following a link.

use maud::{Markup, html};

use crate::link::{Link, Swap};
use crate::text::text;

/// How a column is ordered now, and the link that changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order<'a> {
    /// This column cannot be sorted by.
    Fixed,
    /// Not sorted by; the link sorts.
    Off(&'a str),
    /// Smallest first; the link turns it round.
    Ascending(&'a str),
    /// Largest first; the link turns it round.
    Descending(&'a str),
}

/// A column's head.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// What its cells are.
    pub label: &'a str,
    /// Whether and how it is sorted.
    pub order: Order<'a>,
}

/// One line: the first cell names it.
#[derive(Debug, Clone)]
pub struct Row {
    /// What the row is about, usually a link.
    pub head: Markup,
    /// The other cells, one for each column after the first.
    pub cells: Vec<Markup>,
}

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// What it shows, read before it.
    pub caption: &'a str,
    /// The columns, from the row's head on.
    pub columns: &'a [Column<'a>],
    /// The lines, in order.
    pub rows: &'a [Row],
    /// What sorting replaces.
    pub swap: Option<Swap<'a>>,
}

/// Draws it. It scrolls sideways by keyboard too, where it is wider than the window.
pub fn table(table: &Table<'_>) -> Markup {
    html! {
        div .usa-table-container--scrollable tabindex="0" role="region" aria-label=(table.caption) {
            table .usa-table {
                caption { (text(table.caption)) }
                thead { tr { @for column in table.columns { (head(column, table.swap)) } } }
                tbody {
                    @for row in table.rows {
                        tr {
                            th scope="row" dir="auto" { (row.head) }
                            @for cell in &row.cells { td dir="auto" { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

fn head(column: &Column<'_>, swap: Option<Swap<'_>>) -> Markup {
    let label = column.label;
    let (sorted, arrow, href) = match column.order {
        Order::Fixed => return html! { th scope="col" { (text(label)) } },
        Order::Off(href) => (None, "", href),
        Order::Ascending(href) => (Some("ascending"), " \u{25b2}", href),
        Order::Descending(href) => (Some("descending"), " \u{25bc}", href),
    };
    html! {
        th scope="col" aria-sort=[sorted] {
            (Link { href, label }.with("house-sort", None, swap))
            @if !arrow.is_empty() { span aria-hidden="true" { (arrow) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_names_itself_its_columns_and_its_rows() {
        let columns = [
            Column { label: "Number", order: Order::Descending("?by=number") },
            Column { label: "State", order: Order::Off("?by=state") },
            Column { label: "Why", order: Order::Fixed },
        ];
        let rows = [Row { head: text("7"), cells: vec![text("new"), text("<b>")] }];
        let drawn = table(&Table { caption: "Reports", columns: &columns, rows: &rows, swap: None });
        let expected = "<div class=\"usa-table-container--scrollable\" tabindex=\"0\" role=\"region\" \
            aria-label=\"Reports\"><table class=\"usa-table\"><caption>Reports</caption><thead><tr>\
            <th scope=\"col\" aria-sort=\"descending\"><a class=\"house-sort\" href=\"?by=number\">Number</a>\
            <span aria-hidden=\"true\"> \u{25bc}</span></th>\
            <th scope=\"col\"><a class=\"house-sort\" href=\"?by=state\">State</a></th><th scope=\"col\">Why</th>\
            </tr></thead><tbody><tr><th scope=\"row\" dir=\"auto\">7</th><td dir=\"auto\">new</td>\
            <td dir=\"auto\">&lt;b&gt;</td></tr></tbody></table></div>";
        assert_eq!(drawn.into_string(), expected);
    }

    #[test]
    fn sorting_can_replace_one_part_of_the_page() {
        let columns = [Column { label: "Number", order: Order::Off("?by=number") }];
        let swap = Some(Swap { part: "inbox" });
        let drawn = table(&Table { caption: "Reports", columns: &columns, rows: &[], swap }).into_string();
        assert!(drawn.contains("hx-get=\"?by=number\" hx-target=\"#inbox\""));
    }
}
