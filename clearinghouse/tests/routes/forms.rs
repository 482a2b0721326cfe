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
    (
        "/agency/managers/notices/{notice}",
        "nobody looks in an emergency here: store/tests/nouns/houses_gate.rs",
    ),
    ("/agency/portal/library/{document}", "a document is nobody's own: every agency reads it"),
    ("/agency/portal/library/{document}/{version}", "a document is nobody's own: every agency reads it"),
    (
        "/agency/notify/steps/{step}/remove",
        "nobody's turn is written down here yet: casework/tests/nouns/oncall.rs",
    ),
    ("/agency/notify/calls/{report}/answer", "nobody is called here yet: casework/tests/nouns/oncall.rs"),
    (
        "/agency/notify/webhooks/{webhook}/{step}",
        "no webhook is added here yet: casework/tests/nouns/webhook.rs",
    ),
    ("/agency/transfers/{transfer}", "nobody hands a report on here: clearinghouse/tests/transfers.rs"),
    (
        "/agency/transfers/{transfer}/{step}",
        "nobody hands a report on here: clearinghouse/tests/transfers.rs",
    ),
    (
        "/desk/returned/{report}/{agency}/{number}",
        "nobody gives a report back here: clearinghouse/tests/transfers.rs",
    ),
    ("/provider/forms/{form}/upload", "a body in parts: portal/isolation.rs"),
    ("/provider/forms/{form}/files/{file}", "a form that was opened: portal/isolation.rs"),
    (
        "/desk/portal/directory/{contact}",
        "the clearinghouse has no contact here yet: casework/tests/nouns/portal.rs",
    ),
    (
        "/desk/portal/library/{document}/{version}",
        "nobody published a document here: casework/tests/nouns/portal.rs",
    ),
    ("/desk/portal/library/{document}", "nobody published a document here: casework/tests/nouns/portal.rs"),
    (
        "/desk/portal/library/{document}/withdraw",
        "nobody published a document here: casework/tests/nouns/portal.rs",
    ),
    ("/admin/people/{person}/known-by/{binding}/remove", "nobody has a card here: office/tests/outside.rs"),
    ("/admin/rules/relaxations/{name}/end", "nothing is relaxed here: rulebook/tests/changes.rs"),
    (
        "/oversight/destructions/{destruction}/certificate.json",
        "none is certified here: pipeline/tests/journey/destroyed.rs",
    ),
    (
        "/oversight/destructions/{destruction}/certificate.pdf",
        "none is certified here: pipeline/tests/journey/destroyed.rs",
    ),
];
