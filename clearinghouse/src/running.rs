//! A running house: listeners and workers side by side, until somebody asks for the end.

use axum::Router;
use pipeline::{Tools, worker};
use store::House;
use tokio::task::JoinHandle;

use crate::listeners::{self, Bound};
use crate::outcome::{Doing, Failure, Result};
use crate::shutdown::{self, Bell, Ending};
use crate::{say, secrets};

/// Listeners and workers that were started.
pub(crate) struct Running {
    house: House,
    ending: Ending,
    serving: JoinHandle<Result<()>>,
    working: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts serving and, with tools, working.
    pub(crate) fn start(house: &House, serving: Vec<(Bound, Router)>, tools: Option<Tools>) -> Result<Self> {
        let (ending, bell) = Ending::new();
        let working = tools.map(|tools| work(house, tools, &bell)).transpose()?;
        let serving = tokio::spawn(listeners::all(serving, bell));
        Ok(Self { house: house.clone(), ending, serving, working })
    }

    /// Goes on until a signal asks for the end or a listener breaks, then ends in order: what was asked is answered,
    /// what is being worked on comes to the end of its stride. A second signal does not wait for that; nothing that
    /// was acknowledged depends on it.
    pub(crate) async fn until_asked(mut self) -> Result<()> {
        let broken = tokio::select! {
            asked = shutdown::asked() => asked.err(),
            ended = &mut self.serving => Some(ended_early(ended)),
        };
        if broken.is_none() {
            tracing::info!("asked to end; open requests and strides are finished first");
        }
        let farewell = self.end(broken.is_some());
        tokio::select! {
            ended = farewell => broken.map_or(ended, Err),
            _ = shutdown::asked() => {
                say::people("ended at once");
                Ok(())
            }
        }
    }

    /// Ends listeners, then workers, then the house.
    async fn end(self, served: bool) -> Result<()> {
        self.ending.ring();
        let mut ended = Ok(());
        if !served {
            ended = self.serving.await.doing("end the listeners").and_then(|result| result);
        }
        if let Some(working) = self.working {
            ended = ended.and(working.await.doing("end the workers"));
        }
        let house = self.house;
        ended.and(tokio::task::spawn_blocking(move || house.close()).await.doing("close the house"))
    }
}

fn ended_early(ended: std::result::Result<Result<()>, tokio::task::JoinError>) -> Failure {
    match ended {
        Ok(Ok(())) => Failure::new("every listener ended".to_owned()),
        Ok(Err(failure)) => failure,
        Err(panic) => panic.into(),
    }
}

fn work(house: &House, tools: Tools, bell: &Bell) -> Result<JoinHandle<()>> {
    // Leases name their holder; two processes must never have the same name.
    let owner = format!("{}-{}", std::process::id(), &secrets::fresh(&**house.random())?[..16]);
    Ok(tokio::spawn(worker::run(house.clone(), tools, owner, bell.rung())))
}
