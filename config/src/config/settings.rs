//! Every key of the configuration. The struct, the defaults and the schema come from these lines.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use domain::Profile;

use super::shape::{Secret, choice, section};

/// The port of a house that was not told another.
pub const PORT: u16 = 8480;

section! {
    /// Configuration of a clearinghouse. Relative paths count from the folder of the file.
    Settings {
        /// Under which law the house runs. It has no default and never changes.
        profile: Option<Profile> = None,
        /// File with the root key: 64 hexadecimal digits, readable by its owner only.
        root_key_file: PathBuf = "root.key".into(),
        /// Name of the ledger, a URL without scheme; stands in every checkpoint and never changes.
        origin: String = "localhost/clearinghouse".to_owned(),
        /// Whether starting brings the schema up to date. Off where `migrate` is run by hand.
        migrate: bool = false,
        /// Folder with rule files that replace the shipped ones: access, triage, routing, quality, retention, datasets.
        rules_folder: Option<PathBuf> = None,
        /// Folder of the same shape with the rules that come next: they take over on the day that its set.toml names.
        next_rules_folder: Option<PathBuf> = None,
        /// Where the rows are.
        database: Database = Database::default(),
        /// Where the bytes are.
        vault: Vault = Vault::default(),
        /// Who holds the epoch keys, and when an epoch ends.
        custody: Custody = Custody::default(),
        /// Listeners by name. Without any, all surfaces but media and cards stand on 127.0.0.1:8480.
        listen: BTreeMap<String, Listener> = BTreeMap::new(),
        /// How people come in besides with their keys.
        sign_in: SignIn = SignIn::default(),
        /// Figures for the operator's monitoring.
        metrics: Metrics = Metrics::default(),
        /// Who watches the ledger from outside.
        ledger: Ledger = Ledger::default(),
        /// Pictures of files.
        media: Media = Media::default(),
        /// The face for providers.
        providers: Providers = Providers::default(),
        /// Calls to agencies' own systems.
        webhooks: Webhooks = Webhooks::default(),
        /// Messages to agencies' people.
        mail: Mail = Mail::default(),
        /// What the house says about itself while it runs.
        log: Log = Log::default(),
        /// Bounds of the process.
        limits: Limits = Limits::default(),
    }
}

section! {
    /// Where the rows are.
    Database {
        /// `sqlite:PATH`, or `postgres://user@host/name` without a password. A checked certificate is demanded.
        url: Secretless = Secretless("sqlite:clearinghouse.sqlite".to_owned()),
        /// Password for PostgreSQL; from the environment only.
        password: Option<Secret> = None,
        /// File that holds nothing but the password for PostgreSQL.
        password_file: Option<PathBuf> = None,
        /// SQLite: connections that read.
        readers: u32 = 4,
        /// PostgreSQL: connections.
        connections: u32 = 16,
        /// PostgreSQL: PEM file with the authorities that may vouch for the server.
        ca_file: Option<PathBuf> = None,
        /// Transactions slower than this many milliseconds are logged with their name.
        slow_ms: u32 = 250,
        /// PostgreSQL: milliseconds after which whoever waits is told that the database does not answer.
        answer_timeout_ms: u32 = 20_000,
    }
}

section! {
    /// Where the bytes are.
    Vault {
        /// `file:PATH`, or `s3://bucket?endpoint=URL&region=NAME`.
        url: String = "file:vault".to_owned(),
        /// S3: the public half of the key.
        access_key_id: Option<String> = None,
        /// S3: the secret half of the key; from the environment only.
        secret_access_key: Option<Secret> = None,
        /// S3: file that holds nothing but the secret half of the key.
        secret_access_key_file: Option<PathBuf> = None,
    }
}

section! {
    /// Who holds the epoch keys: the keys that must be able to die, so that what was destroyed is dead in backups too.
    Custody {
        /// `files:FOLDER`, `pkcs11:LIBRARY?token=LABEL`, or `https://HOST/PATH`. The folder `epochs` beside the root key when
        /// nothing is said; backups leave it out.
        url: Option<String> = None,
        /// The token's PIN or the service's bearer token; from the environment only.
        secret: Option<Secret> = None,
        /// File that holds nothing but the token's PIN or the service's bearer token.
        secret_file: Option<PathBuf> = None,
        /// PEM file with the authorities that may vouch for the service.
        ca_file: Option<PathBuf> = None,
        /// Hours after which an epoch ends: so long at most does a backup hold what was destroyed.
        rotate_hours: u32 = 24,
    }
}

