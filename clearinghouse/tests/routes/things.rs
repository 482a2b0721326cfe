//! Real things behind the walls: an agency and a provider with everything that their pages show, and every address at
//! which its owner is shown it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::body::Body;
use axum::http::{StatusCode, header};
use pipeline::worker;

use super::asking::{Answer, Pass, Walled};
use super::forms::{ELSEWHERE, forms};
use super::list::{self, Callers, Line};
use super::made::{
    FILE_BYTES, brought, called, done, filed, kept_by_the_house, keyed, opened, settled, worked,
};

/// Stands in every word of the first tenant, and in nothing that anybody else may be shown.
pub(super) const MARK: &str = "zq-walled";
/// An agency's person without a right of their own to anything that is tried.
const PERSON: &str = "demo-prosecutor";
/// Pages that one crawl reads at most.
const MOST_PAGES: usize = 400;
/// Stands before an address to which a form posts.
const ACTION: &str = "action:";
/// Of one page with many ways to sort it, so many are read.
const MOST_QUERIES: usize = 3;
/// Of things that are alike and that nobody outside owns, so many are tried.
const MOST_ALIKE: usize = 2;
/// Routes whose names are the same for everybody, who get what is their own.
pub(super) const OWN: [&str; 4] = [
    "/agency/media/statements/{file}",
    "/agency/verify/with/{way}",
    "/desk/verify/with/{way}",
    "/provider/verify/with/{way}",
];
/// What no page shows yet: the route that is shown, its end, and what stands in the place of that.
const LATER: &[(&str, &str, &str)] = &[
    ("/agency/reports/{report}/files/{position}/look", "/look", "/close"),
    ("/agency/reports/{report}/files/{position}/look", "/look", "/class"),
    ("/agency/reports/{report}/files/{position}/grounds/{ground}/revoke", "/revoke", "/confirm"),
    ("/provider/forms/{form}/discard", "/discard", "/open"),
    ("/provider/forms/{form}/discard", "/discard", "/reopen"),
    ("/provider/forms/{form}/discard", "/discard", "/file"),
    ("/agency/people/{person}", "", "/attest"),
    ("/agency/people/{person}", "", "/review"),
    ("/agency/people/{person}", "", "/train"),
    ("/agency/people/{person}", "", "/release"),
    ("/agency/people/{person}", "", "/role"),
    ("/agency/people/{person}", "", "/recover"),
    ("/agency/people/{person}", "", "/disable"),
    ("/provider/people/{person}", "", "/attest"),
    ("/provider/people/{person}", "", "/review"),
    ("/provider/people/{person}", "", "/train"),
    ("/provider/people/{person}", "", "/release"),
    ("/provider/people/{person}", "", "/role"),
    ("/provider/people/{person}", "", "/recover"),
    ("/provider/people/{person}", "", "/disable"),
    ("/admin/people/{person}", "", "/attest"),
    ("/admin/people/{person}", "", "/review"),
    ("/admin/people/{person}", "", "/train"),
    ("/admin/people/{person}", "", "/release"),
    ("/admin/people/{person}", "", "/role"),
    ("/admin/people/{person}", "", "/recover"),
    ("/admin/people/{person}", "", "/disable"),
    ("/admin/people/{person}", "", "/known-by"),
    ("/admin/agencies/{agency}", "", "/expire"),
    ("/admin/approvals/{approval}", "", "/approve"),
    ("/admin/approvals/{approval}", "", "/refuse"),
    ("/admin/approvals/{approval}", "", "/withdraw"),
    ("/admin/providers/{provider}", "", "/restore"),
    ("/admin/vendors/{vendor}", "", "/destroyed"),
    ("/admin/vendors/{vendor}", "", "/people/remove"),
    ("/desk/reports/{report}/files/{position}", "", "/look"),
    ("/desk/reports/{report}/files/{position}", "", "/close"),
    ("/desk/reports/{report}/files/{position}", "", "/class"),
    ("/oversight/destructions/{destruction}", "", "/agreement"),
];

/// What the first tenants have.
pub(super) struct Things {
    pub(super) report: String,
    /// Of the other agency: for whoever puts a thing of one below a thing of another.
    pub(super) other_report: String,
    file: String,
    /// Addresses with a thing in them, by the route that answers.
    pub(super) addresses: BTreeMap<String, BTreeSet<String>>,
    /// Pages that their owners read, with the word of who it was.
    pub(super) pages: Vec<(String, &'static str)>,
}

/// One request about a thing.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) line: Line,
    pub(super) method: &'static str,
    pub(super) things: BTreeMap<String, String>,
    form: Option<(&'static str, &'static str)>,
}

