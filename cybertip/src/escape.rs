//! Writing XML so that a reader gets back exactly what was written.

/// Stands for characters that XML 1.0 cannot carry, not even as a reference.
const UNWRITABLE: char = '\u{FFFD}';

/// `<name>`.
pub(super) fn open(xml: &mut String, name: &str) {
    xml.push('<');
    xml.push_str(name);
    xml.push('>');
}

/// `</name>`.
pub(super) fn close(xml: &mut String, name: &str) {
    xml.push_str("</");
    xml.push_str(name);
    xml.push('>');
}

/// Text between tags. A carriage return goes as a reference, or the reader would see a line feed.
pub(super) fn text(xml: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '\r' => xml.push_str("&#13;"),
            c => xml.push(if is_xml_char(c) { c } else { UNWRITABLE }),
        }
    }
}

/// A value between double quotes. White space other than a blank goes as a reference, or the reader would see blanks.
pub(super) fn attribute_value(xml: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '"' => xml.push_str("&quot;"),
            '\t' => xml.push_str("&#9;"),
            '\n' => xml.push_str("&#10;"),
            '\r' => xml.push_str("&#13;"),
            c => xml.push(if is_xml_char(c) { c } else { UNWRITABLE }),
        }
    }
}

/// Whether XML 1.0 allows this character at all.
pub(super) const fn is_xml_char(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        c => c >= ' ',
    }
}
