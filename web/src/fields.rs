//! Header fields that strangers write: what kind of text a body is, under which key a request may be repeated, what a
//! file's digest shall be. Each is read into a value or refused; nothing is guessed.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, header};

/// `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// `Repr-Digest` (RFC 9530).
pub const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");
/// `Upload-Metadata` of tus 1.0.
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
/// `Upload-Checksum` of tus 1.0.
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
/// Longest key.
pub const MOST_KEY_CHARS: usize = 255;
/// Longest field that is read.
const MOST_FIELD_BYTES: usize = 1024;
/// Longest metadata: a file's name may be 2,056 letters.
const MOST_METADATA_BYTES: usize = 16 << 10;
/// Words of metadata that are read.
const MOST_WORDS: usize = 32;

/// A field that is there and cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the header field {field} cannot be read")]
pub struct Unreadable {
    /// Its name, as it is spelt in documents.
    pub field: &'static str,
}

/// The media type of a request, lower case and without parameters, and its `charset`.
#[must_use]
pub fn media_type(headers: &HeaderMap) -> Option<(String, Option<String>)> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next()?.to_ascii_lowercase();
    let charset =
        parts.filter_map(|p| p.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    Some((kind, charset.map(|(_, value)| value.trim_matches('"').to_owned())))
}

/// The key under which a request may be repeated, when it has one. The standard writes it as a quoted string; clients
/// that leave the quotes out mean the same key.
///
/// # Errors
/// [`Unreadable`] for an empty or too long key, for other than visible ASCII, and for two fields.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Unreadable> {
    const UNREADABLE: Unreadable = Unreadable { field: "Idempotency-Key" };
    let Some(text) = only(headers, &IDEMPOTENCY_KEY, MOST_FIELD_BYTES, UNREADABLE)? else { return Ok(None) };
    let key = match text.strip_prefix('"') {
        Some(quoted) => unquoted(quoted).ok_or(UNREADABLE)?,
        None if text.contains(['"', ' ', ',', ';']) => return Err(UNREADABLE),
        None => text.to_owned(),
    };
    if key.is_empty() || key.chars().count() > MOST_KEY_CHARS { Err(UNREADABLE) } else { Ok(Some(key)) }
}

/// A string of structured fields (RFC 9651), behind its first quotation mark.
fn unquoted(text: &str) -> Option<String> {
    let mut letters = text.chars();
    let mut string = String::new();
    loop {
        match letters.next()? {
            '"' => break,
            '\\' => match letters.next()? {
                letter @ ('"' | '\\') => string.push(letter),
                _ => return None,
            },
            letter => string.push(letter),
        }
    }
    letters.as_str().is_empty().then_some(string)
}

/// What a file shall be, by its digests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileDigests {
    /// MD5.
    pub md5: Option<[u8; 16]>,
    /// SHA-1.
    pub sha1: Option<[u8; 20]>,
    /// SHA-256.
    pub sha256: Option<[u8; 32]>,
}

