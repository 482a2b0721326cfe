//! `provider disable` and `provider restore`: a provider switched off, everywhere and now, and on again.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use console::{ConfigArg, Voice, house};
use domain::{Actor, ProviderId, Purpose, SwitchReason};
use serde_json::json;
use store::{Refusal, provider};

use crate::outcome::{Failure, Result};

/// Switches a provider off everywhere, now: its credentials, its people's sessions, invitations and tickets open nothing with
/// the next request, in every process. What it finished stays and is worked and made available as ever; what it had only opened
/// expires by its own clock.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse provider disable harbor-chat --reason wrong-hands")]
pub(crate) struct Disable {
    #[command(flatten)]
    config: ConfigArg,
    /// The provider's id.
    provider: ProviderId,
    /// Why.
    #[arg(long, value_parser = PossibleValuesParser::new(SwitchReason::OFF.iter().map(|one| one.as_str()))
        .try_map(|word| word.parse::<SwitchReason>()))]
    reason: SwitchReason,
}

/// Switches a provider on again: credentials that were not revoked work as before; its people sign in anew.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse provider restore harbor-chat --reason mended")]
pub(crate) struct Restore {
    #[command(flatten)]
    config: ConfigArg,
    /// The provider's id.
    provider: ProviderId,
    /// Why.
    #[arg(long, value_parser = PossibleValuesParser::new(SwitchReason::ON.iter().map(|one| one.as_str()))
        .try_map(|word| word.parse::<SwitchReason>()))]
    reason: SwitchReason,
}

pub(crate) async fn disable(args: Disable, voice: Voice) -> Result<()> {
    let house = house::open(&args.config.load()?).await?;
    let (id, because) = (args.provider.clone(), args.reason);
    let ended = house.act(Actor::Operator, Purpose::Administration, "provider-disable", move |act| {
        provider::disable(act, &id, because)
    });
    let ended = ended.await;
    house.close();
    let ended = ended.map_err(|error| refused(&args.provider, "off", error))?;
    let words = format!(
        "switched off {}: nothing of it is taken any more, and nobody of it is let in\n  sessions that ended: {}\n  invitations and tickets that are over: {}",
        args.provider, ended.sessions, ended.invitations
    );
    let answer = json!({
        "provider": args.provider, "disabled": true, "because": args.reason, "sessions_ended": ended.sessions,
        "invitations_ended": ended.invitations,
    });
    voice.answer(&answer, words)
}

pub(crate) async fn restore(args: Restore, voice: Voice) -> Result<()> {
    let house = house::open(&args.config.load()?).await?;
    let (id, because) = (args.provider.clone(), args.reason);
    let restored = house.act(Actor::Operator, Purpose::Administration, "provider-restore", move |act| {
        provider::restore(act, &id, because)
    });
    let restored = restored.await;
    house.close();
    restored.map_err(|error| refused(&args.provider, "on", error))?;
    let words = format!(
        "switched on {} again: credentials that were not revoked work as before; its people sign in anew",
        args.provider
    );
    voice.answer(&json!({ "provider": args.provider, "disabled": false, "because": args.reason }), words)
}

fn refused(id: &ProviderId, to: &str, error: store::Error) -> Failure {
    match error.refusal() {
        Some(Refusal::NotFound) => Failure::new(format!("there is no provider {id}")),
        Some(Refusal::Conflict) => Failure::new(format!("the provider {id} is switched {to} already")),
        _ => return error.into(),
    }
    .hint("`clearinghouse provider list` shows all, and which are switched off")
}
