//! The drawing process, from its start to its end: locks itself, reads who looks and one file, writes one picture.

use std::io::{Read, Write};
use std::process::ExitCode;

use crate::draw::{Manner, Refused, draw};
use crate::lock::lock;
use crate::mark::{MOST_LETTERS, Mark};

/// Bytes of a file that is drawn, at most.
pub const MOST_INPUT_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of a picture that is believed, at most.
pub const MOST_OUTPUT_BYTES: u64 = 16 * 1024 * 1024;
/// The process said why there is no picture.
pub const EXIT_REFUSED: u8 = 3;
/// The process could not lock itself, and drew nothing.
const EXIT_UNLOCKED: u8 = 4;

/// What the process is started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// A picture of what comes in, behind a line that says what is written across it.
    Draw(Manner),
    /// To try to reach a file, once it is locked. For the test that it cannot.
    TryFile,
    /// To try to open a socket. For the test that it cannot.
    TrySocket,
    /// To take more memory than it may have. For the test that it cannot.
    TryMemory,
}

impl Order {
    /// The order of a word of the command line.
    ///
    /// # Errors
    /// [`Refused::Order`] for any other word.
    pub fn of(word: &str) -> Result<Self, Refused> {
        match word {
            "try-file" => Ok(Self::TryFile),
            "try-socket" => Ok(Self::TrySocket),
            "try-memory" => Ok(Self::TryMemory),
            manner => manner.parse().map(Self::Draw),
        }
    }
}

/// Runs the process. Whoever calls this has started no thread and read nothing.
#[must_use]
pub fn run(order: &str) -> ExitCode {
    if let Err(fault) = lock() {
        return say(fault.as_bytes(), EXIT_UNLOCKED);
    }
    match Order::of(order).and_then(carry_out) {
        Ok(bytes) => say(&bytes, 0),
        Err(refused) => say(refused.code().as_bytes(), EXIT_REFUSED),
    }
}

fn carry_out(order: Order) -> Result<Vec<u8>, Refused> {
    match order {
        Order::Draw(manner) => {
            let input = input()?;
            let (mark, file) = parted(&input)?;
            Ok(draw(file, manner, &mark)?.bytes)
        }
        Order::TryFile => Ok(tried(&std::fs::File::open("/proc/self/status"))),
        Order::TrySocket => Ok(tried(&std::net::TcpStream::connect(("127.0.0.1", 9)))),
        Order::TryMemory => Ok(tried(&Ok::<_, Refused>(vec![1_u8; 1024 * 1024 * 1024]))),
    }
}

/// What a locked process never gets to say.
fn tried<T, E: std::fmt::Debug>(outcome: &Result<T, E>) -> Vec<u8> {
    match outcome {
        Ok(_) => b"it worked".to_vec(),
        Err(fault) => format!("it was refused: {fault:?}").into_bytes(),
    }
}

fn input() -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let most = MOST_INPUT_BYTES + MOST_LETTERS as u64 + 2;
    let read = std::io::stdin().lock().take(most).read_to_end(&mut bytes);
    read.map_err(|_| Refused::Damaged)?;
    Ok(bytes)
}

/// The mark of the first line, which is ours, and the stranger's file behind it. Nothing is drawn without a mark.
fn parted(input: &[u8]) -> Result<(Mark, &[u8]), Refused> {
    let end = input.iter().take(MOST_LETTERS + 1).position(|byte| *byte == b'\n').ok_or(Refused::Order)?;
    let words = std::str::from_utf8(&input[..end]).map_err(|_| Refused::Order)?;
    let (mark, file) = (words.parse()?, &input[end + 1..]);
    if file.len() as u64 > MOST_INPUT_BYTES { Err(Refused::Bytes) } else { Ok((mark, file)) }
}

fn say(bytes: &[u8], code: u8) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::from(code),
        Err(_) => ExitCode::FAILURE,
    }
}
