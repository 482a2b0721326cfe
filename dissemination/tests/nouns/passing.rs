//! Criminal justice information on its way out: to validated requesters alone, with everything on record.

use casework::entry::{self, EntryWords, NewEntry, Terms};
use casework::{Keeper, casefile, member};
use dissemination::passing::{self, MOST_LETTERS, NewPassing, Passing, Words};
use domain::{AgencyId, CaseId, CredentialId, EntryKind, Id, MemberLevel, Purpose, StatusReason};
use jiff::SignedDuration;
use policy::permit::KeepCases;
use policy::{Permit, Viewer, access};
use store::{EventKind, Refusal, Result, agency, number};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id, agency_of};
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

const ANN: (&str, &str) = ("ann", OWN);
const BOB: (&str, &str) = ("bob", OWN);
const FEDERAL: &str = AGENCIES[2].0;
const FOREIGN: &str = AGENCIES[3].0;

fn keeper((who, agency): (&str, &str)) -> Keeper {
    let keeps: Permit<KeepCases> = permit(who, agency);
    Keeper::new(keeps, None)
}

/// A case of Ann's with a subject, labelled or not.
async fn case_with(desk: &Desk, cji: bool) -> (CaseId, String) {
    let case = CaseId::from(number::next(&desk.house).await.unwrap());
    let made = by(desk, ANN, move |act| {
        let keeper = keeper(ANN);
        let words = casefile::CaseWords { title: "Dull case".to_owned(), summary: String::new() };
        casefile::open(act, &keeper, case, &words)?;
        let words = EntryWords { title: "Dull person".to_owned(), text: "Convicted of dullness".to_owned() };
        let terms = Terms { cji, ..Terms::default() };
        entry::write(act, &keeper, case, &NewEntry { kind: EntryKind::Subject, words, terms, file: None })
    });
    (case, made.await.unwrap())
}

fn words() -> Words {
    let word = str::to_owned;
    Words {
        requester: word("Sam Placeholder, records desk"),
        recipient: word("Alex Specimen"),
        reason: word("bail hearing"),
    }
}

fn new((case, entry): &(CaseId, String), receiver: &str) -> NewPassing {
    NewPassing {
        case: *case,
        entry: entry.clone(),
        version: 1,
        receiver: agency_id(receiver),
        words: words(),
    }
}

async fn passes(desk: &Desk, who: (&'static str, &'static str), new: NewPassing) -> Result<String> {
    by(desk, who, move |act| passing::record(act, &keeper(who), &new, 7)).await
}

async fn earlier(
    desk: &Desk,
    who: (&'static str, &'static str),
    at: &(CaseId, String),
) -> Result<Vec<Passing>> {
    let (case, entry) = at.clone();
    desk.read(move |view| passing::of_entry(view, &keeper(who), (case, &entry))).await
}

async fn put(desk: &Desk, agency: agency::Agency) {
    desk.act(move |act| agency::put(act, &agency)).await.unwrap();
}

