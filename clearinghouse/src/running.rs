//! A running house: listeners and workers side by side, until somebody asks for the end.

use std::future::Future;

use axum::Router;
use console::{origin, say, secrets};
use pipeline::{Tools, worker};
use store::House;
use tokio::task::JoinHandle;

use crate::listeners::{self, Bound};
use crate::outcome::{Doing, Failure, Result};
use crate::shutdown::{Bell, Ending, Signals};
use crate::witnesses;

/// Listeners and workers that were started.
pub(crate) struct Running {
    house: House,
    signals: Signals,
    ending: Ending,
    serving: JoinHandle<Result<()>>,
    working: Option<JoinHandle<()>>,
    witnesses: Option<JoinHandle<Result<()>>>,
    rules: JoinHandle<()>,
}

impl Running {
    /// Starts serving and, with tools, working.
    pub(crate) fn start(
        house: &House,
        serving: Vec<(Bound, Router)>,
        work: Option<(Tools, herald::Settings)>,
    ) -> Result<Self> {
        let signals = Signals::take_over()?;
        let (ending, bell) = Ending::new();
        let working = work.map(|given| working(house, given, &bell)).transpose()?;
        let within = |place| house.seen_from(origin::within(place));
        let witnesses =
            working.as_ref().map(|_| tokio::spawn(witnesses::run(within("witnesses"), bell.clone())));
        // Every change of rules is taken up in its moment.
        let rules = tokio::spawn(rulebook::follow(within("rules"), bell.rung()));
        let serving = tokio::spawn(listeners::all(serving, bell));
        Ok(Self { house: house.clone(), signals, ending, serving, working, witnesses, rules })
    }

    /// Does `work` beside it all; `None` when a signal asks for the end first.
    pub(crate) async fn unless_asked<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.signals.next() => None,
        }
    }

    /// Goes on until a signal asks for the end or a listener breaks.
    pub(crate) async fn until_asked(mut self) -> Result<()> {
        let broken = tokio::select! {
            () = self.signals.next() => None,
            ended = &mut self.serving => Some(ended_early(ended)),
        };
        match broken {
            None => self.end().await,
            Some(failure) => {
                // It has ended already, and must not be waited for again.
                self.serving = tokio::spawn(async { Ok(()) });
                self.end().await.and(Err(failure))
            }
        }
    }

    /// Ends in order: what was asked is answered, what is being worked on comes to the end of its stride. A second
    /// signal does not wait for that; nothing that was acknowledged depends on it.
    pub(crate) async fn end(self) -> Result<()> {
        let Self { house, mut signals, ending, serving, working, witnesses, rules } = self;
        tracing::info!("ending; open requests and strides are finished first");
        ending.ring();
        // It only looks at the house now and then, and ends with the bell.
        let farewell = async {
            let ended = rules.await.doing("end the watch over the rules");
            farewell(house, serving, working, witnesses).await.and(ended)
        };
        tokio::select! {
            ended = farewell => ended,
            () = signals.next() => {
                say::people("ended at once");
                Ok(())
            }
        }
    }
}

/// Waits for listeners, then workers, and closes the house.
async fn farewell(
    house: House,
    serving: JoinHandle<Result<()>>,
    working: Option<JoinHandle<()>>,
    witnesses: Option<JoinHandle<Result<()>>>,
) -> Result<()> {
    let mut ended = serving.await.doing("end the listeners").and_then(|result| result);
    // What was refused and only counted goes into the ledger before the house closes.
    ended = ended.and(house.tell_refusals().await.doing("tell the ledger what was refused"));
    if let Some(witnesses) = witnesses {
        ended = ended.and(witnesses.await.doing("end the calls to witnesses").and_then(|result| result));
    }
    if let Some(working) = working {
        ended = ended.and(working.await.doing("end the workers"));
    }
    ended.and(tokio::task::spawn_blocking(move || house.close()).await.doing("close the house"))
}

fn ended_early(ended: std::result::Result<Result<()>, tokio::task::JoinError>) -> Failure {
    match ended {
        Ok(Ok(())) => Failure::new("every listener ended".to_owned()),
        Ok(Err(failure)) => failure,
        Err(panic) => panic.into(),
    }
}

/// Walks reports, and tells agencies that there is something.
fn working(
    house: &House,
    (tools, settings): (Tools, herald::Settings),
    bell: &Bell,
) -> Result<JoinHandle<()>> {
    // Leases name their holder; two processes must never have the same name.
    let owner = format!("{}-{}", std::process::id(), &secrets::fresh(&**house.random())?[..16]);
    let house = house.seen_from(origin::within("worker"));
    let telling = herald::run(house.clone(), settings, bell.rung());
    let walking = worker::run(house, tools, owner, bell.rung());
    Ok(tokio::spawn(async {
        tokio::join!(walking, telling);
    }))
}
