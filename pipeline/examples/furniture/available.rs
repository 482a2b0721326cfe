//! What the examples that take packages share: a report of many files that an agency has.

use domain::{AgencyId, FileId, FileStatement, Id as _, PersonId, ReportId, TriState};
use pipeline::intake::{Login, PartHeaders, begin_upload, finish};
use pipeline::{Tools, Viewer, worker};
use policy::{RuleSet, ViewerRole};
use store::agency::{self, Agency, Qualification};
use store::{House, delivery, document, evidence};

use crate::furniture::{act, opened};

/// A report of so many files that its provider viewed, each different, with its agency; and a prosecutor of that.
pub async fn available(house: &House, login: &Login, items: u32, bytes: usize) -> (ReportId, Viewer) {
    let agencies: Vec<Agency> =
        RuleSet::embedded().routing().directory().recipients().map(registered).collect();
    act(house, move |act| agencies.iter().try_for_each(|one| agency::put(act, one))).await;
    let number = described(house, login, items, bytes).await;
    let tools = Tools { atlas: geo::Atlas::default() };
    worker::drain(house, &tools).await.unwrap();
    (number, viewer(house, number).await)
}

fn registered(recipient: &policy::Recipient) -> Agency {
    let qualification = Qualification {
        fact: "on the list of this benchmark".to_owned(),
        verified_by: "operator".to_owned(),
        evidence: "none: synthetic".to_owned(),
        until: None,
    };
    Agency {
        id: recipient.id.clone(),
        name: recipient.name.clone(),
        class: recipient.class,
        relationship: recipient.relationship,
        state: recipient.state.clone(),
        qualification: Some(qualification),
        disabled_at: None,
    }
}

/// A finished report of so many files that its provider viewed, each different.
async fn described(house: &House, login: &Login, items: u32, bytes: usize) -> ReportId {
    let number = opened(house, login).await;
    for item in 0..items {
        let mut upload = begin_upload(house, login, Some(number)).await.unwrap();
        let mut content = vec![7; bytes.max(4)];
        content[..4].copy_from_slice(&item.to_be_bytes());
        upload.push(content.into()).await.unwrap();
        upload.finish(login, number, PartHeaders::default()).await.unwrap();
    }
    let permit = policy::access::pipeline_read();
    let files = house.read("bench::files", move |view| evidence::files(view, &permit, number)).await.unwrap();
    let provider = login.provider.clone();
    act(house, move |act| {
        files.iter().try_for_each(|file| {
            let received =
                document::Received { body: b"<fileDetails/>".to_vec(), content_type: "text/xml".to_owned() };
            evidence::describe(act, &provider, &viewed(number, &file.id), &received)
        })
    })
    .await;
    finish(house, login, number).await.unwrap();
    number
}

fn viewed(report: ReportId, file: &FileId) -> FileStatement {
    FileStatement {
        viewed: TriState::Yes,
        public: TriState::No,
        ..FileStatement::about(report, file.clone())
    }
}

/// A prosecutor of the agency that has the report.
async fn viewer(house: &House, number: ReportId) -> Viewer {
    let permit = policy::access::pipeline_read();
    let found = house.read("bench::holders", move |view| delivery::of_report(view, &permit, number)).await;
    let agency: AgencyId = found.unwrap().first().unwrap().agency.clone();
    Viewer::person(PersonId::parse("p-1").unwrap(), agency, ViewerRole::Prosecutor, true).proved_anew(true)
}
