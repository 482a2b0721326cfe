//! A change comes from a page of ours, of this session, for this form; and from nobody who is not signed in.

use reqwest::StatusCode;

use crate::browser::Browser;
use crate::common::Running;
use crate::form;

/// Every form of the portal: the page that draws it, and where it posts to.
fn forms(browser: &Browser) -> Vec<(String, String)> {
    let (begun, _) = form::begun(browser);
    let (opened, page) = form::opened(browser);
    let upload = format!("/provider/forms/{opened}/upload");
    let asked = browser.send_file(&page, &upload, "a.txt", b"a".to_vec()).location.unwrap();
    let pages = [
        "/provider".to_owned(),
        "/provider/contacts".to_owned(),
        "/provider/credentials".to_owned(),
        "/provider/profile".to_owned(),
        "/provider/forms".to_owned(),
        format!("/provider/forms/{begun}/what"),
        format!("/provider/forms/{opened}/files"),
        format!("/provider/forms/{opened}/finish"),
        asked,
    ];
    let mut all = Vec::new();
    for path in pages {
        let page = browser.get(&path);
        for form in page.body.split("<form ").skip(1).filter(|form| form.contains("method=\"post\"")) {
            let action = form.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
            if !form.contains("multipart/form-data") {
                all.push((path.clone(), action.to_owned()));
            }
        }
    }
    all
}

#[test]
fn no_form_is_taken_from_elsewhere_or_without_its_own_token() {
    let house = Running::demo(0, &[]);
    let admin = Browser::enter(&house, "provider_admin");
    let other = Browser::enter(&house, "provider_reporter");
    let forms = forms(&admin);
    assert!(forms.len() > 15, "{forms:?}");
    for (page, action) in &forms {
        let token = admin.get(page).token(action);
        let elsewhere = admin.post_from("https://evil.example", action, &[("csrf", &token)]);
        assert_eq!(elsewhere.status, StatusCode::FORBIDDEN, "{action} from elsewhere");
        let forged = "0".repeat(64);
        let extra = [("csrf", forged.as_str()), ("version", "1")];
        assert_eq!(admin.post(action, &extra).status, StatusCode::FORBIDDEN, "{action} forged");
        // The token of one session is nothing in another.
        let theirs = other.post(action, &[("csrf", &token), ("version", "1")]);
        assert_eq!(theirs.status, StatusCode::FORBIDDEN, "{action} of another session");
    }
}

#[test]
fn nobody_enters_a_room_without_a_session() {
    let house = Running::demo(0, &[]);
    let admin = Browser::enter(&house, "provider_admin");
    let stranger = admin.stranger();
    for (page, action) in forms(&admin) {
        for answer in [stranger.get(&page), stranger.post(&action, &[("csrf", "x"), ("version", "1")])] {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page} {action}");
            let door = answer.location.as_deref().and_then(|to| to.split('?').next());
            assert_eq!(door, Some("/provider/sign-in"));
        }
    }
    for open in ["/provider/help", "/provider/help/api", "/provider/help/schema", "/provider/sign-in"] {
        assert_eq!(stranger.get(open).status, StatusCode::OK, "{open}");
    }
    // An officer's session opens nothing here, and a provider's nothing there.
    let officer = Browser::enter(&house, "investigator");
    assert_eq!(officer.get("/provider/reports").status, StatusCode::SEE_OTHER);
    assert_eq!(admin.get("/agency/inbox").status, StatusCode::SEE_OTHER);
}
