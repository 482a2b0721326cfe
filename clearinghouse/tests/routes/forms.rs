//! How the forms are named and filled that change one thing: so somebody of another tenant posts them with a token that
//! is right for their own session, and nothing but the thing itself says no.

/// A form a line: the route that it posts to, the name that its token is made for, and what it says. Things in braces are
/// those of the address, or of the house. What destroys stands last: owners post in this order.
const FORMS: &str = include_str!("forms.txt");

/// The forms of the list.
pub(super) fn forms() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    FORMS.lines().map(|line| {
        let mut words = line.split_whitespace();
        let route = words.next().expect("a form posts to a route");
        (route, words.next().expect("a token has a name"), words.next().unwrap_or_default())
    })
}

/// Routes with a thing in them that this suite does not post to, and why. It may only shrink.
pub(super) const ELSEWHERE: &[(&str, &str)] = &[
    ("/agency/me/keys/{key}/remove", "nobody of the demo has a key: office/tests/keys.rs"),
    ("/provider/me/keys/{key}/remove", "nobody of the demo has a key: office/tests/keys.rs"),
    (
        "/agency/managers/notices/{notice}",
        "nobody looks in an emergency here: store/tests/nouns/houses_gate.rs",
    ),
    ("/agency/cases/{case}", "nobody opens a case here yet"),
    ("/agency/cases/{case}/entries/{entry}", "nobody opens a case here yet"),
    ("/agency/cases/{case}/process/{step}", "nobody opens a case here yet"),
    ("/agency/cases/{case}/{step}", "nobody opens a case here yet"),
    ("/agency/reports/{report}/outcome", "nobody tells an outcome here yet"),
    ("/agency/deconfliction/{event}", "nobody is deconflicted here yet"),
    ("/agency/deconfliction/{event}/take", "nobody is deconflicted here yet"),
    ("/agency/portal/library/{document}", "a document is nobody's own: every agency reads it"),
    ("/agency/portal/library/{document}/{version}", "a document is nobody's own: every agency reads it"),
    ("/agency/imports/{set}/remove", "a set is made by a body in parts: agencies/src/imports.rs"),
    ("/provider/people/invitations/{invitation}/codes", "nobody of a provider was invited: as at an agency"),
    (
        "/provider/people/invitations/{invitation}/withdraw",
        "nobody of a provider was invited: as at an agency",
    ),
    ("/provider/forms/{form}/upload", "a body in parts: portal/isolation.rs"),
    ("/provider/forms/{form}/files/{file}", "a form that was opened: portal/isolation.rs"),
];
