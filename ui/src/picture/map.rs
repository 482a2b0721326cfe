//! Places on a map of outlines: numbered marks for points, shaded areas where only a country or a state is known.

use maud::{Markup, html};

use super::outlines::{Bounds, COUNTRIES, Outline, Point, STATES, find};
use super::{WIDTH, framed};
use crate::table::{Column, Order, Row, Table, table};
use crate::text::text;

/// Where something is said to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Where {
    /// Degrees north and east.
    Point {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// A country (`DE`) or a state (`US-MN`).
    Area(String),
}

/// One place.
#[derive(Debug, Clone)]
pub struct Spot {
    /// What is there.
    pub label: String,
    /// The place in words, and how it is known.
    pub says: String,
    /// Where it is drawn; what cannot be drawn stands in the table.
    pub at: Where,
}

/// Places.
#[derive(Debug, Clone, Copy)]
pub struct Map<'a> {
    /// Identifies it on the page.
    pub id: &'a str,
    /// What it shows.
    pub caption: &'a str,
    /// The places, in the order of their numbers.
    pub spots: &'a [Spot],
}

const HEIGHT: i32 = 480;
/// The least that a map shows, in hundredths of a degree: a city alone says nothing about where it is.
const LEAST_EAST: i32 = 1_200;
const LEAST_NORTH: i32 = 700;
/// States are drawn up to this width; a map of the world would drown in them.
const MOST_FOR_STATES: i32 = 9_000;
/// Beyond the edge by this much nothing is drawn.
const MARGIN: i32 = 40;
/// Marks that are closer than this become one.
const APART: i32 = 18;
const EARTH: Bounds = Bounds { west: -18_000, south: -6_000, east: 18_000, north: 8_500 };
const LETTER: i32 = 8;

/// Draws them; without a place there is nothing to draw.
pub fn map(shown: &Map<'_>) -> Markup {
    let Some(view) = View::of(shown.spots) else { return html! {} };
    let areas: Vec<&str> = shown.spots.iter().filter_map(|spot| area(&spot.at)).collect();
    let states = view.bounds.east - view.bounds.west <= MOST_FOR_STATES;
    let drawn = |list: &'static [Outline]| list.iter().filter(|one| view.shows(one)).collect::<Vec<_>>();
    let (countries, states) = (drawn(&COUNTRIES), if states { drawn(&STATES) } else { Vec::new() });
    // Where its states are drawn, the country is: two coasts of one land would not lie upon each other.
    let whole = |one: &&&'static Outline| states.is_empty() || one.code != "US" || areas.contains(&"US");
    let drawing = html! {
        @for one in countries.iter().filter(whole).chain(&states) {
            path .house-land .house-land--there[areas.contains(&one.code)] d=(view.path(one)) {}
        }
        @for one in countries.iter().filter(whole).chain(&states) { (view.name(one)) }
        @for mark in view.marks(shown.spots) { (draw(&mark)) }
    };
    let twin = html! {
        (twin(shown))
        p .usa-hint { "Outlines after Natural Earth and the United States Census Bureau, both public domain. They are coarse, for orientation, and say nothing about any border." }
    };
    framed(shown.id, shown.caption, HEIGHT, &drawing, &twin)
}

fn area(at: &Where) -> Option<&str> {
    match at {
        Where::Area(code) => Some(code.as_str()),
        Where::Point { .. } => None,
    }
}

/// Hundredths of a degree of something that lies on the earth.
fn hundredths(at: &Where) -> Option<Point> {
    let Where::Point { latitude, longitude } = *at else { return None };
    let fits = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    // INVARIANT: at most 18,000 either way.
    fits.then(|| ((longitude * 100.0).round() as i32, (latitude * 100.0).round() as i32))
}

/// The part of the earth that is shown.
struct View {
    bounds: Bounds,
}

/// One mark: places that lie too close to tell apart, by their numbers.
struct Mark {
    x: i32,
    y: i32,
    numbers: Vec<usize>,
    is_area: bool,
}

