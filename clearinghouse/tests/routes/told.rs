//! What somebody is told whose form was refused: why, and every word that they had typed.

use axum::http::StatusCode;

use super::asking::Walled;
use super::walk;

#[test]
fn a_form_about_a_person_that_was_refused_says_why_and_comes_back_with_its_words() {
    walk(async {
        let rows = testkit::on_sqlite();
        let walled = Walled::on(&rows).await;
        let pass = walled.enter("security_admin").await;
        let path = "/admin/people/demo-investigator/recover";
        let token = walled.token_for(&pass, "recover/demo-investigator");
        let said = |sha256: &str| {
            let words = "document=dull-passport&seen_by=dull-person&seen=2026-05-01";
            format!("csrf={token}&{words}&sha256={sha256}")
        };
        let refused = walled.post(path, &pass, &said("12")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        assert!(refused.body.contains("64 hexadecimal digits, and the day"), "{refused:?}");
        for word in ["dull-passport", "dull-person", "2026-05-01", "12"] {
            assert!(refused.body.contains(&format!("value=\"{word}\"")), "{word}: {}", refused.body);
        }
        let asked = walled.post(path, &pass, &said(&"ab".repeat(32))).await;
        assert!(asked.location().starts_with("/admin/approvals/"), "{asked:?}");
    });
}
