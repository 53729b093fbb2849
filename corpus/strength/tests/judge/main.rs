//! Holds the oracle to the corpus alone: to `manifest.json` and the files that it names.
//!
//! No recipe is run. Recipes are built on the tables of the oracle, so that a mutant of the oracle
//! could move an expectation with its answer; what is written down does not move.
//!
//! Each stage ends with a line on standard output, and the first with a difference ends the run.
//! `mutants.py` tells by these lines which stage it was that noticed a mutant.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod content;
mod folder;
#[path = "../../../tests/told/mod.rs"]
mod told;

use content::{Bytes, corpus_file};
use folder::LaidOut;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use spec::{
    Dtype, File, IndexExamination, IndexReading, LENIENCIES, Leniencies, Leniency, Limit, Reading,
    RuleId, Tensor, Value, Version, broken_without, examine, examine_index, file_musts,
    index_rules, minimum_version, shard_paths, values,
};
use std::collections::BTreeSet;
use std::process::ExitCode;

fn main() -> ExitCode {
    let manifest: Json = serde_json::from_slice(&corpus_file("manifest.json")).unwrap();
    let rows = manifest["vectors"].as_array().unwrap();
    let (stored, giants): (Vec<&Json>, Vec<&Json>) =
        rows.iter().partition(|row| !row["content"].to_string().contains("\"pieces\""));
    let valued = rows.iter().filter(|row| !row["values"].is_null());
    // The first difference is enough.
    let first = |rows: &[&Json], versions: &[Version]| {
        let differences = rows.iter().map(|row| expectations(row, versions));
        differences.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    };
    let stages: [(&str, &dyn Fn() -> Vec<String>); 5] = [
        ("rules", &|| rules(rows)),
        ("stored", &|| first(&stored, &Version::ALL)),
        ("values", &|| valued.clone().flat_map(values_of).collect()),
        ("findings", &|| findings(rows)),
        ("giants", &|| first(&giants, &[Version::LATEST])),
    ];
    let with_giants = std::env::var_os("GIANTS").is_some();
    let stages = stages.into_iter().filter(|(name, _)| *name != "giants" || with_giants);
    for (name, stage) in stages {
        let differences = stage();
        if !differences.is_empty() {
            println!("{}", differences.join("\n"));
            return ExitCode::FAILURE;
        }
        println!("judge: {name} ok");
    }
    ExitCode::SUCCESS
}

/// What the oracle says of a vector and should not, by the row of the manifest.
fn expectations(row: &Json, versions: &[Version]) -> Vec<String> {
    let mut judge = Judge { row, differences: Vec::new() };
    judge.names();
    match row["operation"].as_str() {
        None => judge.file(&Bytes::of(&row["content"]), versions),
        Some("read-index") => judge.model(versions),
        Some(other) => panic!("unknown operation {other}"),
    }
    judge.differences
}

/// Whether the rules that decide on some vector are those that decide at all.
fn rules(rows: &[Json]) -> Vec<String> {
    let named = |is_model: bool| -> BTreeSet<String> {
        let rows = rows.iter().filter(|row| row["operation"].is_string() == is_model);
        let stated = rows.flat_map(|row| {
            let expect = row["expect"].as_object().into_iter().flat_map(|expect| expect.values());
            let rejects = expect.map(|outcome| &outcome["reject"]);
            rejects.chain(row["advises"].as_array().into_iter().flatten())
        });
        stated.filter_map(|rule| rule.as_str().map(str::to_owned)).collect()
    };
    let files: BTreeSet<String> = file_musts().map(|rule| rule.id.to_string()).collect();
    let models: BTreeSet<String> = index_rules().map(|rule| rule.id.to_string()).collect();
    let lists = [("files", named(false), files), ("models", named(true), models)];
    let wrong = lists.into_iter().filter(|(_, named, rules)| named != rules);
    wrong.map(|(what, named, rules)| format!("{what}: {named:?}, not {rules:?}")).collect()
}

/// What the elements of the tensors of a vector should mean, and do not.
fn values_of(row: &Json) -> Vec<String> {
    let mut judge = Judge { row, differences: Vec::new() };
    let stated = corpus_file(row["values"]["path"].as_str().unwrap());
    judge.values(&Bytes::of(&row["content"]), &String::from_utf8(stated).unwrap());
    judge.differences
}

struct Judge<'a> {
    row: &'a Json,
    differences: Vec<String>,
}

