//! The profile's compatibility rules, each as its sentence.

use domain::{Dossier, FileStatement, Role};
use serde_json::Value;

use crate::{sample, whole};

pub fn json(dossier: &Dossier) -> Value {
    serde_json::from_slice(&whole::le_download(dossier)).unwrap()
}

fn information(dossier: &Dossier) -> Value {
    json(dossier)["reportedInformation"].clone()
}

fn every(rule: impl Fn(&Value)) {
    for (_, dossier) in sample::all() {
        rule(&information(&dossier));
    }
}

fn list<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    value.pointer(path).unwrap().as_array().unwrap().iter().collect()
}

fn people(information: &Value) -> Vec<&Value> {
    let lists = [
        "/reportedPeople/reportedPersons",
        "/intendedRecipients/intendedRecipients",
        "/victims/victims",
        "/otherPeople/otherPeople",
    ];
    lists.into_iter().flat_map(|path| list(information, path)).collect()
}

/// Walks every value, with the name of the member it stands in.
fn walk<'a>(name: &'a str, value: &'a Value, visit: &mut impl FnMut(&'a str, &'a Value)) {
    visit(name, value);
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| walk(name, value, visit)),
        Value::Array(items) => items.iter().for_each(|value| walk(name, value, visit)),
        _ => {}
    }
}

#[test]
fn no_byte_order_mark_stands_in_front() {
    for (_, dossier) in sample::all() {
        assert_eq!(whole::le_download(&dossier)[0], b'{');
    }
}

#[test]
fn every_date_time_is_utc_in_whole_seconds() {
    let is_plain = |text: &str| {
        let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
        shape == "9999-99-99T99:99:99Z"
    };
    for (name, dossier) in sample::all() {
        walk("", &json(&dossier), &mut |member, value| {
            if let (true, Value::String(text)) =
                (member.contains("ateTime") && !member.ends_with("Description"), value)
            {
                assert!(is_plain(text), "{name} {member} {text}");
            }
        });
    }
    assert_eq!(json(&sample::bare())["dateReceived"], "2026-02-03T14:05:11Z");
    assert_eq!(information(&sample::bare())["incidentSummary"]["incidentDateTime"], "2026-02-03T14:00:00Z");
}

#[test]
fn the_incident_time_is_never_null_and_never_a_guessed_zone() {
    every(|information| assert!(information["incidentSummary"]["incidentDateTime"].is_string()));
    let summary = &information(&sample::times_without_zone())["incidentSummary"];
    assert_eq!(summary["incidentDateTime"], "2026-02-03T14:05:11Z", "the date received");
    let described = summary["incidentDateTimeDescription"].as_str().unwrap();
    assert!(described.contains("Date received") && described.contains("2026-02-03T09:00:00."), "{described}");
}

#[test]
fn the_sender_has_a_name_that_is_never_null() {
    every(|information| assert!(information["reportingEsp"]["espName"].is_string()));
}

#[test]
fn at_least_one_reported_person_is_listed_and_an_empty_one_is_complete() {
    every(|information| assert!(!list(information, "/reportedPeople/reportedPersons").is_empty()));
    let empty = &information(&sample::bare())["reportedPeople"]["reportedPersons"][0];
    let full = &information(&sample::full())["reportedPeople"]["reportedPersons"][0];
    let keys = |person: &Value| person.as_object().unwrap().keys().cloned().collect::<Vec<String>>();
    assert_eq!(keys(empty), keys(full));
    assert!(empty["roleWarning"].as_str().unwrap().contains("named no reported person"));
}

#[test]
fn the_person_keys_that_readers_index_are_always_there() {
    let keys = [
        "firstName",
        "middleName",
        "lastName",
        "screenName",
        "espUserId",
        "dateOfBirth",
        "emails",
        "phones",
        "sourceInformation",
    ];
    every(|information| {
        for person in people(information) {
            keys.iter().for_each(|key| assert!(person.get(key).is_some(), "{key}"));
        }
    });
}

#[test]
fn the_file_keys_that_readers_index_are_always_there() {
    let keys = [
        "filename",
        "originalFilename",
        "industryClassification",
        "viewedByEsp",
        "verificationHash",
        "sourceInformation",
        "ncmecTags",
        "additionalInformations",
    ];
    every(|information| {
        for file in list(information, "/uploadedFiles/uploadedFiles") {
            keys.iter().for_each(|key| assert!(file.get(key).is_some(), "{key}"));
        }
    });
}

