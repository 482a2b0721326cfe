//! The way to one server. The client's futures run on the thread that waits for them, and several of its messages may be
//! on their way before the first is answered.

use std::cell::{Cell, RefCell};
use std::future::{poll_fn, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Error, Socket, Statement};

use super::failure;
use crate::Fault;

/// Something that was asked of the server and is answered in its turn.
pub(super) type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

/// One connection. Nothing happens on it while nobody waits.
pub(super) struct Link {
    client: Arc<Client>,
    connection: RefCell<Asked<'static, ()>>,
    /// What the connection said when it ended, until somebody is told.
    last_words: RefCell<Option<Error>>,
    ended: Cell<bool>,
    trips: Cell<u64>,
    /// Last, so that it outlives what runs on it.
    runtime: Runtime,
}

impl Link {
    pub(super) fn open<T>(config: &Config, tls: T) -> Result<Self, Fault>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
    {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(|error| Fault::unavailable("connection", error.to_string()))?;
        let connected = runtime.block_on(config.connect(tls));
        let (client, connection) = connected.map_err(|error| failure::unreachable(&error))?;
        Ok(Self {
            client: Arc::new(client),
            connection: RefCell::new(Box::pin(connection)),
            last_words: RefCell::default(),
            ended: Cell::new(false),
            trips: Cell::new(0),
            runtime,
        })
    }

    /// The client, to ask with.
    pub(super) fn client(&self) -> Arc<Client> {
        Arc::clone(&self.client)
    }

    /// Whether the connection is of no more use.
    pub(super) fn is_closed(&self) -> bool {
        self.ended.get() || self.client.is_closed()
    }

    /// How often somebody has waited for the server.
    pub(super) fn trips(&self) -> u64 {
        self.trips.get()
    }

    /// Asks, sends what was asked before in the same moment, and waits for the answer.
    pub(super) fn wait<T>(
        &self,
        mut asked: impl Future<Output = Result<T, Error>> + Unpin,
    ) -> Result<T, Error> {
        self.trips.set(self.trips.get() + 1);
        let answer = self.runtime.block_on(poll_fn(|context| {
            // First of all the message is made, then it is sent and what came is read, then it may be the answer.
            if let Poll::Ready(answer) = Pin::new(&mut asked).poll(context) {
                return Poll::Ready(answer);
            }
            self.turn(context);
            Pin::new(&mut asked).poll(context)
        }));
        answer.map_err(|error| self.explained(error))
    }

    /// Asks without waiting for the answer, which nobody hears.
    pub(super) fn send<T>(&self, mut asked: impl Future<Output = Result<T, Error>> + Unpin) {
        self.runtime.block_on(poll_fn(|context| {
            // An answer that is there at once says that the connection is gone, and whoever is next will find that out.
            if Pin::new(&mut asked).poll(context).is_pending() {
                self.turn(context);
            }
            Poll::Ready(())
        }));
    }

    /// Prepares a statement on the server.
    pub(super) fn prepare(&self, text: &str) -> Result<Statement, Error> {
        self.wait(Box::pin(self.client.prepare(text)))
    }

    /// Writes and reads for as long as the socket lets it.
    fn turn(&self, context: &mut Context<'_>) {
        if self.ended.get() {
            return;
        }
        let mut connection = self.connection.borrow_mut();
        if let Poll::Ready(end) = connection.as_mut().poll(context) {
            self.ended.set(true);
            *self.last_words.borrow_mut() = end.err();
            // Whoever still waits for an answer waits at the other end of it, and hears that there is nobody any more.
            *connection = Box::pin(ready(Ok(())));
        }
    }

    /// Why the connection is closed, where it said so.
    fn explained(&self, error: Error) -> Error {
        if error.is_closed() { self.last_words.take().unwrap_or(error) } else { error }
    }
}
