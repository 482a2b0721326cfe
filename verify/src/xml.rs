//! The receipt as XML, read back into the members of its JSON. Only the one form that receipts have is read, so the
//! signature over the JSON covers every byte of the XML too.

use serde_json::{Map, Value, json};

use crate::json::canonical;
use crate::note;

const HEAD: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<receipt xmlns=\"urn:clearinghouse:schema:receipt:1.0\">\n";
const SCHEMA: &str = "urn:clearinghouse:schema:receipt:1.0";

/// The members; says where it is not in its form.
pub(crate) fn members(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let mut cursor = Cursor(text);
    let read = cursor.receipt();
    let line = text[..text.len() - cursor.0.len()].lines().count() + 1;
    read.ok_or_else(|| format!("it is not in its form, at line {line}"))
}

/// What is still to be read.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn receipt(&mut self) -> Option<Map<String, Value>> {
        let mut all = Map::new();
        self.skip(HEAD)?;
        all.insert("schema".to_owned(), json!(SCHEMA));
        all.insert("report".to_owned(), json!(note::number(&self.element(1, "report")?)?));
        for name in ["provider", "providerName", "completedAt", "preserveUntil", "duty", "submissionSha256"] {
            all.insert(name.to_owned(), json!(self.element(1, name)?));
        }
        all.insert("documents".to_owned(), self.list("documents", "    <document")?);
        all.insert("files".to_owned(), self.list("files", "    <file")?);
        self.skip("  <ledger>\n")?;
        let (salt, event, proof) =
            (self.element(2, "salt")?, self.element(2, "event")?, self.element(2, "proof")?);
        self.skip("  </ledger>\n")?;
        let parsed: Value = serde_json::from_str(&event).ok()?;
        if canonical(&parsed)? != event.as_bytes() {
            return None;
        }
        all.insert("ledger".to_owned(), json!({ "salt": salt, "event": parsed, "proof": proof }));
        all.insert("signature".to_owned(), json!(self.element(1, "signature")?));
        self.skip("</receipt>\n")?;
        self.0.is_empty().then_some(all)
    }

    fn skip(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// The text of an element on this depth.
    fn element(&mut self, depth: usize, name: &str) -> Option<String> {
        self.skip(&"  ".repeat(depth))?;
        self.skip(&format!("<{name}>"))?;
        let end = self.0.find('<')?;
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        self.skip(&format!("</{name}>\n"))?;
        unescaped(text)
    }

    /// A list of empty elements with attributes.
    fn list(&mut self, name: &str, item: &str) -> Option<Value> {
        self.skip(&format!("  <{name}>\n"))?;
        let mut items = Vec::new();
        while self.0.starts_with(item) {
            self.skip(item)?;
            items.push(self.item()?);
        }
        self.skip(&format!("  </{name}>\n"))?;
        Some(Value::Array(items))
    }

    fn item(&mut self) -> Option<Value> {
        let mut item = Map::new();
        item.insert("position".to_owned(), json!(note::number(self.attribute("position")?)?));
        if self.0.starts_with(" file=") {
            item.insert("file".to_owned(), json!(self.attribute("file")?));
        }
        item.insert("size".to_owned(), json!(note::number(self.attribute("size")?)?));
        item.insert("sha256".to_owned(), json!(self.attribute("sha256")?));
        self.skip("/>\n")?;
        Some(Value::Object(item))
    }

    /// Ids, digests and numbers: nothing in them is escaped.
    fn attribute(&mut self, name: &str) -> Option<&'a str> {
        self.skip(&format!(" {name}=\""))?;
        let (value, rest) = self.0.split_once('"')?;
        self.0 = rest;
        value.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(value)
    }
}

/// The words behind the three escapes; `None` for anything that could be written in another way.
fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '>', '\r']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (letter, escape) = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")]
            .into_iter()
            .find(|(_, escape)| rest.starts_with(escape))?;
        plain.push(letter);
        rest = &rest[escape.len()..];
    }
    plain.push_str(rest);
    Some(plain)
}