impl Case {
    /// The same request about things that nobody has.
    pub(super) fn about_nothing(&self) -> Self {
        let nobodys = |(name, thing): (&String, &String)| {
            (name.clone(), if name == "step" { thing.clone() } else { nobodys(thing) })
        };
        Self { things: self.things.iter().map(nobodys).collect(), ..self.clone() }
    }

    /// The same request with this thing in the place of that name.
    pub(super) fn with(&self, name: &str, thing: &str) -> Option<Self> {
        let mut things = self.things.clone();
        *things.get_mut(name)? = thing.to_owned();
        Some(Self { things, ..self.clone() })
    }

    fn filled(&self, template: &str) -> String {
        let put =
            |text: String, (name, thing): (&String, &String)| text.replace(&format!("{{{name}}}"), thing);
        self.things.iter().fold(template.to_owned(), put)
    }

    pub(super) async fn ask(&self, walled: &Walled, pass: &Pass) -> Answer {
        let path = self.filled(&self.line.path);
        match self.form {
            None if self.method == "GET" => walled.ask("GET", &path, pass).await,
            None => {
                let body = self.filled("{\"files\":[\"{file}\"],\"reason\":\"zq-walled\"}");
                let request = Walled::request(self.method, &path, pass)
                    .header(header::CONTENT_TYPE, "application/json");
                walled.send(request.body(Body::from(body)).unwrap()).await
            }
            Some((form, fields)) => {
                let token = walled.token_for(pass, &self.filled(form));
                match fields.strip_prefix('@') {
                    Some(name) => brought(walled, pass, &path, &[("csrf", &token)], (name, FILE_BYTES)).await,
                    None => walled.post(&path, pass, &format!("csrf={token}&{}", self.filled(fields))).await,
                }
            }
        }
    }

    /// What an answer says, without the things that were asked for.
    pub(super) fn told(&self, answer: &Answer) -> (StatusCode, String, String) {
        let without = |text: &str| {
            let things = self.things.values().filter(|thing| thing.len() > 6);
            things.fold(text.to_owned(), |text, thing| text.replace(thing.as_str(), "THING"))
        };
        (answer.status, without(answer.door()), without(&answer.body))
    }
}

/// A thing of the same shape that nobody has.
fn nobodys(thing: &str) -> String {
    if thing.bytes().all(|byte| byte.is_ascii_digit()) {
        return "999999999".to_owned();
    }
    if thing.len() >= 16 && thing.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let next = |byte: char| char::from_digit((byte.to_digit(16).unwrap() + 3) % 16, 16).unwrap();
        return thing.chars().map(next).collect();
    }
    "nobody-of-this-name".to_owned()
}

