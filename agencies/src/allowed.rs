//! Why somebody may: the policy that allowed it, on the page.

use maud::{Markup, html};
use pipeline::{Denial, Why};

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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Id as _;
    use pipeline::{Viewer, ViewerRole};

    fn investigator() -> Viewer {
        let (person, agency) = (domain::PersonId::parse("p-1"), domain::AgencyId::parse("icac-us-mn"));
        Viewer::person(person.unwrap(), agency.unwrap(), ViewerRole::Investigator, true)
    }

    // PROVES: R-22 R-36
    #[test]
    fn a_page_says_which_rule_allowed_it() {
        let allowed = pipeline::allowed(&investigator());
        let read = sentence("Reading this report", allowed.read).into_string();
        assert!(read.contains("R-36, 18 USC 2258A(g)(2)(A)(ii): officers and employees"), "{read}");
        let take = sentence("Taking the package", allowed.take).into_string();
        assert!(take.contains("R-22, 18 USC 2258A(c):"), "{take}");
    }

    #[test]
    fn a_refusal_says_why() {
        let refused = sentence("Taking the package", Err(Denial::Banner)).into_string();
        assert!(refused.contains("is not allowed: the use banner has not been acknowledged."), "{refused}");
    }
}
