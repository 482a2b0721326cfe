//! The monthly statement of an agency's media permissions: who could see media, on whose word, and how often each
//! person was shown a file. As canonical JSON, signed as receipts are, and as PDF with the JSON within. The same month
//! of the past makes the same bytes.

use domain::{AgencyId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::NoteSigner;
use print::{Attachment, Column, Cover, Document, Fit, Level, Moment, Table};
use serde_json::{Value, json};

use crate::package::canonical;
use crate::signed;

/// First line of the signed text. Nothing else that the house signs begins so.
const FIRST_LINE: &str = "clearinghouse media statement v1";
/// Name of the JSON within the PDF.
const ATTACHED: &str = "media-statement.json";
/// Why there is such a statement.
const DUTY: &str = "The number of people who are given access to any visual depiction is kept as small as possible \
    (18 U.S.C. 2258D(d)(1)).";

/// Everything that a statement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaStatement {
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// The first day of the month.
    pub month: Date,
    /// Every permission that held at some moment of it, in the order in which they were granted.
    pub permissions: Vec<Permitted>,
    /// How often each person was shown a file.
    pub looks: Vec<Looked>,
}

/// One permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permitted {
    /// Who may see media.
    pub person: PersonId,
    /// Who granted it.
    pub granted_by: PersonId,
    /// When.
    pub granted_at: Timestamp,
    /// When its time is over.
    pub until: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// How often somebody was shown a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Who.
    pub person: PersonId,
    /// Grey and blurred.
    pub grey: u64,
    /// Clear.
    pub clear: u64,
}

/// A statement that cannot be made. All of it is ours to mend.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The signer failed.
    #[error("the statement could not be signed")]
    Signing(#[source] ledger::Fault),
    /// The pages could not be written.
    #[error("the pages of a statement could not be written")]
    Pages(#[from] print::Fault),
}

/// A statement with its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    statement: MediaStatement,
    note: String,
}

impl MediaStatement {
    /// How many people could see media in that month.
    #[must_use]
    pub fn people(&self) -> usize {
        let people: std::collections::BTreeSet<_> = self.permissions.iter().map(|one| &one.person).collect();
        people.len()
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`Fault::Signing`].
    pub fn sign(mut self, signer: &dyn NoteSigner) -> Result<SignedStatement, Fault> {
        self.agency_name = crate::package::words::on_one_line(&self.agency_name);
        let digest = seal::hex(&seal::sha256(&canonical(&body(&self))));
        let text = format!("{FIRST_LINE}\nagency {}\nmonth {}\nsha256 {digest}\n", self.agency, month(&self));
        let note = signed::note(&text, signer).map_err(Fault::Signing)?;
        Ok(SignedStatement { statement: self, note })
    }
}

impl SignedStatement {
    /// What it says.
    #[must_use]
    pub const fn statement(&self) -> &MediaStatement {
        &self.statement
    }

    /// The canonical JSON, with the signature beside what it signs.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut value = body(&self.statement);
        value["signature"] = json!(self.note);
        canonical(&value)
    }

    /// Pages for people, with the JSON within.
    ///
    /// # Errors
    /// [`Fault::Pages`].
    pub fn to_pdf(&self) -> Result<Vec<u8>, Fault> {
        let statement = &self.statement;
        let mut pages = Document::new(cover(statement));
        pages.heading(Level::One, &title(statement))?;
        pages.field("Agency", &statement.agency_name, Fit::Wrap)?;
        pages.field("People who could see media", &statement.people().to_string(), Fit::Wrap)?;
        pages.paragraph(DUTY)?;
        pages.table(&permissions(statement))?;
        match statement.looks.is_empty() {
            true => pages.paragraph("Nobody was shown a file.")?,
            false => pages.table(&looks(statement))?,
        }
        pages.paragraph(&format!(
            "The signed statement for programs is the file {ATTACHED} within this document."
        ))?;
        for line in self.note.lines().filter(|line| line.starts_with('\u{2014}')) {
            pages.field("Signature", line, Fit::Code)?;
        }
        pages.attach(Attachment {
            name: ATTACHED.to_owned(),
            media_type: "application/json",
            says: "The signed statement for programs".to_owned(),
            bytes: self.to_json(),
        });
        Ok(pages.finish()?)
    }

    /// The name under which it is saved, without its ending.
    #[must_use]
    pub fn name(&self) -> String {
        format!("media-statement-{}-{}", self.statement.agency, month(&self.statement))
    }
}

fn month(statement: &MediaStatement) -> String {
    statement.month.strftime("%Y-%m").to_string()
}

fn title(statement: &MediaStatement) -> String {
    format!("Media permissions in {}", statement.month.strftime("%B %Y"))
}

fn body(statement: &MediaStatement) -> Value {
    let permission = |one: &Permitted| {
        json!({
            "person": one.person, "grantedBy": one.granted_by, "grantedAt": one.granted_at.to_string(),
            "until": one.until.to_string(), "revokedAt": one.revoked_at.map(|at| at.to_string()),
        })
    };
    let look = |one: &Looked| json!({ "person": one.person, "grey": one.grey, "clear": one.clear });
    json!({
        "schema": "urn:clearinghouse:schema:media-statement:1.0",
        "agency": statement.agency,
        "agencyName": statement.agency_name,
        "month": month(statement),
        "people": statement.people(),
        "permissions": statement.permissions.iter().map(permission).collect::<Vec<_>>(),
        "looks": statement.looks.iter().map(look).collect::<Vec<_>>(),
    })
}

fn cover(statement: &MediaStatement) -> Cover {
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    let day = statement.month;
    let moment = Moment {
        year: u16::try_from(day.year()).unwrap_or_default(),
        month: small(day.month()),
        day: small(day.day()),
        hour: 0,
        minute: 0,
        second: 0,
    };
    Cover {
        title: title(statement),
        language: "en-US".to_owned(),
        producer: "clearinghouse".to_owned(),
        moment,
        id: format!("media-statement/{}/{}", statement.agency, month(statement)),
        header: statement.agency_name.clone(),
        footer: title(statement),
    }
}

fn permissions(statement: &MediaStatement) -> Table {
    let day = |at: Timestamp| at.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%d").to_string();
    let row = |one: &Permitted| {
        let ended = one.revoked_at.map_or_else(|| day(one.until), |at| format!("{} (taken back)", day(at)));
        vec![one.person.to_string(), one.granted_by.to_string(), day(one.granted_at), ended]
    };
    Table {
        caption: "Who could see media".to_owned(),
        columns: columns(&["Person", "Granted by", "Granted", "Until"]),
        rows: statement.permissions.iter().map(row).collect(),
    }
}

fn looks(statement: &MediaStatement) -> Table {
    let row = |one: &Looked| vec![one.person.to_string(), one.grey.to_string(), one.clear.to_string()];
    Table {
        caption: "How often files were shown".to_owned(),
        columns: columns(&["Person", "Grey and blurred", "Clear"]),
        rows: statement.looks.iter().map(row).collect(),
    }
}

fn columns(titles: &[&str]) -> Vec<Column> {
    titles.iter().map(|title| Column { title: (*title).to_owned(), share: 100, fit: Fit::Wrap }).collect()
}
