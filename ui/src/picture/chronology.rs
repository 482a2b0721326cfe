//! What happened on a line of time, in lanes. Each mark carries the numbers of its rows in the table.

use jiff::Timestamp;
use maud::{Markup, html};

use super::{WIDTH, cut, framed};
use crate::table::{Column, Order, Row, Table, table};
use crate::text::text;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// When, for people.
    pub at_shown: String,
    /// In which lane it stands.
    pub lane: usize,
    /// What happened, in a few words.
    pub what: String,
    /// Who did it, where somebody did.
    pub by: Option<String>,
    /// The reader has not seen it yet.
    pub is_new: bool,
}

/// Happenings in the order of time.
#[derive(Debug, Clone, Copy)]
pub struct Chronology<'a> {
    /// Identifies it on the page.
    pub id: &'a str,
    /// What it shows.
    pub caption: &'a str,
    /// The lanes, from the top.
    pub lanes: &'a [&'a str],
    /// What happened, the earliest first.
    pub happenings: &'a [Happening],
}

/// Left end of the line of time, its right end, and the height of a lane.
const FROM: i32 = 190;
const TO: i32 = WIDTH - 30;
const LANE: i32 = 44;
const TOP: i32 = 10;
/// Marks that are closer than this become one.
const APART: i32 = 30;
/// Letters of a lane's name.
const NAME: usize = 24;
/// Steps of the axis, in seconds, from a minute to ten years.
const STEPS: &[i64] = &[
    60,
    300,
    900,
    3_600,
    10_800,
    21_600,
    43_200,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    91 * DAY,
    365 * DAY,
    1_826 * DAY,
    3_652 * DAY,
];
const DAY: i64 = 86_400;
const MOST_TICKS: i64 = 6;

/// Draws them.
pub fn chronology(shown: &Chronology<'_>) -> Markup {
    let axis = Axis::of(shown.happenings);
    let foot = TOP + LANE * i32::try_from(shown.lanes.len()).unwrap_or(i32::MAX / LANE - 2);
    let drawing = html! {
        @for tick in axis.ticks() {
            @let x = axis.x(tick);
            line .house-grid x1=(x) y1=(TOP) x2=(x) y2=(foot) {}
            text x=(x) y=(foot + 20) text-anchor="middle" { (axis.label(tick)) }
        }
        @for (lane, name) in shown.lanes.iter().enumerate() {
            @let y = TOP + LANE * i32::try_from(lane).unwrap_or(0) + LANE / 2 + 6;
            line .house-axis x1=(FROM) y1=(y) x2=(TO) y2=(y) {}
            text x=(FROM - 14) y=(y + 5) text-anchor="end" { (cut(name, NAME)) }
            @for mark in marks(shown.happenings, lane, &axis) { (draw(&mark, y)) }
        }
    };
    framed(shown.id, shown.caption, foot + 30, &drawing, &twin(shown))
}

/// One mark: happenings of a lane that lie too close to tell apart.
struct Mark {
    x: i32,
    first: usize,
    last: usize,
    is_new: bool,
}

fn marks(happenings: &[Happening], lane: usize, axis: &Axis) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (at, one) in happenings.iter().enumerate().filter(|(_, one)| one.lane == lane) {
        let (x, number) = (axis.x(one.at.as_second()), at + 1);
        match marks.last_mut().filter(|mark| x - mark.x < APART) {
            Some(mark) => (mark.last, mark.is_new) = (number, mark.is_new || one.is_new),
            None => marks.push(Mark { x, first: number, last: number, is_new: one.is_new }),
        }
    }
    marks
}

/// What is new is a square, what is not a circle.
fn draw(mark: &Mark, y: i32) -> Markup {
    let Mark { x, first, last, is_new } = *mark;
    html! {
        @if is_new { rect .house-mark--new x=(x - 8) y=(y - 8) width="16" height="16" {} }
        @else { circle .house-mark cx=(x) cy=(y) r="7" {} }
        text x=(x) y=(y - 12) text-anchor="middle" { (first) @if last > first { "\u{2013}" (last) } }
    }
}

fn twin(shown: &Chronology<'_>) -> Markup {
    let columns = ["No.", "When", "What", "Kind", "By"].map(|label| Column { label, order: Order::Fixed });
    let row = |(at, one): (usize, &Happening)| Row {
        head: html! { (at + 1) @if one.is_new { " (new)" } },
        cells: vec![
            html! { time datetime=(one.at.to_string()) { (text(&one.at_shown)) } },
            text(&one.what),
            text(shown.lanes.get(one.lane).copied().unwrap_or_default()),
            one.by.as_deref().map(text).unwrap_or_default(),
        ],
    };
    let rows: Vec<Row> = shown.happenings.iter().enumerate().map(row).collect();
    table(&Table { caption: shown.caption, columns: &columns, rows: &rows, swap: None })
}

