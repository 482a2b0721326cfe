//! The clearinghouse's own people under the gate: their counsel's ground, their media permission, their looks; what managers
//! are told of a look in an emergency; and a look that only a relaxation lets happen.

use std::sync::Arc;

use domain::{AgencyId, ApprovalKind, FileId, GroundId, Private, ReportId};
use jiff::{SignedDuration, Timestamp};
use policy::ground::Words;
use policy::permit::{ConfirmGround, GrantMedia, RecordGround, ViewMedia};
use policy::relaxation::{PROCESSORS, Relaxation, Which};
use policy::{Permit, Read, RuleSet, Texts, Viewer, ViewerRole, Withheld, access};
use store::approval;
use store::ground::{self, CounselGround, NewGround};
use store::media::{self, Asked, Manner, Shut, notice};
use store::person::Home;
use store::{Refusal, Result};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id, person_id as id, route_it};
use crate::{refusal, run};

const OWN: &str = AGENCIES[0].0;
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn staff(name: &str, role: ViewerRole) -> Viewer {
    Viewer::staff(id(name), role, true)
}

fn officer(name: &str, role: ViewerRole) -> Viewer {
    Viewer::person(id(name), agency_id(OWN), role, true)
}

/// A desk with people, and a report of two files that nobody viewed, which one agency has.
async fn staffed(desk: &Desk) -> (ReportId, Vec<FileId>) {
    for (name, role) in [
        ("supervisor", ViewerRole::Supervisor),
        ("counsel", ViewerRole::Counsel),
        ("analyst", ViewerRole::Analyst),
    ] {
        desk.hire(name, Home::House, role).await;
    }
    for (name, role) in [("officer", ViewerRole::Investigator), ("chief", ViewerRole::Commander)] {
        desk.hire(name, Home::Agency(agency_id(OWN)), role).await;
    }
    let report = desk.opened().await;
    let mut files = Vec::new();
    for number in 0..2 {
        files.push(desk.attached(report, format!("dull bytes {number}").as_bytes()).await);
    }
    desk.finish(report).await.unwrap();
    desk.act(move |act| route_it(act, report, domain::Priority::Routine)).await.unwrap();
    desk.deliver(report, OWN).await.unwrap();
    (report, files)
}

/// Counsel's ground for one file, asked by the supervisor and agreed to by counsel.
async fn counsels_word(
    desk: &Desk,
    report: ReportId,
    file: &FileId,
    agency: Option<AgencyId>,
) -> Result<GroundId> {
    let until = Some(desk.house.now() + HOUR);
    let ground =
        CounselGround { report, agency, files: vec![file.clone()], memo: "memo 26-7".to_owned(), until };
    let details = serde_json::to_value(&ground).unwrap();
    let asked = desk
        .by("supervisor", move |act| approval::ask(act, ApprovalKind::CounselGround, "report-1", &details));
    let approval = asked.await?;
    desk.by("counsel", move |act| {
        approval::approve(act, &approval)?;
        ground::record_agreed(act, &approval::take(act, &approval, ApprovalKind::CounselGround)?)
    })
    .await
}

async fn granted(desk: &Desk, by: Viewer, to: &'static str) -> Result<()> {
    let permit: Permit<GrantMedia> = access::permit(&by).unwrap();
    let until = desk.house.now() + HOUR * 24;
    let reason = Private::new("works media".to_owned());
    desk.act(move |act| media::grant(act, &permit, &id(to), until, &reason)).await
}

async fn asked(
    desk: &Desk,
    viewer: &Viewer,
    at: (ReportId, &FileId),
    secret: u8,
) -> Result<std::result::Result<(), Shut>> {
    let permit: Permit<ViewMedia> = access::permit(viewer).unwrap();
    let asked = Asked {
        report: at.0,
        file: at.1.clone(),
        manner: Manner::Grey,
        again: None,
        session: [7; 32],
        secret: [secret; 32],
    };
    desk.act(move |act| media::ask(act, &permit, &asked)).await
}

async fn served(
    desk: &Desk,
    viewer: &Viewer,
    secret: u8,
) -> Result<std::result::Result<Option<String>, Shut>> {
    let permit: Permit<ViewMedia> = access::permit(viewer).unwrap();
    let served = desk.act(move |act| media::serve(act, &permit, [secret; 32])).await?;
    Ok(served.map(|served| served.open.relaxation().map(str::to_owned)))
}