section! {
    /// One listener.
    Listener {
        /// Address and port.
        address: SocketAddr = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)),
        /// Name under which strangers reach it; a request for another name is refused.
        host: Option<String> = None,
        /// PEM file with the certificate and its chain. Without one, put a TLS proxy in front.
        certificate_file: Option<PathBuf> = None,
        /// PEM file with the certificate's key.
        key_file: Option<PathBuf> = None,
        /// Whether programs are asked for a certificate: a token of an agency that was issued for one opens nothing without it.
        client_certificates: bool = false,
        /// `cards`: PEM file with the authorities whose cards are taken.
        client_roots_file: Option<PathBuf> = None,
        /// `cards`: revocation lists of all these authorities and of those below them, in PEM or DER. They are read again
        /// when they change; while one is out of date, the cards that it speaks of open nothing.
        crl_files: Vec<PathBuf> = Vec::new(),
        /// What it serves.
        surfaces: Vec<Surface> = Surface::PAGES.to_vec(),
        /// Connections served at once; one more is told to come back.
        connections: u32 = 16_384,
        /// Whether nobody may learn who asks here: no address, cookie or name of a browser gets further, on any of its
        /// routes. Only for surfaces that need to know nobody: `log`.
        anonymous: bool = false,
    }
}

impl Listener {
    /// Surfaces of an anonymous listener that have to know who asks, and so cannot stand on it.
    pub fn misplaced(&self) -> impl Iterator<Item = Surface> + '_ {
        self.surfaces.iter().copied().filter(|surface| self.anonymous && !surface.is_anonymous())
    }
}

section! {
    /// How people come in besides with their keys.
    SignIn {
        /// Origins of the pages as browsers reach them, such as `https://agencies.example.org`: to these, and to no other,
        /// somebody is sent back who came in by card or by another organisation.
        origins: Vec<String> = Vec::new(),
        /// Origin of the listener that serves `cards`, as browsers reach it.
        card_origin: Option<String> = None,
        /// Other organisations whose word on who somebody is is taken, by OpenID Connect.
        issuer: Vec<SignInIssuer> = Vec::new(),
    }
}

section! {
    /// One organisation whose word is taken.
    SignInIssuer {
        /// Its name in addresses: lower-case letters, digits and hyphens.
        name: String = String::new(),
        /// What people call it.
        title: String = String::new(),
        /// What it calls itself, exactly, such as `https://idp.example.org`.
        issuer: String = String::new(),
        /// What it calls this house.
        client_id: String = String::new(),
        /// File that holds nothing but the secret by which it knows this house; none for a public client.
        client_secret_file: Option<PathBuf> = None,
        /// PEM file with the authorities that may vouch for its servers; those of the system where nothing is said.
        ca_file: Option<PathBuf> = None,
        /// What is asked for besides `openid`.
        scopes: Vec<String> = Vec::new(),
        /// Whose people its word is taken for: `house`, `agencies`, `agency:ID`, `provider:ID`.
        homes: Vec<String> = Vec::new(),
        /// Values of `acr` or `amr` that mean two factors.
        aal2: Vec<String> = Vec::new(),
        /// Values of `acr` or `amr` that mean two factors, one of them a key that cannot leave its device.
        aal3: Vec<String> = Vec::new(),
        /// Facts that it must state of everybody. They keep out, and let nobody in.
        demand: Vec<Demand> = Vec::new(),
    }
}

section! {
    /// A fact that must be stated.
    Demand {
        /// Its name, such as `gfipm:2.0:user:SwornLawEnforcementOfficerIndicator`.
        claim: String = String::new(),
        /// What it must say.
        value: String = String::new(),
    }
}

