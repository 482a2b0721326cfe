//! What a provider keeps here: contacts by version, credentials with an end and a last use, forms that are being filled.

use domain::{CredentialId, Gone, Id, PersonId, Private, ProviderId, ReportId, SwitchReason};
use jiff::SignedDuration;
use policy::{Permit, Read, ViewerRole, access};
use store::contact::{self, Contact};
use store::person::{self, Home, Person};
use store::provider::{self, NewCredential};
use store::session::Entry;
use store::{Refusal, account, credential, enrolment, form, invitation, number, session};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, provider_id};
use crate::{refusal, run};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn person_id() -> PersonId {
    PersonId::parse("p-9").unwrap()
}

fn words(text: &str) -> Private<String> {
    Private::new(text.to_owned())
}

fn contact(telephone: &str) -> Contact {
    Contact {
        mailing_address: words("1 Dull Street, Placeholder"),
        telephone: words(telephone),
        fax: words("none"),
        email: words("trust@harbor.example"),
        individual: words("Sam Placeholder"),
        role_mailbox: None,
        monthly_active_users: None,
    }
}

fn permit(provider: &str) -> Permit<Read> {
    access::provider_person_read(provider_id(provider), person_id(), ViewerRole::ProviderReporter, true)
        .unwrap()
}

async fn hired(desk: &Desk, role: ViewerRole, home: Home) -> store::Result<()> {
    let person = Person { id: person_id(), home, role, name: words("Dull Person") };
    desk.act(move |act| person::add(act, &person)).await
}

fn fresh(provider: &str, id: &str) -> NewCredential {
    NewCredential {
        credential: CredentialId::parse(id).unwrap(),
        provider: provider_id(provider),
        username: format!("{id}-user"),
        secret_digest: [7; 32],
        may_submit: true,
        may_update: true,
    }
}

async fn started(desk: &Desk, provider: &'static str, answers: &'static str) -> ReportId {
    let number = number::next(&desk.house).await.unwrap();
    desk.act(move |act| form::start(act, number, &provider_id(provider), &person_id(), &answers))
        .await
        .unwrap();
    number
}

async fn answers(desk: &Desk, provider: &'static str, number: ReportId) -> Option<String> {
    let found = desk.read(move |view| form::get::<String>(view, &permit(provider), number)).await;
    match found {
        Ok((_, answers)) => Some(answers),
        Err(error) => {
            assert_eq!(error.refusal(), Some(Refusal::NotFound));
            None
        }
    }
}

async fn disabled(desk: &Desk, because: SwitchReason) -> store::Result<provider::Ended> {
    desk.act(move |act| provider::disable(act, &provider_id(PROVIDERS[0]), because)).await
}

async fn restored(desk: &Desk, because: SwitchReason) -> store::Result<()> {
    desk.act(move |act| provider::restore(act, &provider_id(PROVIDERS[0]), because)).await
}

fn guest(mail: &str) -> invitation::New {
    let second_channel = words("+1 202-555-0142");
    let words = invitation::Words { name: words("Dull Guest"), mail: words(mail), second_channel };
    let home = Home::Provider(provider_id(PROVIDERS[0]));
    invitation::New { home, role: ViewerRole::ProviderReporter, words, temporary: false }
}

