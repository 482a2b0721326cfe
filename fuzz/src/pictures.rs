//! Pictures of strangers, as the process that draws them reads them.

use rendition::{Manner, Mark, draw};

/// Small pictures to begin mutations from.
pub const SEEDS: &[&[u8]] = &[
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82",
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
    b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\0",
    b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0",
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9",
];

/// Draws `bytes`, or refuses them.
///
/// # Panics
/// When a promise is broken: that is what a fuzzing engine looks for.
pub fn any(bytes: &[u8]) {
    let mark: Mark = "p-1 an-agency 2026-11-27 15:23".parse().expect("letters of ours");
    for manner in [Manner::Grey, Manner::Clear] {
        if let Ok(picture) = draw(bytes, manner, &mark) {
            assert!(picture.bytes.starts_with(&[0xff, 0xd8, 0xff]), "what is served is a picture of ours");
        }
    }
}