section! {
    /// Figures for the operator's monitoring.
    Metrics {
        /// Address of `/metrics`, its own listener. Keep it away from strangers.
        address: Option<SocketAddr> = None,
    }
}

section! {
    /// Who watches the ledger from outside.
    Ledger {
        /// Witnesses that cosign checkpoints, each run by somebody else.
        witness: Vec<LedgerWitness> = Vec::new(),
        /// How many of them must agree; 0 asks for none. Older than five minutes, a quorum is an alarm.
        quorum: u32 = 0,
    }
}

section! {
    /// One witness.
    LedgerWitness {
        /// Where it is asked, without `/add-checkpoint`.
        url: String = String::new(),
        /// Its verifier key: `name+id+key`, of type 04.
        key: String = String::new(),
    }
}

section! {
    /// Pictures of files, drawn anew and served on an origin of their own.
    Media {
        /// That origin as browsers reach it, such as `https://media.example.org`; the host of a listener that serves
        /// `media` and nothing else, on the same site as the pages. Without it nobody can ask to see a file.
        origin: Option<String> = None,
    }
}

section! {
    /// The face for providers.
    Providers {
        /// Use of HTTP status codes on errors.
        status_mode: StatusMode = StatusMode::Modern,
        /// Root element of an error answer on `/finish`.
        finish_error_root: FinishErrorRoot = FinishErrorRoot::ReportDoneResponse,
        /// Which schema is enforced and served.
        schema: Schema = Schema::Current,
        /// Whether a refusal's description goes on, after the standard text, with one plain sentence.
        help_in_description: bool = true,
        /// Requests of one credential in a minute, with a burst of ten seconds' worth; 0 bounds nothing. A finish and a
        /// retract are never counted.
        requests_per_minute: u32 = 600_000,
        /// Wrong secrets from one network in a minute that are answered without waiting; 0 lets none wait.
        wrong_logins_per_minute: u32 = 30,
    }
}

section! {
    /// Calls to agencies' own systems, which say that there is something new and never what.
    Webhooks {
        /// Networks that may be called although they are not of the public internet, such as `10.1.0.0/16`; with one,
        /// addresses without TLS are taken too, and lead there only.
        networks: Vec<String> = Vec::new(),
        /// PEM file with authorities that may vouch for receivers, besides those of the system.
        ca_file: Option<PathBuf> = None,
    }
}

section! {
    /// Messages to agencies' people and to those of the desk, which say that there is something and never what.
    Mail {
        /// `smtps://HOST`, `smtp://HOST` for STARTTLS, or `plain://HOST` for a relay on this machine; `:PORT` after it where it
        /// is another one. Without it no message is sent.
        server: Option<String> = None,
        /// The address that messages come from.
        from: Option<String> = None,
        /// Where a message leads its reader, such as `https://agencies.example.org/agency/notify`.
        link: Option<String> = None,
        /// Where a message leads somebody of the clearinghouse's own desk, where that is on another origin than `link`:
        /// such as `https://desk.example.org/desk/calls`.
        desk_link: Option<String> = None,
        /// The name by which the mail server knows this house.
        user: Option<String> = None,
        /// The password that goes with it; from the environment only.
        password: Option<Secret> = None,
        /// File that holds nothing but that password.
        password_file: Option<PathBuf> = None,
        /// PEM file with the authority that may vouch for the mail server, besides those of the system.
        ca_file: Option<PathBuf> = None,
    }
}

section! {
    /// What the house says about itself while it runs, on standard error.
    Log {
        /// How it is written.
        format: LogFormat = LogFormat::Text,
        /// Which levels of which parts, such as `info` or `info,database=debug`.
        filter: String = "info".to_owned(),
    }
}

section! {
    /// Bounds of the process.
    Limits {
        /// Files and connections that may be open; the process asks the system for as many.
        open_files: u32 = 65_536,
    }
}

choice! {
    /// A set of routes for one kind of person.
    Surface {
        /// `/ispws`: the provider API.
        Providers = "providers",
        /// `/agency`: pages and API for agencies.
        Agencies = "agencies",
        /// `/desk`, `/admin`, `/oversight`: pages for the clearinghouse's own people.
        Staff = "staff",
        /// `/log`: checkpoint, tiles and entries of the ledger, for everybody.
        Log = "log",
        /// `/media`: pictures, on an origin of its own.
        Media = "media",
        /// `/card`: asks for PIV and CAC cards, on a listener of its own.
        Cards = "cards",
    }
}

