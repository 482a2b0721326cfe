//! Chats and mails as threads of messages.

use domain::{IncidentDetail, Role};
use formats::chat;
use proptest::prelude::*;
use serde_json::Value;

use crate::sample;

fn with(content: &str) -> domain::Dossier {
    let mut dossier = sample::full();
    dossier.submission.details = vec![IncidentDetail::Chat {
        client: Some("Harbor".to_owned()),
        room: None,
        content: sample::said(content),
        additional: None,
    }];
    dossier
}

#[test]
fn a_log_is_read_message_by_message_and_each_name_has_its_role() {
    let dossier = with(
        "[2026-02-03T14:00:00Z] Robin_at_harbor: hello\nand more\n2026-02-03 14:01 Sam_at_harbor: hi\nsomebody: x",
    );
    let threads = chat::threads(&dossier);
    assert_eq!((threads.len(), threads[0].name.as_str()), (1, "chat-1"));
    let messages = &threads[0].messages;
    assert_eq!(messages[0].text, "hello\nand more");
    assert_eq!(messages[0].sent_at, Some(sample::moment("2026-02-03T14:00:00Z")));
    assert_eq!((messages[1].sent.as_deref(), messages[1].sent_at), (Some("2026-02-03 14:01"), None));
    let roles: Vec<Option<Role>> = messages.iter().map(|message| message.role).collect();
    assert_eq!(roles, [Some(Role::Reported), Some(Role::Victim), None]);
    assert_eq!(messages[1].role_warning.as_deref(), Some("The child. Not a suspect."));
    let rows = crate::csv::read(&formats::csv::chat(&threads));
    assert_eq!(
        (rows.len(), rows[2][8].as_str(), rows[3][8].as_str()),
        (4, "victim", "not named in the report")
    );
    let document: Value = serde_json::from_slice(&chat::to_json(&threads)).unwrap();
    assert_eq!(document["threads"][0]["messages"][1]["role"], "victim");
}

#[test]
fn a_mail_is_one_message_with_its_sender_and_recipient() {
    let threads = chat::threads(&sample::full());
    let mail = threads.iter().find(|thread| thread.name.starts_with("mail")).unwrap();
    assert_eq!(mail.messages[0].from.as_deref(), Some("a@mail.example"));
    assert_eq!(mail.messages[0].to.as_deref(), Some("b@mail.example"));
}

proptest! {
    #[test]
    fn no_line_of_a_log_is_lost(lines in prop::collection::vec("[ -~é]{0,40}", 0..12)) {
        let content = lines.join("\n");
        let threads = chat::threads(&with(&content));
        let given: Vec<&str> = threads.iter().flat_map(|thread| &thread.messages).map(|one| one.given.as_str()).collect();
        let kept: Vec<&str> = content.lines().filter(|line| !line.trim().is_empty()).collect();
        prop_assert_eq!(given.join("\n"), kept.join("\n"));
    }
}