#[test]
fn a_files_capture_has_a_time_or_stands_with_the_person() {
    every(|information| {
        for file in list(information, "/uploadedFiles/uploadedFiles") {
            let captures = file.pointer("/sourceInformation/sourceCaptures");
            for capture in captures.and_then(Value::as_array).into_iter().flatten() {
                assert!(capture["dateTime"].is_string());
            }
        }
    });
    let information = information(&sample::times_without_zone());
    let person = list(&information, "/reportedPeople/reportedPersons/0/sourceInformation/sourceCaptures");
    let events: Vec<&str> = person.iter().map(|capture| capture["eventName"].as_str().unwrap()).collect();
    let wanted = [
        "Login (time without zone: 2026-02-03T08:59:00)",
        "Upload, file 1000001-1.jpg (time without zone: 2026-02-03T08:58:00)",
        "Upload, file 1000001-2.jpg",
    ];
    assert_eq!(events, wanted);
    assert!(person.iter().all(|capture| capture["dateTime"].is_null() && capture["value"].is_string()));
}

#[test]
fn a_capture_list_is_never_null_when_its_parent_stands() {
    every(|information| {
        walk("", information, &mut |member, value| {
            if member == "sourceInformation" && value.is_object() {
                assert!(value["sourceCaptures"].is_array());
            }
        });
    });
}

#[test]
fn the_reports_additional_informations_are_a_list_even_when_empty() {
    every(|information| assert!(information["additionalInformations"].is_array()));
    assert_eq!(information(&sample::bare())["additionalInformations"], serde_json::json!([]));
}

#[test]
fn no_tag_group_is_empty_and_groups_may_be() {
    every(|information| {
        for file in list(information, "/uploadedFiles/uploadedFiles") {
            for group in list(file, "/ncmecTags/groups") {
                assert!(!group["tags"].as_array().unwrap().is_empty());
            }
        }
    });
    let full = information(&sample::full());
    assert_eq!(full["uploadedFiles"]["uploadedFiles"][1]["ncmecTags"]["groups"], serde_json::json!([]));
}

#[test]
fn a_file_has_at_most_one_capture_the_upload() {
    every(|information| {
        for file in list(information, "/uploadedFiles/uploadedFiles") {
            let captures = file.pointer("/sourceInformation/sourceCaptures");
            assert!(captures.is_none_or(|captures| captures.as_array().unwrap().len() == 1));
        }
    });
}

#[test]
fn an_address_is_always_called_ip_address() {
    let known = ["IP Address", "URL", "Profile URL"];
    let mut addresses = 0;
    walk("", &json(&sample::full()), &mut |member, value| {
        if member == "captureType" {
            assert!(known.contains(&value.as_str().unwrap()));
            addresses += usize::from(value == "IP Address");
        }
    });
    assert_eq!(addresses, 8, "two for each of three people, one of a file, one of a network");
}

#[test]
fn a_report_without_files_has_an_empty_list() {
    assert_eq!(information(&sample::bare())["uploadedFiles"]["uploadedFiles"], serde_json::json!([]));
}

#[test]
fn element_0_of_mail_contents_and_page_texts_is_there_even_when_nothing_was_said() {
    let information = information(&sample::full());
    for mail in list(&information, "/incidentDetails/emailIncident") {
        assert!(mail.pointer("/contents/0/value").unwrap().is_string());
    }
    for page in list(&information, "/incidentDetails/webpageIncident") {
        assert!(page.pointer("/additionalInformations/0/value").unwrap().is_string());
        assert_eq!(page.pointer("/sourceInformation/sourceCaptures/0/captureType").unwrap(), "URL");
    }
}

#[test]
fn every_address_of_a_page_is_an_entry_because_readers_take_the_first() {
    let information = information(&sample::full());
    let pages = list(&information, "/incidentDetails/webpageIncident");
    let urls: Vec<&Value> =
        pages.iter().map(|page| page.pointer("/sourceInformation/sourceCaptures/0/value").unwrap()).collect();
    assert_eq!(urls, ["https://harbor.example/p/1", "https://harbor.example/p/2", ""]);
}

#[test]
fn the_text_of_a_file_begins_with_the_senders_words() {
    let information = information(&sample::full());
    let text = information.pointer("/uploadedFiles/uploadedFiles/0/additionalInformations/0/value").unwrap();
    assert!(text.as_str().unwrap().starts_with("Message ID: m-1\n"), "{text}");
    assert!(text.as_str().unwrap().contains("generativeAi, viral"), "{text}");
}

// PROVES: R-14
#[test]
fn the_three_answers_stay_three() {
    let information = information(&sample::full());
    let files = list(&information, "/uploadedFiles/uploadedFiles");
    let viewed: Vec<&Value> = files.iter().map(|file| &file["viewedByEsp"]).collect();
    assert_eq!(viewed, [&Value::Bool(true), &Value::Bool(false), &Value::Null, &Value::Bool(true)]);
    assert_eq!(files[2]["viewedByEspAnswer"], "Unknown");
}