impl Judge<'_> {
    fn hold(&mut self, what: &str, holds: bool) {
        if !holds {
            self.differences.push(format!("{}: {what}", self.row["id"]));
        }
    }

    /// Every name from a closed list means something, and is written as it is read.
    fn names(&mut self) {
        let all = |list: &Json, holds: fn(&str) -> bool| {
            list.as_array().into_iter().flatten().all(|name| holds(name.as_str().unwrap()))
        };
        let is_rule = |name: &str| name.parse().is_ok_and(|rule: RuleId| rule.to_string() == name);
        let is_limit =
            |name: &str| name.parse().is_ok_and(|limit: Limit| limit.to_string() == name);
        self.hold("rules", all(&self.row["rules"], is_rule));
        self.hold("limits", all(&self.row["limits"], is_limit));
        for version in self.row["expect"].as_object().unwrap().keys() {
            let is_version = version.parse().is_ok_and(|v: Version| v.to_string() == *version);
            self.hold(version, is_version);
        }
    }

    fn stated(&self, version: Version) -> &Json {
        let stated = &self.row["expect"][version.as_str()];
        assert!(!stated.is_null(), "{} has no {version}", self.row["id"]);
        stated
    }

    fn accepts(&self, version: Version) -> bool {
        self.stated(version) == "accept"
    }

    /// Whether a version of those that are judged gets the stated answer, and never another rule.
    fn outcome(&mut self, version: Version, found: &[RuleId]) {
        let mut rules: Vec<String> = found.iter().map(RuleId::to_string).collect();
        rules.dedup();
        let stated: Vec<&str> = self.stated(version)["reject"].as_str().into_iter().collect();
        let (holds, told) = (rules == stated, format!("{version}: {rules:?}, not {stated:?}"));
        self.hold(&told, holds);
    }

    fn file(&mut self, bytes: &Bytes, versions: &[Version]) {
        let head = self.head(bytes);
        let file = File::prefix(&head, bytes.len());
        let Ok(file) = file else { return self.hold("prefix", false) };
        for version in versions {
            let examined = examine(file, *version, &Leniencies::none());
            let rules: Vec<RuleId> = examined.violations().iter().map(|v| v.rule).collect();
            self.outcome(*version, &rules);
            self.hold("first rule", examined.first_rule() == rules.first().copied());
            if let Some(reading) = examined.reading() {
                self.reading("reading", &self.row["reading"], reading, bytes);
                let ends = reading.data_start().checked_add(reading.data_len());
                self.hold("length of the data", ends == Some(bytes.len()));
            }
        }
        let lowest = Version::ALL.into_iter().find(|version| self.accepts(*version));
        self.hold("minimum version", minimum_version(file, &Leniencies::none()) == lowest);
        if let Some(whole) = bytes.whole() {
            let examined = examine(File::whole(whole), Version::LATEST, &Leniencies::none());
            let accepts = self.accepts(Version::LATEST);
            self.hold("the whole file", examined.reading().is_some() == accepts);
            self.without_a_check(File::whole(whole));
        }
        if bytes.whole().is_some() || !self.row["lenient"].is_null() {
            self.leniencies(file, bytes);
        }
    }

    /// An oracle without the check of the broken rule does not name it; one without another does.
    fn without_a_check(&mut self, file: File<'_>) {
        let Some(stated) = self.stated(Version::LATEST)["reject"].as_str() else { return };
        let Ok(rule) = stated.parse::<RuleId>() else { return self.hold("rule", false) };
        let without = |rule: RuleId| broken_without(file, Version::LATEST, rule);
        self.hold("without the check", !without(rule).contains(&rule));
        let other = file_musts().map(|row| row.id).find(|other| *other != rule);
        self.hold("without another check", other.is_some_and(|other| without(other) == [rule]));
    }

    /// As much of the file as the oracle asks for.
    fn head(&mut self, bytes: &Bytes) -> Vec<u8> {
        let mut head = Vec::new();
        while let Err(short) = File::prefix(&head, bytes.len()) {
            let have = u64::try_from(head.len()).unwrap();
            if short.needed <= have || short.needed > bytes.len() {
                break;
            }
            head = bytes.range(0..short.needed);
        }
        head
    }

    /// The listed leniencies give their readings, and no other accepts the file alone.
    fn leniencies(&mut self, file: File<'_>, bytes: &Bytes) {
        let rejecting = Version::ALL.into_iter().rev().find(|version| !self.accepts(*version));
        let Some(version) = rejecting else { return };
        let listed = self.row["lenient"].as_array();
        let names = listed.into_iter().flatten().map(|entry| entry["leniency"].as_str().unwrap());
        self.hold("leniencies", names.clone().all(|name| name.parse::<Leniency>().is_ok()));
        for row in LENIENCIES {
            let name = row.leniency.to_string();
            let alone: Leniencies = [row.leniency].into_iter().collect();
            let sets = alone.iter().eq([row.leniency])
                && !alone.is_empty()
                && Leniencies::none().is_empty()
                && Leniencies::all().has(row.leniency);
            self.hold("a set of leniencies", sets);
            let alone = examine(file, version, &alone);
            let entry = listed.into_iter().flatten().find(|entry| entry["leniency"] == *name);
            let Some(entry) = entry else {
                self.hold(&format!("`{name}` accepts"), alone.reading().is_none());
                continue;
            };
            let also = entry["also_needs"].as_array().into_iter().flatten();
            let also: Vec<Leniency> =
                also.filter_map(|name| name.as_str().unwrap().parse().ok()).collect();
            let needed = also.is_empty() || alone.reading().is_none();
            self.hold(&format!("`{name}` suffices"), needed);
            let with: Leniencies = also.into_iter().chain([row.leniency]).collect();
            match examine(file, version, &with).reading() {
                Some(reading) => self.reading(&name, &entry["reading"], reading, bytes),
                None => self.hold(&format!("`{name}` refuses"), false),
            }
        }
    }

    fn reading(&mut self, what: &str, stated: &Json, reading: &Reading<'_>, bytes: &Bytes) {
        let mut tensors: Vec<Json> =
            reading.tensors().map(|tensor| tensor_json(reading, &tensor, bytes)).collect();
        sort(&mut tensors);
        // Of a tensor that is too long to hash, only the digest is believed.
        for (tensor, stated) in
            tensors.iter_mut().zip(stated["tensors"].as_array().into_iter().flatten())
        {
            if tensor["sha256"].is_null() {
                tensor["sha256"] = stated["sha256"].clone();
            }
        }
        let metadata: serde_json::Map<String, Json> = reading
            .metadata()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.into_owned(), value.into_owned().into()))
            .collect();
        let holds = match stated["sha256"].as_str() {
            Some(digest) => {
                let (text, count) = (long_form(&tensors, &metadata), &stated["tensor_count"]);
                *count == tensors.len() && digest == sha256(text.as_bytes())
            }
            None => *stated == json!({"tensors": tensors, "metadata": metadata}),
        };
        self.hold(what, holds);
    }

    /// The stored values of elements: as they are told, and as they are read.
    fn values(&mut self, bytes: &Bytes, stated: &str) {
        let file = bytes.whole().unwrap();
        let examined = examine(File::whole(file), Version::LATEST, &Leniencies::none());
        let Some(reading) = examined.reading() else { return self.hold("values", false) };
        let mut tensors: Vec<Tensor<'_>> = reading.tensors().collect();
        tensors.sort_by_key(|tensor| tensor.name().into_owned());
        let mut text = String::new();
        for tensor in tensors {
            let data = bytes.range(place(reading, &tensor));
            let elements: Vec<Value> = values(tensor.dtype(), &data).collect();
            let name = json!(tensor.name());
            text.push_str(&format!("# {name} {} {}\n", tensor.dtype(), elements.len()));
            let lines: Vec<String> = elements.iter().map(Value::to_string).collect();
            self.hold("values that are read", read_back(tensor.dtype(), &elements, &lines));
            lines.iter().for_each(|line| {
                text.push_str(line);
                text.push('\n');
            });
        }
        self.hold("values", text == stated);
    }

    fn model(&mut self, versions: &[Version]) {
        let model = LaidOut::of(self.row);
        for version in versions {
            let examined = examine_index(model.index_name(), model.index(), &model, *version);
            let rules: Vec<RuleId> = examined.violations().iter().map(|v| v.rule).collect();
            self.outcome(*version, &rules);
            self.hold("accepted and read", examined.reading().is_some() == rules.is_empty());
            if let Some(reading) = examined.reading() {
                self.model_reading(reading, &model);
            }
            if let IndexExamination::Accepted { reading: _, advice } = examined {
                let advice: Vec<String> = advice.iter().map(|v| v.rule.to_string()).collect();
                let stated = self.row["advises"].as_array().cloned().unwrap_or_default();
                self.hold(&format!("advice {advice:?}"), stated == advice);
            }
        }
        model.remove();
    }

    fn model_reading(&mut self, reading: &IndexReading<'_>, model: &LaidOut) {
        // One index holds a number that this reader of JSON does not take.
        let index = serde_json::from_slice::<Json>(model.index()).ok();
        let mut tensors = Vec::new();
        let mut paths = BTreeSet::new();
        for shard in reading.shards() {
            let bytes = Bytes::Whole(model.bytes(shard.path()).to_vec());
            for tensor in shard.tensors() {
                let named = |index: &Json| index["weight_map"][&*tensor.name()] == shard.name();
                self.hold("the shard of a tensor", index.as_ref().is_none_or(named));
                tensors.push(tensor_json(shard.reading(), &tensor, &bytes));
            }
            paths.insert(shard.path());
        }
        sort(&mut tensors);
        let found = json!({"tensors": tensors, "metadata": {}});
        self.hold("reading", self.row["reading"] == found);
        self.hold("shard paths", paths.into_iter().eq(shard_paths(model.index())));
        let lowest = Version::ALL.into_iter().find(|version| self.accepts(*version));
        self.hold("minimum version", Some(reading.minimum_version()) == lowest);
    }
}

