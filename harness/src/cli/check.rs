//! `stconform check`: holds the generated files of a checkout against what generates them.

use super::{Ending, Outcome};
use crate::select::Tiers;
use clap::Args as ClapArgs;
use corpus::{BakeError, Mode, Tier, bake, hashed, lint, vectors};
use std::io::Write;
use std::path::PathBuf;

/// Check the corpus of a checkout, or write it again.
///
/// Holds every vector against the oracle, and the stored files and the manifest against the
/// recipes that make them.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Exit code: 0 if all is fresh (or was written); 1 if something is stale or a vector is wrong;
2 if the files cannot be read or written.")]
pub(super) struct Args {
    /// Write what is stale instead of reporting it
    #[arg(long)]
    write: bool,
    /// Which files to hash: those that are stored; the giants, whose digests are stated; or all
    #[arg(long, value_enum, default_value_t, value_name = "TIER")]
    tier: Tiers,
    /// The root of the checkout
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

/// A directory in which there is nothing to check.
#[derive(Debug, thiserror::Error)]
#[error("the directory `{}` is no checkout of this project: it has no corpus/; name the root with --root", .0.display())]
struct NoCheckout(PathBuf);

pub(super) fn run(args: &Args) -> Outcome {
    if !args.root.join("corpus").is_dir() {
        return Err(NoCheckout(args.root.clone()).into());
    }
    let mut findings = lint(vectors());
    if args.tier.has(Tier::Giant) {
        findings.extend(hashed(vectors()));
    }
    for finding in &findings {
        anstream::eprintln!("error: {finding}");
    }
    let mode = if args.write { Mode::Write } else { Mode::Check };
    let report = match bake(&args.root, mode) {
        Ok(report) => report,
        Err(stale @ BakeError::NotFresh(_)) => {
            anstream::eprintln!("error: {stale}");
            return Ok(Ending::Surprises);
        }
        Err(error @ (BakeError::Io { .. } | BakeError::Manifest(_))) => return Err(error.into()),
    };
    let mut out = anstream::stdout();
    for difference in &report.mended {
        writeln!(out, "mended: {difference}")?;
    }
    writeln!(
        out,
        "{} vectors, {} files, corpus digest {}",
        vectors().len(),
        report.files,
        report.digest
    )?;
    Ok(if findings.is_empty() { Ending::AsExpected } else { Ending::Surprises })
}
