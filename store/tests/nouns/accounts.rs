//! How people come in and how long they stay: the limits of R-71 on a simulated clock, two channels, two people, and
//! everybody out everywhere at once.

use domain::{AgencyClass, ApprovalId, ApprovalKind, Attribute, Gone, Id, InvitationId, PersonId, Private};
use jiff::{SignedDuration, Timestamp};
use policy::ViewerRole;
use serde_json::json;
use store::account::{self, Account};
use store::invitation::{self, New, Proof, Words};
use store::person::{self, Home, Person};
use store::session::{self, Entry};
use store::testing::NOON;
use store::{Refusal, Result, agency, approval, founding};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, agency_id, agency_of, person_id as id, provider_id};
use crate::{refusal, run};

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn own_agency() -> Home {
    Home::Agency(agency_id(AGENCIES[0].0))
}

async fn account(desk: &Desk, who: &str) -> Account {
    let who = id(who);
    desk.read(move |view| account::get(view, &who)).await.unwrap()
}

/// What the worker does; an act without anything to do is none.
async fn sweep(desk: &Desk) -> usize {
    if desk.read(|view| account::over(view, 100)).await.unwrap().is_empty() {
        return 0;
    }
    desk.act(|act| account::close_over(act, 100)).await.unwrap()
}

async fn why_gone(desk: &Desk, who: &str) -> Option<Gone> {
    account(desk, who).await.gone.map(|(_, because)| because)
}

async fn enter(desk: &Desk, who: &str, secret: &'static [u8]) {
    let who = id(who);
    let start = desk.act(move |act| {
        session::start(act, &Entry::by_link(who.clone(), act.now()), act.secret_digest(secret))
    });
    start.await.unwrap();
}

async fn attest(desk: &Desk, who: &str, agency: &str) -> Result<()> {
    let (who, agency) = (id(who), agency_id(agency));
    desk.act(move |act| account::attest(act, &agency, &who)).await
}

fn new(home: Home, role: ViewerRole, mail: &str) -> New {
    let words = Words {
        name: "Dull Newcomer".to_owned().into(),
        mail: mail.to_owned().into(),
        second_channel: "+1 202-555-0142".to_owned().into(),
    };
    New { home, role, words, temporary: false }
}

async fn invited(desk: &Desk, new: New) -> Result<InvitationId> {
    desk.act(move |act| invitation::add(act, &new, act.secret_digest(new.words.mail.reveal().as_bytes())))
        .await
}

async fn codes(desk: &Desk, invitation: &InvitationId) {
    let one = invitation.clone();
    let drawn = desk.act(move |act| {
        invitation::draw_codes(act, &one, act.secret_digest(b"mail"), act.secret_digest(b"second"))
    });
    drawn.await.unwrap();
}

async fn confirm(
    desk: &Desk,
    mail_address: &'static str,
    mail: &'static [u8],
    second: &'static [u8],
) -> bool {
    let done = desk.act(move |act| {
        let token = act.secret_digest(mail_address.as_bytes());
        invitation::confirm(act, token, act.secret_digest(mail), act.secret_digest(second))
    });
    done.await.unwrap()
}

fn proof(trained_at: Timestamp) -> Proof {
    Proof {
        document: "passport, seen in person".to_owned().into(),
        seen_by: "Dull Sponsor".to_owned().into(),
        sha256: "ab".repeat(32),
        trained_at,
    }
}

async fn admit(desk: &Desk, invitation: &InvitationId) -> Result<PersonId> {
    let subject = invitation.clone();
    let asked = desk
        .by("first", move |act| approval::ask(act, ApprovalKind::AdmitPerson, subject.as_str(), &json!({})));
    let approval: ApprovalId = asked.await?;
    desk.by("second", move |act| {
        approval::approve(act, &approval)?;
        invitation::admit(act, &approval::take(act, &approval, ApprovalKind::AdmitPerson)?)
    })
    .await
}

