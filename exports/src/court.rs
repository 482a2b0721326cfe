//! A report as it is filed with a court: a whole copy to be filed under seal, and a copy for the public record out of
//! which everything is taken that names a child or may (18 USC 3509(d), R-42).
//!
//! What that is stands in a list, one line a field, and silence counts as naming a child. What was taken out of one field is
//! searched for in every other word. Then everything is searched once more, in the fields and in what was drawn of them with
//! outline and metadata; if anything is found there is neither copy. Deliberately absent: files' bytes, and finding names
//! that nobody wrote into a field or gave.

mod children;
mod fields;
mod letters;
mod note;
mod redaction;
mod values;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use domain::{Delivery, Dossier, DossierFile, Purpose, ReportId};
use formats::files::{AnyFiles, Each, Files};
use formats::package::{self, Contents, LEDGER_PROOF, Plan};
use formats::report_pdf::{self, MOST_FILES, Marks};
use ledger::NoteSigner;
use serde_json::{Value, json};

use crate::source::Source;
use redaction::Redaction;
use values::Values;

/// The name of both together in the ledger.
pub const EXPORT: &str = "court-filing";
/// The copy to be filed under seal.
pub const SEALED: &str = "court-sealed.pdf";
/// The copy for the public record.
pub const REDACTED: &str = "court-redacted.pdf";
/// What was withheld, in counts.
pub const NOTE: &str = "court-note.txt";

/// The most names that an agency gives beside those of the report.
pub const MOST_GIVEN: usize = 500;
/// The most values that are searched for: a report with more is redacted by hand.
const MOST_VALUES: usize = 200_000;
/// Whose a name is that the agency gave.
const GIVEN: &str = "a child named by the agency";

