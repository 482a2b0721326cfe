//! Hostile files against the real process.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::io::{Cursor, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output, Stdio};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// The signal that ends a process for a call that it may not make.
const SIGSYS: i32 = 31;
const SIGABRT: i32 = 6;

/// Who looks, as the house says it.
const ANN: &str = "p-0123456789abcdef icac-us-ca-la 2026-11-27 15:23";

fn ordered(order: &str, input: &[u8]) -> Output {
    given(order, &[ANN.as_bytes(), b"\n", input].concat())
}

fn given(order: &str, input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rendition-alone"))
        .arg(order)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    let bytes = input.to_vec();
    let writing = std::thread::spawn(move || to.write_all(&bytes));
    let mut out = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    let status = child.wait().unwrap();
    // It may have ended before it read everything.
    drop(writing.join().unwrap());
    Output { status, stdout: out, stderr: Vec::new() }
}

fn refused(input: &[u8]) -> String {
    let answer = ordered("grey", input);
    assert_eq!(answer.status.code(), Some(i32::from(rendition::EXIT_REFUSED)), "{answer:?}");
    String::from_utf8(answer.stdout).unwrap()
}

/// Stripes of red and blue.
fn picture(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| if x / 8 % 2 == 0 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) })
        .into()
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn drawn(order: &str, input: &[u8]) -> RgbImage {
    let answer = ordered(order, input);
    assert!(answer.status.success(), "{answer:?}");
    assert_eq!(image::guess_format(&answer.stdout).unwrap(), ImageFormat::Jpeg);
    image::load_from_memory(&answer.stdout).unwrap().to_rgb8()
}

#[test]
fn a_picture_of_every_kind_that_is_shown_is_drawn_clear_and_grey() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let input = encoded(&picture(640, 480), format);
        let clear = drawn("clear", &input);
        assert_eq!(clear.dimensions(), (640, 480), "{format:?}");
        assert!(clear.get_pixel(4, 4).0[0] > 200, "{format:?}");
        let grey = drawn("grey", &input);
        assert_eq!(grey.dimensions(), (480, 360), "{format:?}");
        assert!(
            grey.pixels().all(|p| p.0[0].abs_diff(p.0[1]) < 8 && p.0[1].abs_diff(p.0[2]) < 8),
            "{format:?}"
        );
    }
}

// PROVES: R-34
#[test]
fn whoever_looks_is_written_across_what_they_see() {
    let plain: DynamicImage = RgbImage::from_pixel(640, 480, Rgb([128, 128, 128])).into();
    let input = encoded(&plain, ImageFormat::Png);
    let seen_by = |order: &str, mark: &str| {
        let answer = given(order, &[mark.as_bytes(), b"\n", &input].concat());
        assert!(answer.status.success(), "{answer:?}");
        image::load_from_memory(&answer.stdout).unwrap().to_rgb8()
    };
    for order in ["clear", "grey"] {
        let ann = seen_by(order, ANN);
        let written = ann.pixels().filter(|pixel| pixel.0[0].abs_diff(128) > 20).count();
        let share = written * 100 / (ann.width() * ann.height()) as usize;
        assert!((1..25).contains(&share), "{order}: {share} of 100 pixels");
        assert_eq!(ann, seen_by(order, ANN), "the same look is the same picture");
        assert_ne!(ann, seen_by(order, &ANN.replace("p-0", "p-1")), "another person's is another");
        assert_ne!(ann, seen_by(order, &ANN.replace(":23", ":24")), "and another minute's");
    }
    let tiny = drawn("clear", &encoded(&picture(3, 2), ImageFormat::Png));
    assert!(tiny.width() > 60 && tiny.width() * 2 == tiny.height() * 3, "{:?}", tiny.dimensions());
}

// PROVES: R-34
#[test]
fn nothing_is_drawn_for_nobody() {
    let input = encoded(&picture(64, 64), ImageFormat::Png);
    let long = "A".repeat(rendition::MOST_LETTERS + 1);
    for first in ["", " ", "no line", "\u{e9}", &long] {
        let line = if first == "no line" { "" } else { "\n" };
        let answer = given("clear", &[first.as_bytes(), line.as_bytes(), &input].concat());
        assert_eq!(answer.status.code(), Some(i32::from(rendition::EXIT_REFUSED)), "{first:?}");
        assert_eq!(answer.stdout, b"wrong-order", "{first:?}");
    }
}

#[test]
fn what_is_no_plain_picture_is_never_drawn() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for bytes in
        [&svg[..], b"%PDF-1.7\n1 0 obj", b"PK\x03\x04 a zip", b"<html>", b"MZ", b"", b"\0\0\0\x18ftypmp42"]
    {
        assert_eq!(refused(bytes), "not-a-picture");
    }
}

#[test]
fn a_flood_of_pixels_is_refused_by_its_dimensions() {
    // Eight kilobytes that claim 3.6 gigapixels: the header of a PNG with a right checksum.
    let mut png = encoded(&picture(8, 8), ImageFormat::Png);
    png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(refused(&png), "too-many-pixels");
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[test]
fn a_flood_of_frames_is_refused_by_its_skeleton() {
    let mut gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\0\0\0\0\0\0".to_vec();
    for _ in 0..10_001 {
        gif.extend([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
    }
    gif.push(0x3b);
    assert_eq!(refused(&gif), "too-many-frames");
}

#[test]
fn a_file_that_breaks_off_or_lies_is_damaged() {
    let png = encoded(&picture(64, 64), ImageFormat::Png);
    assert_eq!(refused(&png[..png.len() / 2]), "damaged");
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n and then words"), "damaged");
    assert_eq!(refused(b"\xff\xd8\xff\xe0 and then words"), "damaged");
}

#[test]
fn of_a_file_that_is_two_things_only_the_pixels_are_left() {
    let mut bytes = encoded(&picture(64, 64), ImageFormat::Png);
    bytes.extend_from_slice(b"<script>canary</script>PK\x03\x04canary");
    let answer = ordered("clear", &bytes);
    assert!(answer.status.success());
    assert!(!answer.stdout.windows(6).any(|window| window == b"canary"));
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let mut bytes = encoded(&picture(8, 8), ImageFormat::Png);
    bytes.resize(usize::try_from(rendition::MOST_INPUT_BYTES).unwrap() + 2, 0);
    assert_eq!(refused(&bytes), "too-large");
}

// PROVES: R-66
#[test]
fn inside_nothing_can_be_reached() {
    for order in ["try-file", "try-socket"] {
        let answer = ordered(order, b"");
        assert_eq!(answer.status.signal(), Some(SIGSYS), "{order}: {answer:?}");
        assert!(answer.stdout.is_empty());
    }
    let answer = ordered("try-memory", b"");
    assert_eq!(answer.status.signal(), Some(SIGABRT), "{answer:?}");
}

#[test]
fn an_order_that_it_does_not_know_is_refused() {
    let answer = ordered("colourful", b"");
    assert_eq!(answer.status.code(), Some(i32::from(rendition::EXIT_REFUSED)));
}