/// Whether each text is read as the value that it stands for, and none as a neighbour's.
fn read_back(dtype: Dtype, elements: &[Value], lines: &[String]) -> bool {
    let each = elements.iter().zip(lines);
    let own = each.clone().all(|(value, line)| {
        value.same(line) && Value::read(dtype, line).is_some_and(|read| read == *value)
    });
    own && [1, 2].into_iter().all(|on| {
        let others = each.clone().zip(lines.iter().skip(on));
        others.into_iter().all(|((value, line), other)| value.same(other) == (line == other))
    })
}

fn place(reading: &Reading<'_>, tensor: &Tensor<'_>) -> std::ops::Range<u64> {
    let at = |offset: u64| reading.data_start().saturating_add(offset);
    at(tensor.begin())..at(tensor.end())
}

fn tensor_json(reading: &Reading<'_>, tensor: &Tensor<'_>, bytes: &Bytes) -> Json {
    const MAX_SAFE: u64 = (1 << 53) - 1;
    let dim = |dim: &u64| if *dim > MAX_SAFE { json!(dim.to_string()) } else { json!(dim) };
    let shape: Vec<Json> = tensor.shape().iter().map(dim).collect();
    let sha256 = bytes.digest(place(reading, tensor));
    let dtype = tensor.dtype().to_string();
    json!({"name": tensor.name(), "dtype": dtype, "shape": shape, "sha256": sha256})
}

