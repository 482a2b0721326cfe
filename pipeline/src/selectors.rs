//! What identifies people, accounts and files, in normal form, with the place where it was said. Pure: submission and
//! digests in, selectors out; the same report always gives the same selectors in the same order.

mod walk;

use std::collections::HashSet;

pub(crate) use spelling::normal::{ip, phone_country};

use domain::{FileStatement, Private, ProviderId, Role, Selector, SelectorKind, Submission};
use spelling::{mine, normal};

/// More selectors than this are not linked: a report with thousands of them links everything to everything.
const MAX_SELECTORS: usize = 2_000;
/// Free text is mined this far, in bytes.
const MAX_MINED_BYTES: usize = 1 << 20;

/// What is known of one file, as far as selectors go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileKnown<'a> {
    /// Lower-case hex SHA-256 of the bytes that we received.
    pub sha256: &'a str,
    /// What the provider says of it.
    pub statement: Option<&'a FileStatement>,
}

/// Every selector of a report, each normal form once for each role.
#[must_use]
pub(crate) fn extract(
    submission: &Submission,
    files: &[FileKnown<'_>],
    provider: &ProviderId,
) -> Vec<Selector> {
    let mut found = Found { provider, selectors: Vec::new(), seen: HashSet::new() };
    walk::submission(submission, &mut found);
    for (position, file) in files.iter().enumerate() {
        walk::file(position, file, &mut found);
    }
    found.selectors
}

/// Every normal form that words may stand in, when somebody searches for exactly them. A name without a service is asked of
/// each of `services`; `service:name` names another one.
#[must_use]
pub fn sought(words: &str, services: &[String]) -> Vec<(SelectorKind, String)> {
    let plain = [
        (SelectorKind::Email, normal::email(words)),
        (SelectorKind::Phone, normal::phone(words, None)),
        (SelectorKind::IpAddress, normal::ip(words).map(|ip| ip.to_string())),
        (SelectorKind::Url, normal::url(words)),
    ];
    let hashes = ["md5", "sha1", "sha256"].map(|name| (SelectorKind::FileHash, normal::hash(name, words)));
    let own = services.iter().map(|service| (service.as_str(), words));
    let named = own.chain(words.split_once(':')).flat_map(|(service, name)| {
        [
            (SelectorKind::Account, normal::account(service, name)),
            (SelectorKind::ScreenName, normal::screen_name(service, name)),
        ]
    });
    let device =
        words.split_once(':').map(|(kind, value)| (SelectorKind::Device, normal::device(kind, value)));
    let all = plain.into_iter().chain(hashes).chain(device).chain(named);
    all.filter_map(|(kind, normal)| Some((kind, normal?))).collect()
}

/// Collects selectors, each once.
struct Found<'a> {
    provider: &'a ProviderId,
    selectors: Vec<Selector>,
    seen: HashSet<(SelectorKind, String, Option<Role>)>,
}

