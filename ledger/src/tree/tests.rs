//! The tree against published data, a naive reference, and an independent implementation.

use std::collections::HashMap;

use proptest::prelude::*;
use tlog_tiles::tlog;

use super::*;
use crate::hash::node_hash;
use crate::tile::{TILE_WIDTH, TileSource, tiles_of};
use crate::{Fault, HASH_BYTES, Hash, Refusal, empty_root, leaf_hash, verify_consistency, verify_inclusion};

/// Tile rows in memory, as a store would keep them.
#[derive(Default)]
struct Shelf(HashMap<(u8, u64), Vec<u8>>);

impl Shelf {
    /// Upserts what an append asks for, and holds it to the promise that rows only ever grow at their end.
    fn put(&mut self, grown: &Grown) {
        for write in &grown.tiles {
            let row = self.0.entry((write.level, write.index)).or_default();
            assert!(write.hashes.len() > row.len(), "a tile was written without need");
            assert!(write.hashes.starts_with(row), "a tile was changed");
            row.clone_from(&write.hashes);
        }
    }

    fn of(leaves: &[Hash]) -> Self {
        let mut shelf = Self::default();
        shelf.put(&append(0, &shelf, leaves).unwrap());
        shelf
    }
}

impl TileSource for Shelf {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>, Fault> {
        assert!((1..=TILE_WIDTH).contains(&width));
        let missing = || Fault::Source { level, index, source: "no such row".into() };
        self.0.get(&(level, index)).cloned().ok_or_else(missing)
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|at| leaf_hash(&at.to_be_bytes())).collect()
}

/// RFC 6962 section 2.1, word by word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves.len() {
        0 => empty_root(),
        1 => leaves[0],
        count => {
            let (left, right) = leaves.split_at(1 << (count - 1).ilog2());
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// The leaves as the independent implementation reads them.
struct Outside<'a>(&'a [Hash]);

impl tlog::HashReader for Outside<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        let node = |index: &u64| {
            let (height, at) = tlog::split_stored_hash_index(*index);
            tlog::Hash(naive_root(&self.0[(at << height) as usize..((at + 1) << height) as usize]))
        };
        Ok(indexes.iter().map(node).collect())
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn hash(text: &str) -> Hash {
    unhex(text).try_into().unwrap()
}

fn published_leaves() -> Vec<Hash> {
    let entries =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    entries.iter().map(|entry| leaf_hash(&unhex(entry))).collect()
}

#[test]
fn the_published_roots_hold() {
    let leaves = published_leaves();
    let shelf = Shelf::of(&leaves);
    for (size, expected) in [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ] {
        assert_eq!(root(size, &shelf).unwrap(), hash(expected), "size {size}");
        assert_eq!(append(0, &Shelf::default(), &leaves[..size as usize]).unwrap().root, hash(expected));
    }
}

#[test]
fn the_published_inclusion_proof_holds() {
    let leaves = published_leaves();
    let proof = inclusion_proof(5, 8, &Shelf::of(&leaves)).unwrap();
    let expected = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(proof, expected.map(hash));
    assert_eq!(verify_inclusion(&leaves[5], 5, 8, &proof, &naive_root(&leaves)), Ok(()));
}