/// From when until when, and in which steps.
struct Axis {
    from_s: i64,
    to_s: i64,
    step_s: i64,
}

impl Axis {
    fn of(happenings: &[Happening]) -> Self {
        let at = happenings.iter().map(|one| one.at.as_second());
        let (from_s, to_s) = (at.clone().min().unwrap_or(0), at.max().unwrap_or(0));
        let span = to_s - from_s;
        let fits = |step: &&i64| span / **step < MOST_TICKS;
        let step_s = STEPS.iter().find(fits).or(STEPS.last()).copied().unwrap_or(DAY);
        Self { from_s, to_s, step_s }
    }

    /// Where a moment stands; one moment alone stands in the middle.
    fn x(&self, at_s: i64) -> i32 {
        let (along, span) = (at_s - self.from_s, self.to_s - self.from_s);
        if span == 0 {
            return i32::midpoint(FROM, TO);
        }
        let along = i128::from(along) * i128::from(TO - FROM) / i128::from(span);
        // INVARIANT: nothing stands outside the span that was made of all.
        FROM + i32::try_from(along).unwrap_or(0)
    }

    /// Where the axis is labelled; where no step is long enough, at its two ends.
    fn ticks(&self) -> Vec<i64> {
        let span = self.to_s - self.from_s;
        if span == 0 || span / self.step_s >= 2 * MOST_TICKS {
            return [self.from_s, self.to_s].into_iter().take(if span == 0 { 1 } else { 2 }).collect();
        }
        let first = (self.from_s.div_euclid(self.step_s) + 1) * self.step_s;
        let ticks: Vec<i64> = std::iter::successors(Some(first), |at| Some(at + self.step_s))
            .take_while(|at| *at < self.to_s)
            .collect();
        if ticks.is_empty() { vec![self.from_s, self.to_s] } else { ticks }
    }

    fn label(&self, at_s: i64) -> String {
        let form = if self.to_s - self.from_s < 7 * DAY { "%m-%d %H:%M" } else { "%Y-%m-%d" };
        Timestamp::from_second(at_s).map(|at| at.strftime(form).to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happening(at: &str, lane: usize, is_new: bool) -> Happening {
        let at: Timestamp = at.parse().unwrap();
        Happening { at, at_shown: at.to_string(), lane, what: "Upload <1>".to_owned(), by: None, is_new }
    }

    fn drawn(happenings: &[Happening]) -> String {
        let lanes = ["Sender", "Agency"];
        chronology(&Chronology { id: "time", caption: "What happened", lanes: &lanes, happenings })
            .into_string()
    }

    #[test]
    fn what_lies_close_is_one_mark_and_every_one_has_its_row() {
        let all = [
            happening("2026-01-01T00:00:00Z", 0, false),
            happening("2026-01-01T00:00:05Z", 0, false),
            happening("2026-01-20T00:00:00Z", 0, false),
            happening("2026-02-01T00:00:00Z", 1, true),
        ];
        let page = drawn(&all);
        assert_eq!((page.matches("<circle").count(), page.matches("<rect").count()), (2, 1), "{page}");
        assert!(page.contains(">1\u{2013}2</text>") && page.contains(">2026-01-08</text>"), "{page}");
        assert_eq!(page.matches("<time datetime=").count(), 4);
        assert!(page.contains("4 (new)") && page.contains("Upload &lt;1&gt;"));
    }

    #[test]
    fn one_moment_alone_stands_in_the_middle_and_none_is_no_fault() {
        let page = drawn(&[happening("2026-01-01T10:00:00Z", 1, false)]);
        assert!(page.contains("<circle class=\"house-mark\" cx=\"530\""), "{page}");
        assert!(drawn(&[]).contains("viewBox=\"0 0 900 128\""));
    }

    #[test]
    fn an_axis_of_any_length_has_few_labels_in_order() {
        for end in [
            "2026-01-01T00:00:01Z",
            "2026-01-01T04:00:00Z",
            "2026-03-01T00:00:00Z",
            "2040-01-01T00:00:00Z",
            "9999-12-30T00:00:00Z",
        ] {
            let axis = Axis::of(&[happening("2026-01-01T00:00:00Z", 0, false), happening(end, 0, false)]);
            let ticks = axis.ticks();
            assert!((1..=12).contains(&ticks.len()) && ticks.is_sorted(), "{end}: {ticks:?}");
            assert!(
                ticks
                    .iter()
                    .all(|tick| (FROM..=TO).contains(&axis.x(*tick)) && !axis.label(*tick).is_empty())
            );
        }
    }
}
