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

    #[test]
    fn the_root_is_that_of_the_published_vectors() {
        let known = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
        assert_eq!(Some(root(&LEAVES)), unhex(known));
    }

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