impl View {
    fn of(spots: &[Spot]) -> Option<Self> {
        let around = |spot: &Spot| match &spot.at {
            Where::Area(code) => find(code)?.main(),
            point @ Where::Point { .. } => Bounds::of(&[hundredths(point)?]),
        };
        let all = spots.iter().filter_map(around).reduce(Bounds::with)?;
        Some(Self { bounds: filled(all) })
    }

    fn x(&self, east: i32) -> i32 {
        along(east - self.bounds.west, self.bounds.east - self.bounds.west, WIDTH)
    }

    fn y(&self, north: i32) -> i32 {
        along(self.bounds.north - north, self.bounds.north - self.bounds.south, HEIGHT)
    }

    fn shows(&self, one: &Outline) -> bool {
        one.rings.iter().any(|ring| ring.around.meets(&self.bounds))
    }

    /// The line of an outline, without what lies outside or too close to be seen.
    fn path(&self, one: &Outline) -> String {
        let mut path = String::new();
        for ring in one.rings.iter().filter(|ring| ring.around.meets(&self.bounds)) {
            let mut points: Vec<(i32, i32)> = ring
                .points
                .iter()
                .map(|(east, north)| {
                    let (x, y) = (self.x(*east), self.y(*north));
                    (x.clamp(-MARGIN, WIDTH + MARGIN), y.clamp(-MARGIN, HEIGHT + MARGIN))
                })
                .collect();
            points.dedup_by(|next, last| (next.0 - last.0).abs() + (next.1 - last.1).abs() < 3);
            for (at, (x, y)) in points.iter().enumerate() {
                path.push_str(&format!("{}{x} {y}", if at == 0 { 'M' } else { 'L' }));
            }
            path.push('Z');
        }
        path
    }

    /// The name of an outline, or its code, where it fits into it.
    fn name(&self, one: &Outline) -> Markup {
        let Some(main) = one.main() else { return html! {} };
        let (west, east, north, south) =
            (self.x(main.west), self.x(main.east), self.y(main.north), self.y(main.south));
        let (x, y) = (i32::midpoint(west, east), i32::midpoint(north, south) + 5);
        let inside = (0..WIDTH).contains(&x) && (12..HEIGHT).contains(&y);
        let fits = |words: &str| (east - west) > LETTER * i32::try_from(words.chars().count()).unwrap_or(0);
        let short = one.code.strip_prefix("US-").unwrap_or(one.code);
        let words = if fits(one.name) { one.name } else { short };
        html! { @if inside && fits(words) && south - north > 14 { text .house-land-name x=(x) y=(y) text-anchor="middle" { (words) } } }
    }

    fn marks(&self, spots: &[Spot]) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for (at, spot) in spots.iter().enumerate() {
            let is_area = area(&spot.at).is_some();
            let point = match &spot.at {
                Where::Area(code) => find(code)
                    .and_then(Outline::main)
                    .map(|main| (i32::midpoint(main.west, main.east), i32::midpoint(main.south, main.north))),
                point @ Where::Point { .. } => hundredths(point),
            };
            let Some((east, north)) = point else { continue };
            // The name of an area stands in its middle: its mark stands above it.
            let (x, y) = (self.x(east), self.y(north) - if is_area { 22 } else { 0 });
            let near = |mark: &&mut Mark| (mark.x - x).abs() < APART && (mark.y - y).abs() < APART;
            match marks.iter_mut().find(near) {
                Some(mark) => mark.numbers.push(at + 1),
                None => marks.push(Mark { x, y, numbers: vec![at + 1], is_area }),
            }
        }
        marks
    }
}

/// A bounded part of the earth around what is to be seen, in the proportions of the drawing.
fn filled(all: Bounds) -> Bounds {
    let north = i32::midpoint(all.south, all.north);
    // A degree east is shorter the farther one is from the equator.
    let short = (f64::from(north) / 100.0).to_radians().cos().max(0.2);
    let mut high = ((all.north - all.south) * 3 / 2).max(LEAST_NORTH);
    let mut wide = ((all.east - all.west) * 3 / 2).max(LEAST_EAST);
    let proportion = f64::from(WIDTH) / f64::from(HEIGHT) / short;
    // INVARIANT: both are hundredths of degrees, far from the bounds of the type.
    wide = wide.max((f64::from(high) * proportion) as i32);
    high = high.max((f64::from(wide) / proportion) as i32);
    let (west, east) = within(i32::midpoint(all.west, all.east), wide, EARTH.west, EARTH.east);
    let (south, north) = within(north, high, EARTH.south, EARTH.north);
    Bounds { west, south, east, north }
}