both_engines! {
    // PROVES: R-71
    fn a_provider_that_is_switched_off_is_out_everywhere_with_the_next_request(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let home = || Home::Provider(provider_id(PROVIDERS[0]));
            hired(&desk, ViewerRole::ProviderAdmin, home()).await.unwrap();
            desk.act(|act| {
                session::start(act, &Entry::by_link(person_id(), act.now()), act.secret_digest(b"one"))?;
                let (cause, life) = (enrolment::Cause::First, SignedDuration::from_hours(1));
                enrolment::issue(act, &person_id(), cause, act.secret_digest(b"ticket"), life)?;
                invitation::add(act, &guest("one@harbor.example"), act.secret_digest(b"link"))
            }).await.unwrap();
            // Another process, which keeps nothing that it could forget to ask again.
            let twin = desk.house.twin(99).await;
            let opens = async || {
                let found = twin.read("test::opens", |view| {
                    let now = view.now();
                    let credentials = PROVIDERS.map(|name| {
                        provider::find_credential(view, &format!("{name}-user")).map(|found| found.is_some_and(|one| one.is_live(now)))
                    });
                    let [own, other] = credentials;
                    let session = session::find(view, view.secret_digest(b"one"), now)?.is_some();
                    let ticket = enrolment::find(view, view.secret_digest(b"ticket"), now)?.is_some();
                    let link = invitation::by_token(view, view.secret_digest(b"link")).is_ok();
                    Ok([own?, session, ticket, link, other?])
                });
                found.await.unwrap()
            };
            assert_eq!(opens().await, [true; 5]);
            assert_eq!(refusal(disabled(&desk, SwitchReason::Mended).await), Some(Refusal::Unfit { what: "reason" }));
            let ended = disabled(&desk, SwitchReason::WrongHands).await.unwrap();
            assert_eq!((ended.sessions, ended.invitations), (1, 2));
            assert_eq!(opens().await, [false, false, false, false, true]);
            assert_eq!(refusal(disabled(&desk, SwitchReason::Ended).await), Some(Refusal::Conflict));
            // Nobody is invited or added for it meanwhile.
            let invited = desk.act(|act| invitation::add(act, &guest("two@harbor.example"), act.secret_digest(b"two"))).await;
            assert_eq!(refusal(invited), Some(Refusal::Unfit { what: "provider" }));
            let other = Person { id: PersonId::parse("p-10").unwrap(), home: home(), role: ViewerRole::ProviderAdmin, name: words("Dull") };
            let added = desk.act(move |act| person::add(act, &other)).await;
            assert_eq!(refusal(added), Some(Refusal::Unfit { what: "provider" }));

            desk.house.advance(SECOND);
            restored(&desk, SwitchReason::Mistake).await.unwrap();
            assert_eq!(refusal(restored(&desk, SwitchReason::Mistake).await), Some(Refusal::Conflict));
            // The credential works as before; session, ticket and invitation are over for good.
            assert_eq!(opens().await, [true, false, false, false, true]);
            let told = desk.read(|view| provider::switches(view, &provider_id(PROVIDERS[0]))).await.unwrap();
            let told: Vec<_> = told.iter().map(|one| (one.is_off, one.because, one.by.as_str())).collect();
            assert_eq!(told, [(false, SwitchReason::Mistake, "house"), (true, SwitchReason::WrongHands, "house")]);
            desk.house.has_caused(&[store::EventKind::ProviderDisabled, store::EventKind::ProviderRestored]).await;
            testkit::tamper::is_found(scratch, &["provider_switch"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-71
    fn a_credential_that_was_revoked_stays_so_when_its_provider_is_switched_on_again(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let id = CredentialId::parse(&format!("{}-1", PROVIDERS[0])).unwrap();
            disabled(&desk, SwitchReason::WrongHands).await.unwrap();
            desk.act(move |act| credential::revoke(act, &provider_id(PROVIDERS[0]), &id)).await.unwrap();
            restored(&desk, SwitchReason::Mended).await.unwrap();
            let found = desk.read(|view| provider::find_credential(view, &format!("{}-user", PROVIDERS[0]))).await.unwrap().unwrap();
            assert!(!found.is_live(desk.house.now()));
        });
    }

    // PROVES: R-71
    fn people_of_a_provider_that_is_switched_off_go_for_good_a_day_before_the_week_is_over(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk, ViewerRole::ProviderAdmin, Home::Provider(provider_id(PROVIDERS[0]))).await.unwrap();
            disabled(&desk, SwitchReason::Ended).await.unwrap();
            desk.house.advance(account::ORPHANED - SECOND);
            assert_eq!(desk.read(|view| account::over(view, 100)).await.unwrap(), []);
            desk.house.advance(SECOND);
            assert_eq!(desk.act(|act| account::close_over(act, 100)).await.unwrap(), 1);
            let gone = desk.read(|view| account::get(view, &person_id())).await.unwrap().gone;
            assert_eq!(gone.map(|(_, because)| because), Some(Gone::Orphaned));
            assert!(account::ORPHANED < SignedDuration::from_hours(7 * 24));
        });
    }

    fn a_provider_is_a_persons_home_like_an_agency_and_its_roles_are_its_own(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let home = || Home::Provider(provider_id(PROVIDERS[0]));
            for (role, home) in [(ViewerRole::Investigator, home()), (ViewerRole::ProviderAdmin, Home::House)] {
                assert_eq!(refusal(hired(&desk, role, home).await), Some(Refusal::Unfit { what: "role" }));
            }
            hired(&desk, ViewerRole::ProviderAdmin, home()).await.unwrap();
            desk.act(|act| session::start(act, &Entry::by_link(person_id(), act.now()), act.secret_digest(b"one"))).await.unwrap();
            let found = desk.read(|view| session::find(view, view.secret_digest(b"one"), view.now())).await;
            let found = found.unwrap().unwrap();
            assert_eq!((found.home, found.role), (home(), ViewerRole::ProviderAdmin));
        });
    }

    // PROVES: R-06
    fn a_report_keeps_the_contact_version_that_was_in_force_when_it_was_opened(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let stamp = async |report| {
                desk.read(move |view| contact::of_report(view, &provider_id(PROVIDERS[0]), report)).await.unwrap()
            };
            let unknown = desk.opened().await;
            let put = async |telephone: &'static str| {
                desk.act(move |act| contact::put(act, &provider_id(PROVIDERS[0]), &contact(telephone))).await.unwrap()
            };
            assert_eq!(put("202-555-0100").await.version, 1);
            let first = desk.opened().await;
            assert_eq!(put("202-555-0101").await.version, 2);
            let second = desk.opened().await;
            assert_eq!(stamp(unknown).await, None);
            assert_eq!(stamp(first).await.map(|stamp| (stamp.version.version, stamp.was_stale)), Some((1, false)));
            assert_eq!(stamp(second).await.map(|stamp| stamp.version.version), Some(2));
            let (version, known) =
                desk.read(|view| contact::in_force(view, &provider_id(PROVIDERS[0]))).await.unwrap().unwrap();
            assert_eq!((version.version, known), (2, contact("202-555-0101")));
            // Another provider has none of it.
            let other = desk.read(move |view| contact::of_report(view, &provider_id(PROVIDERS[1]), second)).await;
            assert_eq!(other.unwrap(), None);
            desk.house.has_caused(&[store::EventKind::ContactRecorded]).await;
            testkit::tamper::is_found(scratch, &["provider_contact"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-06
    fn a_contact_that_nobody_confirmed_for_a_year_is_flagged_and_the_report_is_taken(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.act(|act| contact::put(act, &provider_id(PROVIDERS[0]), &contact("202-555-0100"))).await.unwrap();
            let stale = async || {
                let report = desk.opened().await;
                let read = desk.read(move |view| contact::of_report(view, &provider_id(PROVIDERS[0]), report));
                read.await.unwrap().unwrap().was_stale
            };
            desk.house.advance(contact::CURRENT_FOR - SECOND);
            assert!(!stale().await);
            desk.house.advance(SECOND);
            assert!(stale().await);
            desk.act(|act| contact::put(act, &provider_id(PROVIDERS[0]), &contact("202-555-0100"))).await.unwrap();
            assert!(!stale().await);
        });
    }

    fn two_credentials_live_at_a_time_and_an_ended_one_makes_room(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let add = async |id: &'static str| desk.act(move |act| credential::add(act, &fresh(PROVIDERS[0], id))).await;
            add("second").await.unwrap();
            assert!(matches!(refusal(add("third").await), Some(Refusal::Unfit { .. })));
            let until = desk.house.now() + SECOND;
            let end = |provider: &'static str| {
                desk.act(move |act| {
                    credential::end_at(act, &provider_id(provider), &CredentialId::parse("second").unwrap(), Some(until))
                })
            };
            assert_eq!(refusal(end(PROVIDERS[1]).await), Some(Refusal::NotFound));
            end(PROVIDERS[0]).await.unwrap();
            let disabled = async || {
                desk.read(|view| provider::find_credential(view, "second-user")).await.unwrap().unwrap().disabled
            };
            assert!(!disabled().await);
            desk.house.advance(SECOND);
            assert!(disabled().await);
            // What has ended is not brought back.
            assert_eq!(refusal(end(PROVIDERS[0]).await), Some(Refusal::NotFound));
            add("third").await.unwrap();
        });
    }

    fn a_provider_revokes_its_own_credentials_only(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let revoke = async |provider: &'static str| {
                let id = CredentialId::parse(&format!("{}-1", PROVIDERS[0])).unwrap();
                desk.act(move |act| credential::revoke(act, &provider_id(provider), &id)).await
            };
            assert_eq!(refusal(revoke(PROVIDERS[1]).await), Some(Refusal::NotFound));
            revoke(PROVIDERS[0]).await.unwrap();
            assert_eq!(refusal(revoke(PROVIDERS[0]).await), Some(Refusal::NotFound));
            let listed = desk.read(|view| credential::list(view, &provider_id(PROVIDERS[0]))).await.unwrap();
            assert!(!listed[0].is_live(desk.house.now()));
        });
    }

    fn a_use_is_written_down_once_a_day(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let id = CredentialId::parse(&format!("{}-1", PROVIDERS[0])).unwrap();
            let used_on = async || {
                let listed = desk.read(|view| credential::list(view, &provider_id(PROVIDERS[0]))).await.unwrap();
                listed[0].last_used_on.map(|day| day.to_string())
            };
            assert_eq!(used_on().await, None);
            assert!(credential::is_first_use_today(&desk.house, &id));
            credential::mark_used(&desk.house, &id).await.unwrap();
            assert!(!credential::is_first_use_today(&desk.house, &id));
            assert_eq!(used_on().await.as_deref(), Some("2026-06-01"));
            desk.house.advance(SignedDuration::from_hours(24));
            assert!(credential::is_first_use_today(&desk.house, &id));
            credential::mark_used(&desk.house, &id).await.unwrap();
            assert_eq!(used_on().await.as_deref(), Some("2026-06-02"));
        });
    }

    fn the_credential_of_the_portal_is_made_once_and_opens_no_door(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let make = async || desk.act(|act| credential::add_of_portal(act, &provider_id(PROVIDERS[0]))).await;
            let made = make().await.unwrap();
            assert_eq!(refusal(make().await), Some(Refusal::Conflict));
            let found = desk.read(|view| credential::find_of_portal(view, &provider_id(PROVIDERS[0]))).await.unwrap();
            assert_eq!(found, Some(made));
            let username = format!("portal {}", PROVIDERS[0]);
            let found = desk.read(move |view| provider::find_credential(view, &username)).await.unwrap();
            assert_eq!(found, None);
            let listed = desk.read(|view| credential::list(view, &provider_id(PROVIDERS[0]))).await.unwrap();
            assert_eq!(listed.len(), 1);
        });
    }

    fn a_form_is_its_own_providers_and_is_kept_as_long_as_an_open_report(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let number = started(&desk, PROVIDERS[0], "first words").await;
            assert_eq!(answers(&desk, PROVIDERS[0], number).await.as_deref(), Some("first words"));
            assert_eq!(answers(&desk, PROVIDERS[1], number).await, None);
            let save = async |provider: &'static str| {
                desk.act(move |act| form::save(act, &provider_id(provider), number, &"later words")).await
            };
            assert_eq!(refusal(save(PROVIDERS[1]).await), Some(Refusal::NotFound));
            desk.house.advance(SignedDuration::from_hours(24) - SECOND);
            save(PROVIDERS[0]).await.unwrap();
            desk.house.advance(SignedDuration::from_hours(1) - SECOND);
            assert_eq!(answers(&desk, PROVIDERS[0], number).await.as_deref(), Some("later words"));
            desk.house.advance(SECOND);
            assert_eq!(answers(&desk, PROVIDERS[0], number).await, None);
            assert_eq!(refusal(save(PROVIDERS[0]).await), Some(Refusal::NotFound));
            assert_eq!(desk.act(|act| form::expire_due(act, 10)).await.unwrap(), [number]);
            desk.house.has_caused(&[store::EventKind::FormSaved, store::EventKind::FormStarted]).await;
        });
    }

    fn a_form_that_is_over_leaves_no_key_behind(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let number = started(&desk, PROVIDERS[0], "words").await;
            let discard = async |provider: &'static str| {
                desk.act(move |act| form::discard(act, &provider_id(provider), number)).await
            };
            assert_eq!(refusal(discard(PROVIDERS[1]).await), Some(Refusal::NotFound));
            discard(PROVIDERS[0]).await.unwrap();
            let key = desk.read(move |view| view.report_key(number)).await;
            assert_eq!(key.err().and_then(|error| error.refusal()), Some(Refusal::Destroyed));
            let left = desk.read(|view| form::of_provider(view, &provider_id(PROVIDERS[0]))).await.unwrap();
            assert_eq!(left, []);
            desk.house.has_caused(&[store::EventKind::FormDestroyed]).await;
        });
    }

    fn a_form_knows_the_report_that_was_opened_with_it(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let number = started(&desk, PROVIDERS[0], "words").await;
            let report = desk.opened().await;
            let of_report = async || {
                let asked: ProviderId = provider_id(PROVIDERS[0]);
                desk.read(move |view| form::of_report(view, &asked, report)).await.unwrap()
            };
            assert_eq!(of_report().await, None);
            desk.act(move |act| form::bind_report(act, &provider_id(PROVIDERS[0]), number, Some(report))).await.unwrap();
            assert_eq!(of_report().await, Some(number));
            // A new file keeps the report open, and with it the form. Its words can still be changed then.
            desk.house.advance(SignedDuration::from_hours(24) - SECOND);
            desk.attached(report, b"dull bytes").await;
            desk.house.advance(SignedDuration::from_hours(1) - SECOND);
            assert_eq!(desk.read(|view| form::expirable(view, 10)).await.unwrap(), []);
            assert_eq!(answers(&desk, PROVIDERS[0], number).await.as_deref(), Some("words"));
            let bound = async |report: Option<ReportId>| {
                desk.act(move |act| form::bind_report(act, &provider_id(PROVIDERS[0]), number, report)).await.unwrap();
            };
            bound(None).await;
            assert_eq!(answers(&desk, PROVIDERS[0], number).await.as_deref(), Some("words"));
            bound(Some(report)).await;
            // Once its report is filed there is nothing more to fill, and it can only be destroyed.
            desk.finish(report).await.unwrap();
            assert_eq!(answers(&desk, PROVIDERS[0], number).await, None);
            assert_eq!(desk.read(|view| form::of_provider(view, &provider_id(PROVIDERS[0]))).await.unwrap(), []);
            desk.house.advance(SignedDuration::from_hours(1));
            assert_eq!(answers(&desk, PROVIDERS[0], number).await, None);
            assert_eq!(desk.read(|view| form::expirable(view, 10)).await.unwrap(), [number]);
            desk.house.has_caused(&[store::EventKind::FormSubmitted]).await;
        });
    }
}
