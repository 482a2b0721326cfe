//! A connection between the house and a server that tests share, which can be refused, torn and stalled without touching
//! the server.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};

/// What a torn connection still carries, each way: enough to begin something.
const TORN_AFTER_BYTES: usize = 3_000;

/// How the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// All bytes pass.
    Fair,
    /// What is open is cut, and nobody gets through any more.
    Refused,
    /// What is open is cut, and what is opened is cut again in the middle of what it carries.
    Torn,
    /// Every byte is taken and none is passed on.
    Stalled,
}

/// The server behind.
#[derive(Debug, Clone)]
pub enum Server {
    /// By address.
    Tcp(String),
    /// By the path of its socket.
    Unix(PathBuf),
}

/// A proxy on a port of its own. Its threads end with the test's process.
pub struct Proxy {
    address: SocketAddr,
    sky: Arc<Sky>,
}

#[derive(Default)]
struct Sky {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    weather: Weather,
    open: Vec<Wire>,
}

impl Default for State {
    fn default() -> Self {
        Self { weather: Weather::Fair, open: Vec::new() }
    }
}

enum Wire {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Proxy {
    /// Stands before a server.
    pub fn before(server: Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let sky = Arc::<Sky>::default();
        let above = Arc::clone(&sky);
        std::thread::spawn(move || {
            for near in listener.incoming() {
                let near = near.expect("a listener of a test goes on");
                if above.state.lock().unwrap().weather == Weather::Refused {
                    continue;
                }
                let far = Wire::to(&server);
                above.carry(&Wire::Tcp(near.try_clone().unwrap()), &far);
                above.carry(&far, &Wire::Tcp(near));
            }
        });
        Self { address, sky }
    }

    /// Where the house finds it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the weather, for what is open too.
    pub fn set(&self, weather: Weather) {
        let mut state = self.sky.state.lock().unwrap();
        state.weather = weather;
        if matches!(weather, Weather::Refused | Weather::Torn) {
            state.open.drain(..).for_each(|wire| wire.cut());
        }
        self.sky.changed.notify_all();
    }
}

impl Sky {
    /// Carries bytes one way, on a thread of its own.
    fn carry(self: &Arc<Self>, from: &Wire, to: &Wire) {
        let (mut from, mut to, sky) = (from.twin(), to.twin(), Arc::clone(self));
        self.state.lock().unwrap().open.push(from.twin());
        std::thread::spawn(move || {
            let mut buffer = [0; 1 << 16];
            let mut carried = 0;
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                let state = sky.state.lock().unwrap();
                let state = sky.changed.wait_while(state, |state| state.weather == Weather::Stalled).unwrap();
                let torn = state.weather == Weather::Torn;
                drop(state);
                carried += count;
                if (torn && carried > TORN_AFTER_BYTES) || to.write_all(&buffer[..count]).is_err() {
                    break;
                }
            }
            from.cut();
            to.cut();
        });
    }
}

impl Wire {
    fn to(server: &Server) -> Self {
        match server {
            Server::Tcp(address) => Self::Tcp(TcpStream::connect(address).expect("the server is there")),
            Server::Unix(path) => Self::Unix(UnixStream::connect(path).expect("the server is there")),
        }
    }

    fn twin(&self) -> Self {
        match self {
            Self::Tcp(stream) => Self::Tcp(stream.try_clone().unwrap()),
            Self::Unix(stream) => Self::Unix(stream.try_clone().unwrap()),
        }
    }

    /// Ends it both ways; one that has ended already is ended.
    fn cut(&self) {
        drop(match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
        });
    }

    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(buffer),
            Self::Unix(stream) => stream.read(buffer),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.write_all(bytes),
            Self::Unix(stream) => stream.write_all(bytes),
        }
    }
}
