//! Who looks at a picture, and when, in its pixels: a photograph of the screen says it too. Rows of letters go down across
//! the whole picture, so that no part of it that is worth having is without them; they are lighter and darker than what is under
//! them, never instead of it. Letters are ours, five dots by seven: the drawing process can open no font.

use crate::Refused;

/// Letters of a mark at most.
pub const MOST_LETTERS: usize = 160;
/// Dots of a letter with the gap behind and beneath it.
const WIDE: usize = 6;
const HIGH: usize = 9;
/// How much of white, or of black beside it, is laid over a dot, in parts of 256.
const LAID: u16 = 72;
/// The longer edge, for which a dot is one pixel more.
const EDGE_OF_A_DOT: usize = 360;
/// The mark takes at most one part of so many of a picture's height, so that a small one is not written over.
const PARTS: usize = 3;
/// Empty lines between two rows, for each line of one.
const APART: usize = 4;

/// What is written across a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark(Vec<u8>);

impl std::str::FromStr for Mark {
    type Err = Refused;
    /// Small letters become large ones; words are parted by spaces.
    fn from_str(words: &str) -> Result<Self, Refused> {
        let letters = words.to_ascii_uppercase().into_bytes();
        let known = letters.iter().all(|letter| *letter == b' ' || glyph(*letter).is_some());
        let says = letters.iter().any(|letter| *letter != b' ');
        if known && says && letters.len() <= MOST_LETTERS { Ok(Self(letters)) } else { Err(Refused::Order) }
    }
}

impl Mark {
    /// How many times larger a picture has to be for the mark to stand on it once.
    pub(crate) fn enlarges(&self, (width, height): (u32, u32)) -> u32 {
        let fits = |times: &u32| self.lines(at(width * times), at(height * times), 1).is_some();
        // INVARIANT: a mark is shorter than what a picture of this many pixels holds, however narrow it was.
        (1..=MOST_TIMES).find(fits).unwrap_or(MOST_TIMES)
    }

    /// Writes it across the pixels of a picture, three bytes each, row by row.
    pub(crate) fn burn(&self, pixels: &mut [u8], (width, height): (u32, u32)) {
        let (width, height) = (at(width), at(height));
        let most = (width.max(height) / EDGE_OF_A_DOT).max(2);
        let scaled = (1..=most).rev().find_map(|dot| Some((dot, self.lines(width, height, dot)?)));
        let Some((dot, lines)) = scaled else { return };
        let longest = lines.iter().map(|line| line.len()).max().unwrap_or(0) * WIDE * dot;
        let (block, spare) = (lines.len() * HIGH * dot, width - longest);
        let rows = ((height + block * APART) / (block * (1 + APART))).max(1);
        for row in 0..rows {
            // Down and to the right, and from the left again.
            let left = spare * (row % STEPS) / (STEPS - 1);
            let top = (height - block) * (2 * row + 1) / (2 * rows);
            for (line, letters) in lines.iter().enumerate() {
                let place = (left, top + line * HIGH * dot);
                write(&mut Paper { pixels, width }, letters, place, dot);
            }
        }
    }

    /// The lines into which it is broken, at words where they fit; `None` where they take too much of the picture.
    fn lines(&self, width: usize, height: usize, dot: usize) -> Option<Vec<Vec<u8>>> {
        let (across, down) = (width / (WIDE * dot), height / (HIGH * dot));
        if across == 0 {
            return None;
        }
        let mut lines: Vec<Vec<u8>> = vec![Vec::new()];
        for word in self.0.split(|letter| *letter == b' ').filter(|word| !word.is_empty()) {
            for piece in word.chunks(across) {
                let last = lines.last_mut()?;
                if last.is_empty() {
                    last.extend(piece);
                } else if last.len() + 1 + piece.len() <= across {
                    last.push(b' ');
                    last.extend(piece);
                } else {
                    lines.push(piece.to_vec());
                }
            }
        }
        (lines.len() * PARTS <= down).then_some(lines)
    }
}

/// Steps to the right before a row begins at the left again.
const STEPS: usize = 4;
/// How many times larger a picture is made at most: one of a single pixel holds the longest mark then.
const MOST_TIMES: u32 = 256;

/// A length in pixels. A picture's own is far below the bound.
fn at(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

struct Paper<'a> {
    pixels: &'a mut [u8],
    width: usize,
}

