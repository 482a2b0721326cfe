//! The fields of one part: what its sender calls it, and says that it is.

use http::{HeaderName, HeaderValue};

/// The fields of a part are never longer together.
pub const MOST_HEAD_BYTES: usize = 16 << 10;
/// Nor are they more.
const MOST_FIELDS: usize = 32;

/// The fields of one part, as far as anybody asks for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    name: Option<String>,
    file_name: Option<String>,
    content_type: Option<String>,
    encoding: Option<String>,
}

impl Head {
    /// Reads what stands between a delimiter and the empty line: padding up to the end of the first line, then fields,
    /// each ended by CR LF.
    pub(super) fn parse(block: &[u8]) -> Option<Self> {
        let mut lines = block.strip_suffix(b"\r\n")?.split(|byte| *byte == b'\n');
        let padding = lines.next()?;
        let padding = padding.strip_suffix(b"\r").unwrap_or(padding);
        if padding.iter().any(|byte| !matches!(byte, b' ' | b'\t')) {
            return None;
        }
        let mut head = Self::default();
        for (count, line) in lines.enumerate() {
            if count == MOST_FIELDS {
                return None;
            }
            head.field(line.strip_suffix(b"\r").unwrap_or(line))?;
        }
        Some(head)
    }

    fn field(&mut self, line: &[u8]) -> Option<()> {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        let name = HeaderName::from_bytes(name).ok()?;
        HeaderValue::from_bytes(value).ok()?;
        let text = || std::str::from_utf8(value).ok().map(str::to_owned);
        match name.as_str() {
            "content-disposition" => {
                // A file whose name is not UTF-8 is a file still.
                let word = |wanted: &str| String::from_utf8(parameter(value, wanted)?).ok();
                (self.name, self.file_name) = (word("name"), word("filename"));
            }
            "content-type" => self.content_type = text(),
            "content-transfer-encoding" => self.encoding = text(),
            _ => {}
        }
        Some(())
    }

    /// The name of its field.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What its file is called; browsers send an empty name where none was chosen.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref().filter(|name| !name.is_empty())
    }

    /// What its sender says that it is.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// `Content-Transfer-Encoding`, which RFC 7578 takes away and old clients send; nothing is decoded.
    #[must_use]
    pub fn encoding(&self) -> Option<&str> {
        self.encoding.as_deref()
    }
}

/// One parameter of `Content-Disposition`. Quoted words may hold `\"`; any other backslash is part of a name, as old
/// browsers send whole paths.
fn parameter(value: &[u8], wanted: &str) -> Option<Vec<u8>> {
    let mut rest = after(value, b';')?;
    loop {
        let equals = rest.iter().position(|byte| *byte == b'=')?;
        let name = rest[..equals].trim_ascii();
        let (word, then) = word(rest[equals + 1..].trim_ascii_start())?;
        if name.eq_ignore_ascii_case(wanted.as_bytes()) {
            return Some(word);
        }
        rest = after(then, b';')?;
    }
}

/// A quoted or a bare word, and what follows it.
fn word(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|byte| *byte == b';').unwrap_or(text.len());
        return Some((text[..end].trim_ascii_end().to_vec(), &text[end..]));
    };
    let (mut word, mut bytes) = (Vec::new(), quoted.iter().copied().enumerate().peekable());
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some((word, &quoted[at + 1..])),
            b'\\' if bytes.next_if(|(_, next)| *next == b'"').is_some() => word.push(b'"'),
            byte => word.push(byte),
        }
    }
    None
}

fn after(text: &[u8], byte: u8) -> Option<&[u8]> {
    text.iter().position(|found| *found == byte).map(|at| &text[at + 1..])
}
