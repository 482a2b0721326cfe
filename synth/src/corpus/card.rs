//! Test cards: a gradient, some rectangles, a little noise, and on it the words SYNTHETIC TEST CARD with a number.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use super::font;
use crate::chance::Chance;

pub(super) const WIDTH: u32 = 96;
pub(super) const HEIGHT: u32 = 64;

/// The seed of the whole corpus. It never changes: the files are the same for every plan.
pub(super) const SEED: u64 = 0x5e_ed;

/// Card number `n`, as PNG where the number is even and JPEG where it is odd.
pub(super) fn draw(n: usize) -> Vec<u8> {
    let mut picture = background(n);
    let lines = ["SYNTHETIC".to_owned(), "TEST CARD".to_owned(), format!("{n:05}")];
    for (line, y) in lines.iter().zip([9, 27, 45]) {
        write(&mut picture, line, y);
    }
    let format = if n.is_multiple_of(2) { ImageFormat::Png } else { ImageFormat::Jpeg };
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("a small picture is written to memory");
    file.into_inner()
}

fn background(n: usize) -> RgbImage {
    let mut chance = Chance::of(SEED, "card", n as u64);
    let mut byte = |end: u64| u8::try_from(chance.below(end)).unwrap_or_default();
    let (from, to) = ([byte(160), byte(160), byte(160)], [byte(160), byte(160), byte(160)]);
    let mut picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let part = x + y;
        let blend = |a: u8, b: u8| {
            let whole = WIDTH + HEIGHT;
            u8::try_from((u32::from(a) * (whole - part) + u32::from(b) * part) / whole).unwrap_or(u8::MAX)
        };
        Rgb([blend(from[0], to[0]), blend(from[1], to[1]), blend(from[2], to[2])])
    });
    for _ in 0..6 {
        let (left, top) = (u32::from(byte(80)), u32::from(byte(52)));
        let (width, height, colour) =
            (u32::from(byte(40)), u32::from(byte(30)), [byte(160), byte(160), byte(160)]);
        for (x, y) in (left..(left + width).min(WIDTH))
            .flat_map(|x| (top..(top + height).min(HEIGHT)).map(move |y| (x, y)))
        {
            picture.put_pixel(x, y, Rgb(colour));
        }
    }
    picture
}

/// White letters, five by seven dots each, in the middle of the line.
fn write(picture: &mut RgbImage, line: &str, top: u32) {
    let width = u32::try_from(line.len()).unwrap_or_default() * font::ADVANCE;
    let left = WIDTH.saturating_sub(width) / 2;
    for (position, letter) in (0_u32..).zip(line.chars()) {
        for (x, y) in font::dots(letter) {
            let (x, y) = (left + position * font::ADVANCE + x, top + y);
            if x < WIDTH && y < HEIGHT {
                picture.put_pixel(x, y, Rgb([255, 255, 255]));
            }
        }
    }
}
