//! The server that all tests of one user share: started by the first, ended when nobody has been there for a while.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Cluster;
use super::process::{self, PORT, am_root, base, own, quietly};

/// Keeps the server: starts it, and ends it when nobody has held the `users` lock for a minute. Tests that are
/// killed let go of the lock too. The last look is taken under the `lock` that a starting test takes, so that no
/// test finds a server which is about to end.
const KEEPER: &str = r#"
folder=$1; shift
"$@" & server=$!
idle=0
while kill -0 $server 2>/dev/null; do
    sleep 5
    if flock --exclusive --nonblock "$folder/users" true; then idle=$((idle + 1)); else idle=0; fi
    if [ $idle -ge 12 ]; then
        exec 9>"$folder/lock"; flock 9
        flock --exclusive --nonblock "$folder/users" true && break
        exec 9>&-; idle=0
    fi
done
kill -INT $server 2>/dev/null
wait $server
"#;

/// Finds the shared server or starts it.
pub(super) fn cluster() -> Cluster {
    let folder = folder();
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    quietly(Command::new("chmod").arg("711").arg(&folder));
    let lock = opened(&folder.join("lock"));
    lock.lock().expect("the lock can be waited for");
    let users = opened(&folder.join("users"));
    users.lock_shared().expect("the lock can be waited for");
    let files = folder.join("server");
    if !process::answers(&files, PORT) {
        start(&folder, &files);
    }
    // Closing the file lets go of the lock.
    drop(lock);
    Cluster { base: base(&files, PORT), _use: Some(users) }
}

fn start(folder: &Path, files: &Path) {
    if files.exists() {
        std::fs::remove_dir_all(files).expect("the remains of an earlier server can be removed");
    }
    let bin = process::binaries();
    own(files);
    process::init(&bin, files);
    let server = process::server(&bin, files, PORT, None);
    let mut keeper = Command::new("sh");
    keeper.args(["-c", KEEPER, "keeper"]).arg(folder);
    keeper.arg(server.get_program()).args(server.get_args());
    // In a group of its own, so that what ends the test does not end the server of the next one.
    process::logged(keeper.process_group(0), files);
    let kept = keeper.spawn().expect("sh is installed");
    drop(kept);
    process::wait_until_it_answers(files, PORT);
}

fn opened(path: &Path) -> File {
    let file = File::options().create(true).append(true).open(path);
    file.expect("the temporary folder can be written")
}

/// One folder a user, short enough for the name of a unix socket.
fn folder() -> PathBuf {
    let user = if am_root() { "root".to_owned() } else { user_id().to_string() };
    std::env::temp_dir().join(format!("clearinghouse-tests-{user}"))
}

fn user_id() -> u32 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").expect("this system has /proc").uid()
}