impl FileDigests {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The digests in `Repr-Digest`: `sha-256=:BASE64:`, also `sha` and `md5`. Others are passed over, but not all of them:
/// whoever asks for a check and gets none would think that there was one.
///
/// # Errors
/// [`Unreadable`] for what is no dictionary of digests, and when none of them is one that is computed here.
pub fn repr_digest(headers: &HeaderMap) -> Result<FileDigests, Unreadable> {
    const UNREADABLE: Unreadable = Unreadable { field: "Repr-Digest" };
    let Some(text) = only(headers, &REPR_DIGEST, MOST_FIELD_BYTES, UNREADABLE)? else {
        return Ok(FileDigests::default());
    };
    let mut found = FileDigests::default();
    for member in text.split(',') {
        let (name, value) = member.trim().split_once('=').ok_or(UNREADABLE)?;
        let bytes = value.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')).ok_or(UNREADABLE)?;
        let bytes = STANDARD.decode(bytes).map_err(|_| UNREADABLE)?;
        match name {
            "sha-256" => found.sha256 = Some(bytes.try_into().map_err(|_| UNREADABLE)?),
            "sha" => found.sha1 = Some(bytes.try_into().map_err(|_| UNREADABLE)?),
            "md5" => found.md5 = Some(bytes.try_into().map_err(|_| UNREADABLE)?),
            _ => {}
        }
    }
    if found.is_empty() { Err(UNREADABLE) } else { Ok(found) }
}

/// Digests as `Repr-Digest` writes them.
#[must_use]
pub fn written_digests(md5: &[u8], sha256: &[u8]) -> String {
    format!("sha-256=:{}:, md5=:{}:", STANDARD.encode(sha256), STANDARD.encode(md5))
}

/// The metadata of a resumable upload (tus 1.0 `Upload-Metadata`): words, each with a value in base64 or none.
///
/// # Errors
/// [`Unreadable`] for what is not base64 of text, for too many words and for one that stands twice.
pub fn upload_metadata(headers: &HeaderMap) -> Result<BTreeMap<String, String>, Unreadable> {
    const UNREADABLE: Unreadable = Unreadable { field: "Upload-Metadata" };
    let Some(text) = only(headers, &UPLOAD_METADATA, MOST_METADATA_BYTES, UNREADABLE)? else {
        return Ok(BTreeMap::new());
    };
    let mut found = BTreeMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (word, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = STANDARD.decode(value.trim()).map_err(|_| UNREADABLE)?;
        let value = String::from_utf8(value).map_err(|_| UNREADABLE)?;
        let is_new = found.insert(word.to_owned(), value).is_none();
        if !is_new || found.len() > MOST_WORDS {
            return Err(UNREADABLE);
        }
    }
    Ok(found)
}

/// The checksum of one request's bytes (tus 1.0 `Upload-Checksum`), when it has one.
///
/// # Errors
/// [`Unreadable`] for another algorithm than `sha1`, `sha256` and `md5`, and for what is not base64.
pub fn upload_checksum(headers: &HeaderMap) -> Result<Option<FileDigests>, Unreadable> {
    const UNREADABLE: Unreadable = Unreadable { field: "Upload-Checksum" };
    let Some(text) = only(headers, &UPLOAD_CHECKSUM, MOST_FIELD_BYTES, UNREADABLE)? else { return Ok(None) };
    let (name, value) = text.split_once(' ').ok_or(UNREADABLE)?;
    let bytes = STANDARD.decode(value.trim()).map_err(|_| UNREADABLE)?;
    let mut found = FileDigests::default();
    match name {
        "sha256" => found.sha256 = Some(bytes.try_into().map_err(|_| UNREADABLE)?),
        "sha1" => found.sha1 = Some(bytes.try_into().map_err(|_| UNREADABLE)?),
        "md5" => found.md5 = Some(bytes.try_into().map_err(|_| UNREADABLE)?),
        _ => return Err(UNREADABLE),
    }
    Ok(Some(found))
}

/// A count of bytes in a field (tus 1.0 `Upload-Length`, `Upload-Offset`), when it is there.
///
/// # Errors
/// [`Unreadable`] for anything but decimal digits within the range of lengths.
pub fn byte_count(headers: &HeaderMap, field: &'static str) -> Result<Option<u64>, Unreadable> {
    let unreadable = Unreadable { field };
    let name = HeaderName::from_bytes(field.as_bytes()).map_err(|_| unreadable)?;
    let Some(text) = only(headers, &name, MOST_FIELD_BYTES, unreadable)? else { return Ok(None) };
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let count = digits.then(|| text.parse::<i64>().ok()).flatten();
    count.and_then(|count| u64::try_from(count).ok()).map(Some).ok_or(unreadable)
}

/// The text of a field that may stand once.
fn only<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
    most_bytes: usize,
    unreadable: Unreadable,
) -> Result<Option<&'h str>, Unreadable> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().map_err(|_| unreadable)?.trim();
    let sound = values.next().is_none() && text.len() <= most_bytes && text.bytes().all(|b| b != b'\t');
    if sound { Ok(Some(text)) } else { Err(unreadable) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn with(name: HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn a_key_is_the_same_with_and_without_quotes() {
        let key = |value: &str| idempotency_key(&with(IDEMPOTENCY_KEY, &[value]));
        assert_eq!(key("\"8e03978e-40d5\"").unwrap().as_deref(), Some("8e03978e-40d5"));
        assert_eq!(key("8e03978e-40d5").unwrap().as_deref(), Some("8e03978e-40d5"));
        assert_eq!(key(r#""a \"b\" \\ c""#).unwrap().as_deref(), Some(r#"a "b" \ c"#));
        assert_eq!(idempotency_key(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_passed_over() {
        let long = "a".repeat(MOST_KEY_CHARS + 1);
        for value in ["", "\"\"", "\"open", "\"a\" b", "\"a\";p=1", "a b", "a,b", r#""\n""#, &long] {
            assert!(idempotency_key(&with(IDEMPOTENCY_KEY, &[value])).is_err(), "{value}");
        }
        assert!(idempotency_key(&with(IDEMPOTENCY_KEY, &["a", "a"])).is_err());
    }

    #[test]
    fn digests_are_read_as_the_standard_writes_them() {
        let text = "unknown=:AAAA:, md5=:XUFAKrxLKna5cZ2REBfFkg==:, \
                    sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:";
        let found = repr_digest(&with(REPR_DIGEST, &[text])).unwrap();
        assert_eq!(found.md5.map(|md5| md5[0]), Some(0x5d));
        assert_eq!(found.sha256.map(|sha256| sha256[0]), Some(0x2c));
        assert!(repr_digest(&HeaderMap::new()).unwrap().is_empty());
    }

    #[test]
    fn a_digest_that_cannot_be_checked_is_refused() {
        for value in ["", "sha-256", "sha-256=abc", "sha-256=:***:", "sha-256=:AAAA:", "sha-512=:AAAA:"] {
            assert!(repr_digest(&with(REPR_DIGEST, &[value])).is_err(), "{value}");
        }
    }

    #[test]
    fn the_metadata_of_an_upload_are_words_with_values_in_base64() {
        let of = |value: &str| upload_metadata(&with(UPLOAD_METADATA, &[value]));
        let found = of("id MTAwMDAwMQ==,filename YS50eHQ=, is_private").unwrap();
        assert_eq!(found["id"], "1000001");
        assert_eq!((found["filename"].as_str(), found["is_private"].as_str()), ("a.txt", ""));
        for value in ["id ***", "id MQ==,id MQ==", "id /w=="] {
            assert!(of(value).is_err(), "{value}");
        }
        assert!(of(&(0..=MOST_WORDS).map(|n| format!("w{n},")).collect::<String>()).is_err());
    }

    #[test]
    fn a_checksum_names_its_algorithm() {
        let of = |value: &str| upload_checksum(&with(UPLOAD_CHECKSUM, &[value]));
        assert_eq!(of("md5 XUFAKrxLKna5cZ2REBfFkg==").unwrap().unwrap().md5.unwrap()[0], 0x5d);
        assert_eq!(upload_checksum(&HeaderMap::new()), Ok(None));
        for value in ["", "md5", "md5 AAAA", "crc32 AAAA", "md5 ***"] {
            assert!(of(value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_count_of_bytes_is_digits() {
        let of = |value: &str| {
            byte_count(&with(HeaderName::from_static("upload-length"), &[value]), "Upload-Length")
        };
        assert_eq!(of("10737418240"), Ok(Some(10_737_418_240)));
        assert_eq!(byte_count(&HeaderMap::new(), "Upload-Length"), Ok(None));
        for value in ["", "-1", "+1", "1.0", "9223372036854775808", "0x10"] {
            assert!(of(value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_media_type_is_lower_case_and_its_charset_without_quotes() {
        let of = |value: &str| media_type(&with(header::CONTENT_TYPE, &[value])).unwrap();
        assert_eq!(of("Text/XML; charset=utf-8"), ("text/xml".to_owned(), Some("utf-8".to_owned())));
        assert_eq!(of("text/xml;Charset=\"UTF-8\""), ("text/xml".to_owned(), Some("UTF-8".to_owned())));
        assert_eq!(of("text/xml"), ("text/xml".to_owned(), None));
    }
}
