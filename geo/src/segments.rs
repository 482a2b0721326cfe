//! Address ranges laid out side by side, so that one binary search answers.

/// A number that addresses count in.
pub(crate) trait Point: Copy + Ord {
    /// One more; `None` after the last address.
    fn after(self) -> Option<Self>;
    /// One less; `None` below the first address.
    fn before(self) -> Option<Self>;
}

impl Point for u32 {
    fn after(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn before(self) -> Option<Self> {
        self.checked_sub(1)
    }
}

impl Point for u128 {
    fn after(self) -> Option<Self> {
        self.checked_add(1)
    }
    fn before(self) -> Option<Self> {
        self.checked_sub(1)
    }
}

/// An inclusive range and the row that it points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range<P> {
    pub first: P,
    pub last: P,
    pub row: u32,
}

/// Disjoint ranges in order: 12 bytes a range for IPv4, 36 for IPv6.
#[derive(Debug)]
pub(crate) struct Segments<P> {
    firsts: Vec<P>,
    lasts: Vec<P>,
    rows: Vec<u32>,
}

impl<P: Point> Segments<P> {
    /// Flattens ranges that may lie inside each other: the range that starts later, then the shorter one, wins.
    /// For nested networks that is the longest prefix. Two crossing ranges, which real tables do hold, part at
    /// the start of the later one. Needs `first <= last` in every range.
    pub(crate) fn flatten(mut ranges: Vec<Range<P>>) -> Self {
        ranges
            .sort_unstable_by(|a, b| a.first.cmp(&b.first).then(b.last.cmp(&a.last)).then(a.row.cmp(&b.row)));
        let mut flat = Self { firsts: Vec::new(), lasts: Vec::new(), rows: Vec::new() };
        let mut open: Vec<Range<P>> = Vec::new();
        for range in ranges {
            while let Some(top) = open.last().copied().filter(|top| top.last < range.first) {
                flat.push(top);
                open.pop();
            }
            if let (Some(outer), Some(last)) = (open.last(), range.first.before()) {
                flat.push(Range { last, ..*outer });
            }
            open.push(range);
        }
        while let Some(top) = open.pop() {
            flat.push(top);
        }
        flat
    }

    /// Appends the part of a range that no earlier segment covers.
    fn push(&mut self, range: Range<P>) {
        let free = match self.lasts.last() {
            Some(last) => last.after(),
            None => Some(range.first),
        };
        let Some(first) = free.map(|free| free.max(range.first)).filter(|first| *first <= range.last) else {
            return;
        };
        self.firsts.push(first);
        self.lasts.push(range.last);
        self.rows.push(range.row);
    }

    /// The row of the range that holds the point.
    pub(crate) fn row(&self, point: P) -> Option<u32> {
        let at = self.firsts.partition_point(|first| *first <= point).checked_sub(1)?;
        (point <= self.lasts[at]).then(|| self.rows[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: u32, last: u32, row: u32) -> Range<u32> {
        Range { first, last, row }
    }

    /// The slow truth: the last starting, then the shortest range that holds the point.
    fn by_hand(ranges: &[Range<u32>], point: u32) -> Option<u32> {
        let holding = ranges.iter().filter(|range| (range.first..=range.last).contains(&point));
        holding
            .max_by_key(|range| (range.first, std::cmp::Reverse(range.last), range.row))
            .map(|range| range.row)
    }

    #[test]
    fn the_innermost_range_answers_and_the_outer_one_resumes_after_it() {
        let flat =
            Segments::flatten(vec![range(10, 90, 1), range(20, 30, 2), range(22, 24, 3), range(40, 50, 4)]);
        let rows = [9, 10, 21, 23, 25, 35, 45, 60, 90, 91].map(|point| flat.row(point));
        assert_eq!(
            rows,
            [None, Some(1), Some(2), Some(3), Some(2), Some(1), Some(4), Some(1), Some(1), None]
        );
    }

    #[test]
    fn every_small_layout_agrees_with_the_slow_truth() {
        // All pairs of three ranges over eight points, nested, crossing, touching or equal.
        let spans: Vec<(u32, u32)> = (0..8).flat_map(|a| (a..8).map(move |b| (a, b))).collect();
        for one in &spans {
            for two in &spans {
                for three in spans.iter().step_by(5) {
                    let ranges = [range(one.0, one.1, 0), range(two.0, two.1, 1), range(three.0, three.1, 2)];
                    // Where a range ends inside a later one, what lies below it resumes: same rule as by hand.
                    let flat = Segments::flatten(ranges.to_vec());
                    for point in 0..9 {
                        assert_eq!(flat.row(point), by_hand(&ranges, point), "{ranges:?} at {point}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_whole_address_space_can_be_one_range() {
        let flat = Segments::flatten(vec![
            Range { first: 0, last: u128::MAX, row: 7 },
            Range { first: 0, last: 0, row: 8 },
            Range { first: u128::MAX, last: u128::MAX, row: 9 },
        ]);
        assert_eq!([0, 1, u128::MAX].map(|point| flat.row(point)), [Some(8), Some(7), Some(9)]);
    }
}
