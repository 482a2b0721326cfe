//! Bytes to text: UTF-8, ISO-8859-1 and US-ASCII. Anything else is refused with a text that says what to send.

use std::borrow::Cow;

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";
/// An XML declaration ends long before this.
const DECLARATION_BYTES: usize = 200;

/// Why bytes are not text, and at which byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotText {
    pub(super) offset: usize,
    pub(super) says: String,
}

/// The text of a document. A byte order mark goes before `charset`, the parameter of the Content-Type header, and
/// that goes before the XML declaration.
pub(super) fn decode<'a>(bytes: &'a [u8], charset: Option<&str>) -> Result<Cow<'a, str>, NotText> {
    if let Some(rest) = bytes.strip_prefix(UTF8_BOM) {
        return utf8(rest);
    }
    if bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\xFF\xFE") {
        return Err(unknown("UTF-16"));
    }
    let name = charset.map(|name| name.trim().trim_matches(['"', '\'']).to_owned());
    let name = name.filter(|name| !name.is_empty()).or_else(|| declared(bytes));
    match name.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("utf-8" | "utf8") => utf8(bytes),
        Some("us-ascii" | "ascii") => ascii(bytes),
        Some("iso-8859-1" | "latin1" | "iso8859-1") => Ok(latin1(bytes)),
        Some(other) => Err(unknown(other)),
    }
}

fn unknown(name: &str) -> NotText {
    let shown: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).take(40).collect();
    NotText {
        offset: 0,
        says: format!("The encoding '{shown}' is not supported. Send the document as UTF-8."),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    let says = "Invalid byte in a document that is read as UTF-8.";
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| NotText { offset: error.valid_up_to(), says: says.to_owned() })
}

fn ascii(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    match bytes.iter().position(|byte| !byte.is_ascii()) {
        None => utf8(bytes),
        Some(offset) => {
            Err(NotText { offset, says: "Invalid byte in a document that is read as US-ASCII.".to_owned() })
        }
    }
}

fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

/// The encoding that the XML declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    let start = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    let start = String::from_utf8_lossy(start);
    let declaration = start.strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote).map(|(name, _)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_order_mark_goes_before_the_header_and_the_header_before_the_declaration() {
        let declared = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>";
        assert!(decode(declared, None).unwrap().ends_with("<a>\u{E9}</a>"));
        assert!(decode(declared, Some("")).unwrap().ends_with("<a>\u{E9}</a>"));
        assert_eq!(decode(declared, Some("UTF-8")).unwrap_err().offset, 46);
        assert_eq!(decode(b"<a>\xE9</a>", Some("\"iso-8859-1\"")).unwrap(), "<a>\u{E9}</a>");
        assert_eq!(decode(b"\xEF\xBB\xBF<a>\xC3\xA9</a>", Some("iso-8859-1")).unwrap(), "<a>\u{E9}</a>");
    }

    #[test]
    fn an_encoding_that_we_cannot_read_is_named() {
        let utf16 = decode(b"\xFF\xFE<\0a\0", None).unwrap_err();
        assert_eq!(utf16.says, "The encoding 'UTF-16' is not supported. Send the document as UTF-8.");
        let declared = decode(b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a/>", None).unwrap_err();
        assert!(declared.says.contains("'windows-1252'"));
        assert_eq!(decode(b"a\x80", Some("us-ascii")).unwrap_err().offset, 1);
    }
}
