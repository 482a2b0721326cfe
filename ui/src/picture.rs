//! Pictures as SVG, each with the same facts as a table beneath: the drawing is for the glance, the table for the
//! answer. Nothing is told by colour alone, and nothing is fetched: a map is drawn from outlines that ship with the house.

mod chronology;
mod columns;
mod graph;
mod map;
mod outlines;

pub use chronology::{Chronology, Happening, chronology};
pub use columns::{Columns, Series, columns};
pub use graph::{Graph, Node, Tie, graph};
pub use map::{Map, Spot, Where, map};

use maud::{Markup, html};

use crate::details::details;
use crate::text::{text, visible};

/// Width of every drawing, in its own units.
const WIDTH: i32 = 900;

/// A drawing under its caption, and its twin. A screen reader hears the caption and goes on to the table. In a window too narrow
/// to read it in, the drawing keeps its size and scrolls sideways, by keyboard too.
fn framed(id: &str, caption: &str, height: i32, drawing: &Markup, twin: &Markup) -> Markup {
    html! {
        figure .house-picture {
            figcaption #{ (id) "-caption" } { (text(caption)) }
            div .house-drawing tabindex="0" role="group" aria-label={ "Drawing: " (visible(caption)) } {
                svg role="img" aria-labelledby={ (id) "-caption" } viewBox={ "0 0 " (WIDTH) " " (height) } { (drawing) }
            }
            (details(&format!("Show as a table: {}", visible(caption)), twin))
        }
    }
}

/// Words that fit into so many letters: what is too long loses its middle, since names differ at both ends.
pub(crate) fn cut(words: &str, letters: usize) -> String {
    let words = visible(words);
    let all: Vec<char> = words.chars().collect();
    if all.len() <= letters {
        return words;
    }
    let kept = letters.saturating_sub(1);
    let (front, back) = (kept.div_ceil(2), kept / 2);
    all[..front].iter().chain(&['\u{2026}']).chain(&all[all.len() - back..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_both_ends_and_hides_nothing() {
        assert_eq!(cut("short", 8), "short");
        assert_eq!(cut("a-very-long-name.jpg", 9), "a-ve\u{2026}.jpg");
        assert_eq!(cut("x\u{202e}y", 20), "x[U+202E]y");
        assert_eq!(cut("abc", 0), "\u{2026}");
    }
}
