//! What an observation means, in the words of the conformance model. Who decides is the judge of
//! the harness; nothing here does.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! verdicts {
    ($($variant:ident $name:literal $expected:literal $meaning:literal;)*) => {
        /// What an observation means, worst first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Verdict {
            $(#[doc = $meaning] $variant,)*
        }

        impl Verdict {
            /// Every verdict, worst first.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in reports, records and files of known failures.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it means, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// Whether a run may end well with it.
            #[must_use]
            pub const fn is_as_expected(self) -> bool {
                match self { $(Self::$variant => $expected,)* }
            }
        }
    };
}

verdicts! {
    Misread "misread" false "It accepted a valid file or model, and what it read or wrote is something else.";
    Crash "crash" false "It died before it answered.";
    Memory "memory" false "It took more memory than the budget of the file.";
    Hang "hang" false "It gave no answer in time.";
    AcceptedInvalid "accepted-invalid" false "It accepted an invalid file, under no leniency that it declares, or wrote what it must refuse.";
    RefusedValid "refused-valid" false "It refused what is valid and within every limit that it declares.";
    Garbled "garbled" false "The adapter broke the protocol.";
    Lenient "lenient" true "It accepted an invalid file under a leniency that it declares, and read what that says.";
    Limited "limited" true "It left aside a file that is beyond a limit that it declares.";
    Unsupported "unsupported" true "It left aside what it does not do.";
    Conforms "conforms" true "It did what the rules say.";
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A verdict, and what it rests on where that cannot be seen from the observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on.
    pub detail: Option<Detail>,
}

/// What a verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Detail {
    /// The first difference between what should have been read and what was.
    Difference(String),
    /// The declared leniency under which the file was accepted.
    Leniency(String),
    /// A declared leniency covers the file, but what was read is not what it says.
    LeniencyMisread {
        /// The leniency.
        leniency: String,
        /// The first difference.
        difference: String,
    },
    /// The file is beyond this declared limit.
    Limit(String),
    /// The dtype is not among those that it declares to write.
    WriteDtype(String),
    /// It has no such views of arrays, or no words for what it is to refuse.
    NotSayable,
    /// A part of a tensor of elements narrower than a byte, which a reader may leave aside.
    PartByte,
    /// The elements are more than one index apart, which a reader may leave aside.
    Steps,
    /// The rule leaves the choice between writing and refusing.
    MayRefuse(String),
    /// It accepted, and cannot say what it read.
    Unseen,
    /// The file that it wrote breaks rules.
    WroteInvalid(String),
    /// It accepted, and no file is there.
    WroteNothing,
    /// The file that it wrote is right, and it reads something else in it.
    ReadBack(String),
    /// It claims to write equal models as equal bytes, and the second file has others.
    NotDeterministic,
    /// The file that it wrote is not in the canonical form, as was claimed or asked for.
    NotCanonical,
    /// It pleaded a limit that it does not declare, or a declared one that the file is within.
    NoSuchLimit,
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Difference(difference) => f.write_str(difference),
            Self::Leniency(leniency) => write!(f, "declared leniency `{leniency}`"),
            Self::LeniencyMisread { leniency, difference } => {
                write!(f, "not what the declared leniency `{leniency}` says: {difference}")
            }
            Self::Limit(limit) => write!(f, "beyond the declared limit `{limit}`"),
            Self::WriteDtype(dtype) => write!(f, "it does not declare to write {dtype}"),
            Self::NotSayable => {
                f.write_str("its interface has no such arrays or no words for this")
            }
            Self::PartByte => f.write_str("the elements are narrower than a byte"),
            Self::Steps => f.write_str("the elements are more than one index apart"),
            Self::MayRefuse(rule) => write!(f, "{rule} lets a writer refuse this"),
            Self::Unseen => f.write_str("what it read cannot be seen"),
            Self::WroteInvalid(violation) => {
                write!(f, "the file that it wrote is invalid: {violation}")
            }
            Self::WroteNothing => f.write_str("there is no file"),
            Self::ReadBack(difference) => {
                write!(
                    f,
                    "the file is right, and this came when it was to read it back: {difference}"
                )
            }
            Self::NotDeterministic => f.write_str("written again, the file has other bytes"),
            Self::NotCanonical => f.write_str("the file is not in the canonical form"),
            Self::NoSuchLimit => f.write_str("no declared limit covers this file"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_ordered_worst_first() {
        assert!(Verdict::ALL.is_sorted());
        assert_eq!(Verdict::ALL.first(), Some(&Verdict::Misread));
        assert_eq!(Verdict::ALL.last(), Some(&Verdict::Conforms));
    }

    #[test]
    fn the_name_of_a_verdict_is_the_same_in_json_and_in_text() {
        for verdict in Verdict::ALL {
            let json = serde_json::to_string(verdict).unwrap();
            assert_eq!(json, format!("\"{verdict}\""));
            assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), *verdict);
        }
        assert!(serde_json::from_str::<Verdict>("\"pass\"").is_err());
    }

    #[test]
    fn only_what_was_declared_or_conforms_is_as_expected() {
        let expected: Vec<_> =
            Verdict::ALL.iter().filter(|verdict| verdict.is_as_expected()).collect();
        assert_eq!(
            expected,
            [&Verdict::Lenient, &Verdict::Limited, &Verdict::Unsupported, &Verdict::Conforms]
        );
    }
}
