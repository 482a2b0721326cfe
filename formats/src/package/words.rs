//! Words that every export writes alike, so that two sheets of one package never tell different stories.

use domain::{
    Address, Dossier, DossierFile, EstimatedLocation, GivenTime, IncidentType, Involved, MetadataGroup,
    Person, Phone, Private, ReportId, Role,
};

use crate::files::Files;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Below this age somebody is a child.
const ADULT_AGE: i64 = 18;
/// Longest stranger's value inside a text of ours; the whole value stands in the sheets.
const MAX_LINE_CHARS: usize = 200;

/// A moment of ours as outside tools read it: UTC, whole seconds, `Z`.
pub(crate) fn utc(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A sender's moment in the same form; `None` when the zone is unknown or readers have no such year.
pub(crate) fn given_utc(at: &GivenTime) -> Option<String> {
    let instant = at.instant.filter(|_| !at.zone_unknown)?;
    let year = instant.to_zoned_datetime(TimeZone::UTC).year();
    (year >= 1).then(|| utc(instant))
}

/// The words under a privacy mark; the caller writes them into a package, under its permit.
pub(crate) fn said(words: Option<&Private<String>>) -> Option<&str> {
    words.map(|words| words.reveal().as_str())
}

/// Yes, No or Unknown.
pub(crate) fn answer(answer: Option<bool>) -> &'static str {
    domain::TriState::from(answer).as_str()
}

/// The incident type as providers write it; an unknown one as it came.
pub(crate) fn incident_type(key: &str) -> &str {
    IncidentType::find(key).map_or(key, |known| known.wire.as_str())
}

/// The members of every object in their one order. Left alone they keep the order of their making as soon as any crate
/// of the build turns that feature of the JSON library on, and another build would write other bytes.
pub(crate) fn ordered(mut value: serde_json::Value) -> serde_json::Value {
    value.sort_all_objects();
    value
}

/// The one name of a file inside a package. No part of it comes from a reported name but an ending of the safe list.
#[must_use]
pub fn file_name(report: ReportId, file: &DossierFile) -> String {
    format!("{report}-{}.{}", file.position, ending(file))
}

/// Endings that may stand in a package, with the media types that claim them. `pdf` is not among them: the report
/// must be the only PDF, because one reader takes the first it finds. Nor is anything that opens as a program.
const ENDINGS: &[(&str, &[&str])] = &[
    ("jpg", &["image/jpeg", "image/jpg", "image/pjpeg", "jpeg", "jpe"]),
    ("png", &["image/png"]),
    ("gif", &["image/gif"]),
    ("webp", &["image/webp"]),
    ("heic", &["image/heic", "image/heif", "heif"]),
    ("avif", &["image/avif"]),
    ("bmp", &["image/bmp", "image/x-ms-bmp"]),
    ("tiff", &["image/tiff", "tif"]),
    ("mp4", &["video/mp4", "m4v"]),
    ("mov", &["video/quicktime"]),
    ("webm", &["video/webm"]),
    ("mkv", &["video/x-matroska"]),
    ("avi", &["video/x-msvideo", "video/avi"]),
    ("mpg", &["video/mpeg", "mpeg"]),
    ("3gp", &["video/3gpp"]),
    ("wmv", &["video/x-ms-wmv"]),
    ("mp3", &["audio/mpeg"]),
    ("m4a", &["audio/mp4", "audio/x-m4a"]),
    ("ogg", &["audio/ogg", "application/ogg", "video/ogg"]),
    ("wav", &["audio/wav", "audio/x-wav"]),
    ("txt", &["text/plain"]),
    ("csv", &["text/csv"]),
    ("json", &["application/json"]),
    ("xml", &["application/xml", "text/xml"]),
    ("eml", &["message/rfc822"]),
    ("zip", &["application/zip", "application/x-zip-compressed"]),
];

/// The declared media type decides, else the ending of the reported name: a claim, and only from the list. The bytes
/// are not asked, since a file without a ground must not be looked into (R-19a).
fn ending(file: &DossierFile) -> &'static str {
    let on_list = |claim: &str| {
        let claim = claim.trim().to_ascii_lowercase();
        let row =
            ENDINGS.iter().find(|(ending, claims)| *ending == claim || claims.contains(&claim.as_str()));
        row.map(|(ending, _)| *ending)
    };
    let declared =
        file.media_type.as_deref().and_then(|full| on_list(full.split(';').next().unwrap_or(full)));
    let named = || on_list(said(file.name())?.rsplit_once('.')?.1);
    declared.or_else(named).unwrap_or("bin")
}

/// Whether the file's bytes belong into a package of this dossier: kept, and opened by a ground.
pub(crate) fn is_open(file: &DossierFile) -> bool {
    file.retained && file.ground.is_some()
}