impl Things {
    /// Makes everything, and finds out where it is shown.
    pub(super) async fn of(walled: &Walled) -> Self {
        for person in ["demo-investigator", "demo-provider_reporter", "demo-analyst"] {
            keyed(walled, person).await;
        }
        let (report, file) = filed(walled, 0, "CA", MARK).await;
        let (other_report, other_file) = filed(walled, 1, "MN", "plain").await;
        // Of the same account as the first one, so that two agencies are told of each other.
        filed(walled, 0, "TX", MARK).await;
        let (spare, _) = filed(walled, 1, "TX", "spare").await;
        worker::drain(walled.house.house(), &walled.tools).await.unwrap();
        let investigator = walled.enter("investigator").await;
        let commander = walled.enter("commander").await;
        let at = format!("/agency/reports/{report}");
        let keeping = |form: &str| format!("keeping-{report}-{form}");
        for (form, fields) in [
            ("hold", "file=&reason=zq-walled-hold&days=90".to_owned()),
            ("letter", "reference=zq-walled-letter".to_owned()),
            ("relay", format!("file={file}")),
        ] {
            done(walled, &investigator, &format!("{at}/keeping/{form}"), &keeping(form), &fields).await;
        }
        let warrant = "kind=WARRANT&court=zq-walled-court&number=7&scope=the+file&ends=2026-07-01";
        done(walled, &investigator, &format!("{at}/files/2/grounds"), &format!("ground-{report}-2"), warrant)
            .await;
        let key = verify::Secret::generate(verify::Curve::P256).unwrap().public_pem();
        let key = key.replace('+', "%2B").replace('\n', "%0A").replace('=', "%3D");
        done(walled, &commander, "/agency/keys", "key-register", &format!("key={key}")).await;
        let invited =
            "name=zq-walled-guest&mail=zq-walled@agency.example&second=zq-walled-phone&role=investigator";
        done(walled, &commander, "/agency/people", "invite", invited).await;
        let contact = "duty=duty-desk&desk=Desk&phone=555-0100&mail=&hours=";
        done(walled, &commander, "/agency/portal/directory", "contact-new", contact).await;
        let asked = "kind=help&report=&subject=zq-walled-subject&text=zq-walled-text";
        done(walled, &investigator, "/agency/portal/requests", "request-new", asked).await;
        worked(walled, &investigator, &report).await;
        called(walled, &commander, &report).await;
        settled(walled, &spare).await;
        kept_by_the_house(walled, &other_report, &other_file).await;
        let admin = walled.enter("provider_admin").await;
        let invited = invited.replace("role=investigator", "role=provider-reporter");
        done(walled, &admin, "/provider/people", "invite", &invited).await;
        let reporter = walled.enter("provider_reporter").await;
        done(walled, &reporter, "/provider/forms", "form-start", "").await;
        opened(walled, &reporter).await;
        let mut things = Self { report, other_report, file, addresses: BTreeMap::new(), pages: Vec::new() };
        for callers in [Callers::Agency, Callers::Provider, Callers::Staff] {
            for word in walled.words(callers) {
                if !word.starts_with("small") && !word.starts_with("other") {
                    let pass = walled.enter(word).await;
                    things.crawl(walled, callers, word, &pass).await;
                }
            }
        }
        // The desk reaches a report by its number, and no page of it leads to one.
        for end in ["", "/{position}", "/counsel"] {
            let (route, at) =
                (format!("/desk/reports/{{report}}/files{end}"), end.replace("{position}", "2"));
            let address = format!("/desk/reports/{}/files{at}", things.report);
            things.addresses.entry(route).or_default().insert(address);
        }
        // A page that only a search leads to.
        let admin = walled.enter("security_admin").await;
        things.read(walled, "/admin/people/demo-prosecutor/known-by", &admin).await;
        things.infer();
        things
    }

    /// Keeps what one page names.
    async fn read(&mut self, walled: &Walled, page: &str, pass: &Pass) {
        let (lines, answer) = (list::lines(), walled.ask("GET", page, pass).await);
        assert_eq!(answer.status, StatusCode::OK, "{page}: {answer:?}");
        for address in linked(&answer.body).iter().filter_map(|found| found.strip_prefix(ACTION)) {
            if let Some(line) = line_of(&lines, address).filter(|line| line.path.contains('{')) {
                self.addresses.entry(line.path.clone()).or_default().insert(address.to_owned());
            }
        }
    }

    /// What pages show only later is where its like is.
    fn infer(&mut self) {
        for (shown, cut, more) in LATER {
            let line =
                list::lines().into_iter().find(|line| line.path == *shown).expect("a route of the list");
            let known = self.addresses.get(*shown).cloned().unwrap_or_default();
            let route = shown.strip_suffix(cut).unwrap_or_else(|| panic!("{shown}")).to_owned() + more;
            let end = cut.split('/').count() - 1;
            let all = known.iter().filter(|address| line.is_of(address)).map(|address| {
                let kept = address.split('/').count() - end;
                address.split('/').take(kept).collect::<Vec<_>>().join("/") + more
            });
            let all: Vec<String> = all.collect();
            self.addresses.entry(route).or_default().extend(all);
        }
    }

