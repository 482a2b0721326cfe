//! The tree of RFC 6962: what a leaf and a node hash to, and whether a leaf stands under a root.

use crate::digest::{Digest, sha256};

/// Hash of a leaf's entry.
pub(crate) fn leaf_hash(entry: &[u8]) -> Digest {
    sha256(&[&[0], entry])
}

fn node_hash(left: &Digest, right: &Digest) -> Digest {
    sha256(&[&[1], left, right])
}

/// Whether the leaf stands at `index` in the tree of this size and root (RFC 9162, 2.1.3.2).
pub(crate) fn includes(leaf: Digest, index: u64, size: u64, proof: &[Digest], root: &Digest) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether the tree of the larger size and root is the smaller one with leaves added (RFC 9162, 2.1.4.2).
pub(crate) fn extends(old: (u64, &Digest), new: (u64, &Digest), proof: &[Digest]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    if old_size == 0 {
        // Every tree extends the empty one.
        return proof.is_empty() && *old_root == sha256(&[]);
    }
    if old_size > new_size {
        return false;
    }
    let path: Vec<Digest> = match old_size.is_power_of_two() {
        true => std::iter::once(*old_root).chain(proof.iter().copied()).collect(),
        false => proof.to_vec(),
    };
    let Some((first, rest)) = path.split_first() else { return false };
    let (mut at, mut last) = (old_size - 1, new_size - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut was, mut is) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            was = node_hash(sibling, &was);
            is = node_hash(sibling, &is);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            is = node_hash(&is, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && was == *old_root && is == *new_root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::unhex;

    const LEAVES: [&[u8]; 8] = [
        b"",
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];

    fn root(leaves: &[&[u8]]) -> Digest {
        match leaves {
            [] => sha256(&[]),
            [one] => leaf_hash(one),
            more => {
                let split = more.len().next_power_of_two() / 2;
                node_hash(&root(&more[..split]), &root(&more[split..]))
            }
        }
    }

    fn proof(index: usize, leaves: &[&[u8]]) -> Vec<Digest> {
        if leaves.len() < 2 {
            return Vec::new();
        }
        let split = leaves.len().next_power_of_two() / 2;
        let (own, other, index) = match index < split {
            true => (&leaves[..split], &leaves[split..], index),
            false => (&leaves[split..], &leaves[..split], index - split),
        };
        let mut path = proof(index, own);
        path.push(root(other));
        path
    }

    /// RFC 6962, 2.1.2.
    fn grown(old: usize, leaves: &[&[u8]], is_whole: bool) -> Vec<Digest> {
        if old == leaves.len() {
            return if is_whole { Vec::new() } else { vec![root(leaves)] };
        }
        let split = leaves.len().next_power_of_two() / 2;
        let (mut path, other) = match old <= split {
            true => (grown(old, &leaves[..split], is_whole), &leaves[split..]),
            false => (grown(old - split, &leaves[split..], false), &leaves[..split]),
        };
        path.push(root(other));
        path
    }

    #[test]
    fn every_tree_extends_each_smaller_one_and_no_other() {
        for new in 0..=LEAVES.len() {
            for old in 0..=new {
                let path = if old == 0 { Vec::new() } else { grown(old, &LEAVES[..new], true) };
                let (was, is) = (root(&LEAVES[..old]), root(&LEAVES[..new]));
                let extends = |was: &Digest, is: &Digest, path: &[Digest]| {
                    super::extends((old as u64, was), (new as u64, is), path)
                };
                assert!(extends(&was, &is, &path), "{old} to {new}");
                assert!(old == 0 || !extends(&was, &[7; 32], &path));
                assert!(!extends(&[7; 32], &is, &path));
                for at in 0..path.len() {
                    let mut changed = path.clone();
                    changed[at][0] ^= 1;
                    assert!(!extends(&was, &is, &changed), "{old} to {new}");
                    assert!(!extends(&was, &is, &path[..at]), "{old} to {new}");
                }
                assert!(!extends(&was, &is, &[path.clone(), vec![[0; 32]]].concat()));
                assert!(old == new || !super::extends((new as u64, &is), (old as u64, &was), &path));
            }
        }
    }

    #[test]
    fn the_published_growth_from_three_to_eight_holds() {
        let path: Vec<Digest> = [
            "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
            "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
        .iter()
        .map(|hash| unhex(hash).unwrap())
        .collect();
        let was = unhex("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77").unwrap();
        let is = unhex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328").unwrap();
        assert!(extends((3, &was), (8, &is), &path));
    }

    #[test]
    fn the_root_is_that_of_the_published_vectors() {
        let known = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
        assert_eq!(Some(root(&LEAVES)), unhex(known));
    }

    // PROVES: R-75
    #[test]
    fn every_leaf_of_every_tree_is_found_in_its_place_and_nowhere_else() {
        for size in 1..=LEAVES.len() {
            let leaves = &LEAVES[..size];
            for index in 0..size {
                let path = proof(index, leaves);
                for claimed in 0..size {
                    let found =
                        includes(leaf_hash(leaves[index]), claimed as u64, size as u64, &path, &root(leaves));
                    assert_eq!(found, claimed == index, "{index} as {claimed} of {size}");
                }
                let mut short = path.clone();
                if short.pop().is_some() {
                    assert!(!includes(
                        leaf_hash(leaves[index]),
                        index as u64,
                        size as u64,
                        &short,
                        &root(leaves)
                    ));
                }
            }
        }
    }
}