#[test]
fn a_child_stands_in_the_victims_list_only() {
    let information = information(&sample::full());
    let names = |path| -> Vec<&Value> {
        list(&information, path).iter().map(|person| &person["firstName"]).collect()
    };
    assert_eq!(names("/victims/victims"), ["Sam"]);
    assert_eq!(names("/reportedPeople/reportedPersons"), ["Robin"]);
    assert_eq!(names("/intendedRecipients/intendedRecipients"), ["Kim"]);
}

#[test]
fn a_recipient_carries_a_warning_that_readers_print() {
    let information = information(&sample::recipient_is_the_child());
    let recipient = &information["intendedRecipients"]["intendedRecipients"][0];
    let warning = recipient["roleWarning"].as_str().unwrap();
    assert!(warning.contains("The sender also names this person as the child."), "{warning}");
    assert!(warning.contains("Stated age 11"), "{warning}");
    let printed = recipient["additionalContactInformation"].as_str().unwrap();
    assert!(printed.starts_with(&format!("ROLE WARNING: {warning}")), "{printed}");
    let notes = information["additionalInformations"].to_string();
    assert!(notes.contains("Clearinghouse role warning: intendedRecipients entry 1."), "{notes}");
}

#[test]
fn every_person_carries_a_role() {
    every(|information| {
        for person in people(information) {
            assert!(person["role"].as_str().unwrap().parse::<Role>().is_ok());
        }
        assert_eq!(information["reportingEsp"]["role"], "reporter");
    });
    let information = information(&sample::full());
    assert_eq!(information["reportingEsp"]["contact"]["role"], "contact");
    assert_eq!(information["lawEnforcement"]["officer"]["role"], "officer");
}

#[test]
fn a_linked_account_is_a_note_and_not_a_further_suspect() {
    let information = information(&sample::full());
    assert_eq!(list(&information, "/reportedPeople/reportedPersons").len(), 1);
    let note =
        information["reportedPeople"]["reportedPersons"][0]["additionalContactInformation"].as_str().unwrap();
    assert!(note.contains("Linked account (Parent/Guardian): Other Chat, Linked Q Example"), "{note}");
}

#[test]
fn look_ups_stand_inside_with_table_and_date() {
    let report = json(&sample::full());
    let found = &report["enrichment"][0];
    assert_eq!(found["subject"], "192.0.2.10");
    assert_eq!((&found["table"], &found["asOf"]), (&"example-places".into(), &"2026-01-01".into()));
}

#[test]
fn exif_that_the_dossier_holds_is_written() {
    let text = String::from_utf8(whole::le_download(&sample::full())).unwrap();
    assert!(text.contains("Example Camera"));
}

#[test]
fn a_hostile_name_is_kept_as_what_it_is_and_names_no_member() {
    let information = information(&sample::hostile());
    let file = &information["uploadedFiles"]["uploadedFiles"][0];
    assert_eq!(file["originalFilename"], sample::hostile_name());
    assert_eq!(file["filename"], "1000001-1.bin");
}

#[test]
fn a_year_that_readers_have_not_is_a_time_that_is_not_known() {
    let mut dossier = sample::bare();
    let mut file = sample::open_file(1);
    let upload = sample::ip("192.0.2.1", None, Some(sample::given("-000005-01-01T00:00:00Z")));
    file.statement = Some(FileStatement { ip_event: Some(upload), ..sample::statement(&file) });
    dossier.files = vec![file];
    let information = information(&dossier);
    assert!(information["uploadedFiles"]["uploadedFiles"][0]["sourceInformation"].is_null());
}

#[test]
fn a_time_that_the_report_does_not_explain_is_explained_by_the_senders_profile() {
    let describe = |dossier: &domain::Dossier| {
        let written: serde_json::Value = serde_json::from_slice(&whole::le_download(dossier)).unwrap();
        written["reportedInformation"]["incidentSummary"]["incidentDateTimeDescription"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let mut dossier = sample::full();
    assert_eq!(describe(&dossier), "Time of upload");
    dossier.submission.incident.occurred_means = None;
    assert!(describe(&dossier).contains("(profile version 2): The time of the upload of the newest"));
    dossier.sender_profile = None;
    assert!(describe(&dossier).starts_with("Unknown"));
}

#[test]
fn the_legal_contact_of_a_sender_is_nowhere_that_a_reader_mines_for_selectors() {
    let written = String::from_utf8(whole::le_download(&sample::full())).unwrap();
    assert!(written.contains("\"senderNotes\"") && written.contains("Start of a session"));
    assert!(!written.contains("legal@harbor.example") && !written.contains("202-555-0140"));
}
