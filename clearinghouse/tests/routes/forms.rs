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

/// Routes with a thing in them that this suite does not try, and why. It may only shrink.
pub(super) const ELSEWHERE: &[(&str, &str)] = &[
    (
        "/agency/managers/notices/{notice}",
        "stands only after another process drew a picture: store/tests/nouns/houses_gate.rs::managers_are_told_of_an_emergency_look_until_another_of_them_has_read_it",
    ),
    (
        "/agency/portal/library/{document}",
        "nobody's own, every agency reads it: casework/tests/nouns/portal.rs::a_document_is_read_in_every_version_until_it_is_withdrawn",
    ),
    (
        "/agency/portal/library/{document}/{version}",
        "nobody's own, every agency reads it: casework/tests/nouns/portal.rs::a_document_is_read_in_every_version_until_it_is_withdrawn",
    ),
    (
        "/admin/rules/relaxations/{name}/end",
        "stands only in rules that two people put in force half a minute before: rulebook/tests/changes.rs::a_relaxation_is_asked_for_by_counsel_and_is_part_of_the_rules",
    ),
    ("/agency/transfers/{transfer}", "nobody hands a report on here: clearinghouse/tests/transfers.rs"),
    (
        "/agency/transfers/{transfer}/{step}",
        "nobody hands a report on here: clearinghouse/tests/transfers.rs",
    ),
    (
        "/desk/foreign-requests/{report}",
        "nobody abroad asked for a report here: clearinghouse/tests/transfers.rs",
    ),
    (
        "/desk/foreign-requests/{report}/forward",
        "nobody abroad asked for a report here: clearinghouse/tests/transfers.rs",
    ),
    (
        "/desk/foreign-requests/{report}/unable",
        "nobody abroad asked for a report here: clearinghouse/tests/transfers.rs",
    ),
    (
        "/desk/returned/{report}/{agency}/{number}",
        "nobody gives a report back here: clearinghouse/tests/transfers.rs",
    ),
    (
        "/desk/calls/{report}/answer",
        "no report waits at the desk here: dissemination/tests/nouns/desk_calls.rs::what_cannot_wait_at_the_desk_calls_one_person_after_the_other_until_somebody_has_it",
    ),
    (
        "/desk/calls/steps/{turn}/remove",
        "nobody of the desk has a turn here: dissemination/tests/nouns/desk_calls.rs::the_ladder_of_the_desk_is_its_supervisors_to_keep_and_nobody_elses",
    ),
];