#[test]
fn the_published_consistency_proof_holds() {
    let leaves = published_leaves();
    let proof = consistency_proof(3, 8, &Shelf::of(&leaves)).unwrap();
    let expected = [
        "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
        "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(proof, expected.map(hash));
    let (old, new) = (naive_root(&leaves[..3]), naive_root(&leaves));
    assert_eq!(verify_consistency(3, &old, 8, &new, &proof), Ok(()));
}

#[test]
fn every_proof_of_a_small_tree_is_the_one_the_outside_makes() {
    let leaves = leaves(70);
    let (shelf, outside) = (Shelf::of(&leaves), Outside(&leaves));
    let plain = |proof: Vec<tlog::Hash>| proof.into_iter().map(|hash| hash.0).collect::<Vec<_>>();
    for size in 1..=70 {
        let new_root = root(size, &shelf).unwrap();
        assert_eq!(new_root, tlog::tree_hash(size, &outside).unwrap().0);
        for index in 0..size {
            let proof = inclusion_proof(index, size, &shelf).unwrap();
            assert_eq!(proof, plain(tlog::prove_record(size, index, &outside).unwrap()));
            assert_eq!(verify_inclusion(&leaves[index as usize], index, size, &proof, &new_root), Ok(()));
        }
        for old in 1..=size {
            let proof = consistency_proof(old, size, &shelf).unwrap();
            assert_eq!(proof, plain(tlog::prove_tree(size, old, &outside).unwrap()));
            let old_root = naive_root(&leaves[..old as usize]);
            assert_eq!(verify_consistency(old, &old_root, size, &new_root, &proof), Ok(()));
        }
    }
}

#[test]
fn a_tree_of_three_levels_has_the_tiles_its_size_demands() {
    const SIZE: u64 = 70_000;
    let leaves = leaves(SIZE);
    let shelf = Shelf::of(&leaves);
    let mut expected: Vec<((u8, u64), usize)> = Vec::new();
    for tiles in tiles_of(SIZE) {
        expected.extend(
            (0..tiles.full).map(|index| ((tiles.level, index), usize::from(TILE_WIDTH) * HASH_BYTES)),
        );
        if tiles.partial > 0 {
            expected.push(((tiles.level, tiles.full), usize::from(tiles.partial) * HASH_BYTES));
        }
    }
    let mut found: Vec<_> = shelf.0.iter().map(|(name, row)| (*name, row.len())).collect();
    found.sort_unstable();
    assert_eq!(found, expected);

    let new_root = naive_root(&leaves);
    assert_eq!(root(SIZE, &shelf).unwrap(), new_root);
    for index in [0, 255, 256, 65_535, 65_536, 69_887, 69_888, SIZE - 1] {
        let proof = inclusion_proof(index, SIZE, &shelf).unwrap();
        assert_eq!(
            verify_inclusion(&leaves[index as usize], index, SIZE, &proof, &new_root),
            Ok(()),
            "{index}"
        );
    }
    for old in [1, 256, 257, 65_535, 65_536, 65_537, SIZE - 1] {
        let proof = consistency_proof(old, SIZE, &shelf).unwrap();
        let old_root = naive_root(&leaves[..old as usize]);
        assert_eq!(verify_consistency(old, &old_root, SIZE, &new_root, &proof), Ok(()), "{old}");
    }
}

#[test]
fn the_edge_in_memory_is_the_edge_that_was_stored() {
    let leaves = leaves(66_000);
    let mut shelf = Shelf::default();
    let mut edge = Edge::empty();
    for batch in leaves.chunks(1_021) {
        shelf.put(&edge.append(batch));
    }
    let loaded = Edge::load(66_000, &shelf).unwrap();
    assert_eq!((loaded.size(), loaded.root()), (edge.size(), edge.root()));
    assert_eq!(edge.root(), naive_root(&leaves));
}

#[test]
fn an_append_of_nothing_writes_nothing() {
    let leaves = leaves(300);
    let grown = append(300, &Shelf::of(&leaves), &[]).unwrap();
    assert_eq!(grown, Grown { size: 300, root: naive_root(&leaves), tiles: Vec::new() });
    assert_eq!(Edge::empty().root(), empty_root());
}

#[test]
fn a_lost_or_short_tile_is_a_fault() {
    let leaves = leaves(300);
    let mut shelf = Shelf::of(&leaves);
    if let Some(row) = shelf.0.get_mut(&(0, 1)) {
        row.truncate(HASH_BYTES);
    }
    assert!(matches!(root(300, &shelf), Err(Fault::ShortTile { level: 0, index: 1, width: 44, .. })));
    assert!(matches!(append(300, &shelf, &leaves), Err(Fault::ShortTile { .. })));
    shelf.0.remove(&(0, 1));
    assert!(matches!(inclusion_proof(299, 300, &shelf), Err(Fault::Source { .. })));
}

#[test]
fn a_question_outside_the_tree_is_a_fault() {
    let shelf = Shelf::of(&leaves(3));
    assert!(matches!(inclusion_proof(3, 3, &shelf), Err(Fault::OutOfTree { asked: 3, size: 3 })));
    assert!(matches!(inclusion_proof(0, 0, &shelf), Err(Fault::OutOfTree { .. })));
    assert!(matches!(consistency_proof(4, 3, &shelf), Err(Fault::OutOfTree { .. })));
}

// PROVES: R-76c
#[test]
fn a_tree_that_forgot_its_past_is_refused() {
    let (one, other) = (leaves(10), leaves(11));
    let mut rewritten = other.clone();
    rewritten[4] = leaf_hash(b"rewritten");
    let proof = consistency_proof(10, 11, &Shelf::of(&rewritten)).unwrap();
    let verdict = verify_consistency(10, &naive_root(&one), 11, &naive_root(&rewritten), &proof);
    assert_eq!(verdict, Err(Refusal::WrongProof));
}

#[test]
fn the_empty_tree_begins_every_tree_and_nothing_else_does_without_proof() {
    let (none, one) = (empty_root(), naive_root(&leaves(1)));
    assert_eq!(verify_consistency(0, &none, 1, &one, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &none, 0, &none, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &one, 1, &one, &[]), Err(Refusal::WrongProof));
    assert_eq!(verify_consistency(0, &none, 0, &one, &[]), Err(Refusal::WrongProof));
    assert_eq!(verify_consistency(0, &none, 1, &one, &[one]), Err(Refusal::WrongProof));
    assert_eq!(verify_consistency(1, &one, 1, &none, &[]), Err(Refusal::WrongProof));
    assert_eq!(verify_consistency(3, &one, 5, &none, &[]), Err(Refusal::WrongProof));
    assert!(verify_consistency(2, &one, 1, &one, &[]).is_err());
    assert!(verify_inclusion(&one, 1, 1, &[], &one).is_err());
}

/// One thing that a forger may do to a proof.
#[derive(Debug, Clone)]
enum Forgery {
    Flip(prop::sample::Index),
    Drop(prop::sample::Index),
    Repeat(prop::sample::Index),
    Swap(prop::sample::Index),
    Add(Hash),
}

fn forgery() -> impl Strategy<Value = Forgery> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        at().prop_map(Forgery::Flip),
        at().prop_map(Forgery::Drop),
        at().prop_map(Forgery::Repeat),
        at().prop_map(Forgery::Swap),
        any::<Hash>().prop_map(Forgery::Add),
    ]
}

