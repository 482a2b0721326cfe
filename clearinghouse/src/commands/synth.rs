//! `synth send`, `synth generate`: invented traffic, to a running house or to a folder.

use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};
use console::{Voice, progress};
use indicatif::ProgressBar;
use serde_json::json;
use synth::{Account, Acknowledged, Plan, SendFault, SendOptions, SendReport, Shares, Watch};

use crate::outcome::{Doing, Failure, Result};

/// Reports in flight at most: more would measure the sender.
const MOST_CONNECTIONS: u32 = 256;
/// Attempts at one request.
const ATTEMPTS: u32 = 8;

/// Invented reports: harmless, and the same from the same seed.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Send(Send),
    Generate(Generate),
}

/// Sends invented reports to a provider API, as a provider's client does.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse synth send --to http://localhost:8480/ispws --user harbor-chat --password SECRET --reports 100 --rate 20"
)]
pub(crate) struct Send {
    /// Base of the provider API, as `demo` prints it.
    #[arg(long, value_name = "URL")]
    to: String,
    /// User name; give one for each provider that sends, with its password.
    #[arg(long = "user", value_name = "NAME", required = true)]
    users: Vec<String>,
    /// Password of the user at the same place.
    #[arg(
        long = "password",
        value_name = "SECRET",
        env = "CLEARINGHOUSE_SYNTH_PASSWORD",
        required = true,
        hide_env_values = true
    )]
    passwords: Vec<String>,
    #[command(flatten)]
    mix: Mix,
    /// Reports started a second; as many as the connections carry where not given.
    #[arg(long, value_name = "RATE")]
    rate: Option<f64>,
    /// Reports in flight at most.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_CONNECTIONS)))]
    connections: u32,
}

/// Writes invented reports and the table of their places to a folder.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse synth generate --out reports --reports 20")]
pub(crate) struct Generate {
    /// The folder.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    mix: Mix,
}

/// Which reports.
#[derive(Debug, Args)]
struct Mix {
    /// How many reports.
    #[arg(long, default_value_t = 100)]
    reports: u64,
    /// Number of the first one in the plan: another start gives other reports.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Where chance starts.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Which mix of incidents, places and senders.
    #[arg(long, default_value = "recent",
        value_parser = PossibleValuesParser::new(Shares::ALL.map(Shares::as_str)).try_map(|word| word.parse::<Shares>()))]
    shares: Shares,
    /// Make one report in sixteen faulty, in all the ways that real ones are.
    #[arg(long)]
    faults: bool,
}

impl Mix {
    fn plan(&self) -> Plan {
        Plan::new(self.seed, self.shares).with_faults(self.faults)
    }

    fn range(&self) -> std::ops::Range<u64> {
        self.first..self.first.saturating_add(self.reports)
    }
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    match command {
        Command::Send(args) => send(args, voice).await,
        Command::Generate(args) => generate(args, voice).await,
    }
}

async fn send(args: Send, voice: Voice) -> Result<()> {
    if args.users.len() != args.passwords.len() {
        return Err(Failure::new("every --user needs its --password".to_owned()));
    }
    let pairs = args.users.into_iter().zip(args.passwords);
    let accounts = pairs.map(|(username, password)| Account { username, password }).collect();
    let bar = progress::bar(args.mix.reports, "sending");
    let options = SendOptions {
        base: args.to,
        accounts,
        plan: args.mix.plan(),
        reports: args.mix.range(),
        rate: args.rate,
        connections: args.connections as usize,
        attempts: ATTEMPTS,
        watch: Arc::new(Bar(bar.clone())),
    };
    let sent = synth::send(options).await;
    bar.finish_and_clear();
    tell(&sent.doing("send")?, voice)
}

fn tell(sent: &SendReport, voice: Voice) -> Result<()> {
    let SendReport { accepted, refused, failed, surprises, files, bytes, elapsed, .. } = sent;
    let value = json!({ "accepted": accepted, "refused": refused, "failed": failed, "surprises": surprises,
        "files": files, "bytes": bytes, "elapsed_ms": elapsed.as_millis() as u64 });
    let codes: Vec<String> = refused.iter().map(|(code, count)| format!("{count} with {code}")).collect();
    let codes = if codes.is_empty() { "none".to_owned() } else { codes.join(", ") };
    let words = format!(
        "{accepted} reports with {files} files were accepted, refused: {codes}, without an answer: {failed}"
    );
    voice.answer(&value, words)?;
    if *failed + *surprises > 0 {
        return Err(Failure::new(format!(
            "{failed} reports had no usable answer, {surprises} another one than expected"
        )));
    }
    Ok(())
}

/// Moves a bar on with every report that was answered or given up.
pub(crate) struct Bar(pub(crate) ProgressBar);

impl Watch for Bar {
    fn acknowledged(&self, _report: &Acknowledged) {
        self.0.inc(1);
    }

    fn refused(&self, _index: u64, _code: u32) {
        self.0.inc(1);
    }

    fn failed(&self, _index: u64, _fault: &SendFault) {
        self.0.inc(1);
    }
}

async fn generate(args: Generate, voice: Voice) -> Result<()> {
    let (plan, range, out) = (args.mix.plan(), args.mix.range(), args.out.clone());
    let day = plan.latest.strftime("%Y-%m-%d").to_string();
    let watch = progress::spinner("writing");
    let made = tokio::task::spawn_blocking(move || synth::generate(&plan, &out, range, &day)).await;
    watch.finish_and_clear();
    let made = made.doing("write the reports")?.doing(&format!("write to {}", args.out.display()))?;
    let words = format!("wrote {} reports with {} files to {}", made.reports, made.files, args.out.display());
    voice.answer(&json!({ "reports": made.reports, "files": made.files, "bytes": made.bytes }), words)
}
