//! Signed notes (C2SP signed-note): a text, an empty line, signature lines.

use crate::base64;
use crate::digest::{BYTES, Digest};
use crate::keys::Keys;

const LINE_START: &str = "\u{2014} ";
/// Signature lines of one note that are looked at.
const MOST_SIGNATURES: usize = 64;
const ID_BYTES: usize = 4;

/// One signature line.
struct Line<'a> {
    name: &'a str,
    id: [u8; ID_BYTES],
    signature: Vec<u8>,
}

/// Checks that a note has exactly this text and exactly one signature, by the key of this name.
pub(crate) fn signed_by(note: &str, text: &str, name: &str, keys: &Keys) -> Result<(), String> {
    let lines = note.strip_prefix(text).and_then(|rest| rest.strip_prefix('\n'));
    let lines = parsed(lines.ok_or("it signs another text")?)?;
    let [line] = lines.as_slice() else { return Err("it does not have exactly one signature".to_owned()) };
    holds(line, text, name, keys)
}

/// Who signed a note that has one signature, without believing it yet.
pub(crate) fn signer(note: &str) -> Result<&str, String> {
    let (_, lines) = note.split_once("\n\n").ok_or("it is not a signed note")?;
    let lines = parsed(lines)?;
    Ok(lines.first().ok_or("it is not signed")?.name)
}

/// A checkpoint: which log, how large, which root.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: Digest,
}

/// Reads a checkpoint and checks that its log signed it. Signatures of others are passed over: cosignatures of
/// witnesses are checked where a policy asks for them.
pub(crate) fn checkpoint(note: &str, keys: &Keys) -> Result<Checkpoint, String> {
    let (body, lines) = note.split_once("\n\n").ok_or("the checkpoint is not a signed note")?;
    let mut fields = body.split('\n');
    let mut field = || fields.next().ok_or("the checkpoint is too short");
    let (origin, size, root) = (field()?, field()?, field()?);
    if fields.next().is_some() {
        return Err("the checkpoint has lines that are not known here".to_owned());
    }
    let size = number(size).ok_or("the checkpoint has no size")?;
    let root = base64::decoded(root).and_then(|root| <[u8; BYTES]>::try_from(root).ok());
    let root = root.ok_or("the checkpoint has no root")?;
    let text = format!("{body}\n");
    let lines = parsed(lines)?;
    let own = lines.iter().filter(|line| line.name == origin);
    let mut signed = false;
    for line in own {
        holds(line, &text, origin, keys)?;
        signed = true;
    }
    match signed {
        true => Ok(Checkpoint { origin: origin.to_owned(), size, root }),
        false => Err("the checkpoint is not signed by its log".to_owned()),
    }
}

fn parsed(lines: &str) -> Result<Vec<Line<'_>>, String> {
    let lines = lines.strip_suffix('\n').ok_or("the last signature line does not end")?;
    let lines: Vec<&str> = lines.split('\n').collect();
    if lines.len() > MOST_SIGNATURES {
        return Err("there are too many signatures".to_owned());
    }
    let one = |line: &&'_ str| -> Option<(usize, usize)> {
        let rest = line.strip_prefix(LINE_START)?;
        Some((line.len() - rest.len(), LINE_START.len() + rest.find(' ')?))
    };
    let mut all = Vec::new();
    for line in &lines {
        let (from, to) = one(line).ok_or("a signature line cannot be read")?;
        let decoded = base64::decoded(&line[to + 1..]).ok_or("a signature is not base64")?;
        let (id, signature) = decoded.split_first_chunk::<ID_BYTES>().ok_or("a signature is too short")?;
        all.push(Line { name: &line[from..to], id: *id, signature: signature.to_vec() });
    }
    Ok(all)
}

fn holds(line: &Line<'_>, text: &str, name: &str, keys: &Keys) -> Result<(), String> {
    if line.name != name {
        return Err(format!("it is signed by {}, not by {name}", line.name));
    }
    let key = keys.named(name)?;
    if line.id != key.id() || !key.signed(text.as_bytes(), &line.signature) {
        return Err(format!("the signature is not that of the key {name}"));
    }
    Ok(())
}

/// A number in its one spelling.
pub(crate) fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(number("10"), Some(10));
        for text in ["010", "+1", "", " 1", "1.0", "-1", "18446744073709551616"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn a_note_without_its_key_or_with_another_text_is_refused() {
        let keys = Keys::parse(KEY).unwrap();
        let note = format!("words\n\n\u{2014} example.com/foo {}\n", "A".repeat(92));
        assert!(signed_by(&note, "words\n", "example.com/foo", &keys).is_err());
        assert!(signed_by(&note, "other\n", "example.com/foo", &keys).is_err());
        assert!(signed_by(&note, "words\n", "example.com/bar", &keys).is_err());
    }
}
