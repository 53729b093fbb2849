//! What a question costs besides its answer: the stored files, asked of workers that answer without
//! reading, one process each, and of the `safetensors` crate in a process and inside the runner.
//!
//! Prints questions in a second and, as the peer, the ratio to the crate inside the runner, which has
//! no protocol between. Run with `cargo bench --bench protocol`.

use harness::Implementation;
use harness::builtin::{Builtin, InProcess};
use harness::plan::{Question, plan};
use harness::process::{Limits, Process};
use harness::runner::{How, Sink, run};
use harness::select::Criteria;
use reports::{Description, Operation, Row};
use spec::Version;
use std::error::Error;
use std::ffi::OsString;
use std::time::{Duration, Instant};

/// How often each is measured; the best counts, since all else is somebody else's work.
const ROUNDS: usize = 7;

/// A worker in Python that reads its requests and nothing else.
const PYTHON: &str = r#"
import json, sys
print('{"protocol":1,"name":"trivial","version":"1","language":"Python","operations":["read"],"leniencies":[],"limits":{}}', flush=True)
for line in sys.stdin:
    print(json.dumps({"seq": json.loads(line)["seq"], "refused": ""}), flush=True)
"#;

struct Nowhere;

impl Sink for Nowhere {
    fn take(&mut self, _: &Row) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }

    fn is_known(&self, _: &Row) -> bool {
        false
    }
}

type Opened = Box<dyn Implementation + Send>;

fn main() -> Result<(), Box<dyn Error>> {
    let criteria = Criteria { operations: vec![Operation::Read], ..Criteria::default() };
    let who = Description::new("any", "1");
    let questions = plan(&criteria, &who, Version::LATEST)?;
    let crate_ = || InProcess(Builtin::Safetensors.open(Version::LATEST));
    let inside = best(&questions, &who, || Ok(Box::new(crate_())))?;
    let process = |command: Vec<OsString>, ahead| -> Result<Opened, Box<dyn Error>> {
        let limits = Limits { ahead, ..Limits::default() };
        Ok(Box::new(Process::start(command, limits)?))
    };
    let fake: OsString = env!("CARGO_BIN_EXE_fake-adapter").into();
    let stconform: OsString = env!("CARGO_BIN_EXE_stconform").into();
    println!("{} questions, best of {ROUNDS}", questions.len());
    show("safetensors crate inside the runner", inside, inside, questions.len());
    let usual = Limits::default().ahead;
    for ahead in [usual, 1] {
        let commands: [(&str, Vec<OsString>); 3] = [
            ("trivial worker in Rust", vec![fake.clone(), "reject-all".into()]),
            ("trivial worker in Python", vec!["python3".into(), "-c".into(), PYTHON.into()]),
            (
                "safetensors crate in a process",
                vec![stconform.clone(), "serve".into(), "safetensors".into()],
            ),
        ];
        for (name, command) in commands {
            let took = best(&questions, &who, || process(command.clone(), ahead))?;
            show(&format!("{name}, {ahead} ahead"), took, inside, questions.len());
        }
    }
    Ok(())
}

/// The shortest time for all questions, without the start.
fn best(
    questions: &[Question],
    who: &Description,
    open: impl Fn() -> Result<Opened, Box<dyn Error>>,
) -> Result<Duration, Box<dyn Error>> {
    let how = How { who, version: Version::LATEST, canonical: false, fail_fast: false };
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let implementation = open()?;
        let start = Instant::now();
        run(vec![implementation], questions, Vec::new(), how, &mut Nowhere)?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

fn show(name: &str, took: Duration, peer: Duration, count: usize) {
    let count = u32::try_from(count).map_or(0.0, f64::from);
    let per_second = count / took.as_secs_f64();
    let ratio = took.as_secs_f64() / peer.as_secs_f64();
    println!("{name:<42} {per_second:>9.0} questions/s   {ratio:>5.2} times the crate inside");
}
