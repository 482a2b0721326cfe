//! What looking does to whoever looks: counted for them alone, chosen by them alone, known to their whole home.

use casework::look_limit::{self, Limit};
use casework::{exposure, known_media};
use domain::portal::{MediaClass, Spared};
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::{GrantMedia, ViewMedia};
use serde_json::json;
use store::media::Manner;
use store::{EventKind, Refusal, spared};
use testkit::both_engines;

use crate::desk::Desk;
use crate::{OTHER, OWN, by, permit, refusal, run, staffed};

const ANN: (&str, &str) = ("ann", OWN);

async fn shown(desk: &Desk, manner: Manner, class: MediaClass) {
    let looks: Permit<ViewMedia> = permit(ANN.0, ANN.1);
    let done = by(desk, ANN, move |act| {
        let view = seal::hex(&act.chance::<16>()?);
        exposure::add(act, &looks, &view, (manner, class))?;
        // In the house the leaf of the look stands beside it.
        act.note(store::Event::of_house(EventKind::FileOpened).with(json!({ "view": view })))?;
        Ok(())
    });
    done.await.unwrap();
}

async fn lately(desk: &Desk, (who, agency): (&str, &str)) -> exposure::Exposure {
    let looks: Permit<ViewMedia> = permit(who, agency);
    desk.read(move |view| exposure::of(view, &looks)).await.unwrap()
}

const DAILY: Limit = Limit { class: None, per_day: 5, per_week: 20 };
const GRAVE: Limit = Limit { class: Some(MediaClass::A1), per_day: 1, per_week: 3 };

/// A look of Ann's that was served, in the rows themselves.
const LOOKED: &str = "-- test::looked
    INSERT INTO media_view (id, digest, session_digest, person_id, agency_id, report_id, file_id, sha256, manner, ground,
        asked_at, expires_at, served_at, ended_at)
    VALUES ('w-1', :digest, :digest, 'ann', :agency, :report, :file, :sha256, 'clear', 'ESP_VIEWED', 1, 2, 1, 2)";

both_engines! {
    fn what_somebody_was_shown_is_counted_by_class_for_a_day_and_a_week_and_for_them_alone(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            shown(&desk, Manner::Clear, MediaClass::A1).await;
            desk.house.advance(SignedDuration::from_hours(25));
            shown(&desk, Manner::Grey, MediaClass::A1).await;
            shown(&desk, Manner::Clear, MediaClass::A1).await;
            shown(&desk, Manner::Clear, MediaClass::Unclassified).await;
            let seen = lately(&desk, ANN).await;
            assert_eq!((seen.day(None), seen.week(None)), (2, 3));
            assert_eq!((seen.day(Some(MediaClass::A1)), seen.week(Some(MediaClass::A1))), (1, 2));
            let first = seen.counts[0];
            assert_eq!((first.class, first.grey_day, first.grey_week), (MediaClass::A1, 1, 1));
            assert_eq!(seen.last_at, Some(desk.house.now()));
            assert_eq!(lately(&desk, ("bob", OWN)).await, exposure::Exposure::default());
            desk.house.advance(exposure::WEEK);
            assert_eq!(lately(&desk, ANN).await, exposure::Exposure::default());
            testkit::tamper::is_found(scratch, &["exposure"], async || desk.house.wrong().await).await;
        });
    }

    fn what_somebody_chose_is_theirs_and_the_ledger_does_not_say_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let looks: Permit<ViewMedia> = permit(ANN.0, ANN.1);
            let chosen = [Spared::Infant, Spared::A1];
            let own = looks.clone();
            by(&desk, ANN, move |act| spared::choose(act, &own, &chosen)).await.unwrap();
            let own = looks.clone();
            by(&desk, ANN, move |act| look_limit::set_own(act, &own, &[GRAVE])).await.unwrap();
            let grants: Permit<GrantMedia> = permit("chief-1", OWN);
            by(&desk, ("chief-1", OWN), move |act| look_limit::set_for_home(act, &grants, &[DAILY])).await.unwrap();
            let own = looks.clone();
            let spared = desk.read(move |view| spared::of(view, &own)).await.unwrap();
            assert_eq!(spared, [Spared::A1, Spared::Infant]);
            let own = looks.clone();
            let limits = desk.read(move |view| look_limit::of(view, &own)).await.unwrap();
            assert_eq!((limits.home, limits.own), (vec![DAILY], vec![GRAVE]));
            for (who, agency, home) in [("bob", OWN, vec![DAILY]), ("cyd", OTHER, vec![])] {
                let looks: Permit<ViewMedia> = permit(who, agency);
                let (of, limits) = desk
                    .read(move |view| Ok((spared::of(view, &looks)?, look_limit::of(view, &looks)?)))
                    .await
                    .unwrap();
                assert_eq!((of, limits.home, limits.own), (vec![], home, vec![]), "{who}");
            }
            let too_many = Limit { per_day: look_limit::MOST + 1, ..DAILY };
            let wrong = by(&desk, ANN, move |act| look_limit::set_own(act, &looks, &[too_many])).await;
            assert_eq!(refusal(wrong), Some(Refusal::Unfit { what: "limit" }));
            desk.house.has_caused(&[EventKind::WellnessChosen, EventKind::LookLimitsSet]).await;
        });
    }

    // PROVES: R-18
    fn bytes_that_somebody_saw_and_classed_are_known_to_their_home_until_it_is_taken_back(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.opened().await;
            let file = desk.attached(report, b"dull bytes").await;
            let sha256 = seal::sha256(b"dull bytes");
            let say = |who: &'static str, class| {
                let (looks, file): (Permit<ViewMedia>, _) = (permit(who, OWN), file.clone());
                by(&desk, (who, OWN), move |act| known_media::say(act, &looks, (report, &file), sha256, class))
            };
            assert_eq!(refusal(say("ann", MediaClass::B2).await), Some(Refusal::NotAllowed));
            let name = file.clone();
            let served = desk.act(move |act| {
                let row = database::bind! { digest: [1_u8; 32], agency: OWN, report: report.get(), file: name.as_str(), sha256 };
                act.tx().execute(LOOKED, &row)?;
                let of = serde_json::json!({ "report": report });
                act.note(store::Event::of_house(EventKind::ListRead).with(of))?;
                Ok(())
            });
            served.await.unwrap();
            assert_eq!(refusal(say("ann", MediaClass::Unclassified).await), Some(Refusal::Unfit { what: "class" }));
            say("ann", MediaClass::B2).await.unwrap();
            assert_eq!(refusal(say("ann", MediaClass::A1).await), Some(Refusal::Conflict));
            assert_eq!(refusal(say("bob", MediaClass::A1).await), Some(Refusal::NotAllowed));
            for (who, agency, class) in [("bob", OWN, Some(MediaClass::B2)), ("cyd", OTHER, None)] {
                let looks: Permit<ViewMedia> = permit(who, agency);
                let known = desk.read(move |view| known_media::find(view, &looks, sha256)).await.unwrap();
                assert_eq!(known.map(|known| known.class), class, "{who}");
            }
            let (looks, name): (Permit<ViewMedia>, _) = (permit("bob", OWN), file.clone());
            let taken = by(&desk, ("bob", OWN), move |act| {
                known_media::take_back(act, &looks, (report, &name), sha256)
            });
            taken.await.unwrap();
            let looks: Permit<ViewMedia> = permit("bob", OWN);
            assert_eq!(desk.read(move |view| known_media::find(view, &looks, sha256)).await.unwrap(), None);
            desk.house.has_caused(&[EventKind::MediaClassed, EventKind::MediaClassTaken]).await;
        });
    }
}
