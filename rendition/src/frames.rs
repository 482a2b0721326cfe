//! How many frames a GIF has, by the skeleton of its blocks: nothing is decoded for it.

/// Bytes of the header and the screen.
const HEAD_BYTES: usize = 13;
const EXTENSION: u8 = 0x21;
const FRAME: u8 = 0x2c;
const END: u8 = 0x3b;

/// Frames in a GIF, counted to one more than `most`; `None` when its blocks break off before the first frame. A file
/// that breaks off later has the frames that it has.
pub(crate) fn of_gif(bytes: &[u8], most: u32) -> Option<u32> {
    let mut at = HEAD_BYTES + table(*bytes.get(10)?);
    let mut frames = 0;
    while frames <= most {
        let next = match bytes.get(at) {
            Some(&EXTENSION) => blocks(bytes, at + 2),
            Some(&FRAME) => {
                frames += 1;
                // Place and size, flags; then its own colours, the code size, and the blocks.
                let flags = bytes.get(at + 9).copied();
                flags.and_then(|flags| blocks(bytes, at + 10 + table(flags) + 1))
            }
            Some(&END) | None => return (frames > 0).then_some(frames),
            Some(_) => None,
        };
        match next {
            Some(next) => at = next,
            None => return (frames > 0).then_some(frames),
        }
    }
    Some(frames)
}

/// Bytes of a colour table that these flags announce.
const fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Where the blocks that begin here are over.
fn blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gif(frames: usize) -> Vec<u8> {
        let mut bytes = b"GIF89a\x01\x00\x01\x00\x80\x00\x00".to_vec();
        bytes.extend([0; 6]);
        for _ in 0..frames {
            bytes.extend([FRAME, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        }
        bytes.push(END);
        bytes
    }

    #[test]
    fn frames_are_counted_without_decoding_them() {
        assert_eq!(of_gif(&gif(1), 10), Some(1));
        assert_eq!(of_gif(&gif(10), 10), Some(10));
        assert_eq!(of_gif(&gif(50_000), 10), Some(11));
        assert_eq!(of_gif(&gif(0), 10), None);
        assert_eq!(of_gif(b"GIF89a", 10), None);
    }
}