both_engines! {
    // PROVES: R-43
    fn what_is_labelled_is_passed_on_to_a_validated_requester_alone_and_each_time_is_on_record(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let at = case_with(&desk, true).await;
            // An agency of the country whose fact holds, and nobody else: no foreign one, no vendor, no provider.
            for nobody in [FOREIGN, "example-vendor", "examplechat", "nobody"] {
                assert_eq!(refusal(passes(&desk, ANN, new(&at, nobody)).await), Some(Refusal::NotQualified), "{nobody}");
            }
            let (name, class, relationship) = AGENCIES[1];
            let known = agency_of(name, class, relationship);
            let now = desk.house.now();
            let mut over = known.clone();
            over.qualification.as_mut().unwrap().until = Some(now);
            let off = agency::Agency { disabled_at: Some(now), ..known.clone() };
            for agency in [agency::Agency { qualification: None, ..known.clone() }, over, off] {
                put(&desk, agency).await;
                assert_eq!(refusal(passes(&desk, ANN, new(&at, OTHER)).await), Some(Refusal::NotQualified));
            }
            put(&desk, known).await;
            assert_eq!(earlier(&desk, ANN, &at).await.unwrap(), []);
            let first = passes(&desk, ANN, new(&at, OTHER)).await.unwrap();
            desk.house.advance(SignedDuration::from_secs(1));
            passes(&desk, ANN, new(&at, FEDERAL)).await.unwrap();
            desk.house.advance(SignedDuration::from_secs(1));
            // One's own agency, too: its prosecutor gets a sheet as everybody else does.
            passes(&desk, ANN, new(&at, OWN)).await.unwrap();
            let all = earlier(&desk, ANN, &at).await.unwrap();
            let told: Vec<_> = all.iter().map(|one| (one.receiver.as_str(), one.version, one.words == words())).collect();
            assert_eq!(told, [(OWN, 1, true), (FEDERAL, 1, true), (OTHER, 1, true)]);
            let oldest = &all[2];
            assert_eq!((oldest.id.as_str(), oldest.passed_by.as_str(), oldest.passed_at), (first.as_str(), "person:ann:icac-us-mn", now));
            // That somebody was refused is on record as well, and names nothing that they made up.
            for receiver in [FOREIGN, "made-up"] {
                let refused = new(&at, receiver);
                by(&desk, ANN, move |act| passing::refused(act, &keeper(ANN), &refused, "not-qualified")).await.unwrap();
            }
            let leaves = (desk.house.leaves(EventKind::CjiPassedOn).await, desk.house.leaves(EventKind::CjiRefused).await);
            assert_eq!(leaves, (3, 2));
            assert_eq!(earlier(&desk, ANN, &at).await.unwrap().len(), 3);
            desk.house.has_caused(&[EventKind::CjiLabelled, EventKind::CjiPassedOn, EventKind::CjiRefused]).await;
            testkit::tamper::is_found(scratch, &["case_cji", "case_passing"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-43
    fn nothing_is_passed_on_without_requester_recipient_and_reason(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let at = case_with(&desk, true).await;
            let long = "x".repeat(MOST_LETTERS + 1);
            for wrong in ["", "  \n", long.as_str()] {
                for lacking in [
                    Words { requester: wrong.to_owned(), ..words() },
                    Words { recipient: wrong.to_owned(), ..words() },
                    Words { reason: wrong.to_owned(), ..words() },
                ] {
                    let asked = NewPassing { words: lacking, ..new(&at, OTHER) };
                    let unfit = Some(Refusal::Unfit { what: "requester, recipient or reason" });
                    assert_eq!(refusal(passes(&desk, ANN, asked).await), unfit, "{wrong:.10}");
                }
            }
            assert_eq!(earlier(&desk, ANN, &at).await.unwrap(), []);
            // The words are for the agency's own eyes: nothing of them stands in plain.
            passes(&desk, ANN, new(&at, OTHER)).await.unwrap();
            let sealed = desk.read(|view| Ok(view.tx().rows::<Vec<u8>>(SEALED, &database::bind! {})?)).await.unwrap();
            assert!(!sealed.is_empty() && sealed.iter().all(|one| !String::from_utf8_lossy(one).contains("Specimen")));
        });
    }

    // PROVES: R-43
    fn only_whoever_may_write_in_a_case_passes_on_what_is_labelled_there(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (at, plain) = (case_with(&desk, true).await, case_with(&desk, false).await);
            let unfit = Some(Refusal::Unfit { what: "entry without the label" });
            assert_eq!(refusal(passes(&desk, ANN, new(&plain, OTHER)).await), unfit);
            // Whoever is not of the case, or of another agency, does not learn that there is one.
            for stranger in [BOB, ("cyd", OTHER)] {
                assert_eq!(refusal(passes(&desk, stranger, new(&at, OTHER)).await), Some(Refusal::NotFound));
                assert_eq!(refusal(earlier(&desk, stranger, &at).await), Some(Refusal::NotFound));
                let refused = new(&at, OTHER);
                let noted = by(&desk, stranger, move |act| passing::refused(act, &keeper(stranger), &refused, "x"));
                assert_eq!(refusal(noted.await), Some(Refusal::NotFound));
            }
            let case = at.0;
            let joins = by(&desk, ANN, move |act| {
                member::add(act, &keeper(ANN), case, (&person_id("bob"), MemberLevel::Reads), "reads it")?;
                casefile::share(act, &keeper(ANN), case, true)
            });
            joins.await.unwrap();
            assert_eq!(refusal(passes(&desk, BOB, new(&at, OTHER)).await), Some(Refusal::NotAllowed));
            // An agency's own system answers for nothing, though it works in what the whole agency reads.
            let system = Viewer::system(agency_id(OWN), CredentialId::parse("a-client").unwrap());
            let works = Keeper::new(access::permit::<KeepCases>(&system).unwrap(), None);
            let (asked, actor) = (new(&at, OTHER), system.actor.clone());
            let passed = desk.house.act(actor, Purpose::Disclosure, "test::system", move |act| passing::record(act, &works, &asked, 7));
            assert_eq!(refusal(passed.await), Some(Refusal::NotFound));
            // As it was read: somebody else's words are not passed on unseen.
            let asked = NewPassing { version: 2, ..new(&at, OTHER) };
            assert_eq!(refusal(passes(&desk, ANN, asked).await), Some(Refusal::Conflict));
            // A closed case can still be asked about.
            by(&desk, ANN, move |act| casefile::close(act, &keeper(ANN), case, StatusReason::Resolved)).await.unwrap();
            passes(&desk, ANN, new(&at, OTHER)).await.unwrap();
        });
    }

    // PROVES: R-68
    fn nobody_of_the_clearinghouse_and_no_other_agency_reaches_a_labelled_entry(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (case, id) = case_with(&desk, true).await;
            for role in policy::ViewerRole::OF_PEOPLE.into_iter().filter(|role| role.is_of_house()) {
                let viewer = Viewer::staff(person_id("ira"), role, true);
                // Most have no right to keep cases at all; whoever had one would be of no agency.
                let Ok(keeps) = access::permit::<KeepCases>(&viewer) else { continue };
                let (reads, id) = (Keeper::new(keeps, None), id.clone());
                let read = desk.read(move |view| entry::get(view, &reads, case, &id)).await;
                assert_eq!(refusal(read), Some(Refusal::NotFound), "{role:?}");
            }
            let name = id.clone();
            let read = desk.read(move |view| entry::get(view, &keeper(("cyd", OTHER)), case, &name)).await;
            assert_eq!(refusal(read), Some(Refusal::NotFound));
            let all: Vec<AgencyId> = desk.read(passing::receivers).await.unwrap().into_iter().map(|one| one.id).collect();
            assert!(all.contains(&agency_id(FEDERAL)) && !all.contains(&agency_id(FOREIGN)), "{all:?}");
        });
    }
}

const SEALED: &str = "-- test::sealed
    SELECT sealed_words FROM case_passing";
