//! Writes small MaxMind DB files for tests: 24-bit records, no sharing of values.

use std::net::IpAddr;

/// The kinds of values that address tables use.
#[derive(Clone)]
pub enum Value {
    Text(&'static str),
    Number(u32),
    Double(f64),
    Float(f32),
    Map(Vec<(&'static str, Value)>),
    List(Vec<Value>),
}

impl Value {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => {
                control(out, 2, text.len());
                out.extend(text.as_bytes());
            }
            Self::Double(number) => {
                control(out, 3, 8);
                out.extend(number.to_be_bytes());
            }
            Self::Float(number) => {
                control(out, 15, 4);
                out.extend(number.to_be_bytes());
            }
            Self::Number(number) => {
                control(out, 6, 4);
                out.extend(number.to_be_bytes());
            }
            Self::Map(pairs) => {
                control(out, 7, pairs.len());
                for (key, value) in pairs {
                    Self::Text(key).write(out);
                    value.write(out);
                }
            }
            Self::List(values) => {
                control(out, 11, values.len());
                values.iter().for_each(|value| value.write(out));
            }
        }
    }
}

/// Type and size; tests need no size above 284.
fn control(out: &mut Vec<u8>, kind: u8, size: usize) {
    let short = u8::try_from(size.min(29)).unwrap();
    match kind {
        8.. => out.extend([short, kind - 7]),
        _ => out.push(kind << 5 | short),
    }
    if size >= 29 {
        out.push(u8::try_from(size - 29).unwrap());
    }
}

/// What a node's branch leads to.
#[derive(Clone, Copy)]
pub enum Branch {
    Nothing,
    Node(usize),
    Record(usize),
}

/// A file with the given networks, IPv6 inside, IPv4 at `::/96` as the format wants it.
pub fn database(networks: &[(&str, Value)], built_at: u64) -> Vec<u8> {
    let mut nodes = vec![[Branch::Nothing; 2]];
    for (record, (network, _)) in networks.iter().enumerate() {
        let (bits, length) = prefix(network);
        let mut at = 0;
        for depth in 0..length {
            let side = usize::from(bits >> (127 - depth) & 1 == 1);
            if depth + 1 == length {
                nodes[at][side] = Branch::Record(record);
                break;
            }
            at = match nodes[at][side] {
                Branch::Node(next) => next,
                _ => {
                    nodes.push([Branch::Nothing; 2]);
                    let next = nodes.len() - 1;
                    nodes[at][side] = Branch::Node(next);
                    next
                }
            };
        }
    }
    let records: Vec<Value> = networks.iter().map(|(_, value)| value.clone()).collect();
    file(&nodes, &records, built_at)
}

/// A file with exactly these nodes, honest or not.
pub fn file(nodes: &[[Branch; 2]], records: &[Value], built_at: u64) -> Vec<u8> {
    let mut data = Vec::new();
    let offsets: Vec<usize> = records
        .iter()
        .map(|record| {
            let at = data.len();
            record.write(&mut data);
            at
        })
        .collect();
    let mut out = Vec::new();
    for branch in nodes.iter().flatten() {
        let number = match branch {
            Branch::Nothing => nodes.len(),
            Branch::Node(next) => *next,
            Branch::Record(record) => nodes.len() + 16 + offsets[*record],
        };
        out.extend(&u32::try_from(number).unwrap().to_be_bytes()[1..]);
    }
    out.extend([0; 16]);
    out.extend(data);
    out.extend(b"\xab\xcd\xefMaxMind.com");
    metadata(u32::try_from(nodes.len()).unwrap(), built_at, &mut out);
    out
}

/// Without a description, as the published packages are.
fn metadata(node_count: u32, built_at: u64, out: &mut Vec<u8>) {
    control(out, 7, 9);
    let mut number = |key: &'static str, kind: u8, bytes: &[u8]| {
        Value::Text(key).write(out);
        control(out, kind, bytes.len());
        out.extend(bytes);
    };
    number("binary_format_major_version", 5, &[0, 2]);
    number("binary_format_minor_version", 5, &[0, 0]);
    number("build_epoch", 9, &built_at.to_be_bytes());
    number("database_type", 2, b"test");
    number("description", 7, &[]);
    number("ip_version", 5, &[0, 6]);
    number("languages", 11, &[]);
    number("node_count", 6, &node_count.to_be_bytes());
    number("record_size", 5, &[0, 24]);
}

fn prefix(network: &str) -> (u128, u32) {
    let (address, length) = network.split_once('/').unwrap();
    let length: u32 = length.parse().unwrap();
    match address.parse().unwrap() {
        IpAddr::V4(address) => (u32::from(address).into(), length + 96),
        IpAddr::V6(address) => (address.into(), length),
    }
}
