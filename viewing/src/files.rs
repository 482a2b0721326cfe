//! The files of a report as the clearinghouse's own people work with them: what is known of each in words, what opens it,
//! and who else has the report. No byte of any.

use std::collections::HashMap;

use domain::{AgencyId, FileId, Purpose, ReportId, TriState};
use jiff::Timestamp;
use office::Trouble;
use policy::processor::RENDITION;
use policy::{FileFacts, Opening, Permit, Read, Scope, Viewer, Withheld, access, gate};
use serde_json::json;
use store::{Event, EventKind, House, Refusal, View, agency, delivery, evidence, report};

/// A report, as far as its files go.
#[derive(Debug, Clone)]
pub struct Held {
    /// The report.
    pub report: ReportId,
    /// Who sent it.
    pub provider: String,
    /// When it was finished.
    pub received_at: Option<Timestamp>,
    /// The agencies that have it, with their names.
    pub agencies: Vec<(AgencyId, String)>,
    /// Its files, in the order in which they came.
    pub files: Vec<HeldFile>,
}

/// One file of it.
#[derive(Debug, Clone)]
pub struct HeldFile {
    /// Its id.
    pub id: FileId,
    /// Its place.
    pub position: u32,
    /// Its length.
    pub size_bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// What its sender calls it.
    pub classification: Option<String>,
    /// Whether its sender viewed it.
    pub viewed: TriState,
    /// Whether it was public.
    pub public: TriState,
    /// In how many earlier reports the same bytes came.
    pub seen_before: u32,
    /// What opens it to the clearinghouse's own people, or why nothing does.
    pub opening: Result<Opening, Withheld>,
}

impl Held {
    /// The file at a place.
    #[must_use]
    pub fn file(&self, position: u32) -> Option<&HeldFile> {
        self.files.iter().find(|file| file.position == position)
    }
}

/// The files of a report. The reading is in the ledger first.
///
/// # Errors
/// A denial for whoever does not work reports here; "no such thing"; a fault.
pub async fn of_report(house: &House, viewer: &Viewer, number: ReportId) -> Result<Held, Trouble> {
    let permit = access::permit::<Read>(viewer)?;
    if *permit.scope() != Scope::House {
        return Err(Refusal::NotFound.into());
    }
    let noted = house.act(viewer.actor.clone(), Purpose::Pipeline, "files::note", {
        let permit = permit.clone();
        move |act| {
            report::get(act, &permit, number)?;
            act.note(Event::of_report(EventKind::ReportRead, number).with(json!({ "rule": permit.rule() })))?;
            Ok(())
        }
    });
    noted.await?;
    Ok(house.read("files", move |view| gather(view, &permit, number)).await?)
}

fn gather(view: &View<'_>, permit: &Permit<Read>, number: ReportId) -> store::Result<Held> {
    let summary = report::get(view, permit, number)?;
    let deliveries = delivery::of_report(view, permit, number)?;
    let agencies = deliveries.into_iter().map(|one| {
        let name = agency::get(view, &one.agency)?.name;
        Ok((one.agency, name))
    });
    let agencies = agencies.collect::<store::Result<_>>()?;
    let facts: HashMap<FileId, FileFacts> =
        evidence::facts(view, permit, number)?.into_iter().map(|one| (one.file.clone(), one)).collect();
    let seen: HashMap<FileId, u32> = evidence::seen_before(view, permit, number)?.into_iter().collect();
    let held = |file: evidence::File| {
        let facts = facts.get(&file.id).ok_or(Refusal::FileNotFound)?;
        Ok(HeldFile {
            position: file.position,
            size_bytes: file.size_bytes,
            sha256: seal::hex(&file.sha256),
            classification: file.statement.and_then(|statement| statement.classification),
            viewed: facts.viewed,
            public: facts.public,
            seen_before: seen.get(&file.id).copied().unwrap_or(0),
            opening: if facts.retained {
                gate::opening(facts, &RENDITION)
            } else {
                Err(Withheld::NotRetained)
            },
            id: file.id,
        })
    };
    let files = evidence::files(view, permit, number)?.into_iter().map(held).collect::<store::Result<_>>()?;
    Ok(Held {
        report: number,
        provider: summary.provider_name,
        received_at: summary.finished_at,
        agencies,
        files,
    })
}
