//! Writes the digests of the corpus, `synth/corpus.sha256`: `cargo run -p synth --example corpus`.
//! Only after a deliberate change of the corpus; the change and the new list belong in one commit.

fn main() -> std::io::Result<()> {
    let digests: Vec<u8> = (0..synth::corpus::FILES).flat_map(|n| synth::corpus::digests(n).sha256).collect();
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus.sha256"), digests)
}