fn sort(tensors: &mut [Json]) {
    tensors.sort_by_cached_key(|tensor| {
        (tensor["name"].as_str().map(str::to_owned), tensor.to_string())
    });
}

/// The text whose digest stands for a long reading.
fn long_form(tensors: &[Json], metadata: &serde_json::Map<String, Json>) -> String {
    let tensors: Vec<String> = tensors
        .iter()
        .map(|tensor| {
            let [name, dtype, shape, sha256] =
                ["name", "dtype", "shape", "sha256"].map(|key| &tensor[key]);
            format!(r#"{{"name":{name},"dtype":{dtype},"shape":{shape},"sha256":{sha256}}}"#)
        })
        .collect();
    format!(r#"{{"tensors":[{}],"metadata":{}}}"#, tensors.join(","), json!(metadata))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the oracle does not tell what the snapshots of `findings.rs` have.
fn findings(rows: &[Json]) -> Vec<String> {
    let (mut files, mut models) = (String::new(), String::new());
    for row in rows {
        let id = row["id"].as_str().unwrap();
        if row["operation"] == "read-index" {
            let model = LaidOut::of(row);
            models.push_str(&told::of_model(id, model.index_name(), model.index(), &model));
            model.remove();
        } else if let Some(bytes) = Bytes::of(&row["content"]).whole() {
            files.push_str(&told::of_file(id, bytes));
        }
    }
    let told = [("stored_file", files), ("sharded_model", models)];
    told.into_iter().flat_map(|(what, text)| differences(what, &text)).collect()
}

fn differences(what: &str, text: &str) -> Option<String> {
    let name = format!("tests/snapshots/findings__the_oracle_finds_this_in_every_{what}.snap");
    let snapshot = String::from_utf8(corpus_file(&name)).unwrap();
    let (_, stated) = snapshot.split_once("\n---\n").unwrap();
    let mut pairs = text.trim_end().lines().zip(stated.trim_end().lines());
    let differs = text.trim_end() != stated.trim_end();
    differs.then(|| match pairs.find(|(found, stated)| found != stated) {
        Some((found, stated)) => format!("found:  {found}\nstated: {stated}"),
        None => format!("{name}: more or fewer lines"),
    })
}
