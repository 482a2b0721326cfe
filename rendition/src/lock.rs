//! What the drawing process gives up before it reads a byte.

use std::collections::BTreeMap;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _, Scope,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

/// Memory of the process at most.
pub const MEMORY_BYTES: u64 = 512 * 1024 * 1024;
/// Time that it may compute.
pub const CPU_SECONDS: u64 = 30;
/// The newest rules of the kernel that are asked for; an older kernel holds it to those that it has.
const RULES: ABI = ABI::V6;

/// What drawing needs, after the pipes are open: to read and write them, to get and give back memory, and to end.
/// Anything else ends the process.
const CALLS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_sigaltstack,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_tgkill,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Gives up everything. It cannot be undone, and holds for this thread and all that it would start: call it first.
///
/// # Errors
/// Says what could not be given up. The process must then end: it draws nothing with its hands free.
pub fn lock() -> Result<(), String> {
    // This one opens a file of its own for a moment, which the limits would refuse.
    files_and_network().map_err(|fault| format!("landlock: {fault}"))?;
    limits().map_err(|fault| format!("limits: {fault}"))?;
    calls().map_err(|fault| format!("seccomp: {fault}"))
}

fn limits() -> rustix::io::Result<()> {
    let most = |resource, most| setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    most(Resource::As, MEMORY_BYTES)?;
    most(Resource::Cpu, CPU_SECONDS)?;
    most(Resource::Core, 0)?;
    most(Resource::Fsize, 0)?;
    most(Resource::Nproc, 0)?;
    // What is open stays open; nothing can be opened any more.
    most(Resource::Nofile, 0)
}

/// Not one file and not one port. The kernel may be too old for this: the calls below are refused on every one.
fn files_and_network() -> Result<(), landlock::RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(RULES))?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))?
        .create()?
        .restrict_self()?;
    Ok(())
}

fn calls() -> Result<(), Box<dyn std::error::Error>> {
    let allowed: BTreeMap<i64, Vec<_>> = CALLS.iter().map(|&call| (call, Vec::new())).collect();
    let arch = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(allowed, SeccompAction::KillProcess, SeccompAction::Allow, arch)?;
    let program: BpfProgram = filter.try_into()?;
    Ok(apply_filter(&program)?)
}
