//! Measures the oracle against the `safetensors` crate on the same files, in the same run.
//!
//! The two take turns, so that whatever else the machine does falls on both; each turn is timed
//! over enough calls to last a millisecond or more, and the median of the turns counts. It prints, for each
//! file, both rates and their ratio. It measures and asserts nothing: a timed test would be noise.
#![allow(clippy::expect_used, reason = "a benchmark that cannot make its input has no result")]

use spec::{File, Leniencies, Version, examine};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long a turn lasts at the least.
const TURN: Duration = Duration::from_millis(2);
/// How many turns each side gets.
const TURNS: usize = 41;

fn main() {
    println!(
        "{:<28} {:>14} {:>14} {:>12} {:>8}",
        "header", "oracle", "safetensors", "oracle", "ratio"
    );
    for (label, tensors) in [("2 tensors", 2), ("300 tensors", 300), ("100,000 tensors", 100_000)] {
        let file = checkpoint(tensors);
        let (oracle, reference) = compare(&file);
        let header = header_len(&file);
        println!(
            "{:<28} {:>14} {:>14} {:>7.0} MB/s {:>7.1}x",
            format!("{header} bytes, {label}"),
            format!("{:.2?}", oracle),
            format!("{:.2?}", reference),
            header.to_string().parse::<f64>().expect("a number") / oracle.as_secs_f64() / 1e6,
            reference.as_secs_f64() / oracle.as_secs_f64(),
        );
    }
}

/// The median time of one call of the oracle, and of one call of the reference.
fn compare(file: &[u8]) -> (Duration, Duration) {
    let strict = Leniencies::none();
    let oracle = || {
        let examined = examine(File::whole(black_box(file)), Version::LATEST, &strict);
        assert!(black_box(examined).reading().is_some(), "the oracle refuses the file");
    };
    let reference = || {
        let tensors = safetensors::SafeTensors::deserialize(black_box(file));
        assert!(black_box(tensors).is_ok(), "the reference refuses the file");
    };
    let (oracle_calls, reference_calls) = (calls_a_turn(oracle), calls_a_turn(reference));
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        times.0.push(time(oracle, oracle_calls));
        times.1.push(time(reference, reference_calls));
    }
    (median(times.0), median(times.1))
}

fn calls_a_turn(call: impl Fn()) -> u32 {
    let mut calls = 1;
    while time(&call, calls) * calls < TURN {
        calls *= 2;
    }
    calls
}

fn time(call: impl Fn(), calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        call();
    }
    start.elapsed() / calls
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A file like a checkpoint's shard, with two bytes of data for each tensor.
fn checkpoint(tensors: u64) -> Vec<u8> {
    let entries: Vec<String> = (0..tensors)
        .map(|tensor| {
            let (layer, begin) = (tensor / 7, tensor * 2);
            let part = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
                .get(usize::try_from(tensor % 7).expect("below 7"))
                .expect("7 parts");
            format!(
                r#""model.layers.{layer}.self_attn.{part}.weight":{{"dtype":"BF16","shape":[1,1],"data_offsets":[{begin},{}]}}"#,
                begin + 2
            )
        })
        .collect();
    let mut header =
        format!(r#"{{"__metadata__":{{"format":"pt"}},{}}}"#, entries.join(",")).into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    let data = usize::try_from(tensors * 2).expect("small");
    let mut file = u64::try_from(header.len()).expect("small").to_le_bytes().to_vec();
    file.extend(header);
    file.resize(file.len() + data, 1);
    file
}

fn header_len(file: &[u8]) -> u64 {
    file.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)).expect("a file")
}
