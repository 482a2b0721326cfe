//! How the forms are named and filled that change one thing: so somebody of another tenant posts them with a token that
//! is right for their own session, and nothing but the thing itself says no.

/// The route that a form posts to, the name that its token is made for, and what it says. Things in braces are those of
/// the address, or of the house. What destroys stands last: owners post in this order.
pub(super) const FORMS: &[(&str, &str, &str)] = &[
    ("/agency/reports/{report}/package", "package-{report}", ""),
    ("/agency/reports/{report}/certificate", "certificate-{report}", "name=A&role=B&form=json"),
    ("/agency/reports/{report}/keeping/hold", "keeping-{report}-hold", "file=&reason=tried-hold&days=90"),
    ("/agency/reports/{report}/keeping/letter", "keeping-{report}-letter", "reference=tried-letter"),
    ("/agency/reports/{report}/keeping/relay", "keeping-{report}-relay", "file={file}"),
    ("/agency/reports/{report}/keeping/renew/{letter}", "keeping-{report}-renew", ""),
    ("/agency/reports/{report}/keeping/release/{hold}", "keeping-{report}-release", ""),
    (
        "/agency/reports/{report}/files/{position}/grounds",
        "ground-{report}-{position}",
        "kind=WARRANT&court=tried-court&number=7&scope=the+file&ends=2026-07-01",
    ),
    (
        "/agency/reports/{report}/files/{position}/grounds/{ground}/confirm",
        "confirm-{ground}-{report}-{position}",
        "",
    ),
    (
        "/agency/reports/{report}/files/{position}/grounds/{ground}/revoke",
        "revoke-{ground}-{report}-{position}",
        "",
    ),
    ("/agency/reports/{report}/files/{position}/look", "look-{report}-{position}", "manner=grey"),
    ("/agency/reports/{report}/files/{position}/close", "close-{report}-{position}", ""),
    (
        "/agency/reports/{report}/viewings",
        "viewing-{report}",
        "kind=DEFENCE&day=2026-06-02&from=09:00&until=10:00&place=tried-room&people=Dr+Placeholder&supervisor={person}&file=1",
    ),
    ("/agency/reports/{report}/viewings/marks", "mark-{report}", "file=1&mark=tried-victim"),
    ("/agency/people/invitations/{invitation}/codes", "codes/{invitation}", ""),
    ("/agency/people/invitations/{invitation}/withdraw", "withdraw/{invitation}", ""),
    ("/agency/reports/{report}/document", "document-{report}", "form=report-html"),
    ("/agency/media/grant", "media-grant", "person={person}&reason=tried-grant&days=7"),
    ("/agency/media/revoke", "media-revoke-{person}", "person={person}"),
    ("/agency/people/attest", "attest", "person={person}"),
    ("/agency/keys/{key}/revoke", "key-revoke-{key}", ""),
    ("/agency/me/sessions/{session}/end", "me-end-{session}", ""),
    ("/provider/requests/{request}", "request-{request}", ""),
    ("/provider/me/sessions/{session}/end", "me-end-{session}", ""),
    ("/provider/forms/{form}/{step}", "form-{form}-{step}", "incidentType=enticement"),
    ("/provider/forms/{form}/open", "form-open-{form}", ""),
    ("/provider/forms/{form}/reopen", "form-reopen-{form}", ""),
    ("/provider/forms/{form}/file", "form-file-{form}", ""),
    ("/provider/forms/{form}/discard", "form-discard-{form}", ""),
    ("/provider/credentials/{credential}/rotate", "credential-rotate-{credential}", "lives_on=hour"),
    ("/provider/credentials/{credential}/revoke", "credential-revoke-{credential}", ""),
    (
        "/agency/reports/{report}/keeping/destroy",
        "keeping-{report}-destroy",
        "file={file}&reason=tried-destroy",
    ),
    ("/agency/people/{person}/attest", "attest/{person}", ""),
    ("/agency/people/{person}/review", "review/{person}", ""),
    ("/agency/people/{person}/train", "train/{person}", "trained_on=2026-05-01"),
    ("/agency/people/{person}/release", "release/{person}", ""),
    ("/agency/people/{person}/role", "role/{person}", "role=investigator&reason=tried-role"),
    (
        "/agency/people/{person}/recover",
        "recover/{person}",
        "document=passport&seen_by=A&sha256=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&seen=2026-05-01",
    ),
    ("/agency/people/{person}/disable", "disable/{person}", "because=by-hand"),
    ("/provider/people/{person}/attest", "attest/{person}", ""),
    ("/provider/people/{person}/review", "review/{person}", ""),
    ("/provider/people/{person}/train", "train/{person}", "trained_on=2026-05-01"),
    ("/provider/people/{person}/release", "release/{person}", ""),
    ("/provider/people/{person}/role", "role/{person}", "role=investigator&reason=tried-role"),
    (
        "/provider/people/{person}/recover",
        "recover/{person}",
        "document=passport&seen_by=A&sha256=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&seen=2026-05-01",
    ),
    ("/provider/people/{person}/disable", "disable/{person}", "because=by-hand"),
];

/// Routes with a thing in them that this suite does not post to, and why. It may only shrink.
pub(super) const ELSEWHERE: &[(&str, &str)] = &[
    ("/agency/me/keys/{key}/remove", "nobody of the demo has a key: office/tests/keys.rs"),
    ("/provider/me/keys/{key}/remove", "nobody of the demo has a key: office/tests/keys.rs"),
    ("/desk/me/keys/{key}/remove", "nobody of the demo has a key: office/tests/keys.rs"),
    ("/agency/imports/{set}/remove", "a set is made by a body in parts: agencies/src/imports.rs"),
    ("/provider/people/invitations/{invitation}/codes", "nobody of a provider was invited: as at an agency"),
    (
        "/provider/people/invitations/{invitation}/withdraw",
        "nobody of a provider was invited: as at an agency",
    ),
    ("/provider/forms/{form}/upload", "a body in parts: portal/isolation.rs"),
    ("/provider/forms/{form}/files/{file}", "a form that was opened: portal/isolation.rs"),
];