impl Found<'_> {
    fn add(
        &mut self,
        kind: SelectorKind,
        normal: Option<String>,
        given: &str,
        role: Option<Role>,
        path: String,
    ) {
        let Some(normal) = normal.filter(|normal| !normal.is_empty()) else { return };
        if self.selectors.len() >= MAX_SELECTORS || !self.seen.insert((kind, normal.clone(), role)) {
            return;
        }
        let (normal, given) = (Private::new(normal), Private::new(given.to_owned()));
        self.selectors.push(Selector { kind, normal, given, role, path });
    }

    fn email(&mut self, given: &str, role: Option<Role>, path: String) {
        self.add(SelectorKind::Email, normal::email(given), given, role, path);
    }

    fn phone(&mut self, given: &str, calling_code: Option<&str>, role: Option<Role>, path: String) {
        self.add(SelectorKind::Phone, normal::phone(given, calling_code), given, role, path);
    }

    fn ip(&mut self, given: &str, role: Option<Role>, path: String) {
        let normal = normal::ip(given).map(|ip| ip.to_string());
        self.add(SelectorKind::IpAddress, normal, given, role, path);
    }

    fn url(&mut self, given: &str, role: Option<Role>, path: String) {
        self.add(SelectorKind::Url, normal::url(given), given, role, path);
    }

    fn device(&mut self, kind: &str, given: &str, role: Option<Role>, path: String) {
        self.add(SelectorKind::Device, normal::device(kind, given), given, role, path);
    }

    /// An account is the provider's own unless the report names a service.
    fn account(&mut self, service: Option<&str>, given: &str, role: Option<Role>, path: String) {
        let service = self.service(service);
        self.add(SelectorKind::Account, normal::account(&service, given), given, role, path);
    }

    fn screen_name(&mut self, service: Option<&str>, given: &str, role: Option<Role>, path: String) {
        let service = self.service(service);
        self.add(SelectorKind::ScreenName, normal::screen_name(&service, given), given, role, path);
    }

    fn hash(&mut self, algorithm: &str, given: &str, path: String) {
        self.add(SelectorKind::FileHash, normal::hash(algorithm, given), given, None, path);
    }

    /// Mines free text: some providers put everything there. The path ends in the span, in bytes.
    fn text(&mut self, text: &str, role: Option<Role>, path: &str) {
        let mut end = text.len().min(MAX_MINED_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        for mined in mine::mine(&text[..end]) {
            let given = &text[mined.start..mined.end];
            let path = format!("{path}@{}..{}", mined.start, mined.end);
            match mined.kind {
                SelectorKind::Email => self.email(given, role, path),
                SelectorKind::Phone => self.phone(given, None, role, path),
                SelectorKind::IpAddress => self.ip(given, role, path),
                SelectorKind::Url => self.url(given, role, path),
                _ => self.screen_name(mined.service, given, role, path),
            }
        }
    }

    fn service(&self, service: Option<&str>) -> String {
        service
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .unwrap_or_else(|| domain::Id::as_str(self.provider))
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn of_sample() -> Vec<Selector> {
        let submission = sample::submission();
        extract(&submission, &[], &sample::provider())
    }

    #[test]
    fn every_kind_of_selector_is_found_with_role_and_place() {
        let selectors = of_sample();
        let has = |kind: SelectorKind, normal: &str, role: Option<Role>| {
            selectors.iter().any(|s| s.kind == kind && s.normal.reveal() == normal && s.role == role)
        };
        let suspect = Some(Role::Reported);
        assert!(has(SelectorKind::Account, "example chat:user-77", suspect));
        assert!(has(SelectorKind::ScreenName, "example chat:dull_name", suspect));
        assert!(has(SelectorKind::Email, "dull.name@mail.example", suspect));
        assert!(has(SelectorKind::Phone, "+12025550123", suspect));
        assert!(has(SelectorKind::IpAddress, "2001:db8::7", suspect));
        assert!(has(SelectorKind::Device, "imei:490154203237518", suspect));
        assert!(has(SelectorKind::Url, "photos.example/album/7", None));
        assert!(has(SelectorKind::Email, "child@mail.example", Some(Role::Victim)));
    }

    #[test]
    fn the_reporting_company_is_not_a_selector() {
        assert!(
            of_sample()
                .iter()
                .all(|s| !matches!(s.role, Some(Role::Reporter | Role::Contact | Role::Officer)))
        );
    }

    #[test]
    fn a_value_from_free_text_keeps_its_span() {
        let selectors = of_sample();
        let mined = selectors.iter().find(|s| s.normal.reveal() == "hidden@mail.example").unwrap();
        assert_eq!(mined.path, "additionalInfo[0]@9..28");
        assert_eq!(mined.given.reveal(), "Hidden@Mail.example");
    }

    #[test]
    fn whatever_a_report_names_is_found_by_the_words_that_name_it() {
        let sought = |words: &str| sought(words, &["Example Chat".to_owned()]);
        for selector in of_sample() {
            let words = match selector.kind {
                // A device is named with its kind, and a name of another service with that service.
                SelectorKind::Device => selector.normal.reveal(),
                SelectorKind::Account | SelectorKind::ScreenName => selector.normal.reveal(),
                _ => selector.given.reveal(),
            };
            let found = sought(words);
            let same = |(kind, normal): &(SelectorKind, String)| {
                *kind == selector.kind && normal == selector.normal.reveal()
            };
            assert!(found.iter().any(same), "{words:?} finds {found:?}");
        }
        assert!(
            sought("@Dull_Name").contains(&(SelectorKind::ScreenName, "example chat:dull_name".to_owned()))
        );
    }

    #[test]
    fn a_report_links_at_most_so_much() {
        let mut submission = sample::submission();
        let text: Vec<String> = (0..3 * MAX_SELECTORS).map(|n| format!("u{n}@mail.example")).collect();
        submission.additional = vec![Private::new(text.join(" "))];
        assert_eq!(extract(&submission, &[], &sample::provider()).len(), MAX_SELECTORS);
    }
}
