//! Invented reports of every shape that the language can carry, within its documented limits.

use domain::{
    AccountDisabled, Address, AssociatedAccount, Device, Email, EstimatedLocation, FileId, FileStatement,
    GivenTime, Incident, IncidentDetail, Involved, IpEvent, LawEnforcement, MetadataGroup, MetadataPair,
    OriginalHash, Person, Phone, Private, Relevance, ReportId, Reporter, Role, Submission, TriState,
    incident_types,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Characters that writers and readers of XML trip over.
const CHARACTERS: &[char] = &[
    'a', 'Z', '0', ' ', '\t', '\n', '\r', '<', '>', '&', '"', '\'', ']', '[', ';', '#', '-', '!', '/', '=',
    'é', '\u{85}', '\u{2028}', '\u{FEFF}', '🧱',
];

fn text() -> BoxedStrategy<String> {
    vec(select(CHARACTERS), 0..12).prop_map(|characters| characters.into_iter().collect()).boxed()
}

fn private() -> BoxedStrategy<Private<String>> {
    text().prop_map(Private::new).boxed()
}

fn said() -> BoxedStrategy<Option<Private<String>>> {
    option::of(private()).boxed()
}

fn word(words: &'static [&'static str]) -> BoxedStrategy<Option<String>> {
    option::of(select(words).prop_map(str::to_owned)).boxed()
}

fn answer() -> BoxedStrategy<Option<bool>> {
    option::of(any::<bool>()).boxed()
}

/// A moment whose instant is computed by the time library, not by our reader.
fn moment() -> BoxedStrategy<GivenTime> {
    let zone = select(&["Z", "+00:00", "-05:00", "+13:45", ""][..]);
    (2000..2025_i32, 1..=12_i32, 1..=28_i32, 0..86_400_i32, "[0-9]{0,12}", zone)
        .prop_map(|(year, month, day, second, fraction, zone)| {
            let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
            let start = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
            let point = if fraction.is_empty() { "" } else { "." };
            let nanos = &fraction[..fraction.len().min(9)];
            let instant = format!("{start}{point}{nanos}{zone}").parse().ok();
            GivenTime {
                text: format!("{start}{point}{fraction}{zone}"),
                instant,
                zone_unknown: zone.is_empty(),
            }
        })
        .boxed()
}

fn when() -> BoxedStrategy<Option<GivenTime>> {
    option::of(moment()).boxed()
}

fn email() -> BoxedStrategy<Email> {
    (private(), word(&["Home", "Work", "Business", "Recovery"]), answer(), when())
        .prop_map(|(address, kind, verified, verified_at)| Email { address, kind, verified, verified_at })
        .boxed()
}

fn phone() -> BoxedStrategy<Phone> {
    let codes = (option::of("\\+[0-9]{1,3}"), option::of("[0-9]{1,10}"));
    (private(), word(&["Mobile", "Fax", "Internet"]), codes, answer(), when())
        .prop_map(|(number, kind, (calling_code, extension), verified, verified_at)| Phone {
            number,
            kind,
            calling_code,
            extension,
            verified,
            verified_at,
        })
        .boxed()
}

fn address() -> BoxedStrategy<Address> {
    let codes = (word(&["", "VA", "PR"]), word(&["", "US", "XK", "A1"]));
    (word(&["Home", "Technical"]), said(), said(), said(), codes, option::of(text()))
        .prop_map(|(kind, street, city, postcode, (state, country), region)| Address {
            kind,
            street,
            city,
            postcode,
            state,
            region,
            country,
        })
        .boxed()
}

/// A person of a report; contacts have neither age nor birth, and only linked accounts have a middle name.
fn person(is_contact: bool, is_linked: bool) -> BoxedStrategy<Person> {
    let names = (said(), said(), said());
    let reach = (vec(phone(), 0..2), vec(email(), 0..2), vec(address(), 0..2));
    let birth = option::of("19[0-9]{2}-0[1-9]-1[0-9]".prop_map(Private::new));
    (names, reach, option::of(0..=150_i64), answer(), birth)
        .prop_map(
            move |(
                (first_name, middle_name, last_name),
                (phones, emails, addresses),
                age,
                doubted,
                birth,
            )| {
                Person {
                    first_name,
                    middle_name: middle_name.filter(|_| is_linked),
                    last_name,
                    phones,
                    emails,
                    addresses,
                    age: age.filter(|_| !is_contact),
                    age_doubted: doubted.filter(|_| !is_contact),
                    date_of_birth: birth.filter(|_| !is_contact),
                }
            },
        )
        .boxed()
}

fn event_name() -> BoxedStrategy<Option<String>> {
    word(&["Login", "Registration", "Purchase", "Upload", "Other", "Unknown"])
}

fn ip_event() -> BoxedStrategy<IpEvent> {
    (private(), event_name(), when(), answer(), option::of(1..=65_535_i64))
        .prop_map(|(address, event, at, possible_proxy, port)| IpEvent {
            address,
            event,
            at,
            possible_proxy,
            port,
        })
        .boxed()
}

