//! The header fields of requests: credentials, kinds of text, keys, digests, metadata, counts.

use http::{HeaderMap, HeaderName, HeaderValue};
use web::basic_credentials;
use web::fields::{
    FileDigests, MOST_KEY_CHARS, byte_count, idempotency_key, media_type, repr_digest, upload_checksum,
    upload_metadata, written_digests,
};

/// Values to begin mutations from, each in its field.
pub const SEEDS: &[(&str, &[u8])] = &[
    ("authorization", b"Basic dXNyMTIzOnBzOndkMTIz"),
    ("content-type", b"text/xml; charset=\"utf-8\""),
    ("content-type", b"multipart/form-data; boundary=----formdata-undici-047316850294"),
    ("idempotency-key", b"\"8e03978e-40d5-43dd-bc93-6894a57f9324\""),
    ("idempotency-key", br#""a \"b\" \\ c""#),
    (
        "repr-digest",
        b"sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:, md5=:XUFAKrxLKna5cZ2REBfFkg==:",
    ),
    ("upload-metadata", b"id MTAwMDAwMQ==,filename YS50eHQ=, is_private"),
    ("upload-checksum", b"sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00="),
    ("upload-length", b"10737418240"),
];

/// Reads `value` in every field that a stranger may send it in.
///
/// # Panics
/// When a promise is broken: that is what a fuzzing engine looks for.
pub fn any(value: &[u8]) {
    // What is no field value does not pass the door of the HTTP library.
    let Ok(value) = HeaderValue::from_bytes(value) else { return };
    let fields = SEEDS.iter().map(|(name, _)| HeaderName::from_static(name));
    let headers: HeaderMap = fields.map(|name| (name, value.clone())).collect();
    if let Some(given) = basic_credentials(&headers) {
        assert!(!given.username.contains(':'), "the name ends at the first colon");
        assert!(!format!("{given:?}").contains(&given.secret) || given.username.contains(&given.secret));
    }
    if let Some((kind, _)) = media_type(&headers) {
        assert!(!kind.contains(';') && kind == kind.to_ascii_lowercase(), "{kind}");
    }
    key(&headers, &value);
    digests(&headers);
    if let Ok(words) = upload_metadata(&headers) {
        assert!(words.len() <= 32);
    }
    if let Ok(Some(found)) = upload_checksum(&headers) {
        assert!(!found.is_empty());
    }
    if let Ok(Some(count)) = byte_count(&headers, "Upload-Length") {
        assert!(i64::try_from(count).is_ok());
    }
}

/// A key that is read can be written as the standard wants it and is the same key then.
fn key(headers: &HeaderMap, value: &HeaderValue) {
    match idempotency_key(headers) {
        Ok(Some(key)) => {
            assert!(!key.is_empty() && key.chars().count() <= MOST_KEY_CHARS);
            let quoted = format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""));
            let again = HeaderValue::from_str(&quoted).map(|value| with("idempotency-key", value));
            assert_eq!(again.ok().map(|headers| idempotency_key(&headers)), Some(Ok(Some(key))));
        }
        Ok(None) => panic!("a key that was sent is never passed over: {value:?}"),
        Err(_) => {}
    }
}

/// Digests that are read say what was sent.
fn digests(headers: &HeaderMap) {
    let Ok(found) = repr_digest(headers) else { return };
    assert!(!found.is_empty(), "whoever asks for a check gets one");
    if let FileDigests { md5: Some(md5), sha256: Some(sha256), .. } = found {
        let again = HeaderValue::from_str(&written_digests(&md5, &sha256));
        let again = again.map(|value| repr_digest(&with("repr-digest", value)));
        let expected = FileDigests { md5: Some(md5), sha1: None, sha256: Some(sha256) };
        assert_eq!(again.ok(), Some(Ok(expected)));
    }
}

fn with(name: &'static str, value: HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([(HeaderName::from_static(name), value)])
}