    /// Reads whatever pages lead to, from the first one, and keeps what they name.
    async fn crawl(&mut self, walled: &Walled, callers: Callers, word: &'static str, pass: &Pass) {
        let lines = list::lines();
        let home = walled.home(callers, pass).await;
        assert_eq!(home.status, StatusCode::OK, "{word}: {home:?}");
        let mut open: VecDeque<String> = linked(&home.body).into();
        let (mut known, mut queries) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
        while let Some(found) = open.pop_front() {
            let (is_page, address) = match found.strip_prefix(ACTION) {
                Some(address) => (false, address.to_owned()),
                None => (true, found),
            };
            let path = address.split(['?', '#']).next().unwrap_or_default().to_owned();
            let Some(line) = line_of(&lines, &path) else { continue };
            let is_elsewhere = ELSEWHERE.iter().any(|(route, _)| *route == line.path);
            let is_theirs = line.callers == callers && !OWN.contains(&line.path.as_str()) && !is_elsewhere;
            if line.path.contains('{') && is_theirs && !line.path.contains('*') {
                self.addresses.entry(line.path.clone()).or_default().insert(path.clone());
            }
            let asked = queries.entry(path.clone()).or_default();
            let is_room = line.takes("GET") && line.callers == callers && is_page;
            if !is_room || *asked >= MOST_QUERIES || !known.insert(address.clone()) {
                continue;
            }
            *asked += 1;
            assert!(known.len() < MOST_PAGES, "{word}: the pages lead to ever more pages");
            let answer = walled.ask("GET", &address, pass).await;
            let opens =
                answer.status == StatusCode::OK || (answer.status.is_redirection() && !answer.is_refusal());
            assert!(opens, "{word} is shown a way to {address}, which is answered with {}", answer.status);
            open.extend(linked(&answer.body));
            if answer.status.is_redirection() {
                open.push_back(answer.location().to_owned());
            }
            self.pages.push((address, word));
        }
    }

    /// Every request about a thing, in the order in which its owner may ask it.
    pub(super) fn cases(&self) -> Vec<Case> {
        let lines = list::lines();
        let mut cases = Vec::new();
        for line in lines.iter().filter(|line| line.takes("GET") && !line.path.contains('*')) {
            let addresses = self.addresses.get(&line.path).into_iter().flatten();
            let things = addresses.map(|address| named(line, address));
            let case = |things| Case { line: line.clone(), method: "GET", things, form: None };
            cases.extend(things.map(case));
            if line.callers == Callers::Token && line.path.contains("{report}") {
                cases.push(case(BTreeMap::from([("report".to_owned(), self.report.clone())])));
            }
        }
        for (route, form, fields) in forms() {
            let line = lines.iter().find(|line| line.path == route);
            let line = line.unwrap_or_else(|| panic!("{route} is a form of the suite and no route"));
            let own = BTreeSet::from([route.to_owned()]);
            let addresses = if route.contains('{') { self.addresses.get(route) } else { Some(&own) };
            // The clearinghouse's people reach everything, and one of many alike is enough.
            let most = if line.callers == Callers::Staff { MOST_ALIKE } else { usize::MAX };
            // What takes a thing away comes after everything else that is done to it.
            let mut addresses: Vec<&String> = addresses.into_iter().flatten().collect();
            addresses.sort_by_key(|address| address.ends_with("/remove"));
            for address in addresses.into_iter().take(most) {
                let mut things = named(line, address);
                things.entry("file".to_owned()).or_insert_with(|| self.file.clone());
                things.entry("person".to_owned()).or_insert_with(|| PERSON.to_owned());
                cases.push(Case { line: line.clone(), method: "POST", things, form: Some((form, fields)) });
            }
        }
        let notice = lines.iter().find(|line| line.path == "/agency/v1/reports/{report}/destruction");
        let things = [("report", &self.report), ("file", &self.file)];
        let things = things.map(|(name, thing)| (name.to_owned(), thing.clone()));
        let line = notice.expect("an agency's system may notify").clone();
        cases.push(Case { line, method: "POST", things: BTreeMap::from(things), form: None });
        cases
    }
}

/// The line that answers an address: the one that says most of it.
fn line_of<'a>(lines: &'a [Line], path: &str) -> Option<&'a Line> {
    let of = lines.iter().filter(|line| line.is_of(path));
    of.min_by_key(|line| (line.path.contains('*'), line.path.matches('{').count()))
}

/// The things that an address names.
fn named(line: &Line, address: &str) -> BTreeMap<String, String> {
    let parts = line.path.split('/').zip(address.split('/'));
    let things = parts.filter_map(|(name, thing)| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        Some((name.to_owned(), thing.to_owned()))
    });
    things.collect()
}

/// Where a page leads, by a link or by a form.
fn linked(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (attribute, mark) in [("href=\"/", ""), ("action=\"/", ACTION)] {
        for part in page.split(attribute).skip(1) {
            let address = part.split('"').next().unwrap_or_default().replace("&amp;", "&");
            let address = address.split('#').next().unwrap_or_default();
            if !address.starts_with("assets/") && !address.contains("/downloads/") {
                found.push(format!("{mark}/{address}"));
            }
        }
    }
    found
}
