//! Every kind of custody keeps the same promises: the house cannot tell them apart.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use custody::{Door, Files, Service, Token};
use seal::{Custody, CustodyFault, EpochKey, SeededRandom};
use zeroize::Zeroizing;

mod server;

use server::Server;

const SECRET: [u8; 32] = [0xA7; 32];
const ONE: &str = "e1-00000000-aa";
const TWO: &str = "e2-00000000-bb";

fn random(seed: u64) -> Arc<SeededRandom> {
    Arc::new(SeededRandom::from_seed(seed))
}

/// What a house relies on, asked of one kind; `again` opens the same custody as another process would.
fn keeps_its_promises(custody: &dyn Custody, again: &dyn Custody) {
    custody.create(ONE).unwrap();
    custody.create(TWO).unwrap();
    assert_eq!(custody.names().unwrap(), [ONE, TWO]);

    // What one process seals, another opens; under no other name, and not when a bit was changed.
    let wrapped = custody.wrap(ONE, &SECRET).unwrap();
    assert!(!wrapped.windows(8).any(|part| part == &SECRET[..8]));
    assert_eq!(again.unwrap(ONE, &wrapped).unwrap(), SECRET);
    assert_ne!(custody.wrap(ONE, &SECRET).unwrap(), wrapped);
    assert!(matches!(again.unwrap(TWO, &wrapped), Err(CustodyFault::Seal(_))));
    for at in [0, wrapped.len() / 2, wrapped.len() - 1] {
        let mut changed = wrapped.clone();
        changed[at] ^= 1;
        assert!(matches!(custody.unwrap(ONE, &changed), Err(CustodyFault::Seal(_))), "byte {at}");
    }
    assert!(custody.unwrap(ONE, &[]).is_err());

    // An epoch key goes through and comes back.
    let epoch = EpochKey::generate(7, &SeededRandom::from_seed(3)).unwrap();
    let stored = epoch.wrapped_by(custody, TWO).unwrap();
    assert!(EpochKey::unwrapped_by(again, TWO, 7, &stored).unwrap().is(&epoch));

    // Destroyed means destroyed, for every process and for whoever kept what was sealed; the other key goes on.
    custody.destroy(ONE).unwrap();
    again.destroy(ONE).unwrap();
    for custody in [custody, again] {
        assert!(matches!(custody.unwrap(ONE, &wrapped), Err(CustodyFault::Gone { .. })));
        assert!(matches!(custody.wrap(ONE, &SECRET), Err(CustodyFault::Gone { .. })));
        assert_eq!(custody.names().unwrap(), [TWO]);
        assert!(EpochKey::unwrapped_by(custody, TWO, 7, &stored).unwrap().is(&epoch));
    }

    for odd in ["", "../root", "Upper", "a b", &"x".repeat(65)] {
        assert!(matches!(custody.create(odd), Err(CustodyFault::Refused { .. })), "{odd:?}");
        assert!(custody.destroy(odd).is_err(), "{odd:?}");
    }
}

#[test]
fn a_folder_of_files_keeps_the_promises_of_custody() {
    let folder = tempfile::tempdir().unwrap();
    let open = |seed| Files::open(folder.path().join("epochs"), [1; 32], random(seed)).unwrap();
    keeps_its_promises(&open(1), &open(2));
}

#[test]
fn a_file_that_is_destroyed_is_overwritten_before_it_is_unlinked() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path().join("epochs"), [1; 32], random(1)).unwrap();
    files.create(ONE).unwrap();
    // A second name for the same blocks shows what became of them.
    let kept = folder.path().join("kept");
    std::fs::hard_link(folder.path().join(format!("epochs/{ONE}.key")), &kept).unwrap();
    let before = std::fs::read(&kept).unwrap();
    files.destroy(ONE).unwrap();
    let after = std::fs::read(&kept).unwrap();
    assert!(before.windows(8).all(|part| !after.windows(8).any(|other| other == part)));
}

#[test]
fn a_folder_of_keys_that_others_may_look_into_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let opened = Files::open(folder.path().to_owned(), [1; 32], random(1)).map(drop);
    assert!(matches!(opened, Err(CustodyFault::Refused { .. })));
}

