//! Directory, library and requests: who keeps what, who reads what, and what happens when two write at once.

use casework::directory::{self, Contact, HOLDS, Words};
use casework::library::{self, NewVersion};
use casework::request::{self, Message, NewRequest, Request};
use domain::ReportId;
use domain::portal::{Duty, RequestId, RequestKind, RequestState, Shelf};
use policy::access::{self, Action, Space};
use policy::permit::{KeepPortal, UsePortal};
use policy::{Permit, Viewer, ViewerRole};
use store::{EventKind, Refusal, Result};
use testkit::both_engines;

use crate::desk::Desk;
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

fn staff<Kind: access::Grants>(role: ViewerRole) -> Permit<Kind> {
    access::permit(&Viewer::staff(person_id("ana"), role, true)).unwrap()
}

fn duty_desk(phone: &str) -> Words {
    let [desk, phone] = ["Duty desk", phone].map(str::to_owned);
    Words { desk, phone, ..Words::default() }
}

async fn listed(desk: &Desk) -> Vec<Contact> {
    let sees: Permit<UsePortal> = permit("cyd", OTHER);
    desk.read(move |view| directory::list(view, &sees)).await.unwrap()
}

async fn keeps<T: Send + 'static>(
    desk: &Desk,
    (who, agency): (&'static str, &'static str),
    mut work: impl FnMut(&store::Act<'_>, &Permit<KeepPortal>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let keeps: Permit<KeepPortal> = permit(who, agency);
    by(desk, (who, agency), move |act| work(act, &keeps)).await
}

const CHIEF: (&str, &str) = ("chief-1", OWN);
const ANN: (&str, &str) = ("ann", OWN);

fn text(title: &str, bytes: &[u8], follows: Option<(String, u32)>) -> NewVersion {
    NewVersion {
        follows,
        shelf: Shelf::Training,
        title: title.to_owned(),
        summary: "For new officers".to_owned(),
        file_name: "guide.txt".to_owned(),
        media_type: "text/plain; charset=utf-8",
        bytes: bytes.to_vec(),
        sha256: seal::sha256(bytes),
    }
}

async fn put(desk: &Desk, new: NewVersion) -> Result<String> {
    let right = access::right(&Viewer::OPERATOR, Action::KeepPortal, &Space::House).unwrap();
    desk.act(move |act| library::add(act, &right, &new)).await
}

async fn asked(desk: &Desk, report: Option<ReportId>) -> Result<RequestId> {
    let uses: Permit<UsePortal> = permit(ANN.0, ANN.1);
    let number = RequestId::from(store::number::next(&desk.house).await.unwrap());
    let [subject, words] = ["A dull question", "What does this mean?"].map(str::to_owned);
    let new = NewRequest { kind: RequestKind::MoreData, report, subject, words };
    by(desk, ANN, move |act| request::open(act, &uses, number, &new)).await.map(|()| number)
}

async fn seen(desk: &Desk, sees: Permit<UsePortal>, number: RequestId) -> Result<(Request, Vec<Message>)> {
    desk.read(move |view| request::get(view, &sees, number)).await
}

async fn answers(desk: &Desk, seen: (RequestId, u32), words: &'static str) -> Result<()> {
    let uses: Permit<UsePortal> = staff(ViewerRole::Analyst);
    desk.by("ana", move |act| request::write(act, &uses, seen, words)).await
}