/// A stretch of this length around a middle, moved so that it stays within two ends, or both ends.
fn within(middle: i32, length: i32, least: i32, most: i32) -> (i32, i32) {
    let from = (middle - length / 2).min(most - length).max(least);
    (from, (from + length).min(most))
}

fn along(part: i32, whole: i32, size: i32) -> i32 {
    let along = i64::from(part) * i64::from(size) / i64::from(whole.max(1));
    i32::try_from(along).unwrap_or(i32::MAX / 4)
}

fn draw(mark: &Mark) -> Markup {
    let Mark { x, y, numbers, is_area } = mark;
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    // Near the right edge the numbers stand to the left of their mark.
    let (at, anchor) = if *x > WIDTH - 120 { (x - 13, "end") } else { (x + 13, "start") };
    html! {
        @if *is_area { rect .house-mark x=(x - 6) y=(y - 6) width="12" height="12" {} }
        @else { circle .house-mark cx=(x) cy=(y) r="7" {} }
        text .house-mark-name x=(at) y=(y + 5) text-anchor=(anchor) { (numbers.join(", ")) }
    }
}

fn twin(shown: &Map<'_>) -> Markup {
    let columns = ["No.", "What", "Place"].map(|label| Column { label, order: Order::Fixed });
    let row = |(at, spot): (usize, &Spot)| Row {
        head: html! { (at + 1) },
        cells: vec![text(&spot.label), text(&spot.says)],
    };
    let rows: Vec<Row> = shown.spots.iter().enumerate().map(row).collect();
    table(&Table { caption: shown.caption, columns: &columns, rows: &rows, swap: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(at: Where) -> Spot {
        Spot { label: "192.0.2.7".to_owned(), says: "Example <City>".to_owned(), at }
    }

    fn point(latitude: f64, longitude: f64) -> Spot {
        spot(Where::Point { latitude, longitude })
    }

    fn area_of(code: &str) -> Spot {
        spot(Where::Area(code.to_owned()))
    }

    fn drawn(spots: &[Spot]) -> String {
        map(&Map { id: "map", caption: "Places", spots }).into_string()
    }

    #[test]
    fn a_place_in_a_state_shows_the_state_around_it() {
        let page = drawn(&[point(44.95, -93.09), point(44.96, -93.10), area_of("US-WI")]);
        assert!(page.contains(">Minnesota</text>") && page.contains(">Wisconsin</text>"), "{page}");
        assert!(page.contains(">1, 2</text>") && page.contains("house-land house-land--there"), "{page}");
        assert!(!page.contains(">France</text>") && page.contains("Example &lt;City&gt;"));
        assert!(page.len() < 60_000, "{} bytes", page.len());
    }

    #[test]
    fn places_on_two_sides_of_the_earth_show_the_world_without_states() {
        let page = drawn(&[point(-33.9, 151.2), area_of("US"), point(51.5, -0.1)]);
        assert!(page.contains(">Australia</text>") && !page.contains(">MN</text>"), "{page}");
        assert!(page.len() < 120_000, "{} bytes", page.len());
    }

    #[test]
    fn what_lies_nowhere_is_told_and_not_drawn() {
        assert_eq!(drawn(&[point(f64::NAN, 0.0), point(91.0, 0.0), area_of("XX")]), "");
        let page = drawn(&[area_of("DE"), point(0.0, 181.0)]);
        assert_eq!((page.matches("house-mark\"").count(), page.matches("<tr>").count()), (1, 3), "{page}");
    }

    #[test]
    fn no_view_leaves_the_earth() {
        for (latitude, longitude) in [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0), (71.0, -179.9)] {
            let Bounds { west, south, east, north } = View::of(&[point(latitude, longitude)]).unwrap().bounds;
            assert!(EARTH.west <= west && west < east && east <= EARTH.east, "{latitude} {longitude}");
            assert!(EARTH.south <= south && south < north && north <= EARTH.north, "{latitude} {longitude}");
        }
    }
}
