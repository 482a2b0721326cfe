//! What hangs together with what: columns of boxes, and lines between them. Left to right, never a tangle that has to be
//! pulled apart by hand.

use maud::{Markup, html};

use super::{WIDTH, cut, framed};
use crate::chip::Tone;
use crate::table::{Column, Order, Row, Table, table};
use crate::text::text;

/// One box.
#[derive(Debug, Clone)]
pub struct Node {
    /// In which column it stands.
    pub column: usize,
    /// What kind of thing it is, written small above.
    pub kind: String,
    /// Its name.
    pub label: String,
    /// How much it stands out.
    pub tone: Tone,
}

/// Two boxes that belong together.
#[derive(Debug, Clone)]
pub struct Tie {
    /// Place of one in the list of boxes.
    pub from: usize,
    /// Place of the other.
    pub to: usize,
    /// What the tie is, for the table.
    pub what: String,
}

/// Boxes and ties.
#[derive(Debug, Clone, Copy)]
pub struct Graph<'a> {
    /// Identifies it on the page.
    pub id: &'a str,
    /// What it shows.
    pub caption: &'a str,
    /// Heads of the columns, from the left.
    pub columns: &'a [&'a str],
    /// The boxes.
    pub nodes: &'a [Node],
    /// What ties them.
    pub ties: &'a [Tie],
}

/// Boxes of one column that are drawn; the table has all.
const MOST_IN_COLUMN: usize = 20;
const GAP: i32 = 90;
const BOX: i32 = 42;
const STEP: i32 = 56;
const TOP: i32 = 34;
/// Width of one letter, roughly.
const LETTER: i32 = 8;

/// Where a box is drawn.
#[derive(Clone, Copy)]
struct At {
    x: i32,
    y: i32,
}

/// Draws it.
pub fn graph(shown: &Graph<'_>) -> Markup {
    let count = i32::try_from(shown.columns.len().max(1)).unwrap_or(1);
    let wide = (WIDTH - GAP * (count - 1)) / count;
    let order = ordered(shown);
    let places = places(&order, shown.nodes.len(), wide);
    let rows = order.iter().map(|column| column.len().min(MOST_IN_COLUMN)).max().unwrap_or(0);
    let more = order.iter().any(|column| column.len() > MOST_IN_COLUMN);
    let height = TOP + STEP * i32::try_from(rows).unwrap_or(0) + if more { 24 } else { 0 };
    let drawing = html! {
        @for (column, name) in shown.columns.iter().enumerate() {
            text .house-head x=(x_of(column, wide) + 6) y="20" { (cut(name, letters(wide))) }
        }
        @for tie in shown.ties { (line(tie, &places, wide)) }
        @for (node, at) in shown.nodes.iter().zip(&places) {
            @if let Some(at) = at { (boxed(node, *at, wide)) }
        }
        @for (column, all) in order.iter().enumerate() {
            @if all.len() > MOST_IN_COLUMN {
                text x=(x_of(column, wide)) y=(height - 8) { "and " (all.len() - MOST_IN_COLUMN) " more, in the table" }
            }
        }
    };
    framed(shown.id, shown.caption, height, &drawing, &twin(shown))
}

fn x_of(column: usize, wide: i32) -> i32 {
    (wide + GAP) * i32::try_from(column).unwrap_or(0)
}

fn letters(wide: i32) -> usize {
    usize::try_from((wide - 16) / LETTER).unwrap_or(0)
}

/// The boxes of each column, near to what they are tied to: the first column as it came, the others by the mean of
/// their neighbours to the left.
fn ordered(shown: &Graph<'_>) -> Vec<Vec<usize>> {
    let mut order: Vec<Vec<usize>> = Vec::new();
    let mut row = vec![None::<usize>; shown.nodes.len()];
    for column in 0..shown.columns.len() {
        let mut here: Vec<(u64, usize)> = (0..shown.nodes.len())
            .filter(|at| shown.nodes[*at].column == column)
            .map(|at| (mean(at, shown.ties, &row), at))
            .collect();
        here.sort();
        for (place, (_, at)) in here.iter().enumerate() {
            row[*at] = Some(place);
        }
        order.push(here.into_iter().map(|(_, at)| at).collect());
    }
    order
}

/// The mean row of whatever is tied to a box and has its row already, in thousandths; what has none comes last.
fn mean(at: usize, ties: &[Tie], row: &[Option<usize>]) -> u64 {
    let others = ties.iter().filter_map(|tie| match (tie.from == at, tie.to == at) {
        (true, false) => Some(tie.to),
        (false, true) => Some(tie.from),
        _ => None,
    });
    let rows: Vec<usize> = others.filter_map(|other| row.get(other).copied().flatten()).collect();
    if rows.is_empty() {
        return if row.iter().all(Option::is_none) { 0 } else { u64::MAX };
    }
    (rows.iter().sum::<usize>() * 1_000 / rows.len()) as u64
}