both_engines! {
    fn a_contact_is_confirmed_once_a_year_by_its_own_home_and_marked_until_it_is(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let id = keeps(&desk, CHIEF, |act, keeps| directory::add(act, keeps, Duty::DutyDesk, &duty_desk("555-0100")));
            let id = id.await.unwrap();
            let shown = listed(&desk).await.remove(0);
            assert_eq!((shown.id.as_str(), shown.words.phone.as_str(), shown.version), (id.as_str(), "555-0100", 1));
            assert!(!shown.is_stale(desk.house.now()));
            desk.house.advance(HOLDS);
            assert!(listed(&desk).await[0].is_stale(desk.house.now()));
            // Nobody of another agency says that it holds, and no officer without the right is given a permit.
            let name = id.clone();
            let strange = keeps(&desk, ("chief-2", OTHER), move |act, keeps| directory::confirm(act, keeps, (&name, 1)));
            assert_eq!(refusal(strange.await), Some(Refusal::NotFound));
            let ann = Viewer::person(person_id("ann"), crate::desk::agency_id(OWN), ViewerRole::Investigator, true);
            assert!(access::permit::<KeepPortal>(&ann).is_err());
            let name = id.clone();
            keeps(&desk, CHIEF, move |act, keeps| directory::confirm(act, keeps, (&name, 1))).await.unwrap();
            assert!(!listed(&desk).await[0].is_stale(desk.house.now()));
            // A form that was made before somebody else's change says so.
            let change = |version| {
                let name = id.clone();
                move |act: &store::Act<'_>, keeps: &Permit<KeepPortal>| {
                    directory::change(act, keeps, (&name, version), Duty::LegalProcess, &duty_desk("555-0101"))
                }
            };
            assert_eq!(refusal(keeps(&desk, CHIEF, change(1)).await), Some(Refusal::Conflict));
            keeps(&desk, CHIEF, change(2)).await.unwrap();
            let shown = listed(&desk).await.remove(0);
            assert_eq!((shown.duty, shown.words.phone.as_str(), shown.version), (Duty::LegalProcess, "555-0101", 3));
            let mute = keeps(&desk, CHIEF, |act, keeps| directory::add(act, keeps, Duty::Command, &duty_desk(" ")));
            assert_eq!(refusal(mute.await), Some(Refusal::Unfit { what: "contact" }));
            keeps(&desk, CHIEF, move |act, keeps| directory::remove(act, keeps, (&id, 3))).await.unwrap();
            assert_eq!(listed(&desk).await, []);
            let caused = [EventKind::DirectoryPut, EventKind::DirectoryConfirmed, EventKind::DirectoryRemoved];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["directory_contact"], async || desk.house.wrong().await).await;
        });
    }

    fn a_document_is_read_in_every_version_until_it_is_withdrawn(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            // More than one piece, and no multiple of one.
            let long: Vec<u8> = (0_u32..700_000).map(|at| b'a' + (at % 23) as u8).collect();
            let id = put(&desk, text("Guide", &long, None)).await.unwrap();
            put(&desk, text("Guide, second", b"dull", Some((id.clone(), 1)))).await.unwrap();
            let late = put(&desk, text("Guide, also second", b"dull", Some((id.clone(), 1)))).await;
            assert_eq!(refusal(late), Some(Refusal::Conflict));
            let reads: Permit<UsePortal> = permit(ANN.0, ANN.1);
            let (sees, name) = (reads.clone(), id.clone());
            let versions = desk.read(move |view| library::versions(view, &sees, &name)).await.unwrap();
            assert_eq!(versions.iter().map(|one| one.version).collect::<Vec<_>>(), [2, 1]);
            for (version, bytes) in [(1, long), (2, b"dull".to_vec())] {
                let (sees, name) = (reads.clone(), id.clone());
                let (volume, taken) =
                    by(&desk, ANN, move |act| library::take(act, &sees, (&name, version))).await.unwrap();
                assert!(taken == bytes && seal::sha256(&taken) == volume.sha256);
            }
            let right = access::right(&Viewer::OPERATOR, Action::KeepPortal, &Space::House).unwrap();
            let name = id.clone();
            desk.act(move |act| library::withdraw(act, &right, &name)).await.unwrap();
            let (sees, name) = (reads.clone(), id.clone());
            let gone = by(&desk, ANN, move |act| library::take(act, &sees, (&name, 1))).await;
            assert_eq!(refusal(gone), Some(Refusal::NotFound));
            assert_eq!(desk.read(move |view| library::list(view, &reads)).await.unwrap(), []);
            // An agency's commander keeps contacts, and no library.
            let chief = Viewer::person(person_id("chief-1"), crate::desk::agency_id(OWN), ViewerRole::Commander, true);
            assert!(access::right(&chief, Action::KeepPortal, &Space::House).is_err());
            desk.house.has_caused(&[EventKind::LibraryGrew, EventKind::LibraryRead, EventKind::LibraryWithdrawn]).await;
            testkit::tamper::is_found(scratch, &["library_document", "library_version"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-36
    fn a_request_is_read_by_its_two_sides_and_by_nobody_else(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (own, others) = (desk.delivered_to(OWN).await, desk.delivered_to(OTHER).await);
            assert_eq!(refusal(asked(&desk, Some(others)).await), Some(Refusal::NotFound));
            let number = asked(&desk, Some(own)).await.unwrap();
            let (one, messages) = seen(&desk, permit("bob", OWN), number).await.unwrap();
            assert_eq!((one.state, one.report, messages[0].words.as_str()),
                (RequestState::WaitsForHouse, Some(own), "What does this mean?"));
            assert_eq!(refusal(seen(&desk, permit("cyd", OTHER), number).await), Some(Refusal::NotFound));
            let theirs: Permit<UsePortal> = permit("cyd", OTHER);
            assert_eq!(desk.read(move |view| request::list(view, &theirs, false)).await.unwrap(), []);
            let reads: Permit<UsePortal> = staff(ViewerRole::Counsel);
            desk.by("ana", move |act| request::read(act, &reads, number)).await.unwrap();
            let waiting: Permit<UsePortal> = staff(ViewerRole::Analyst);
            assert_eq!(desk.read(move |view| request::list(view, &waiting, false)).await.unwrap(), [one]);
            let auditor = Viewer::staff(person_id("aud"), ViewerRole::Auditor, true);
            assert!(access::permit::<UsePortal>(&auditor).is_err());
            desk.house.has_caused(&[EventKind::RequestOpened, EventKind::RequestRead]).await;
        });
    }

    fn a_thread_says_whose_turn_it_is_and_of_two_who_write_at_once_the_second_is_told(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let number = asked(&desk, None).await.unwrap();
            answers(&desk, (number, 1), "It means nothing.").await.unwrap();
            assert_eq!(refusal(answers(&desk, (number, 1), "It means much.").await), Some(Refusal::Conflict));
            let (one, messages) = seen(&desk, permit(ANN.0, ANN.1), number).await.unwrap();
            assert_eq!((one.state, one.version, one.analyst.clone()),
                (RequestState::WaitsForAgency, 2, Some(person_id("ana"))));
            assert_eq!(messages.iter().map(|one| (one.position, one.by_agency)).collect::<Vec<_>>(),
                [(1, true), (2, false)]);
            let ann = |version, words: &'static str| {
                let uses: Permit<UsePortal> = permit(ANN.0, ANN.1);
                by(&desk, ANN, move |act| match words {
                    "" => request::close(act, &uses, (number, version)),
                    words => request::write(act, &uses, (number, version), words),
                })
            };
            ann(2, "").await.unwrap();
            assert_eq!(refusal(ann(3, "").await), Some(Refusal::Closed));
            // Whoever writes into a closed one opens it again.
            ann(3, "And this?").await.unwrap();
            let (one, messages) = seen(&desk, staff(ViewerRole::Analyst), number).await.unwrap();
            assert_eq!((one.state, messages.len()), (RequestState::WaitsForHouse, 3));
            let blank = by(&desk, ANN, {
                let uses: Permit<UsePortal> = permit(ANN.0, ANN.1);
                move |act| request::write(act, &uses, (number, 4), " \n")
            });
            assert_eq!(refusal(blank.await), Some(Refusal::Unfit { what: "message" }));
            desk.house.has_caused(&[EventKind::RequestWorked]).await;
            testkit::tamper::is_found(scratch, &["portal_request", "portal_message"], async || desk.house.wrong().await).await;
        });
    }
}
