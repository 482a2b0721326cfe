//! The end of the process: asked for by a signal, heard by everything that runs.

use std::future::Future;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::outcome::{Doing, Result};

/// Rings once, for everybody who listens.
#[derive(Debug)]
pub(crate) struct Ending(watch::Sender<bool>);

/// Hears when the process is asked to end. Clones hear the same ring.
#[derive(Debug, Clone)]
pub(crate) struct Bell(watch::Receiver<bool>);

impl Ending {
    /// An ending that nothing has asked for yet, and its bell.
    pub(crate) fn new() -> (Self, Bell) {
        let (ring, heard) = watch::channel(false);
        (Self(ring), Bell(heard))
    }

    /// Asks everything to end.
    pub(crate) fn ring(&self) {
        self.0.send_replace(true);
    }
}

impl Bell {
    /// Returns once the process is to end.
    pub(crate) fn rung(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut heard = self.0.clone();
        // Whoever could ring is gone: that is an end too.
        async move { drop(heard.wait_for(|rung| *rung).await) }
    }
}

/// Hears SIGINT and SIGTERM from the moment it is made. Made before anybody is told that the process is ready.
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Takes the two signals over from the system, which would end the process at once.
    pub(crate) fn take_over() -> Result<Self> {
        let interrupt = signal(SignalKind::interrupt()).doing("listen for signals")?;
        let terminate = signal(SignalKind::terminate()).doing("listen for signals")?;
        Ok(Self { interrupt, terminate })
    }

    /// Returns at the next of them.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {},
            _ = self.terminate.recv() => {},
        }
    }
}
