//! A document, written piece by piece: nothing of it is held.

use std::io::{self, Write};

use serde_json::Value;

/// Writes one document. Begin cases or not, put members and records, finish.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    place: Place,
    /// Nothing was put into the present list or object yet.
    first: bool,
    /// The document's list was begun; the case's was.
    has_list: bool,
    has_media: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the document's own members.
    Document,
    /// In the list of cases or records.
    List,
    /// In a case's own members.
    Case,
    /// In a case's records.
    Media,
}

impl<W: Write> Writer<W> {
    /// A document of this model.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(out: W, context: &str) -> io::Result<Self> {
        let mut writer = Self::bare(out);
        writer.member("@odata.context", &Value::from(context).to_string())?;
        Ok(writer)
    }

    /// A document without a member.
    pub const fn bare(out: W) -> Self {
        Self { out, place: Place::Document, first: true, has_list: false, has_media: false }
    }

    /// Puts a member into the present object; `json` is its value.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn member(&mut self, name: &str, json: &str) -> io::Result<()> {
        match self.place {
            Place::List => self.close("]", Place::Document)?,
            Place::Media => self.close("]", Place::Case)?,
            Place::Document | Place::Case => {}
        }
        self.comma(if self.place == Place::Document { "{" } else { "" })?;
        write!(self.out, "{}:{json}", Value::from(name))
    }

    /// Begins a case in the list.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn case_begins(&mut self) -> io::Result<()> {
        self.begin_list()?;
        self.comma("")?;
        self.out.write_all(b"{")?;
        (self.place, self.first, self.has_media) = (Place::Case, true, false);
        Ok(())
    }

    /// Ends the case.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn case_ends(&mut self) -> io::Result<()> {
        if !self.has_media {
            self.begin_media()?;
        }
        if self.place == Place::Media {
            self.close("]", Place::Case)?;
        }
        self.close("}", Place::List)
    }

    /// Puts a record: into the case that was begun, else into the list.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn record(&mut self, record: &Value) -> io::Result<()> {
        self.raw_record(&record.to_string())
    }

    /// The same for a record that is JSON already.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn raw_record(&mut self, json: &str) -> io::Result<()> {
        match self.place {
            Place::Document | Place::List => self.begin_list()?,
            Place::Case | Place::Media => self.begin_media()?,
        }
        self.comma("")?;
        self.out.write_all(json.as_bytes())
    }

    /// Ends the document and hands back where it went.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        if !self.has_list {
            self.begin_list()?;
        }
        if self.place == Place::List {
            self.close("]", Place::Document)?;
        }
        self.out.write_all(b"}\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn begin_list(&mut self) -> io::Result<()> {
        if self.place == Place::Document {
            self.comma("{")?;
            self.out.write_all(b"\"value\":[")?;
            (self.place, self.first, self.has_list) = (Place::List, true, true);
        }
        Ok(())
    }

    fn begin_media(&mut self) -> io::Result<()> {
        if self.place == Place::Case {
            self.comma("")?;
            self.out.write_all(b"\"Media\":[")?;
            (self.place, self.first, self.has_media) = (Place::Media, true, true);
        }
        Ok(())
    }

    fn close(&mut self, mark: &str, to: Place) -> io::Result<()> {
        (self.place, self.first) = (to, false);
        self.out.write_all(mark.as_bytes())
    }

    fn comma(&mut self, opening: &str) -> io::Result<()> {
        let mark = if self.first { opening } else { ",\n" };
        self.first = false;
        self.out.write_all(mark.as_bytes())
    }
}
