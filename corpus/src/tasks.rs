//! What a writer is asked to write, and what has to come of it: one row a task, one file a matter.
//!
//! As with the recipes, the rows state what the rules say, never what a library does, and use no
//! clock and no chance. What cannot be handed over as UTF-8 is left out (WR-6), and so is what takes
//! a hundred megabytes (WR-8).

mod elements;
mod metadata;
mod models;
mod names;
mod sizes;
mod views;

use crate::id::VectorId;
use crate::reading::{Reading, TensorReading};
use spec::{Dtype, RuleId};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Tensors and metadata that are handed to a writer, and what it has to do with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The permanent id, `write/situation`; it names the situation, never the answer.
    pub id: VectorId,
    /// One sentence: what is handed over.
    pub summary: String,
    /// The rules that the task is about, the deciding one first.
    pub rules: Vec<RuleId>,
    /// The task that has to be written and differs from this one in its one fault; on every task
    /// that has to be refused, and on no other.
    pub twin: Option<VectorId>,
    /// The tensors, in the order in which they are handed over.
    pub tensors: Vec<Given>,
    /// The metadata, in the order in which it is handed over; `None` is not even an empty map.
    pub metadata: Option<Vec<(String, MetadataValue)>>,
    /// What has to come of it.
    pub outcome: TaskOutcome,
}

/// A tensor that is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The name.
    pub name: String,
    /// The dtype by its name in a header, or a name that is none.
    pub dtype: String,
    /// The dimensions, outermost first; of a view, those of the view.
    pub shape: Vec<u64>,
    /// The elements as they would stand in a file; of a view, those of the array behind it.
    pub bytes: Vec<u8>,
    /// How the array lies in memory, if not in the order of its elements.
    pub view: Option<View>,
}

/// An array that looks at the memory of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// How it looks at it.
    pub kind: ViewKind,
    /// The dimensions of the other array, whose elements lie in row-major order.
    pub base: Vec<u64>,
}

/// How an array looks at the memory of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewKind {
    /// The axes in reverse order.
    Transposed,
    /// Every second element of the last axis, from the first on.
    Strided,
    /// Every axis backwards.
    Reversed,
    /// Repeated along new outer axes, and along axes of one element.
    Broadcast,
}

/// A value of the metadata that is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataValue {
    /// A string.
    Text(String),
    /// Something else, as JSON text.
    Other(String),
}

/// What has to come of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskOutcome {
    /// A valid file with this in it.
    Write(Reading),
    /// A valid file with this in it, or a refusal: the rule leaves the choice to the writer.
    WriteOrRefuse(Reading, RuleId),
    /// A refusal, by this rule on writers.
    Refuse(RuleId),
}

static TASKS: LazyLock<Vec<Task>> = LazyLock::new(|| {
    let parts: [fn() -> Vec<Making>; 6] =
        [elements::tasks, metadata::tasks, models::tasks, names::tasks, sizes::tasks, views::tasks];
    let mut tasks: Vec<Task> =
        parts.into_iter().flat_map(|part| part()).map(Making::build).collect();
    // Sorted, not collected into a map: an id that occurs twice must stay visible.
    tasks.sort_by(|a, b| a.id.cmp(&b.id));
    tasks
});

/// Every task, sorted by id.
#[must_use]
pub fn tasks() -> &'static [Task] {
    &TASKS
}

impl TaskOutcome {
    /// What has to be in the file, if one is written; `None` if none may be.
    #[must_use]
    pub fn reading(&self) -> Option<&Reading> {
        match self {
            Self::Write(reading) | Self::WriteOrRefuse(reading, _) => Some(reading),
            Self::Refuse(_) => None,
        }
    }
}

impl Given {
    /// The elements of the tensor in row-major order, as they are to stand in a file.
    #[must_use]
    pub fn rows(&self) -> Cow<'_, [u8]> {
        match &self.view {
            None => Cow::Borrowed(&self.bytes),
            Some(view) => Cow::Owned(view.rows(&self.shape, &self.bytes)),
        }
    }

    /// What a file holds of it.
    fn reading(&self) -> TensorReading {
        let mut bytes = self.rows().into_owned();
        if self.dtype == Dtype::Bool.name() {
            // What is not 0x00 is true (VAL-8), and true is written as 0x01 (VAL-9).
            bytes.iter_mut().for_each(|byte| *byte = (*byte).min(1));
        }
        TensorReading::of(&self.name, &self.dtype, &self.shape, &bytes)
    }
}

impl View {
    /// The elements of a view of this shape, one after the other.
    fn rows(&self, shape: &[u64], bytes: &[u8]) -> Vec<u8> {
        let size = |count: u64| usize::try_from(count).unwrap_or_default();
        let width = bytes.len().checked_div(size(self.base.iter().product())).unwrap_or_default();
        let elements = 0..shape.iter().product();
        let rows = elements.flat_map(|element| {
            let at = width * size(self.place(&index(element, shape)));
            bytes.get(at..at + width).unwrap_or_default()
        });
        rows.copied().collect()
    }

