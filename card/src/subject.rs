//! The name of a card's subject: the UUID or the FASC-N in the alternative names, as FIPS 201 puts them there. Never the
//! common name, which any authority may write as it likes.

use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::{Oid, oid};
use x509_parser::extensions::GeneralName;

use crate::Wrong;

/// The alternative name that holds a FASC-N.
const FASC_N: Oid<'static> = oid!(2.16.840.1.101.3.6.6);
/// `[0] { OCTET STRING }` of 25 bytes, as the value of that name is written.
const FASC_N_HEAD: [u8; 4] = [0xa0, 27, 0x04, 25];
const FASC_N_BYTES: usize = 25;
const URN: &str = "urn:uuid:";
/// Alternative names that are looked at; a card has a handful.
const MOST_NAMES: usize = 32;

/// `uuid:…` where there is one, else `fasc-n:…`. A certificate that says two of a kind says neither.
pub(crate) fn of(certificate: &X509Certificate<'_>) -> Result<String, Wrong> {
    let names = certificate.subject_alternative_name().map_err(|_| Wrong::Unreadable)?;
    let names = names.map(|names| &names.value.general_names[..]).unwrap_or_default();
    if names.len() > MOST_NAMES {
        return Err(Wrong::Unreadable);
    }
    let uuid = only(names.iter().filter_map(uuid))?;
    let fasc_n = only(names.iter().filter_map(fasc_n))?;
    uuid.or(fasc_n).ok_or(Wrong::Nameless)
}

fn only(mut found: impl Iterator<Item = String>) -> Result<Option<String>, Wrong> {
    let first = found.next();
    if found.any(|other| Some(&other) != first.as_ref()) { Err(Wrong::Nameless) } else { Ok(first) }
}

fn uuid(name: &GeneralName<'_>) -> Option<String> {
    let GeneralName::URI(uri) = name else { return None };
    let (scheme, uuid) = uri.split_at_checked(URN.len())?;
    let sound = uuid.len() == 36
        && uuid.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    // A UUID of nothing but zeros is what makers of cards leave when they have none.
    let said = uuid.bytes().any(|byte| !matches!(byte, b'0' | b'-'));
    (scheme.eq_ignore_ascii_case(URN) && sound && said).then(|| format!("uuid:{}", uuid.to_ascii_lowercase()))
}

fn fasc_n(name: &GeneralName<'_>) -> Option<String> {
    let GeneralName::OtherName(kind, value) = name else { return None };
    let number = value.strip_prefix(&FASC_N_HEAD)?;
    (*kind == FASC_N && number.len() == FASC_N_BYTES).then(|| format!("fasc-n:{}", crate::judge::hex(number)))
}