fn device() -> BoxedStrategy<Device> {
    (text(), private(), event_name(), when())
        .prop_map(|(kind, value, event, at)| Device { kind, value, event, at })
        .boxed()
}

fn disabled(is_permanent: bool) -> BoxedStrategy<Option<AccountDisabled>> {
    let state = (any::<bool>(), when(), answer(), when(), when()).prop_map(
        move |(disabled, disabled_at, user_notified, user_notified_at, reenabled_at)| AccountDisabled {
            disabled: Some(disabled),
            disabled_at,
            user_notified,
            user_notified_at,
            reenabled_at: reenabled_at.filter(|_| !is_permanent),
        },
    );
    option::of(state).boxed()
}

fn location() -> BoxedStrategy<Option<EstimatedLocation>> {
    let location = (said(), option::of(text()), word(&["", "US", "EU"]), answer(), when()).prop_map(
        |(city, region, country, verified, at)| EstimatedLocation { city, region, country, verified, at },
    );
    option::of(location).boxed()
}

/// What every account may say, linked ones included.
fn account(role: Role, is_linked: bool) -> BoxedStrategy<Involved> {
    let names =
        (said(), option::of(text()), answer(), said(), vec(private(), 0..3), vec(private(), 0..2), said());
    let seen = (vec(ip_event(), 0..3), vec(device(), 0..2), vec(any::<i64>(), 0..3), said());
    let state = (disabled(false), disabled(true), answer(), vec(private(), 0..=1));
    (person(false, is_linked), names, seen, state)
        .prop_map(move |(person, names, seen, state)| {
            let (account_id, service, compromised, screen_name, display_names, profile_urls, profile_text) =
                names;
            let (ip_events, devices, prior_reports, group) = seen;
            let (temporarily_disabled, permanently_disabled, all_emails_reported, additional) = state;
            Involved {
                person,
                account_id,
                service,
                compromised,
                screen_name,
                display_names,
                profile_urls,
                profile_text,
                ip_events,
                devices,
                prior_reports,
                group: group.filter(|_| role != Role::Victim || is_linked),
                temporarily_disabled,
                permanently_disabled,
                all_emails_reported,
                additional,
                ..Involved::nobody(role)
            }
        })
        .boxed()
}

fn associated(role: Role) -> BoxedStrategy<AssociatedAccount> {
    let kind = select(&["Billing", "Linked", "Parent/Guardian"][..]);
    (kind, option::of((text(), answer())), account(role, true))
        .prop_map(|(kind, platform, account)| {
            let (platform, third_party_user) =
                platform.map_or((None, None), |(name, user)| (Some(name), user));
            AssociatedAccount {
                kind: kind.to_owned(),
                platform,
                third_party_user,
                account: Box::new(account),
            }
        })
        .boxed()
}

fn involved(role: Role) -> BoxedStrategy<Involved> {
    (account(role, false), location(), said(), answer(), said(), vec(associated(role), 0..2))
        .prop_map(move |(mut whole, location, vehicle, third_party_user, school, associated)| {
            whole.estimated_location = location;
            whole.vehicle = vehicle.filter(|_| role == Role::Reported);
            whole.third_party_user = third_party_user.filter(|_| role == Role::Reported);
            whole.school = school.filter(|_| role == Role::Victim);
            whole.associated = if role == Role::Recipient { Vec::new() } else { associated };
            whole
        })
        .boxed()
}

fn detail() -> BoxedStrategy<IncidentDetail> {
    let url = text()
        .prop_map(|text| text.replace(|c: char| c.is_whitespace() || c.is_control(), ""))
        .prop_map(Private::new);
    let degrees = || option::of("-?[0-9]{1,2}\\.[0-9]{1,5}".prop_map(Private::new));
    prop_oneof![
        (vec(url, 0..3), answer(), said()).prop_map(|(urls, third_party_hosted, additional)| {
            IncidentDetail::WebPage { urls, third_party_hosted, additional }
        }),
        (vec(email(), 0..2), said(), said()).prop_map(|(addresses, content, additional)| {
            IncidentDetail::Email { addresses, content, additional }
        }),
        (option::of(text()), vec(email(), 0..2), said(), said()).prop_map(
            |(name, addresses, content, additional)| {
                IncidentDetail::Newsgroup { name, addresses, content, additional }
            }
        ),
        (option::of(text()), said(), said(), said()).prop_map(|(client, room, content, additional)| {
            IncidentDetail::Chat { client, room, content, additional }
        }),
        (option::of(text()), option::of(text()), said(), said()).prop_map(
            |(game, console, content, additional)| {
                IncidentDetail::Gaming { game, console, content, additional }
            }
        ),
        (option::of(phone()), degrees(), degrees(), said()).prop_map(
            |(number, latitude, longitude, additional)| {
                IncidentDetail::CellPhone { number, latitude, longitude, additional }
            }
        ),
        (said(), vec(address(), 0..2), said()).prop_map(|(name, addresses, additional)| {
            IncidentDetail::Elsewhere { name, addresses, additional }
        }),
        (option::of(text()), vec(ip_event(), 0..2), said(), said()).prop_map(
            |(client, ip_events, file_names, additional)| IncidentDetail::PeerToPeer {
                client,
                ip_events,
                file_names,
                additional
            }
        ),
    ]
    .boxed()
}