    /// Where an element of the view lies, in elements of the array behind it.
    fn place(&self, index: &[u64]) -> u64 {
        let rank = self.base.len();
        let of = |axis: usize| index.get(axis).copied().unwrap_or_default();
        self.base.iter().enumerate().fold(0, |place, (axis, dim)| {
            let along = match self.kind {
                ViewKind::Transposed => of(rank - 1 - axis),
                ViewKind::Strided if axis + 1 == rank => of(axis) * 2,
                ViewKind::Strided => of(axis),
                ViewKind::Reversed => dim - 1 - of(axis),
                ViewKind::Broadcast if *dim == 1 => 0,
                ViewKind::Broadcast => of(index.len() - rank + axis),
            };
            place * dim + along
        })
    }
}

/// The indices of an element, by its place in row-major order.
fn index(mut place: u64, shape: &[u64]) -> Vec<u64> {
    let along = |dim: &u64| {
        let index = place % dim;
        place /= dim;
        index
    };
    let mut index: Vec<u64> = shape.iter().rev().map(along).collect();
    index.reverse();
    index
}

/// A task before it is rendered.
struct Making {
    id: String,
    summary: String,
    rules: Vec<RuleId>,
    decision: Decision,
    tensors: Vec<Given>,
    metadata: Option<Vec<(String, MetadataValue)>>,
}

enum Decision {
    Write,
    WriteOrRefuse(RuleId),
    Refuse { rule: RuleId, twin: String },
}

/// A task that has to be written, at home with the rules that it shows.
fn writes<const COUNT: usize>(
    id: &str,
    summary: &str,
    rules: [RuleId; COUNT],
    tensors: impl IntoIterator<Item = Given>,
) -> Making {
    Making {
        id: id.to_owned(),
        summary: summary.to_owned(),
        rules: rules.into(),
        decision: Decision::Write,
        tensors: tensors.into_iter().collect(),
        metadata: None,
    }
}

/// A task that has to be refused by the first of the rules, and differs in that alone from its
/// twin.
fn refuses<const COUNT: usize>(
    id: &str,
    summary: &str,
    (rule, others): (RuleId, [RuleId; COUNT]),
    twin: &str,
    tensors: impl IntoIterator<Item = Given>,
) -> Making {
    let mut making = writes(id, summary, [rule], tensors);
    making.rules.extend(others);
    making.decision = Decision::Refuse { rule, twin: twin.to_owned() };
    making
}

impl Making {
    /// Lets the writer refuse it as well, by a rule that leaves the choice.
    fn or_refused(mut self, rule: RuleId) -> Self {
        self.decision = Decision::WriteOrRefuse(rule);
        self
    }

    /// Hands over metadata, of strings.
    fn metadata<'a>(self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let text = |value: &str| MetadataValue::Text(value.to_owned());
        self.any_metadata(pairs.into_iter().map(|(key, value)| (key, text(value))))
    }

    /// Hands over metadata.
    fn any_metadata<'a>(
        mut self,
        pairs: impl IntoIterator<Item = (&'a str, MetadataValue)>,
    ) -> Self {
        self.metadata =
            Some(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
        self
    }

    fn build(self) -> Task {
        let reading = || {
            let pairs = self.metadata.iter().flatten();
            let texts = pairs.filter_map(|(key, value)| match value {
                MetadataValue::Text(value) => Some((key.as_str().into(), value.as_str().into())),
                MetadataValue::Other(_) => None,
            });
            Reading::new(self.tensors.iter().map(Given::reading).collect(), texts.collect())
        };
        let (outcome, twin) = match self.decision {
            Decision::Write => (TaskOutcome::Write(reading()), None),
            Decision::WriteOrRefuse(rule) => (TaskOutcome::WriteOrRefuse(reading(), rule), None),
            Decision::Refuse { rule, twin } => {
                (TaskOutcome::Refuse(rule), Some(VectorId::of_recipe(&twin)))
            }
        };
        Task {
            id: VectorId::of_recipe(&self.id),
            summary: self.summary,
            rules: self.rules,
            twin,
            tensors: self.tensors,
            metadata: self.metadata,
            outcome,
        }
    }
}

/// A tensor of these bytes.
fn given(name: &str, dtype: &str, shape: &[u64], bytes: impl AsRef<[u8]>) -> Given {
    Given {
        name: name.to_owned(),
        dtype: dtype.to_owned(),
        shape: shape.to_vec(),
        bytes: bytes.as_ref().to_vec(),
        view: None,
    }
}

/// A tensor of a dtype of the table and of as many made-up bytes as it takes.
fn made(name: &str, dtype: Dtype, shape: &[u64]) -> Given {
    let bytes = made_up(dtype, shape.iter().product());
    given(name, dtype.name(), shape, bytes)
}

/// The bytes of this many elements: no two neighbours alike, except of a BOOL, where none is odd.
fn made_up(dtype: Dtype, elements: u64) -> Vec<u8> {
    let byte = |place: u64| {
        let byte = if dtype == Dtype::Bool {
            u64::from(place.is_multiple_of(3))
        } else {
            place * 7 % 251 + 1
        };
        u8::try_from(byte).unwrap_or(u8::MAX)
    };
    (0..elements * dtype.bits() / 8).map(byte).collect()
}

#[cfg(test)]
mod tests;