/// What the sender read in a file and over it, in its order. What must stay here is not in a dossier.
pub(crate) fn metadata(file: &DossierFile) -> impl Iterator<Item = &MetadataGroup> {
    file.statement.iter().flat_map(|statement| &statement.details)
}

/// What a reader must know before taking a person for a suspect. Tools print recipients under a suspect heading, and
/// a recipient may be the child.
#[must_use]
pub fn role_warning(person: &Involved, people: &[Involved]) -> Option<String> {
    let mut warning = match person.role {
        Role::Recipient => {
            "Intended recipient: may be the child. Being listed does not make this person a suspect."
                .to_owned()
        }
        Role::Victim => return Some("The child. Not a suspect.".to_owned()),
        Role::Reported => String::new(),
        Role::Reporter | Role::Contact | Role::Officer => return None,
    };
    let mut add = |words: &str| {
        let gap = if warning.is_empty() { "" } else { " " };
        warning = format!("{warning}{gap}{words}");
    };
    if people.iter().any(|other| other.role == Role::Victim && is_same(person, other)) {
        add("The sender also names this person as the child.");
    }
    if let Some(age) = person.person.age.filter(|age| *age < ADULT_AGE) {
        add(&format!("Stated age {age}: may be a child."));
    }
    (!warning.is_empty()).then_some(warning)
}

/// Two entries that share what identifies an account or a person.
fn is_same(one: &Involved, other: &Involved) -> bool {
    let equal = |a: Option<&str>, b: Option<&str>| {
        a.zip(b).is_some_and(|(a, b)| !a.trim().is_empty() && a.trim().eq_ignore_ascii_case(b.trim()))
    };
    let mail = one.person.emails.iter().any(|a| {
        let others = &other.person.emails;
        others.iter().any(|b| equal(Some(a.address.reveal()), Some(b.address.reveal())))
    });
    let phone = one.person.phones.iter().any(|a| {
        let others = &other.person.phones;
        others.iter().any(|b| equal(Some(a.number.reveal()), Some(b.number.reveal())))
    });
    mail || phone
        || equal(said(one.account_id.as_ref()), said(other.account_id.as_ref()))
        || equal(said(one.screen_name.as_ref()), said(other.screen_name.as_ref()))
}

/// People of one role, in document order.
pub(crate) fn people(dossier: &Dossier<impl Files>, role: Role) -> impl Iterator<Item = &Involved> {
    dossier.submission.people.iter().filter(move |person| person.role == role)
}

/// Given, middle and family name, as far as said.
pub(crate) fn full_name(person: &Person) -> String {
    let parts = [&person.first_name, &person.middle_name, &person.last_name];
    let parts: Vec<&str> = parts.into_iter().filter_map(|part| said(part.as_ref())).collect();
    parts.join(" ")
}

/// A number as given, with the calling code and extension that were given beside it.
pub(crate) fn phone(phone: &Phone) -> String {
    let number = phone.number.reveal();
    let code = phone.calling_code.as_deref().filter(|_| !number.trim_start().starts_with('+'));
    let extension = phone.extension.as_ref().map(|digits| format!(" ext. {digits}"));
    format!("{}{number}{}", code.unwrap_or_default(), extension.unwrap_or_default())
}

/// Where the sender thinks somebody is, and whether it made sure.
pub(crate) fn location(place: &EstimatedLocation) -> String {
    let parts = [said(place.city.as_ref()), place.region.as_deref(), place.country.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    format!("{} (verified: {})", parts.join(", "), answer(place.verified))
}

/// A postal address on one line.
pub(crate) fn postal(address: &Address) -> String {
    let region = address.state.as_deref().or(address.region.as_deref());
    let parts = [
        said(address.street.as_ref()),
        said(address.city.as_ref()),
        region,
        said(address.postcode.as_ref()),
        address.country.as_deref(),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

/// What the clearinghouse itself says of a file, most important first.
pub(crate) fn tags(file: &DossierFile) -> Vec<String> {
    let seen = (file.seen_before > 0).then(|| format!("Seen in {} earlier reports", file.seen_before));
    seen.into_iter().collect()
}

/// A control character, a mark that turns the direction of text, or one that has no width.
pub(crate) fn is_unseen(letter: char) -> bool {
    let turns = matches!(letter, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    let marks = matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}');
    turns || marks || letter.is_control()
}

/// Somebody's words on one line of a text of ours: bounded, nothing in it hides or reorders, and it cannot leave the
/// code span that a Markdown page puts around it. Everything else stays, since a changed account name names nobody.
pub(crate) fn on_one_line(words: &str) -> String {
    let plain = |letter: char| if is_unseen(letter) || letter == '`' { ' ' } else { letter };
    words.chars().take(MAX_LINE_CHARS).map(plain).collect::<String>().trim().to_owned()
}