fn incident() -> BoxedStrategy<Incident> {
    let kinds: Vec<String> = incident_types().iter().map(|kind| kind.key.clone()).collect();
    let marks = vec!["sextortion", "csamSolicitation", "spam", "informational", "instrumentalUse"];
    let escalation = option::of(text().prop_map(|text| Private::new(format!("x{text}"))));
    (select(kinds), option::of(text()), escalation, subsequence(marks, 0..=5), moment(), option::of(text()))
        .prop_map(|(incident_type, platform, escalation, marks, occurred, occurred_means)| Incident {
            incident_type,
            platform,
            escalation,
            annotations: marks.into_iter().map(str::to_owned).collect(),
            occurred,
            occurred_means,
        })
        .boxed()
}

fn law_enforcement() -> BoxedStrategy<LawEnforcement> {
    let foreign = option::of((any::<bool>(), word(&["NZ", "AU", ""])));
    (text(), option::of(text()), option::of(person(true, false)), answer(), answer(), foreign)
        .prop_map(|(agency, case_number, officer, reported, domestic_process, foreign)| {
            let (foreign_process, foreign_country) =
                foreign.map_or((None, None), |(yes, land)| (Some(yes), land));
            LawEnforcement {
                agency,
                case_number,
                officer,
                reported,
                domestic_process,
                foreign_process,
                foreign_country,
            }
        })
        .boxed()
}

fn reporter() -> BoxedStrategy<Reporter> {
    let words = (option::of(text()), option::of(text()), option::of(text()));
    (person(false, false), option::of(person(true, false)), words)
        .prop_map(|(person, contact, (company_template, terms_of_service, legal_url))| Reporter {
            person,
            contact,
            company_template,
            terms_of_service,
            legal_url,
        })
        .boxed()
}

/// Any report, people in the order of the language.
pub(crate) fn submission() -> BoxedStrategy<Submission> {
    let people = (
        vec(involved(Role::Reported), 0..2),
        vec(involved(Role::Recipient), 0..2),
        vec(involved(Role::Victim), 0..2),
    );
    let batched = word(&["VIRAL_POTENTIAL_MEME"]);
    let places = vec(detail(), 0..3);
    (batched, incident(), places, option::of(law_enforcement()), reporter(), people, vec(private(), 0..=1))
        .prop_map(|(batched, incident, details, law_enforcement, reporter, people, additional)| Submission {
            batched,
            incident,
            details,
            law_enforcement,
            reporter,
            people: [people.0, people.1, people.2].concat(),
            additional,
            unmodelled: Vec::new(),
        })
        .boxed()
}

/// Any file statement that keeps the documented rules.
pub(crate) fn statement() -> BoxedStrategy<FileStatement> {
    let ids = (1..ReportId::LIMIT, any::<[u8; 16]>());
    let names = (said(), said(), when(), said());
    let answer = || select(TriState::ALL);
    let answers = (answer(), answer(), answer(), any::<bool>());
    let marks = subsequence(vec!["potentialMeme", "viral", "infant", "generativeAi"], 0..=4);
    let hash = (text(), private()).prop_map(|(kind, value)| OriginalHash { kind, value });
    let pair = (text(), private()).prop_map(|(name, value)| MetadataPair { name, value });
    let group =
        (word(&["EXIF", "HASH"]), vec(pair, 1..3)).prop_map(|(kind, pairs)| MetadataGroup { kind, pairs });
    let lists = (
        vec(hash, 0..2),
        option::of(ip_event()),
        vec(device(), 0..2),
        vec(group, 0..2),
        vec(private(), 0..3),
    );
    (ids, names, answers, marks, word(&["A1", "B2"]), lists)
        .prop_map(
            |(ids, names, (viewed, exif_viewed, public, supplemental), marks, classification, lists)| {
                let fits = !marks.contains(&"potentialMeme") && classification.is_none();
                FileStatement {
                    report: ReportId::try_from(ids.0).unwrap(),
                    file: FileId::from_random(ids.1),
                    file_name: names.0,
                    original_name: names.1,
                    uploaded_at: names.2,
                    location: names.3,
                    viewed: if exif_viewed.is_yes() { TriState::Yes } else { viewed },
                    exif_viewed,
                    public,
                    relevance: if supplemental && fits {
                        Relevance::Supplemental
                    } else {
                        Relevance::Reported
                    },
                    annotations: marks.into_iter().map(str::to_owned).collect(),
                    classification,
                    original_hashes: lists.0,
                    ip_event: lists.1,
                    devices: lists.2,
                    details: lists.3,
                    additional: lists.4,
                    unmodelled: Vec::new(),
                }
            },
        )
        .boxed()
}