fn places(order: &[Vec<usize>], count: usize, wide: i32) -> Vec<Option<At>> {
    let mut places = vec![None; count];
    for (column, all) in order.iter().enumerate() {
        for (row, at) in all.iter().take(MOST_IN_COLUMN).enumerate() {
            let y = TOP + STEP * i32::try_from(row).unwrap_or(0);
            places[*at] = Some(At { x: x_of(column, wide), y });
        }
    }
    places
}

/// A line from the right edge of one box to the left edge of the other; within a column it bends out to the right.
fn line(tie: &Tie, places: &[Option<At>], wide: i32) -> Markup {
    let drawn = |at: usize| places.get(at).copied().flatten();
    let (Some(one), Some(other)) = (drawn(tie.from), drawn(tie.to)) else { return html! {} };
    let (from, to) = if one.x <= other.x { (one, other) } else { (other, one) };
    let (from_x, from_y, to_y) = (from.x + wide, from.y + BOX / 2, to.y + BOX / 2);
    let path = if from.x == to.x {
        let out = from_x + GAP / 2;
        format!("M{from_x} {from_y}C{out} {from_y} {out} {to_y} {from_x} {to_y}")
    } else {
        let middle = i32::midpoint(from_x, to.x);
        format!("M{from_x} {from_y}C{middle} {from_y} {middle} {to_y} {} {to_y}", to.x)
    };
    html! { path .house-tie d=(path) {} }
}

fn boxed(node: &Node, At { x, y }: At, wide: i32) -> Markup {
    let class = match node.tone {
        Tone::Muted => "house-node house-node--muted",
        Tone::Plain => "house-node",
        Tone::Notice | Tone::Strong | Tone::Critical => "house-node house-node--strong",
    };
    html! {
        rect class=(class) x=(x + 1) y=(y) width=(wide - 2) height=(BOX) rx="4" {}
        text .house-small x=(x + 9) y=(y + 15) { (cut(&node.kind, letters(wide))) }
        text x=(x + 9) y=(y + 33) { (cut(&node.label, letters(wide))) }
    }
}

fn twin(shown: &Graph<'_>) -> Markup {
    let columns = ["This", "Is tied to", "By"].map(|label| Column { label, order: Order::Fixed });
    let named = |at: usize| {
        let node = shown.nodes.get(at);
        html! { @if let Some(node) = node { (text(&node.label)) " (" (text(&node.kind)) ")" } }
    };
    let tied = |at: usize| shown.ties.iter().any(|tie| tie.from == at || tie.to == at);
    let alone = (0..shown.nodes.len())
        .filter(|at| !tied(*at))
        .map(|at| Row { head: named(at), cells: vec![html! { "nothing here" }, html! {}] });
    let rows: Vec<Row> = shown
        .ties
        .iter()
        .map(|tie| Row { head: named(tie.from), cells: vec![named(tie.to), text(&tie.what)] })
        .chain(alone)
        .collect();
    table(&Table { caption: shown.caption, columns: &columns, rows: &rows, swap: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(column: usize, label: &str) -> Node {
        Node { column, kind: "Kind".to_owned(), label: label.to_owned(), tone: Tone::Plain }
    }

    fn tie(from: usize, to: usize) -> Tie {
        Tie { from, to, what: "used".to_owned() }
    }

    fn drawn(nodes: &[Node], ties: &[Tie]) -> String {
        graph(&Graph { id: "links", caption: "Links", columns: &["People", "Addresses"], nodes, ties })
            .into_string()
    }

    #[test]
    fn boxes_stand_near_what_they_are_tied_to() {
        let nodes = [node(0, "one"), node(0, "two"), node(1, "of two"), node(1, "of one")];
        let shown = Graph {
            id: "g",
            caption: "G",
            columns: &["A", "B"],
            nodes: &nodes,
            ties: &[tie(1, 2), tie(0, 3)],
        };
        assert_eq!(ordered(&shown), [vec![0, 1], vec![3, 2]]);
        let page = graph(&shown).into_string();
        assert_eq!((page.matches("<rect").count(), page.matches("house-tie").count()), (4, 2), "{page}");
        assert!(
            page.contains("two (Kind)</th><td dir=\"auto\">of two (Kind)</td><td dir=\"auto\">used</td>"),
            "{page}"
        );
    }

    #[test]
    fn what_does_not_fit_is_counted_and_stands_in_the_table() {
        let nodes: Vec<Node> = (0..25).map(|at| node(1, &format!("n<{at}>"))).collect();
        let page = drawn(&nodes, &[]);
        assert_eq!(page.matches("<rect").count(), 20);
        assert!(page.contains("and 5 more, in the table") && page.contains("n&lt;24&gt; (Kind)"), "{page}");
        assert_eq!(page.matches("nothing here").count(), 25);
    }

    #[test]
    fn a_tie_to_nowhere_and_an_empty_graph_are_no_fault() {
        assert!(!drawn(&[node(0, "a")], &[tie(0, 9), tie(0, 0)]).is_empty());
        assert!(drawn(&[], &[]).contains("viewBox=\"0 0 900 34\""));
    }
}
