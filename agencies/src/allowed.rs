//! Why somebody may: the policy that allowed it, on the page and in the answer.

use axum::response::Response;
use http::{HeaderName, HeaderValue};
use maud::{Markup, html};
use pipeline::{Denial, Why};

/// Names the rule, the policy and the source that allowed an answer.
const ALLOWED_BY: HeaderName = HeaderName::from_static("clearinghouse-allowed-by");

/// A sentence under what may be done, or instead of it.
pub(crate) fn sentence(what: &str, decided: Result<&'static Why, Denial>) -> Markup {
    html! {
        p .house-allowed {
            @match decided {
                Ok(why) => {
                    (what) " is allowed by " (why.rule) ", " (why.source) ": " (why.says) "."
                }
                Err(denial) => { (what) " is not allowed: " (denial.to_string()) "." }
            }
        }
    }
}

/// The same for a system, as a header: `R-36; 18 USC 2258A(g)(2)(A)(ii); agency-system-read`.
pub(crate) fn mark(mut response: Response, decided: Result<&'static Why, Denial>) -> Response {
    let said = decided.ok().map(|why| format!("{}; {}; {}", why.rule, why.source, why.policy));
    if let Some(value) = said.and_then(|said| HeaderValue::from_str(&said).ok()) {
        response.headers_mut().insert(ALLOWED_BY, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse as _;
    use domain::Id as _;
    use pipeline::{Viewer, ViewerRole};

    fn investigator() -> Viewer {
        let (person, agency) = (domain::PersonId::parse("p-1"), domain::AgencyId::parse("icac-us-mn"));
        Viewer::person(person.unwrap(), agency.unwrap(), ViewerRole::Investigator, true)
    }

    // PROVES: R-22 R-36
    #[test]
    fn a_page_and_an_answer_say_which_rule_allowed_them() {
        let allowed = pipeline::allowed(&investigator());
        let read = sentence("Reading this report", allowed.read).into_string();
        assert!(read.contains("R-36, 18 USC 2258A(g)(2)(A)(ii): officers and employees"), "{read}");
        let take = sentence("Taking the package", allowed.take).into_string();
        assert!(take.contains("R-22, 18 USC 2258A(c):"), "{take}");
        let response = mark(().into_response(), allowed.read);
        let header = response.headers().get(ALLOWED_BY).unwrap().to_str().unwrap();
        assert_eq!(header, "R-36; 18 USC 2258A(g)(2)(A)(ii); agency-people-read");
    }

    #[test]
    fn a_refusal_says_why_and_marks_nothing() {
        let refused = sentence("Taking the package", Err(Denial::Banner)).into_string();
        assert!(refused.contains("is not allowed: the use banner has not been acknowledged."), "{refused}");
        assert!(mark(().into_response(), Err(Denial::Role)).headers().get(ALLOWED_BY).is_none());
    }
}
