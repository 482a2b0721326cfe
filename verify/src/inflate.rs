//! Deflate (RFC 1951), strict: the stream ends with its last block, and no bit behind it is set.

use std::sync::LazyLock;

const MAX_BITS: usize = 15;
const LITERALS: usize = 288;
const DISTANCES: usize = 30;
const WINDOW: usize = 32_768;

const LENGTH_BASE: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227, 258,
];
const LENGTH_EXTRA: [u8; 29] =
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE: [u16; DISTANCES] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
    4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA: [u8; DISTANCES] =
    [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
/// In which order the lengths of the code of lengths stand.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

static FIXED: LazyLock<Option<(Code, Code)>> = LazyLock::new(|| {
    let mut literals = [8; LITERALS];
    literals[144..256].fill(9);
    literals[256..280].fill(7);
    Some((Code::of(&literals)?, Code::of(&[5; DISTANCES])?))
});

/// The bytes of a stream, of which there must be exactly `size`; `None` for anything that is not one whole stream.
pub(crate) fn inflated(stream: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut bits = Bits { bytes: stream, at: 0 };
    let mut out = Vec::with_capacity(size);
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut out, size)?,
            1 => {
                let (literals, distances) = FIXED.as_ref()?;
                compressed(&mut bits, &mut out, size, literals, distances)?;
            }
            2 => {
                let (literals, distances) = described(&mut bits)?;
                compressed(&mut bits, &mut out, size, &literals, &distances)?;
            }
            _ => return None,
        }
        if last {
            break;
        }
    }
    (bits.is_spent() && out.len() == size).then_some(out)
}

/// Bits, the lowest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl Bits<'_> {
    /// The next bits without taking them, at least 16 of them; behind the end stand zeros.
    fn ahead(&self) -> usize {
        let from = self.at / 8;
        let byte = |place: usize| usize::from(self.bytes.get(from + place).copied().unwrap_or(0));
        (byte(0) | byte(1) << 8 | byte(2) << 16) >> (self.at % 8)
    }

    /// Takes at most 16 bits.
    fn take(&mut self, count: usize) -> Option<usize> {
        let value = self.ahead() & ((1 << count) - 1);
        self.at += count;
        (self.at <= self.bytes.len() * 8).then_some(value)
    }

    /// Goes on at the next whole byte; the bits between are to be 0.
    fn align(&mut self) -> Option<()> {
        let rest = (8 - self.at % 8) % 8;
        (self.take(rest)? == 0).then_some(())
    }

    /// Whether nothing is left but bits of the last byte, and none of them set.
    fn is_spent(&mut self) -> bool {
        self.align().is_some() && self.at == self.bytes.len() * 8
    }
}

/// A canonical prefix code: how many codes of each length, and the symbols in order.
struct Code {
    counts: [u16; MAX_BITS + 1],
    symbols: Vec<u16>,
}

impl Code {
    /// `None` when the lengths are too many for a prefix code.
    fn of(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0_u16; MAX_BITS + 1];
        lengths.iter().for_each(|length| counts[usize::from(*length)] += 1);
        let mut left = 1_i32;
        for count in &counts[1..] {
            left = left * 2 - i32::from(*count);
            if left < 0 {
                return None;
            }
        }
        let mut symbols = Vec::with_capacity(lengths.len());
        for length in 1..=MAX_BITS {
            let of_length = lengths.iter().enumerate().filter(|(_, known)| usize::from(**known) == length);
            symbols.extend(of_length.filter_map(|(symbol, _)| u16::try_from(symbol).ok()));
        }
        Some(Self { counts, symbols })
    }

    fn next(&self, bits: &mut Bits<'_>) -> Option<usize> {
        let ahead = bits.ahead();
        let (mut code, mut first, mut index) = (0, 0, 0);
        for (place, count) in self.counts[1..].iter().enumerate() {
            let count = usize::from(*count);
            code |= ahead >> place & 1;
            if code < first + count {
                bits.take(place + 1)?;
                return self.symbols.get(index + code - first).map(|symbol| usize::from(*symbol));
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>, size: usize) -> Option<()> {
    bits.align()?;
    let (length, not_length) = (bits.take(16)?, bits.take(16)?);
    let from = bits.at / 8;
    let bytes = bits.bytes.get(from..from + length)?;
    bits.at += length * 8;
    out.extend_from_slice(bytes);
    (length ^ not_length == 0xffff && out.len() <= size).then_some(())
}

/// The two codes that a block brings along.
fn described(bits: &mut Bits<'_>) -> Option<(Code, Code)> {
    let (literals, distances, own) = (bits.take(5)? + 257, bits.take(5)? + 1, bits.take(4)? + 4);
    if literals > LITERALS || distances > DISTANCES {
        return None;
    }
    let mut lengths = [0_u8; ORDER.len()];
    for place in &ORDER[..own] {
        lengths[*place] = u8::try_from(bits.take(3)?).ok()?;
    }
    let code = Code::of(&lengths)?;
    let mut lengths: Vec<u8> = Vec::with_capacity(literals + distances);
    while lengths.len() < literals + distances {
        let (value, times) = match code.next(bits)? {
            length @ 0..=15 => (u8::try_from(length).ok()?, 1),
            16 => (*lengths.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            _ => (0, 11 + bits.take(7)?),
        };
        lengths.extend(std::iter::repeat_n(value, times));
    }
    let fits = lengths.len() == literals + distances && *lengths.get(256)? != 0;
    fits.then(|| Some((Code::of(&lengths[..literals])?, Code::of(&lengths[literals..])?)))?
}

fn compressed(
    bits: &mut Bits<'_>,
    out: &mut Vec<u8>,
    size: usize,
    literals: &Code,
    distances: &Code,
) -> Option<()> {
    loop {
        match literals.next(bits)? {
            256 => return Some(()),
            byte @ 0..=255 => out.push(u8::try_from(byte).ok()?),
            symbol => {
                let place = symbol - 257;
                let length = usize::from(*LENGTH_BASE.get(place)?) + bits.take(LENGTH_EXTRA[place].into())?;
                let place = distances.next(bits)?;
                let back =
                    usize::from(*DISTANCE_BASE.get(place)?) + bits.take(DISTANCE_EXTRA[place].into())?;
                let from = out.len().checked_sub(back).filter(|_| back <= WINDOW)?;
                (from..from + length).for_each(|at| out.push(out[at]));
            }
        }
        if out.len() > size {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_block_is_read_and_a_set_bit_behind_the_end_is_refused() {
        let stream = [1, 3, 0, 0xfc, 0xff, b'a', b'b', b'c'];
        assert_eq!(inflated(&stream, 3).as_deref(), Some(b"abc".as_slice()));
        assert_eq!(inflated(&stream, 4), None);
        assert_eq!(inflated(&stream[..7], 3), None);
        assert_eq!(inflated(&[stream.as_slice(), &[0]].concat(), 3), None);
        let mut padded = stream;
        padded[0] |= 0x80;
        assert_eq!(inflated(&padded, 3), None);
    }

    #[test]
    fn a_fixed_block_is_read() {
        // "aaaaaaaaaa" as other programs write it.
        assert_eq!(inflated(&[0x4b, 0x84, 0x03, 0x00], 10).as_deref(), Some(b"aaaaaaaaaa".as_slice()));
        assert_eq!(inflated(&[0x4b, 0x84, 0x03, 0x80], 10), None);
    }

    #[test]
    fn what_would_grow_beyond_its_promise_is_refused() {
        assert_eq!(inflated(&[0x4b, 0x84, 0x03, 0x00], 9), None);
    }
}
