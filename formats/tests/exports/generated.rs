//! Generated dossiers: whatever a sender says or leaves out, the exports hold together.

use domain::{Dossier, DossierFile, FileStatement, GivenTime, Involved, Role, TriState, ViewGround};
use proptest::prelude::*;

use crate::{csv, sample, whole};

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        any::<String>(),
        Just(sample::hostile_name()),
        Just("Message ID: m-1".to_owned()),
        Just("a.jpeg".to_owned()),
    ]
}

fn time() -> impl Strategy<Value = Option<GivenTime>> {
    prop_oneof![
        Just(None),
        Just(Some(sample::unzoned("2026-02-03T08:00:00"))),
        Just(Some(sample::given("2026-02-03T08:00:00.25+02:00"))),
        Just(Some(sample::given("-000001-02-03T08:00:00Z"))),
    ]
}

fn answer() -> impl Strategy<Value = TriState> {
    prop::sample::select(TriState::ALL)
}

prop_compose! {
    fn person()(
        role in prop::sample::select(Role::ALL), full in any::<bool>(), name in words(), age in prop::option::of(0_i64..90),
        at in time(), mail in words(),
    ) -> Involved {
        let mut person = if full { sample::involved(role, &name) } else { Involved::nobody(role) };
        person.person.age = age;
        person.screen_name = sample::said(&mail);
        person.ip_events.push(sample::ip(&name, None, at));
        person
    }
}

prop_compose! {
    fn file()(
        viewed in answer(), exif_viewed in answer(), public in answer(), retained in any::<bool>(), stated in any::<bool>(),
        name in words(), media_type in prop::option::of(words()), at in time(), uploaded in any::<bool>(),
        seen_before in 0_u32..3,
    ) -> DossierFile {
        let mut file = sample::file(1);
        let ground = match (viewed, public) {
            (TriState::Yes, _) => Some(ViewGround::EspViewed),
            (_, TriState::Yes) => Some(ViewGround::PubliclyAvailable),
            _ => None,
        };
        file.media_type = media_type;
        file.seen_before = seen_before;
        file.retained = retained;
        if stated {
            file.ground = ground;
            file.statement = Some(FileStatement {
                viewed, exif_viewed, public,
                original_name: sample::said(&name),
                details: vec![sample::exif("canary EXIF")],
                ip_event: uploaded.then(|| sample::ip("192.0.2.1", None, at)),
                additional: vec![sample::private(&name)],
                ..sample::statement(&file)
            });
        }
        file
    }
}

prop_compose! {
    /// Any mixture of people and files, with times that have zones or none.
    pub fn dossier()(
        people in prop::collection::vec(person(), 0..4), files in prop::collection::vec(file(), 0..4), at in time(),
        note in words(), sender in words(),
    ) -> Dossier {
        let mut dossier = sample::bare();
        dossier.provider_name = sender;
        dossier.submission.people = people;
        dossier.submission.additional = vec![sample::private(&note)];
        dossier.submission.incident.occurred = at.unwrap_or_else(|| sample::unzoned(""));
        dossier.files = (1..).zip(files).map(|(position, file)| {
            let own = sample::file(position);
            let statement = file.statement.map(|said| FileStatement { file: own.file.clone(), ..said });
            DossierFile { statement, media_type: file.media_type, retained: file.retained, ground: file.ground, ..own }
        }).collect();
        dossier
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_dossier_gives_json_that_parses_and_sheets_that_are_whole(dossier in dossier()) {
        let written: serde_json::Value = serde_json::from_slice(&whole::le_download(&dossier)).unwrap();
        let information = &written["reportedInformation"];
        prop_assert!(information["reportedPeople"]["reportedPersons"][0].is_object());
        let files = information["uploadedFiles"]["uploadedFiles"].as_array().unwrap();
        prop_assert_eq!(files.len(), dossier.files.len());
        let full: serde_json::Value = serde_json::from_slice(&whole::report_full(&dossier)).unwrap();
        let people = full["supplied"]["submission"]["people"].as_array().unwrap().len();
        prop_assert_eq!(people, dossier.submission.people.len());
        let rows = csv::read(&whole::files(&dossier));
        prop_assert_eq!(rows.len(), dossier.files.len() + 1);
        csv::read(&formats::csv::persons(&dossier));
        csv::read(&whole::ips(&dossier));
    }

    #[test]
    fn victims_stand_under_no_other_heading(dossier in dossier()) {
        let written: serde_json::Value = serde_json::from_slice(&whole::le_download(&dossier)).unwrap();
        let information = &written["reportedInformation"];
        let count = |path: &str, role: &str| {
            let all = information.pointer(path).unwrap().as_array().unwrap();
            all.iter().filter(|person| person["role"] == role).count()
        };
        let victims = dossier.submission.people.iter().filter(|person| person.role == Role::Victim).count();
        prop_assert_eq!(count("/victims/victims", "victim"), victims);
        prop_assert_eq!(count("/reportedPeople/reportedPersons", "victim"), 0);
        prop_assert_eq!(count("/intendedRecipients/intendedRecipients", "victim"), 0);
    }
}