/// Why there is nothing to file.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Something that names a child would stand in the public copy. The place is said, and never the value.
    #[error("something that names a child would stand in {place}")]
    Stands {
        /// Where.
        place: String,
    },
    /// It names more than can be searched for.
    #[error("more than {MOST_VALUES} values of it, or {MOST_GIVEN} given names, name a child")]
    TooMany,
    /// What is left is not a report any more: a field that nobody decided about cannot be taken out.
    #[error("a field that has to be withheld cannot be taken out")]
    Shape(#[source] serde_json::Error),
    /// It could not be written.
    #[error("a copy for a court could not be written")]
    Written(#[from] io::Error),
}

/// Both copies, and what goes with them.
pub struct Filing {
    /// Each document with its name, in the order of the archive.
    pub documents: Vec<(&'static str, Vec<u8>)>,
    /// How often something was withheld, by field.
    pub withheld: BTreeMap<String, u32>,
    /// What the archive is made of: the redacted report, without any file.
    pub dossier: Dossier<Vec<DossierFile>>,
}

/// The name of the archive.
#[must_use]
pub fn name(report: ReportId) -> String {
    format!("{report}-{EXPORT}.zip")
}

impl Filing {
    /// Writes the archive: the documents, the proof of the making-available, the signed list. Answers what the ledger says of
    /// it: which documents left, and what was withheld in how many places.
    ///
    /// # Errors
    /// When it cannot be written or signed.
    pub fn archive(
        &self,
        (delivery, proof): (&Delivery, &str),
        software: &str,
        signer: &dyn NoteSigner,
        out: &mut dyn Write,
    ) -> Result<Value, package::Fault> {
        let (dossier, purpose) = (&self.dossier, Purpose::Investigation);
        let contents = Contents { dossier, delivery, purpose, software, withheld: &[] };
        let plan = Plan::new(&contents, out, signer, |texts| {
            self.documents.iter().try_for_each(|(name, bytes)| texts.put(name, |to| to.write_all(bytes)))?;
            texts.put(LEDGER_PROOF, |to| to.write_all(proof.as_bytes()))
        })?;
        let manifest_sha256 = seal::hex(plan.manifest_sha256());
        out.write_all(&plan.begin().finish()?).map_err(package::Fault::Archive)?;
        let left = |(name, bytes): &(&str, Vec<u8>)| json!({ "name": name, "sha256": seal::hex(&seal::sha256(bytes)) });
        Ok(json!({
            "export": EXPORT,
            "manifest_sha256": manifest_sha256,
            "members": self.documents.iter().map(left).collect::<Vec<_>>(),
            "withheld": self.withheld,
        }))
    }
}

/// Makes both copies, or neither. `given` are names of children that the agency knows and the report does not say.
///
/// # Errors
/// [`Fault`].
pub fn file(source: &Source<'_>, given: &[String]) -> Result<Filing, Fault> {
    let dossier = source.dossier;
    let titles = children::titles(&dossier.submission.people, dossier.received_at);
    let values = values_of(dossier, &titles, given)?;
    let mut redaction = Redaction::new(&values, &titles);
    let shown = dossier.files.each().take(MOST_FILES).collect::<io::Result<Vec<_>>>()?;
    let names: Vec<String> = shown.iter().map(|file| package::file_name(dossier.report, file)).collect();
    let mut part = redaction.redacted(parts(dossier, &shown)?, "", None);
    keep_endings(&mut part, &names);
    redaction.check(&part, "")?;

    let public_dossier = rebuilt(part.clone())?;
    let people = &public_dossier.submission.people;
    // What says that two entries are one person stands in no silent report, and is in our words all the same.
    let warnings = people.iter().filter_map(|person| package::role_warning(person, people));

    let (mut redacted, count) = (Vec::new(), dossier.files.count());
    let public = marks(dossier, false);
    let drawn = draw(source, (part.clone(), count), &public, &mut redacted)?;
    let ours = draw(source, (redaction::silent(part, ""), count), &public, &mut io::sink())?;
    redaction.check_drawn(&drawn, &ours.into_iter().chain(names).chain(warnings).collect::<HashSet<_>>())?;

    let mut sealed = Vec::new();
    let whole = marks(dossier, true);
    report_pdf::to_marked_pdf(dossier, (source.delivery, source.withheld), &whole, &mut sealed)?;
    let note = note::written(&note::Told {
        report: dossier.report,
        counts: redaction.counts(),
        values: (values.count(), values.nameless()),
        given: given.len(),
    });
    let documents = vec![(SEALED, sealed), (REDACTED, redacted), (NOTE, note.into_bytes())];
    let withheld = redaction.counts().0.clone();
    Ok(Filing { documents, withheld, dossier: public_dossier.keeping(|_| Vec::new()) })
}

/// Every value that names a child: those of the records of children, of what was found in them, and those given.
fn values_of(
    dossier: &Dossier<AnyFiles>,
    titles: &[Option<String>],
    given: &[String],
) -> Result<Values, Fault> {
    let mut values = Values::default();
    let records = || dossier.submission.people.iter().zip(titles);
    // A child's own record comes before that of somebody who may be one: the same value has one name.
    for is_sure in [true, false] {
        for (person, title) in records() {
            let Some(title) = title.as_ref().filter(|title| title.starts_with("Child") == is_sure) else {
                continue;
            };
            children::take_up(&mut values, &serde_json::to_value(person).map_err(Fault::Shape)?, title);
        }
    }
    for name in given {
        children::take_up_one(&mut values, name, "name", GIVEN);
    }
    for selector in dossier
        .selectors
        .iter()
        .filter(|one| one.role.is_some_and(|role| redaction::is_childs(role.as_str())))
    {
        let who = values.whose(selector.given.reveal()).unwrap_or(redaction::SOME_CHILD).to_owned();
        for value in [&selector.given, &selector.normal] {
            values.add(value.reveal(), selector.kind.as_str(), &who);
        }
    }
    if values.count() > MOST_VALUES || given.len() > MOST_GIVEN { Err(Fault::TooMany) } else { Ok(values) }
}

/// The report as one value, with as many of its files as pages show.
fn parts(dossier: &Dossier<AnyFiles>, shown: &[Cow<'_, DossierFile>]) -> Result<Value, Fault> {
    let Dossier {
        report,
        provider,
        provider_name,
        received_at,
        preserve_until,
        submission_sha256,
        submission,
        sender_profile,
        files: _,
        findings,
        selectors,
        priority,
        reasons,
        quality,
        related,
        deliveries,
        court_orders,
        rule_set,
    } = dossier;
    let mut parts = json!({
        "report": report,
        "provider": provider,
        "provider_name": provider_name,
        "received_at": received_at,
        "preserve_until": preserve_until,
        "submission_sha256": submission_sha256,
        "sender_profile": sender_profile,
        "priority": priority,
        "reasons": reasons,
        "quality": quality,
        "related": related,
        "deliveries": deliveries,
        "court_orders": court_orders,
        "rule_set": rule_set,
    });
    for (name, part) in [
        ("submission", serde_json::to_value(submission)),
        ("files", serde_json::to_value(shown)),
        ("findings", serde_json::to_value(findings)),
        ("selectors", serde_json::to_value(selectors)),
    ] {
        parts[name] = part.map_err(Fault::Shape)?;
    }
    Ok(parts)
}

/// Leaves a withheld name of a file its ending, where that says under which name the file is in the package.
fn keep_endings(part: &mut Value, names: &[String]) {
    let files = part["files"].as_array_mut().into_iter().flatten();
    for (file, name) in files.zip(names) {
        let Some((_, ending)) = name.rsplit_once('.') else { continue };
        for at in ["/uploaded_name", "/statement/file_name", "/statement/original_name"] {
            match file.pointer_mut(at) {
                Some(Value::String(label)) if label.ends_with(']') => *label = format!("{label}.{ending}"),
                _ => {}
            }
        }
    }
}

fn rebuilt(part: Value) -> Result<Dossier<Vec<DossierFile>>, Fault> {
    serde_json::from_value(part).map_err(Fault::Shape)
}

/// Draws a report of its parts, and answers every run of words that stands in it.
fn draw(
    source: &Source<'_>,
    (part, count): (Value, usize),
    marks: &Marks,
    out: &mut dyn Write,
) -> Result<Vec<String>, Fault> {
    let dossier = rebuilt(part)?.keeping(|shown| First { shown, count });
    Ok(report_pdf::to_marked_pdf(&dossier, (source.delivery, source.withheld), marks, out)?)
}

/// The files that pages show, of so many.
struct First {
    shown: Vec<DossierFile>,
    count: usize,
}

impl Files for First {
    fn count(&self) -> usize {
        self.count
    }

    fn each(&self) -> Each<'_> {
        Box::new(self.shown.iter().map(|file| Ok(Cow::Borrowed(file))))
    }
}

fn marks(dossier: &Dossier<AnyFiles>, is_sealed: bool) -> Marks {
    let report = dossier.report;
    match is_sealed {
        true => Marks {
            title: format!("Report {report}: FILED UNDER SEAL, 18 USC 3509(d)(2)"),
            footer: "FILED UNDER SEAL, 18 USC 3509(d)(2)".to_owned(),
            notice: "FILED UNDER SEAL. This copy discloses the names of children or other information concerning \
                children, and is filed under seal without a court order (18 USC 3509(d)(2)). It is disclosed only to \
                persons who, by reason of their participation in the proceeding, have reason to know it (18 USC \
                3509(d)(1)(A)(ii))."
                .to_owned(),
        },
        false => Marks {
            title: format!("Report {report}: redacted for the public record, 18 USC 3509(d)(2)"),
            footer: "REDACTED FOR THE PUBLIC RECORD, 18 USC 3509(d)(2)".to_owned(),
            notice: "REDACTED COPY FOR THE PUBLIC RECORD. Words in brackets stand where the name of a child, or other \
                information concerning a child, was taken out (18 USC 3509(d)(1)-(2)). The same child has the same \
                number throughout. The complete copy is filed under seal."
                .to_owned(),
        },
    }
}
