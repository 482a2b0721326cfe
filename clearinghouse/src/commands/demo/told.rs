//! What a demo says when it is ready.

use std::path::Path;

use console::say;
use serde_json::{Map, Value, json};

use super::kept::Kept;
use super::people::Link;

/// Everything somebody needs to look around.
pub(super) struct Told<'a> {
    pub(super) data: &'a Path,
    pub(super) base: &'a str,
    pub(super) media: &'a str,
    pub(super) kept: &'a Kept,
    pub(super) links: &'a [Link],
}

impl Told<'_> {
    fn link(&self, link: &Link) -> String {
        format!("{}/{}/enter/{}", self.base, link.face, link.secret)
    }

    /// The one line for programs.
    pub(super) fn ready(&self) -> Value {
        let base = self.base;
        let providers = self
            .kept
            .providers
            .iter()
            .map(|one| json!({ "name": one.name, "username": one.username, "password": one.password }));
        let sign_in: Map<String, Value> =
            self.links.iter().map(|link| (link.word.to_owned(), self.link(link).into())).collect();
        let systems = self.kept.tokens.iter().map(
            |one| json!({ "agency": one.agency, "base": format!("{base}/agency/v1"), "token": one.token }),
        );
        json!({
            "ready": true,
            "data": self.data,
            "ispws": format!("{base}/ispws"),
            "media": self.media,
            "providers": providers.collect::<Vec<_>>(),
            "sign_in": sign_in,
            "agency_api": systems.collect::<Vec<_>>(),
        })
    }

    /// The same for people.
    pub(super) fn to_people(&self, reports: u64, temporary: bool) {
        let base = self.base;
        say::people(format_args!(
            "\nThe house is running, with {reports} new invented reports. Every name in it is made up.\n"
        ));
        say::people("Sign in with one click:");
        for link in self.links {
            say::people(format_args!("  {:<24} {}", link.word.replace('_', " "), link.of));
            say::people(format_args!("    {}", self.link(link)));
        }
        say::people(format_args!("\nProvider API: {base}/ispws"));
        for one in &self.kept.providers {
            say::people(format_args!(
                "  {}\n    curl --user {}:{} {base}/ispws/status",
                one.name, one.username, one.password
            ));
        }
        say::people(format_args!("\nAgency API: {base}/agency/v1/feed"));
        for one in &self.kept.tokens {
            say::people(format_args!(
                "  {}\n    curl -H 'Authorization: Bearer {}' {base}/agency/v1/feed",
                one.agency, one.token
            ));
        }
        let data = self.data.display();
        if temporary {
            say::people(format_args!("\nData: {data}, removed at the end; keep it with --data DIR"));
        } else {
            say::people(format_args!("\nData: {data}"));
        }
        say::people("Ctrl-C ends it.");
    }
}
