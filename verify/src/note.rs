//! Signed notes (C2SP signed-note): a text, an empty line, signature lines.

use std::collections::BTreeMap;

use crate::digest::{BYTES, Digest};
use crate::keys::{Key, Keys};
use crate::policy::Policy;
use crate::{base64, calendar};

const LINE_START: &str = "\u{2014} ";
/// Signature lines of one note that are looked at.
const MOST_SIGNATURES: usize = 64;
const ID_BYTES: usize = 4;
/// The year 9999, beyond which no moment is written.
const MOST_SECONDS: u64 = 253_402_300_800;

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

/// A checkpoint: which log, how large, which root, and who else saw it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: Digest,
    /// What can be said of its cosignatures.
    pub(crate) witnessed: String,
}

impl Checkpoint {
    /// What it says, for people.
    pub(crate) fn says(&self) -> String {
        format!("the log {} signed its first {} leaves; {}", self.origin, self.size, self.witnessed)
    }
}

/// Reads what a checkpoint says, without believing it.
pub(crate) fn body(note: &str) -> Result<Checkpoint, String> {
    let (body, _) = note.split_once("\n\n").ok_or("the checkpoint is not a signed note")?;
    let mut fields = body.split('\n');
    let mut field = || fields.next().ok_or("the checkpoint is too short");
    let (origin, size, root) = (field()?, field()?, field()?);
    if fields.next().is_some() {
        return Err("the checkpoint has lines that are not known here".to_owned());
    }
    let size = number(size).ok_or("the checkpoint has no size")?;
    let root = base64::decoded(root).and_then(|root| <[u8; BYTES]>::try_from(root).ok());
    let root = root.ok_or("the checkpoint has no root")?;
    Ok(Checkpoint { origin: origin.to_owned(), size, root, witnessed: String::new() })
}

/// Reads a checkpoint and checks that its log signed it, and under a policy that enough witnesses did.
pub(crate) fn checkpoint(note: &str, keys: &Keys) -> Result<Checkpoint, String> {
    let said = self::body(note)?;
    let origin = said.origin.as_str();
    let (body, lines) = note.split_once("\n\n").ok_or("the checkpoint is not a signed note")?;
    let text = format!("{body}\n");
    let lines = parsed(lines)?;
    let (own, others): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.name == origin);
    if own.is_empty() {
        return Err("the checkpoint is not signed by its log".to_owned());
    }
    own.iter().try_for_each(|line| holds(line, &text, origin, keys))?;
    let witnessed = match keys.policy() {
        Some(policy) => witnessed(policy, origin, &text, &others)?,
        None if others.is_empty() => "no witness".to_owned(),
        None => format!("{} other signatures, not checked without a policy", others.len()),
    };
    Ok(Checkpoint { witnessed, ..said })
}

