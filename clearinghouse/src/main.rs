//! The binary: composes settings, opens the house, wires faces to listeners and workers to the queue, and gives the
//! operator a command for everything. Deliberately absent: any rule, any row, any page; they live on the floors below.

pub(crate) use ::config;
pub(crate) use ::config::outcome;

mod build;
mod commands;
mod drawing;
mod listeners;
mod origin;
mod running;
mod shutdown;
mod surfaces;
mod tls;
mod witnesses;

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = drawing::if_asked() {
        return code;
    }
    match commands::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console::say::people(format_args!("clearinghouse: {failure}"));
            failure.exit_code()
        }
    }
}