both_engines! {
    // PROVES: R-17 R-18 R-19
    fn our_own_people_look_under_the_same_gate_on_their_counsels_word_alone(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = staffed(&desk).await;
            let analyst = staff("analyst", ViewerRole::Analyst);
            assert_eq!(asked(&desk, &analyst, (report, &files[0]), 1).await.unwrap(), Err(Shut::Gate(Withheld::NoGround)));
            // A warrant of an agency and counsel's word for it open nothing to us.
            let warrant = NewGround {
                report, files: vec![files[0].clone()], from: desk.house.now(), until: Some(desk.house.now() + HOUR),
                words: Words::Warrant { court: "c".to_owned(), number: "n".to_owned(), scope: "s".to_owned() },
                document_sha256: None,
            };
            let records: Permit<RecordGround> = access::permit(&officer("officer", ViewerRole::Investigator)).unwrap();
            desk.act(move |act| ground::record(act, &records, &warrant)).await.unwrap();
            counsels_word(&desk, report, &files[0], Some(agency_id(OWN))).await.unwrap();
            assert_eq!(asked(&desk, &analyst, (report, &files[0]), 2).await.unwrap(), Err(Shut::Gate(Withheld::NoGround)));
            counsels_word(&desk, report, &files[0], None).await.unwrap();
            assert_eq!(asked(&desk, &analyst, (report, &files[0]), 3).await.unwrap(), Err(Shut::NoPermission));
            assert_eq!(
                refusal(granted(&desk, staff("supervisor", ViewerRole::Supervisor), "officer").await),
                Some(Refusal::NotFound)
            );
            granted(&desk, staff("supervisor", ViewerRole::Supervisor), "analyst").await.unwrap();
            asked(&desk, &analyst, (report, &files[0]), 4).await.unwrap().unwrap();
            assert_eq!(served(&desk, &analyst, 4).await.unwrap().unwrap(), None);
            // Its sibling stays shut, and an address of ours serves nobody of an agency.
            assert_eq!(asked(&desk, &analyst, (report, &files[1]), 5).await.unwrap(), Err(Shut::Gate(Withheld::NoGround)));
            asked(&desk, &analyst, (report, &files[0]), 6).await.unwrap().unwrap();
            let other = served(&desk, &officer("officer", ViewerRole::Investigator), 6).await;
            assert_eq!(refusal(other), Some(Refusal::NotFound));
            // It is over to the second.
            asked(&desk, &analyst, (report, &files[0]), 7).await.unwrap().unwrap();
            desk.house.advance(HOUR - SECOND);
            asked(&desk, &analyst, (report, &files[0]), 8).await.unwrap().unwrap();
            desk.house.advance(SECOND);
            assert_eq!(served(&desk, &analyst, 8).await.unwrap(), Err(Shut::Gate(Withheld::Expired)));
            // Every memorandum, for whomever, is seen at the desk.
            let reads: Permit<Read> = access::permit(&analyst).unwrap();
            let memos = desk.read(move |view| ground::of_report(view, &reads, report)).await.unwrap();
            // Both are of one moment, and then go by their names, which chance gave them.
            let mut whom: Vec<Option<AgencyId>> = memos.into_iter().map(|memo| memo.agency).collect();
            whom.sort();
            assert_eq!(whom, [None, Some(agency_id(OWN))]);
        });
    }

    // PROVES: R-17
    fn managers_are_told_of_an_emergency_look_until_another_of_them_has_read_it(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = staffed(&desk).await;
            desk.hire("deputy", Home::Agency(agency_id(OWN)), ViewerRole::Commander).await;
            let exigent = NewGround {
                report, files: vec![files[0].clone()], from: desk.house.now(), until: Some(desk.house.now() + HOUR),
                words: Words::Exigent { supervisor: "Lt. Example".to_owned(), reason: "in reach".to_owned() },
                document_sha256: None,
            };
            let records: Permit<RecordGround> = access::permit(&officer("officer", ViewerRole::Investigator)).unwrap();
            let recorded = desk.act(move |act| ground::record(act, &records, &exigent)).await.unwrap();
            let confirms = |name| -> Permit<ConfirmGround> {
                access::permit(&officer(name, ViewerRole::Commander)).unwrap()
            };
            let chief = confirms("chief");
            desk.act(move |act| ground::second(act, &chief, &recorded)).await.unwrap();
            granted(&desk, officer("deputy", ViewerRole::Commander), "chief").await.unwrap();
            let looker = officer("chief", ViewerRole::Commander);
            let told = async || {
                let permit = confirms("chief");
                desk.read(move |view| notice::list(view, &permit)).await.unwrap()
            };
            asked(&desk, &looker, (report, &files[0]), 1).await.unwrap().unwrap();
            assert!(told().await.is_empty(), "asking alone is no look");
            served(&desk, &looker, 1).await.unwrap().unwrap();
            let known = told().await;
            assert_eq!((known.len(), &known[0].person, &known[0].acknowledged), (1, &id("chief"), &None));
            let reads = async |name| {
                let (permit, notice) = (confirms(name), known[0].id.clone());
                desk.act(move |act| notice::acknowledge(act, &permit, &notice)).await
            };
            // Another agency's managers are told nothing, and nothing is there for them.
            let other = Viewer::person(id("stranger"), agency_id(AGENCIES[1].0), ViewerRole::Commander, true);
            let stranger: Permit<ConfirmGround> = access::permit(&other).unwrap();
            let (permit, notice) = (stranger.clone(), known[0].id.clone());
            assert!(desk.read(move |view| notice::list(view, &stranger)).await.unwrap().is_empty());
            let taken = desk.act(move |act| notice::acknowledge(act, &permit, &notice)).await;
            assert_eq!(refusal(taken), Some(Refusal::NotFound));
            assert_eq!(refusal(reads("chief").await), Some(Refusal::SamePerson));
            reads("deputy").await.unwrap();
            assert_eq!(refusal(reads("deputy").await), Some(Refusal::Conflict));
            assert_eq!(told().await[0].acknowledged.as_ref().map(|(by, _)| by), Some(&id("deputy")));
            desk.house.has_caused(&[store::EventKind::NoticeAcknowledged]).await;
            testkit::tamper::is_found(scratch, &["notice"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-17 R-19a
    fn a_look_that_a_relaxation_lets_happen_names_it_and_ends_with_it_to_the_second(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (report, files) = staffed(&desk).await;
            granted(&desk, officer("chief", ViewerRole::Commander), "officer").await.unwrap();
            let viewer = officer("officer", ViewerRole::Investigator);
            let until = desk.house.now() + HOUR;
            put_in_force(&[(Which::HashMatched, "matched"), (Which::Unanswered, "unanswered")], until);
            asked(&desk, &viewer, (report, &files[0]), 1).await.unwrap().unwrap();
            assert_eq!(served(&desk, &viewer, 1).await.unwrap().unwrap().as_deref(), Some("unanswered"));
            const NAMED: &str = "-- test::named
                SELECT relaxation FROM media_view WHERE served_at IS NOT NULL";
            let named: String = desk.read(|view| Ok(view.tx().get(NAMED, &database::Args::none())?)).await.unwrap();
            assert_eq!(named, "unanswered");
            // It is for that agency, and not for us.
            granted(&desk, staff("supervisor", ViewerRole::Supervisor), "analyst").await.unwrap();
            let ours = asked(&desk, &staff("analyst", ViewerRole::Analyst), (report, &files[0]), 2).await.unwrap();
            assert_eq!(ours, Err(Shut::Gate(Withheld::NoGround)));
            desk.house.advance(HOUR - SECOND);
            asked(&desk, &viewer, (report, &files[1]), 3).await.unwrap().unwrap();
            desk.house.advance(SECOND);
            assert_eq!(served(&desk, &viewer, 3).await.unwrap(), Err(Shut::Gate(Withheld::NoGround)));
        });
    }
}

/// Puts the shipped rules in force with these relaxations for one agency.
fn put_in_force(all: &[(Which, &str)], until: Timestamp) {
    let with = |texts: Texts, &(files, name): &(Which, &str)| {
        let relaxation = Relaxation {
            name: name.to_owned(),
            says: "a test".to_owned(),
            source: "memorandum".to_owned(),
            files,
            processors: [PROCESSORS[0].to_owned()].into(),
            agencies: [agency_id(OWN)].into(),
            house: false,
            from: until - HOUR,
            until,
        };
        texts.with(&format!("gate/{name}.toml"), Some(relaxation.text()))
    };
    let texts = all.iter().fold(Texts::shipped(), with);
    assert!(RuleSet::put_in_force(Arc::new(texts.read().unwrap())));
}
