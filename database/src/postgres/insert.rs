//! One `INSERT` of many rows in place of many round trips.

/// Rows of one statement.
const MOST_ROWS: usize = 64;
/// So few rows are one statement. Larger blocks are powers of two, so that a table needs eleven prepared statements at most.
const FEW_ROWS: usize = 8;

/// The largest block that `rows` rows fill.
pub(super) fn block_size(rows: usize) -> usize {
    if rows <= FEW_ROWS { rows.max(1) } else { MOST_ROWS.min(1 << rows.ilog2()) }
}

/// An `INSERT` whose rows can be said together without changing what it means.
pub(super) struct Insert<'t> {
    head: &'t str,
    /// The row between its parentheses, as text and parameter numbers in turn.
    row: Vec<Piece<'t>>,
    tail: &'t str,
    width: usize,
}

enum Piece<'t> {
    Text(&'t str),
    Parameter(usize),
}

impl<'t> Insert<'t> {
    /// Understands `INSERT … VALUES (…)`, at most followed by `ON CONFLICT … DO NOTHING`. Anything else, as an
    /// update on conflict, which may not meet one row twice in one statement, runs row by row.
    pub(super) fn parsed(text: &'t str) -> Option<Self> {
        let (before, after) = text.split_once("VALUES (")?;
        let body = before.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("--"))?;
        let end = closing(after)?;
        let (row, tail) = (&after[..end], &after[end..]);
        let alone = |part: &str| !part.contains(['$', '\'', '"']) && !part.contains("/*");
        let plain = body.starts_with("INSERT INTO ") && alone(before) && alone(tail);
        if !plain || ["DO UPDATE", "RETURNING", "--"].iter().any(|word| tail.contains(word)) {
            return None;
        }
        let (row, width) = pieces(row)?;
        Some(Self { head: &text[..before.len() + "VALUES ".len()], row, tail: &tail[1..], width })
    }

    /// The statement with this many rows; the parameters of a row follow those of the row before.
    pub(super) fn of_rows(&self, rows: usize) -> String {
        let mut text = self.head.to_owned();
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for piece in &self.row {
                match piece {
                    Piece::Text(piece) => text.push_str(piece),
                    Piece::Parameter(number) => text.push_str(&format!("${}", number + row * self.width)),
                }
            }
            text.push(')');
        }
        text + self.tail
    }
}

/// Where the parenthesis closes that was open before `text`; `None` when quotes or comments make that unclear.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    for (place, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            '\'' | '"' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(place);
        }
    }
    None
}

/// Splits a row at its parameters and counts them.
fn pieces(row: &str) -> Option<(Vec<Piece<'_>>, usize)> {
    let (mut pieces, mut width) = (Vec::new(), 0);
    for (place, part) in row.split('$').enumerate() {
        let digits =
            if place == 0 { 0 } else { part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len()) };
        if digits > 0 {
            let number = part[..digits].parse().ok()?;
            pieces.push(Piece::Parameter(number));
            width = width.max(number);
        }
        pieces.push(Piece::Text(&part[digits..]));
    }
    Some((pieces, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_said_together_with_parameters_of_their_own() {
        let insert = Insert::parsed(
            "-- t::t\nINSERT INTO t (a, b) VALUES ($1, CAST($2 AS TEXT)) ON CONFLICT DO NOTHING",
        );
        assert_eq!(
            insert.unwrap().of_rows(2),
            "-- t::t\nINSERT INTO t (a, b) VALUES ($1, CAST($2 AS TEXT)), ($3, CAST($4 AS TEXT)) ON CONFLICT DO NOTHING"
        );
    }

    #[test]
    fn a_parameter_used_twice_in_a_row_stays_one() {
        let insert = Insert::parsed("-- t::t\nINSERT INTO t (a, b, c) VALUES ($1, $2, $1)").unwrap();
        assert_eq!(insert.of_rows(2), "-- t::t\nINSERT INTO t (a, b, c) VALUES ($1, $2, $1), ($3, $4, $3)");
    }

    #[test]
    fn what_would_change_its_meaning_runs_row_by_row() {
        for text in [
            "-- t::t\nUPDATE t SET a = $1",
            "-- t::t\nINSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = $1",
            "-- t::t\nINSERT INTO t (a) VALUES ($1) RETURNING a",
            "-- t::t\nINSERT INTO t (a) VALUES (')' || $1)",
            "-- t::t\nWITH x AS (SELECT $1) INSERT INTO t (a) VALUES ($2)",
        ] {
            assert!(Insert::parsed(text).is_none(), "{text}");
        }
    }

    #[test]
    fn any_number_of_rows_is_made_of_few_blocks() {
        assert_eq!([1, 3, 8, 9, 63, 64, 1_000].map(block_size), [1, 3, 8, 8, 32, 64, 64]);
    }
}