/// What the witnesses of a policy say of a checkpoint. One whose signature is wrong spoils it, as the standard says.
fn witnessed(policy: &Policy, origin: &str, text: &str, lines: &[&Line<'_>]) -> Result<String, String> {
    if !policy.allows(origin) {
        return Err(format!("the policy does not name the log {origin}"));
    }
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for line in lines {
        let Some((name, key)) = policy.witness(line.name, line.id) else { continue };
        let time = cosigned(line, text, key)
            .ok_or_else(|| format!("the signature is not that of the witness {name}"))?;
        let last = seen.entry(name).or_insert(time);
        *last = time.max(*last);
    }
    let names: Vec<&str> = seen.keys().copied().collect();
    if !policy.is_met_by(&names.iter().copied().collect()) {
        return Err(match names.as_slice() {
            [] => "no witness of the policy signed it".to_owned(),
            some => format!("too few witnesses of the policy signed it: only {}", some.join(", ")),
        });
    }
    let moment = |seconds: &u64| {
        let micros = i64::try_from(*seconds).ok()?.checked_mul(1_000_000)?;
        Some(calendar::written(micros))
    };
    Ok(match seen.values().max().and_then(moment) {
        _ if policy.asks_nobody() => "the policy asks for no witness".to_owned(),
        Some(last) => format!("witnessed by {}, the last at {last}", names.join(", ")),
        None => "no witness".to_owned(),
    })
}

/// When a witness signed, if it did (C2SP tlog-cosignature, Ed25519).
fn cosigned(line: &Line<'_>, text: &str, key: &Key) -> Option<u64> {
    let (time, signature) = line.signature.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    // Far beyond every calendar: nobody saw anything then.
    let is_moment = (1..MOST_SECONDS).contains(&time);
    let message = format!("cosignature/v1\ntime {time}\n{text}");
    (is_moment && key.signed(message.as_bytes(), signature)).then_some(time)
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
    use crate::testing::Signer;

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

    const ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    fn body() -> String {
        format!("log.example\n3\n{ROOT}\n")
    }

    fn witnesses() -> [Signer; 3] {
        [1, 2, 3].map(|seed| Signer::witness(&format!("witness.example/{seed}"), seed))
    }

    fn two_of_three() -> Keys {
        let named: String = witnesses()
            .iter()
            .enumerate()
            .map(|(at, one)| format!("witness w{at} {}\n", one.vkey()))
            .collect();
        let policy = format!("{named}group enough 2 w0 w1 w2\nquorum enough\n");
        Keys::under_policy(&Signer::log("log.example", 9).vkey(), &policy).unwrap()
    }

    fn note(cosigned: &[String]) -> String {
        format!("{}\n{}{}", body(), Signer::log("log.example", 9).line(&body()), cosigned.concat())
    }

    #[test]
    fn a_checkpoint_with_cosignatures_holds_with_and_without_a_policy() {
        let all: Vec<String> = witnesses().iter().map(|one| one.cosigned(&body(), 1_780_315_200)).collect();
        let log_alone = Keys::parse(&Signer::log("log.example", 9).vkey()).unwrap();
        let says = checkpoint(&note(&all), &log_alone).unwrap().witnessed;
        assert_eq!(says, "3 other signatures, not checked without a policy");
        let says = checkpoint(&note(&all[..2]), &two_of_three()).unwrap().witnessed;
        assert_eq!(says, "witnessed by w0, w1, the last at 2026-06-01T12:00:00.000000Z");
    }

    #[test]
    fn too_few_witnesses_and_wrong_ones_do_not_hold() {
        let [one, two, _] = witnesses();
        let good = one.cosigned(&body(), 1_780_315_200);
        let others_text = two.cosigned("log.example\n4\nother\n", 1_780_315_200);
        let stranger = Signer::witness("witness.example/2", 8).cosigned(&body(), 1_780_315_200);
        let without_time = two.cosigned(&body(), 0);
        for (lines, says) in [
            (vec![], "no witness of the policy"),
            (vec![good.clone()], "too few"),
            (vec![good.clone(), stranger], "too few"),
            (vec![good.clone(), others_text], "not that of the witness w1"),
            (vec![good.clone(), without_time], "not that of the witness w1"),
            (vec![good.clone(), good.clone()], "too few"),
        ] {
            let found = checkpoint(&note(&lines), &two_of_three()).unwrap_err();
            assert!(found.contains(says), "{found}");
        }
    }

    #[test]
    fn a_policy_believes_the_logs_that_it_names_and_no_other() {
        let log = Signer::log("log.example", 9).vkey();
        let named = Keys::under_policy("", &format!("log {log}\nquorum none\n")).unwrap();
        assert_eq!(checkpoint(&note(&[]), &named).unwrap().witnessed, "the policy asks for no witness");
        let other = Signer::log("other.example", 7).vkey();
        let elsewhere = Keys::under_policy(&log, &format!("log {other}\nquorum none\n")).unwrap();
        assert!(checkpoint(&note(&[]), &elsewhere).unwrap_err().contains("does not name the log"));
    }
}