impl Paper<'_> {
    /// Lays white or black thinly over a pixel.
    fn lay(&mut self, x: usize, y: usize, ink: u16) {
        let from = (y * self.width + x) * 3;
        if x >= self.width {
            return;
        }
        for part in self.pixels.iter_mut().skip(from).take(3) {
            let mixed = (u16::from(*part) * (256 - LAID) + ink * LAID) / 256;
            *part = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
}

/// Each dot is white, and what is below it and to its right is black, so that it is read on light and on dark.
fn write(paper: &mut Paper<'_>, letters: &[u8], (left, top): (usize, usize), dot: usize) {
    for (place, letter) in letters.iter().enumerate() {
        let Some(dots) = glyph(*letter) else { continue };
        let is_set = |x: usize, y: usize| y < 7 && x < 5 && dots[y] >> (4 - x) & 1 == 1;
        for (y, x) in (0..8).flat_map(|y| (0..6).map(move |x| (y, x))) {
            let shadow = x > 0 && y > 0 && is_set(x - 1, y - 1);
            let ink = match (is_set(x, y), shadow) {
                (true, _) => 255,
                (false, true) => 0,
                (false, false) => continue,
            };
            let (from_x, from_y) = (left + (place * WIDE + x) * dot, top + y * dot);
            for (down, right) in (0..dot).flat_map(|down| (0..dot).map(move |right| (down, right))) {
                paper.lay(from_x + right, from_y + down, ink);
            }
        }
    }
}

fn glyph(letter: u8) -> Option<[u8; 7]> {
    GLYPHS.iter().find(|(known, _)| *known == letter).map(|(_, dots)| *dots)
}

/// Each letter from its top row to its lowest, the leftmost dot first.
#[rustfmt::skip]
const GLYPHS: [(u8, [u8; 7]); 39] = [
    (b'A', [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001]),
    (b'B', [0b11110, 0b10001, 0b10001, 0b11110, 0b10001, 0b10001, 0b11110]),
    (b'C', [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110]),
    (b'D', [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110]),
    (b'E', [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111]),
    (b'F', [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b10000]),
    (b'G', [0b01110, 0b10001, 0b10000, 0b10111, 0b10001, 0b10001, 0b01111]),
    (b'H', [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001]),
    (b'I', [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110]),
    (b'J', [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100]),
    (b'K', [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001]),
    (b'L', [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111]),
    (b'M', [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001]),
    (b'N', [0b10001, 0b11001, 0b11001, 0b10101, 0b10011, 0b10011, 0b10001]),
    (b'O', [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110]),
    (b'P', [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000]),
    (b'Q', [0b01110, 0b10001, 0b10001, 0b10001, 0b10101, 0b10010, 0b01101]),
    (b'R', [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001]),
    (b'S', [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110]),
    (b'T', [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100]),
    (b'U', [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110]),
    (b'V', [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b00100]),
    (b'W', [0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b11011, 0b10001]),
    (b'X', [0b10001, 0b10001, 0b01010, 0b00100, 0b01010, 0b10001, 0b10001]),
    (b'Y', [0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100]),
    (b'Z', [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b11111]),
    (b'0', [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110]),
    (b'1', [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110]),
    (b'2', [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111]),
    (b'3', [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110]),
    (b'4', [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010]),
    (b'5', [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110]),
    (b'6', [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110]),
    (b'7', [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000]),
    (b'8', [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110]),
    (b'9', [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100]),
    (b'-', [0b00000, 0b00000, 0b00000, 0b11111, 0b00000, 0b00000, 0b00000]),
    (b'_', [0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b11111]),
    (b':', [0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000]),
];

#[cfg(test)]
mod tests {
    use super::*;

    const SAYS: &str = "p-0123456789abcdef icac-us-ca-la 2026-11-27 15:23";

    fn burnt(says: &str, size: (u32, u32), tone: u8) -> Vec<u8> {
        let mut pixels = vec![tone; at(size.0) * at(size.1) * 3];
        says.parse::<Mark>().unwrap().burn(&mut pixels, size);
        pixels
    }

    fn changed(pixels: &[u8], tone: u8) -> usize {
        pixels.chunks(3).filter(|pixel| pixel[0] != tone).count()
    }

    #[test]
    fn a_mark_is_seen_on_light_and_dark_and_hides_nothing() {
        for size in [(640, 480), (480, 360), (1600, 1200), (300, 1600), (1600, 90), (192, 128)] {
            for tone in [0, 128, 255] {
                let pixels = burnt(SAYS, size, tone);
                let touched = changed(&pixels, tone) * 100 / (pixels.len() / 3);
                assert!((1..25).contains(&touched), "{size:?} on {tone}: {touched} of 100 pixels");
                assert!(pixels.iter().all(|part| part.abs_diff(tone) <= 72), "{size:?} on {tone}");
            }
        }
    }

    #[test]
    fn another_person_and_another_minute_leave_other_pixels() {
        let size = (640, 480);
        let one = burnt(SAYS, size, 128);
        assert_eq!(one, burnt(&SAYS.to_ascii_uppercase(), size, 128));
        assert_ne!(one, burnt("p-0123456789abcdee icac-us-ca-la 2026-11-27 15:23", size, 128));
        assert_ne!(one, burnt("p-0123456789abcdef icac-us-ca-la 2026-11-27 15:24", size, 128));
    }

    #[test]
    fn no_picture_is_too_small_and_no_part_of_a_large_one_is_without() {
        assert_eq!(SAYS.parse::<Mark>().unwrap().enlarges((96, 64)), 2, "it would cover all of it");
        let mark: Mark = "X".repeat(MOST_LETTERS).parse().unwrap();
        for size in [(1, 1), (1, 1600), (1600, 1), (5, 7), (60, 60), (6, 9)] {
            let times = mark.enlarges(size);
            let large = (size.0 * times, size.1 * times);
            let mut pixels = vec![0; at(large.0) * at(large.1) * 3];
            mark.burn(&mut pixels, large);
            assert!(changed(&pixels, 0) > 0, "{size:?} is enlarged {times} times");
        }
        let (width, height) = (1600, 1200);
        let pixels = burnt(SAYS, (width, height), 0);
        for fifth in pixels.chunks(pixels.len() / 5) {
            assert!(changed(fifth, 0) > 0, "every fifth of the height has some of it");
        }
    }

    #[test]
    fn what_has_no_letters_of_ours_is_no_mark() {
        for says in ["", "  ", "p-1\n", "\u{e9}", "a.b", &"A".repeat(MOST_LETTERS + 1)] {
            assert_eq!(says.parse::<Mark>(), Err(Refused::Order), "{says:?}");
        }
    }
}
