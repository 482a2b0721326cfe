//! Outlines of countries and of the states, coarse, from public-domain sources. `outlines/make.mjs` made the files.

use std::sync::LazyLock;

/// Hundredths of a degree: east, north.
pub(super) type Point = (i32, i32);

/// A country or a state.
#[derive(Debug)]
pub(super) struct Outline {
    /// `DE` for a country, `US-MN` for a state.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its parts.
    pub rings: Vec<Ring>,
}

/// One closed line.
#[derive(Debug)]
pub(super) struct Ring {
    pub points: Vec<Point>,
    pub around: Bounds,
}

/// A part of the earth between two meridians and two parallels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub west: i32,
    pub south: i32,
    pub east: i32,
    pub north: i32,
}

impl Bounds {
    pub(super) fn of(points: &[Point]) -> Option<Self> {
        let (first, rest) = points.split_first()?;
        let one = |point: &Point| Self { west: point.0, south: point.1, east: point.0, north: point.1 };
        Some(rest.iter().map(one).fold(one(first), Self::with))
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    pub(super) const fn meets(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    pub(super) const fn size(&self) -> i64 {
        (self.east - self.west) as i64 * (self.north - self.south) as i64
    }
}

impl Outline {
    /// The bounds of the largest part: of France without its islands across the sea.
    pub(super) fn main(&self) -> Option<Bounds> {
        self.rings.iter().map(|ring| ring.around).max_by_key(Bounds::size)
    }
}

pub(super) static COUNTRIES: LazyLock<Vec<Outline>> =
    LazyLock::new(|| read(include_str!("../../outlines/countries.txt")));
pub(super) static STATES: LazyLock<Vec<Outline>> =
    LazyLock::new(|| read(include_str!("../../outlines/states.txt")));

/// The outline of a code.
pub(super) fn find(code: &str) -> Option<&'static Outline> {
    let list = if code.starts_with("US-") { &STATES } else { &COUNTRIES };
    list.iter().find(|outline| outline.code == code)
}

/// Reads our own file: code, name, and rings as the first point and the steps from it.
fn read(file: &'static str) -> Vec<Outline> {
    let outline = |line: &'static str| {
        let mut parts = line.split('\t');
        let (code, name, rings) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Outline { code, name, rings: rings.split(';').filter_map(ring).collect() })
    };
    file.lines().filter_map(outline).collect()
}

fn ring(text: &str) -> Option<Ring> {
    let numbers: Vec<i32> = text.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    let (steps, []) = numbers.as_chunks::<2>() else { return None };
    let mut at = (0, 0);
    let points: Vec<Point> = steps
        .iter()
        .map(|[east, north]| {
            at = (at.0 + east, at.1 + north);
            at
        })
        .collect();
    Some(Ring { around: Bounds::of(&points)?, points })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_outline_is_read_and_lies_on_the_earth() {
        for (file, outlines, lines) in [
            (include_str!("../../outlines/countries.txt"), &COUNTRIES, 235),
            (include_str!("../../outlines/states.txt"), &STATES, 56),
        ] {
            assert_eq!((file.lines().count(), outlines.len()), (lines, lines));
            assert_eq!(
                file.matches(';').count() + lines,
                outlines.iter().map(|one| one.rings.len()).sum::<usize>()
            );
            for one in outlines.iter() {
                let around = one.main().unwrap();
                assert!(around.west >= -18_000 && around.east <= 18_000, "{}: {around:?}", one.code);
                assert!(around.south >= -9_000 && around.north <= 9_000, "{}: {around:?}", one.code);
                assert!(one.rings.iter().all(|ring| ring.points.len() >= 3), "{}", one.code);
            }
        }
    }

    #[test]
    fn known_places_lie_within_the_bounds_of_their_outlines() {
        for (code, east, north) in
            [("US-MN", -9_310, 4_494), ("US-CA", -11_824, 3_405), ("DE", 1_340, 5_252), ("SG", 10_382, 135)]
        {
            let point = Bounds::of(&[(east, north)]).unwrap();
            assert!(find(code).unwrap().rings.iter().any(|ring| ring.around.meets(&point)), "{code}");
        }
        assert!(find("XX").is_none() && find("US-XX").is_none());
    }
}
