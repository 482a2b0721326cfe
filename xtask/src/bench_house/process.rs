//! What a process costs: processor time and memory, as the kernel tells them.

use std::path::Path;

use crate::Result;

/// Ticks of a second in `/proc`, the same on every Linux.
const TICKS_PER_S: f64 = 100.0;

/// Memory of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Bytes that are resident now.
    pub now_bytes: u64,
    /// The most that ever were, since the start or since [`forget_peak`].
    pub peak_bytes: u64,
}

/// Processor seconds that a process has used so far, user and system together.
pub fn cpu_s(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    ticks(&stat).map(|ticks| ticks / TICKS_PER_S).ok_or_else(|| "the kernel's stat line is unusual".into())
}

/// Processor seconds that the whole machine has used so far: what is left after ours is what disturbed us.
pub fn machine_s() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/stat")?;
    busy(&stat).map(|ticks| ticks / TICKS_PER_S).ok_or_else(|| "the kernel's stat line is unusual".into())
}

/// Memory of a process, now.
pub fn memory(pid: u32) -> Result<Memory> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let of = |key| kibibytes(&status, key).map(|number| number * 1024);
    let found = of("VmRSS").zip(of("VmHWM")).map(|(now_bytes, peak_bytes)| Memory { now_bytes, peak_bytes });
    found.ok_or_else(|| "the kernel does not tell the memory of the process".into())
}

/// Makes the present memory the peak; nothing happens where the kernel does not let us.
pub fn forget_peak(pid: u32) -> std::io::Result<()> {
    std::fs::write(Path::new("/proc").join(pid.to_string()).join("clear_refs"), "5")
}

/// How much larger a process became than it was, at its largest.
pub struct Growth {
    pid: u32,
    before: u64,
}

impl Growth {
    /// From now on.
    pub fn begin(pid: u32) -> Result<Self> {
        // Otherwise what came before would hide what comes.
        forget_peak(pid)?;
        Ok(Self { pid, before: memory(pid)?.now_bytes })
    }

    /// Bytes, until now.
    pub fn end(self) -> Result<u64> {
        Ok(memory(self.pid)?.peak_bytes.saturating_sub(self.before))
    }
}

/// The 14th and 15th field: a program's name may hold blanks and brackets, so counting begins behind the last one.
fn ticks(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let (user, system) = (fields.next()?, fields.next()?);
    Some(user.parse::<f64>().ok()? + system.parse::<f64>().ok()?)
}

/// Everything of the first line but idling and waiting for the disk; guests are part of user already.
fn busy(stat: &str) -> Option<f64> {
    let mut fields = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace();
    let all: Vec<f64> = fields.by_ref().take(8).map(|field| field.parse().ok()).collect::<Option<_>>()?;
    match all.as_slice() {
        [user, nice, system, _idle, _wait, rest @ ..] => {
            Some(user + nice + system + rest.iter().sum::<f64>())
        }
        _ => None,
    }
}

fn kibibytes(status: &str, key: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let stat = "42 (a) b (c)) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 1 0 100 0 0";
        assert_eq!(ticks(stat), Some(300.0));
        assert_eq!(ticks("42 (short) S 1"), None);
    }

    #[test]
    fn idling_is_not_work() {
        assert_eq!(busy("cpu  100 1 20 9000 500 3 4 5 7 0\ncpu0 1"), Some(133.0));
        assert_eq!(busy("intr 1 2 3"), None);
    }

    #[test]
    fn our_own_memory_has_a_peak_and_our_work_takes_time() {
        let memory = memory(std::process::id()).unwrap();
        assert!(memory.now_bytes > 0 && memory.peak_bytes >= memory.now_bytes, "{memory:?}");
        assert!(cpu_s(std::process::id()).unwrap() <= machine_s().unwrap());
        assert_eq!(kibibytes("VmHWM:\t  123 kB\n", "VmHWM"), Some(123));
        assert_eq!(kibibytes("VmHWM:\t  123 kB\n", "VmRSS"), None);
    }
}