#[test]
fn the_files_of_keys_open_under_no_other_root() {
    let folder = tempfile::tempdir().unwrap();
    let open = |root| Files::open(folder.path().join("epochs"), [root; 32], random(1)).unwrap();
    open(1).create(ONE).unwrap();
    assert!(matches!(open(2).wrap(ONE, &SECRET), Err(CustodyFault::Seal(_))));
}

/// Debian's SoftHSM, which reads where its tokens are from the environment: so the test runs itself again with that set.
#[test]
fn a_pkcs11_token_keeps_the_promises_of_custody() {
    const LIBRARY: &str = "/usr/lib/softhsm/libsofthsm2.so";
    const SELF: &str = "a_pkcs11_token_keeps_the_promises_of_custody";
    assert!(Path::new(LIBRARY).is_file(), "softhsm2 is not installed: run `cargo xtask test`");
    if std::env::var_os("SOFTHSM2_CONF").is_some() {
        let door = |label: &str, pin: &str| Door {
            address: format!("pkcs11:{LIBRARY}?token={label}"),
            secret: Some(Zeroizing::new(pin.to_owned())),
            ca_file: None,
        };
        let open = |door: Door, seed| door.open(|| panic!("a token asks for no root"), random(seed));
        keeps_its_promises(
            &*open(door("house", "1234"), 1).unwrap(),
            &*open(door("house", "1234"), 2).unwrap(),
        );
        assert!(open(door("elsewhere", "1234"), 3).is_err());
        assert!(
            Token::open(Path::new("/nowhere.so"), "house", &Zeroizing::new(String::new()), random(1))
                .is_err()
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (tokens, settings) = (folder.path().join("tokens"), folder.path().join("softhsm2.conf"));
    std::fs::create_dir(&tokens).unwrap();
    std::fs::write(&settings, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
    let made = Command::new("softhsm2-util")
        .env("SOFTHSM2_CONF", &settings)
        .args(["--init-token", "--free", "--label", "house", "--pin", "1234", "--so-pin", "5678"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let again = Command::new(std::env::current_exe().unwrap())
        .env("SOFTHSM2_CONF", &settings)
        .args(["--exact", SELF, "--nocapture"])
        .output()
        .unwrap();
    let said = [again.stdout, again.stderr].concat();
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn a_key_service_keeps_the_promises_of_custody() {
    let server = Server::start();
    keeps_its_promises(&server.client("token"), &server.client("token"));
}

#[test]
fn a_key_service_that_drops_a_connection_is_asked_again_and_a_silent_one_is_given_up() {
    let server = Server::start();
    let custody = server.client("token");
    server.drop_next(2);
    custody.create(ONE).unwrap();
    // The name is taken by ourselves: the answer to the first request was lost.
    custody.create(ONE).unwrap();
    server.drop_next(3);
    assert!(custody.wrap(ONE, &SECRET).is_err_and(|fault| fault.is_passing()));
    assert!(custody.wrap(ONE, &SECRET).is_ok());
}

#[test]
fn a_key_whose_deletion_is_only_planned_is_not_destroyed() {
    let server = Server::start();
    let custody = server.client("token");
    custody.create(ONE).unwrap();
    let wrapped = custody.wrap(ONE, &SECRET).unwrap();
    server.destroy_later(true);
    assert!(matches!(custody.destroy(ONE), Err(CustodyFault::Pending { .. })));
    assert_eq!(custody.unwrap(ONE, &wrapped).unwrap(), SECRET);
    server.destroy_later(false);
    custody.destroy(ONE).unwrap();
    assert!(matches!(custody.unwrap(ONE, &wrapped), Err(CustodyFault::Gone { .. })));
}

#[test]
fn a_key_service_is_reached_only_by_its_token_and_its_certificate() {
    let server = Server::start();
    assert!(matches!(server.client("wrong").names(), Err(CustodyFault::Refused { .. })));
    let unknown = Service::open(&server.address(), None, None).unwrap();
    assert!(unknown.names().is_err_and(|fault| fault.is_passing()));
    let plain = Door { address: "http://keys.example/".to_owned(), ..Door::default() };
    assert!(plain.open(|| Ok([0; 32]), random(1)).is_err());
}