impl Forgery {
    fn of(&self, proof: &[Hash]) -> Vec<Hash> {
        let mut forged = proof.to_vec();
        match self {
            Self::Add(hash) => forged.push(*hash),
            _ if proof.is_empty() => forged.push([0; HASH_BYTES]),
            Self::Flip(at) => {
                let bit = at.index(proof.len() * HASH_BYTES * 8);
                forged[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
            }
            Self::Drop(at) => drop(forged.remove(at.index(proof.len()))),
            Self::Repeat(at) => forged.insert(at.index(proof.len()), proof[at.index(proof.len())]),
            Self::Swap(at) => forged.swap(at.index(proof.len()), 0),
        }
        forged
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_split_of_an_append_is_one_append(batches in prop::collection::vec(0_u64..700, 0..6)) {
        let leaves = leaves(batches.iter().sum());
        let whole = Shelf::of(&leaves);
        let mut pieces = Shelf::default();
        let mut size = 0;
        for batch in batches {
            let grown = append(size, &pieces, &leaves[size as usize..(size + batch) as usize]).unwrap();
            size += batch;
            prop_assert_eq!(grown.size, size);
            prop_assert_eq!(grown.root, naive_root(&leaves[..size as usize]));
            pieces.put(&grown);
        }
        prop_assert_eq!(pieces.0, whole.0);
    }

    #[test]
    fn every_older_size_can_still_be_asked_about(
        size in 1_u64..1500, older: prop::sample::Index, leaf: prop::sample::Index,
    ) {
        let leaves = leaves(size);
        let shelf = Shelf::of(&leaves);
        let old = older.index(size as usize) as u64 + 1;
        let index = leaf.index(old as usize) as u64;
        let old_root = root(old, &shelf).unwrap();
        prop_assert_eq!(old_root, naive_root(&leaves[..old as usize]));
        let proof = inclusion_proof(index, old, &shelf).unwrap();
        prop_assert_eq!(verify_inclusion(&leaves[index as usize], index, old, &proof, &old_root), Ok(()));
        let proof = consistency_proof(old, size, &shelf).unwrap();
        prop_assert_eq!(verify_consistency(old, &old_root, size, &naive_root(&leaves), &proof), Ok(()));
    }

    #[test]
    fn a_forged_inclusion_proof_is_refused(
        size in 1_u64..600, leaf: prop::sample::Index, forgery in forgery(),
    ) {
        let leaves = leaves(size);
        let index = leaf.index(size as usize) as u64;
        let proof = inclusion_proof(index, size, &Shelf::of(&leaves)).unwrap();
        let (leaf, root) = (leaves[index as usize], naive_root(&leaves));
        let forged = forgery.of(&proof);
        if forged != proof {
            let verdict = verify_inclusion(&leaf, index, size, &forged, &root);
            prop_assert_eq!(verdict, Err(Refusal::WrongProof));
        }
        // The true proof proves no other leaf, place or root.
        prop_assert!(verify_inclusion(&root, index, size, &proof, &leaf).is_err() || size == 1);
        prop_assert!(verify_inclusion(&leaf, (index + 1) % size, size, &proof, &root).is_err() || size == 1);
        prop_assert!(verify_inclusion(&empty_root(), index, size, &proof, &root).is_err());
    }

    #[test]
    fn a_forged_consistency_proof_is_refused(
        size in 1_u64..600, older: prop::sample::Index, forgery in forgery(),
    ) {
        let leaves = leaves(size);
        let old = older.index(size as usize) as u64 + 1;
        let proof = consistency_proof(old, size, &Shelf::of(&leaves)).unwrap();
        let (old_root, new_root) = (naive_root(&leaves[..old as usize]), naive_root(&leaves));
        let forged = forgery.of(&proof);
        if forged != proof {
            let verdict = verify_consistency(old, &old_root, size, &new_root, &forged);
            prop_assert_eq!(verdict, Err(Refusal::WrongProof));
        }
        prop_assert!(verify_consistency(old, &empty_root(), size, &new_root, &proof).is_err());
        prop_assert!(verify_consistency(old, &old_root, size, &empty_root(), &proof).is_err());
    }

    #[test]
    fn no_numbers_break_a_verifier(
        index: u64, size: u64, other: u64, proof in prop::collection::vec(any::<Hash>(), 0..70),
    ) {
        let root = empty_root();
        prop_assert!(verify_inclusion(&root, index, size, &proof, &root).is_err());
        let verdict = verify_consistency(other, &root, size, &root, &proof);
        prop_assert!(verdict.is_err() || (proof.is_empty() && (other == 0 || other == size)));
    }
}