async fn heads(desk: &Desk) {
    desk.hire("first", Home::House, ViewerRole::SecurityAdmin).await;
    desk.hire("second", Home::House, ViewerRole::Supervisor).await;
}

both_engines! {
    // PROVES: R-71
    fn whoever_does_not_sign_in_for_45_days_is_switched_off_that_day(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("p-1", Home::House, ViewerRole::Analyst).await;
            desk.house.advance(account::INACTIVE - SECOND);
            assert_eq!(sweep(&desk).await, 0);
            enter(&desk, "p-1", b"one").await;
            desk.house.advance(account::INACTIVE - SECOND);
            assert_eq!(sweep(&desk).await, 0);
            desk.house.advance(SECOND);
            assert_eq!(sweep(&desk).await, 1);
            assert_eq!(why_gone(&desk, "p-1").await, Some(Gone::Inactive));
            // Run again, it does nothing.
            assert_eq!(sweep(&desk).await, 0);
        });
    }

    // PROVES: R-67 R-71
    fn whom_the_agency_does_not_attest_in_90_days_is_switched_off(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("p-1", own_agency(), ViewerRole::Investigator).await;
            desk.hire("p-2", own_agency(), ViewerRole::Investigator).await;
            // They use their accounts all the while.
            desk.house.advance(DAY * 40);
            enter(&desk, "p-1", b"one").await;
            enter(&desk, "p-2", b"two").await;
            assert_eq!(refusal(attest(&desk, "p-1", AGENCIES[1].0).await), Some(Refusal::NotFound));
            attest(&desk, "p-1", AGENCIES[0].0).await.unwrap();
            desk.house.advance(DAY * 36 - SECOND);
            assert!(!account(&desk, "p-2").await.is_due(desk.house.now()));
            desk.house.advance(SECOND);
            assert!(account(&desk, "p-2").await.is_due(desk.house.now()), "14 days before its end");
            enter(&desk, "p-1", b"three").await;
            enter(&desk, "p-2", b"four").await;
            desk.house.advance(DAY * 14 - SECOND);
            assert_eq!(sweep(&desk).await, 0);
            desk.house.advance(SECOND);
            assert_eq!(sweep(&desk).await, 1);
            assert_eq!(why_gone(&desk, "p-2").await, Some(Gone::Unattested));
            assert_eq!(why_gone(&desk, "p-1").await, None);
            desk.house.has_caused(&[store::EventKind::PersonAttested]).await;
        });
    }

    // PROVES: R-71
    fn a_temporary_account_is_gone_after_24_hours_and_no_id_is_used_again(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            heads(&desk).await;
            let mut guest = new(own_agency(), ViewerRole::Investigator, "guest@agency.example");
            guest.temporary = true;
            let invitation = invited(&desk, guest).await.unwrap();
            codes(&desk, &invitation).await;
            assert!(confirm(&desk, "guest@agency.example", b"mail", b"second").await);
            let one = invitation.clone();
            desk.act(move |act| invitation::prove(act, &one, &proof(NOON))).await.unwrap();
            let person = admit(&desk, &invitation).await.unwrap();
            desk.house.advance(account::TEMPORARY - SECOND);
            assert_eq!(sweep(&desk).await, 0);
            let own = person.clone();
            desk.read(move |view| account::must_hold(view, &own)).await.unwrap();
            desk.house.advance(SECOND);
            // It opens nothing even before the worker comes by.
            let own = person.clone();
            let held = desk.read(move |view| account::must_hold(view, &own)).await;
            assert_eq!(refusal(held), Some(Refusal::Disabled));
            assert_eq!(sweep(&desk).await, 1);
            assert_eq!(why_gone(&desk, person.as_str()).await, Some(Gone::Temporary));
            let again = Person { id: person, home: own_agency(), role: ViewerRole::Investigator, name: Private::new("Other".to_owned()) };
            assert_eq!(refusal(desk.act(move |act| person::add(act, &again)).await), Some(Refusal::Conflict));
        });
    }

    // PROVES: R-71
    fn people_of_an_agency_that_is_switched_off_go_the_same_day(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("p-1", own_agency(), ViewerRole::Investigator).await;
            desk.hire("p-2", Home::Agency(agency_id(AGENCIES[1].0)), ViewerRole::Investigator).await;
            let mut closed = agency_of(AGENCIES[0].0, AgencyClass::State, None);
            closed.disabled_at = Some(NOON);
            desk.act(move |act| agency::put(act, &closed)).await.unwrap();
            assert_eq!(sweep(&desk).await, 1);
            assert_eq!(why_gone(&desk, "p-1").await, Some(Gone::Orphaned));
        });
    }

    // PROVES: R-71
    fn a_person_who_is_switched_off_in_one_process_is_out_in_every_other_at_once(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("p-1", own_agency(), ViewerRole::Investigator).await;
            enter(&desk, "p-1", b"one").await;
            let twin = desk.house.twin(99).await;
            let alive = async || {
                let found = twin.read("test::alive", |view| {
                    session::find(view, view.secret_digest(b"one"), view.now())
                });
                found.await.unwrap().is_some()
            };
            assert!(alive().await);
            desk.act(|act| person::disable_because(act, &id("p-1"), Gone::Terminated)).await.unwrap();
            // Not within five seconds: with the very next question.
            assert!(!alive().await);
            assert_eq!(why_gone(&desk, "p-1").await, Some(Gone::Terminated));
        });
    }

    // PROVES: R-67
    fn nobody_comes_in_without_both_codes_proof_and_a_second_person(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            heads(&desk).await;
            let mail = "new@agency.example";
            let invitation = invited(&desk, new(own_agency(), ViewerRole::Investigator, mail)).await.unwrap();
            let one = invitation.clone();
            let early = desk.act(move |act| invitation::prove(act, &one, &proof(NOON))).await;
            assert_eq!(refusal(early), Some(Refusal::Closed));
            codes(&desk, &invitation).await;
            assert!(!confirm(&desk, mail, b"mail", b"wrong").await);
            assert!(!confirm(&desk, mail, b"wrong", b"second").await);
            desk.house.advance(invitation::CODES);
            assert!(!confirm(&desk, mail, b"mail", b"second").await, "the codes are over");
            codes(&desk, &invitation).await;
            desk.house.advance(invitation::CODES - SECOND);
            assert!(confirm(&desk, mail, b"mail", b"second").await);
            assert_eq!(refusal(admit(&desk, &invitation).await), Some(Refusal::Closed), "no proof yet");
            let now = desk.house.now();
            for wrong in [now + SECOND, now - account::TRAINED] {
                let one = invitation.clone();
                let refused = desk.act(move |act| invitation::prove(act, &one, &proof(wrong))).await;
                assert!(matches!(refusal(refused), Some(Refusal::Unfit { .. })));
            }
            let one = invitation.clone();
            desk.act(move |act| invitation::prove(act, &one, &proof(now))).await.unwrap();
            let person = admit(&desk, &invitation).await.unwrap();
            let found = account(&desk, person.as_str()).await;
            assert_eq!(found.home, own_agency());
            assert_eq!(found.trained_until, Some(now + account::TRAINED));
            assert_eq!(refusal(admit(&desk, &invitation).await), Some(Refusal::Closed), "once");
            let caused = [
                store::EventKind::CodesIssued, store::EventKind::IdentityProofed,
                store::EventKind::InvitationConfirmed, store::EventKind::PersonAdmitted,
                store::EventKind::PersonInvited,
            ];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["invitation", "person"], async || desk.house.wrong().await).await;
        });
    }

    fn after_five_wrong_answers_the_right_codes_open_nothing(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let mail = "new@agency.example";
            let invitation = invited(&desk, new(own_agency(), ViewerRole::Investigator, mail)).await.unwrap();
            codes(&desk, &invitation).await;
            for _ in 0..invitation::MOST_WRONG {
                assert!(!confirm(&desk, mail, b"wrong", b"wrong").await);
            }
            assert!(!confirm(&desk, mail, b"mail", b"second").await);
            codes(&desk, &invitation).await;
            assert!(confirm(&desk, mail, b"mail", b"second").await);
            // What was taken back opens nothing any more.
            desk.act(move |act| invitation::withdraw(act, &invitation)).await.unwrap();
            let found = desk.read(move |view| invitation::by_token(view, view.secret_digest(mail.as_bytes()))).await;
            assert_eq!(refusal(found), Some(Refusal::NotFound));
            desk.house.has_caused(&[store::EventKind::CodeRefused, store::EventKind::InvitationWithdrawn]).await;
        });
    }

    // PROVES: R-71
    fn training_that_is_over_keeps_a_person_out(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("p-1", Home::House, ViewerRole::Analyst).await;
            desk.house.advance(DAY);
            let trained = NOON - account::TRAINED + DAY + SignedDuration::from_mins(1);
            desk.act(move |act| account::train(act, &id("p-1"), trained)).await.unwrap();
            let hold = async || desk.read(|view| account::must_hold(view, &id("p-1"))).await;
            desk.house.advance(SignedDuration::from_secs(59));
            hold().await.unwrap();
            desk.house.advance(SECOND);
            assert_eq!(refusal(hold().await), Some(Refusal::Disabled));
            desk.house.has_caused(&[store::EventKind::TrainingRecorded]).await;
        });
    }

    fn one_human_has_one_account_so_nobody_runs_accounts_and_audits_them(scratch) {
        const TWICE: &str = "-- test::twice
            UPDATE person SET mail_digest = :digest WHERE agency_id IS NULL";
        run(async {
            let desk = Desk::on(scratch).await;
            heads(&desk).await;
            let mail = "both@house.example";
            let first = invited(&desk, new(Home::House, ViewerRole::SecurityAdmin, mail)).await.unwrap();
            codes(&desk, &first).await;
            assert!(confirm(&desk, mail, b"mail", b"second").await);
            let one = first.clone();
            desk.act(move |act| invitation::prove(act, &one, &proof(NOON))).await.unwrap();
            admit(&desk, &first).await.unwrap();
            let auditor = new(Home::House, ViewerRole::Auditor, " Both@House.example ");
            assert_eq!(refusal(invited(&desk, auditor).await), Some(Refusal::Conflict));
            let forged = desk.act(|act| Ok(act.tx().execute(TWICE, &database::bind! { digest: [7_u8; 32] })?)).await;
            assert!(matches!(forged, Err(store::Error::Fault(store::Fault::Database(_)))));
        });
    }

    fn a_home_has_a_bounded_number_of_open_invitations_and_taking_one_back_makes_room(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let home = Home::Provider(provider_id(PROVIDERS[0]));
            let invite = async |home: Home, number: i64| {
                let new = new(home, ViewerRole::ProviderReporter, &format!("{number}@provider.example"));
                invited(&desk, new).await
            };
            let first = invite(home.clone(), 0).await.unwrap();
            for number in 1..invitation::MOST_OPEN {
                invite(home.clone(), number).await.unwrap();
            }
            let full = Some(Refusal::Unfit { what: "number of invitations" });
            assert_eq!(refusal(invite(home.clone(), 100).await), full);
            // Another home is not concerned.
            invite(Home::Provider(provider_id(PROVIDERS[1])), 101).await.unwrap();
            desk.act(move |act| invitation::withdraw(act, &first)).await.unwrap();
            invite(home.clone(), 102).await.unwrap();
            assert_eq!(refusal(invite(home.clone(), 103).await), full);
            // What is over by the clock takes no room.
            desk.house.advance(invitation::OPEN);
            invite(home, 104).await.unwrap();
        });
    }

    fn a_role_of_another_home_is_not_invited(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let provider = Home::Provider(provider_id(PROVIDERS[0]));
            for (home, role) in [
                (own_agency(), ViewerRole::Auditor),
                (Home::House, ViewerRole::Commander),
                (provider, ViewerRole::Investigator),
            ] {
                let refused = invited(&desk, new(home, role, "a@b.example")).await;
                assert_eq!(refusal(refused), Some(Refusal::Unfit { what: "role" }));
            }
        });
    }

    // PROVES: R-21 R-67
    fn two_people_found_a_house_and_then_the_operator_alone_qualifies_and_adds_nobody(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let founder = |who: &str, role| Person { id: id(who), home: Home::House, role, name: Private::new("Dull".to_owned()) };
            let found = async |person: Person| desk.act(move |act| founding::found(act, &person)).await;
            found(founder("one", ViewerRole::Supervisor)).await.unwrap();
            let twin = found(founder("two", ViewerRole::Supervisor)).await;
            assert_eq!(refusal(twin), Some(Refusal::Unfit { what: "role" }));
            let mut renewed = agency_of(AGENCIES[0].0, AgencyClass::State, None);
            renewed.qualification.as_mut().unwrap().fact = "another fact".to_owned();
            let put = async |agency: store::agency::Agency| desk.act(move |act| agency::put(act, &agency)).await;
            put(renewed.clone()).await.unwrap();
            found(founder("two", ViewerRole::Counsel)).await.unwrap();
            assert_eq!(refusal(found(founder("three", ViewerRole::Auditor)).await), Some(Refusal::NotAllowed));
            let mut other = renewed.clone();
            other.qualification.as_mut().unwrap().fact = "a third fact".to_owned();
            assert_eq!(refusal(put(other).await), Some(Refusal::NotAllowed));
            // What is no qualification may still be recorded.
            put(renewed).await.unwrap();
            let asked = desk.by("one", |act| {
                let claim = json!({ "fact": "agreed", "evidence": "file 9", "evidence_sha256": "ab".repeat(32), "until": "2027-06-01T00:00:00Z" });
                approval::ask(act, ApprovalKind::QualifyAgency, AGENCIES[0].0, &claim)
            });
            let approval = asked.await.unwrap();
            let done = desk.by("two", move |act| {
                approval::approve(act, &approval)?;
                agency::qualify(act, &approval::take(act, &approval, ApprovalKind::QualifyAgency)?)
            });
            done.await.unwrap();
            let known = desk.read(|view| agency::get(view, &agency_id(AGENCIES[0].0))).await.unwrap();
            let known = known.qualification.unwrap();
            assert_eq!((known.fact.as_str(), known.verified_by.as_str()), ("agreed", "one and two"));
            desk.house.has_caused(&[store::EventKind::AgencyQualified]).await;
        });
    }

    fn an_attribute_is_kept_under_its_cjis_name(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("p-1", own_agency(), ViewerRole::Investigator).await;
            let put = async |name, value: &'static str| {
                desk.act(move |act| account::put_attribute(act, &id("p-1"), name, value)).await
            };
            put(Attribute::EmployerOri, "MN0000000").await.unwrap();
            put(Attribute::SwornOfficer, "no").await.unwrap();
            put(Attribute::SwornOfficer, "yes").await.unwrap();
            assert!(put(Attribute::NcicCertified, " ").await.is_err());
            let known = desk.read(|view| account::attributes(view, &id("p-1"))).await.unwrap();
            let expected = [(Attribute::EmployerOri, "MN0000000".to_owned()), (Attribute::SwornOfficer, "yes".to_owned())];
            assert_eq!(known, expected);
            desk.house.has_caused(&[store::EventKind::AttributeRecorded]).await;
            testkit::tamper::is_found(scratch, &["person_attribute"], async || desk.house.wrong().await).await;
        });
    }
}