impl Surface {
    /// Everything that this program can serve.
    pub const ALL: [Self; 6] =
        [Self::Providers, Self::Agencies, Self::Staff, Self::Log, Self::Media, Self::Cards];
    /// What may stand on one listener: everything but media and cards, which have origins of their own.
    pub const PAGES: [Self; 4] = [Self::Providers, Self::Agencies, Self::Staff, Self::Log];

    /// Whether nobody may learn who asks there: no address, no cookie, no name of a browser gets past its veil.
    pub const fn is_anonymous(self) -> bool {
        matches!(self, Self::Log)
    }

    /// Its name, as the configuration and the ledger write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Providers => "providers",
            Self::Agencies => "agencies",
            Self::Staff => "staff",
            Self::Log => "log",
            Self::Media => "media",
            Self::Cards => "cards",
        }
    }
}

choice! {
    /// How error answers of the provider API use HTTP status codes.
    StatusMode {
        /// 400, 401, 403, 404, 500.
        Modern = "modern",
        /// Everything but missing credentials is a 200, as clients of 2016 expect.
        Always200 = "always-200",
    }
}

choice! {
    /// The root element of an error answer on `/finish`.
    FinishErrorRoot {
        /// `reportDoneResponse`, with an empty list of files.
        ReportDoneResponse = "reportDoneResponse",
        /// `reportResponse`, as everywhere else.
        ReportResponse = "reportResponse",
    }
}

choice! {
    /// Which schema the provider API enforces and serves.
    Schema {
        /// Exactly the documented one of November 2025.
        Strict202511 = "strict-2025-11",
        /// The documented one with what has come since.
        Current = "current",
        /// Unknown elements are kept and passed over.
        Lenient = "lenient",
    }
}

choice! {
    /// How log lines are written.
    LogFormat {
        /// For people.
        Text = "text",
        /// For machines, one object a line.
        Json = "json",
    }
}

/// A URL that may not carry a password where it is written down; the environment may still give a whole one.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Secretless(pub String);

impl super::shape::Shape for Secretless {
    fn shape() -> serde_json::Value {
        <String as super::shape::Shape>::shape()
    }
}

impl std::fmt::Debug for Secretless {
    /// Without what stands before the host.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.has_password() { "[private]" } else { &self.0 })
    }
}

impl Secretless {
    /// Whether a password stands in it.
    pub fn has_password(&self) -> bool {
        self.login().is_some_and(|login| login.contains(':')) || self.0.contains("password=")
    }

    /// The part before the host.
    fn login(&self) -> Option<&str> {
        let (_, rest) = self.0.split_once("://")?;
        let authority = rest.split(['/', '?']).next()?;
        authority.rsplit_once('@').map(|(login, _)| login)
    }

    /// The same URL with that password; `None` when it names no user to go with it.
    pub fn with_password(&self, password: &str) -> Option<String> {
        let login = self.login().filter(|login| !login.is_empty() && !login.contains(':'))?;
        let at = self.0.find("://")? + 3 + login.len();
        Some(format!("{}:{}{}", &self.0[..at], percent_encoded(password), &self.0[at..]))
    }
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_put_into_a_url_without_changing_the_rest() {
        let url = Secretless("postgres://desk@db.example:5433/house?sslmode=verify-full".to_owned());
        let whole = url.with_password("a:b/c@d").unwrap();
        assert_eq!(whole, "postgres://desk:a%3Ab%2Fc%40d@db.example:5433/house?sslmode=verify-full");
        assert!(Secretless(whole).has_password());
        assert!(!url.has_password());
        assert_eq!(Secretless("postgres://db.example/house".to_owned()).with_password("x"), None);
    }

    #[test]
    fn a_url_with_a_password_does_not_print_it() {
        let url = Secretless("postgres://desk:hidden@db.example/house".to_owned());
        assert!(!format!("{url:?}").contains("hidden"));
    }
}
