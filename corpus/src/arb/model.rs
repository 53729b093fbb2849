//! The meaning of a generated file: tensors, metadata and data buffer. Nothing here knows how a
//! header is spelled.

use super::dice::Dice;
use crate::reading::{Reading, TensorReading, Text};
use spec::{DTYPES, Dtype};

/// One tensor, with its place in the data buffer.
#[derive(Clone)]
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<u64>,
    pub(super) begin: u64,
    pub(super) end: u64,
}

/// What is in a file. Tensors stand in the order of their offsets until a fault moves them.
pub(super) struct Model {
    pub(super) tensors: Vec<Tensor>,
    pub(super) metadata: Option<Vec<(String, String)>>,
    pub(super) buffer: Vec<u8>,
}

impl Tensor {
    pub(super) fn len(&self) -> u64 {
        self.end.saturating_sub(self.begin)
    }
}

impl Model {
    /// A model of which every rendering is a valid file.
    pub(super) fn any(dice: &mut Dice<'_, '_>) -> Self {
        let mut model = Self { tensors: Vec::new(), metadata: None, buffer: Vec::new() };
        for _ in 0..dice.below(9) {
            let (dtype, shape, len) = any_tensor(dice);
            model.push(dice, dtype, shape, len);
        }
        if dice.one_in(2) {
            model.metadata = Some(Vec::new());
            for _ in 0..dice.below(4) {
                model.push_metadata(dice);
            }
        }
        model
    }

    /// Adds a tensor of `len` bytes behind the others, bytes included.
    pub(super) fn push(
        &mut self,
        dice: &mut Dice<'_, '_>,
        dtype: Dtype,
        shape: Vec<u64>,
        len: usize,
    ) {
        let begin = self.end();
        self.buffer.extend(dice.filling(len));
        let end = self.end();
        let name = self.fresh_name(dice);
        self.tensors.push(Tensor { name, dtype, shape, begin, end });
    }

    /// Adds a tensor that claims bytes which are there already, or are not there at all.
    pub(super) fn claim(&mut self, dice: &mut Dice<'_, '_>, shape: Vec<u64>, begin: u64, end: u64) {
        let dtype = dice.pick([Dtype::U8, Dtype::I8, Dtype::Bool, Dtype::F8E4m3]);
        let name = self.fresh_name(dice);
        self.tensors.push(Tensor { name, dtype, shape, begin, end });
    }

    /// Adds a pair of metadata with a key of its own.
    pub(super) fn push_metadata(&mut self, dice: &mut Dice<'_, '_>) {
        let pairs = self.metadata.get_or_insert_default();
        let key = distinct(any_text(dice), |key| pairs.iter().any(|(taken, _)| taken == key));
        pairs.push((key, any_text(dice)));
    }

    /// Makes sure that there is a tensor of at least `len` bytes, and picks one.
    pub(super) fn some_tensor(&mut self, dice: &mut Dice<'_, '_>, len: u64) -> usize {
        let long_enough = |tensor: &Tensor| tensor.len() >= len;
        if !self.tensors.iter().any(long_enough) {
            let len = len.max(1) + dice.between(0..=3);
            self.push(dice, Dtype::U8, vec![len], usize::try_from(len).unwrap_or(1));
        }
        let candidates: Vec<usize> =
            (0..self.tensors.len()).filter(|at| long_enough(&self.tensors[*at])).collect();
        dice.pick_from(&candidates).unwrap_or(0)
    }

    /// The length of the data buffer.
    pub(super) fn end(&self) -> u64 {
        u64::try_from(self.buffer.len()).unwrap_or(u64::MAX)
    }

    /// What a correct reader gets from a valid rendering.
    pub(super) fn reading(&self) -> Reading {
        let position = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
        let tensor = |tensor: &Tensor| {
            let bytes = self.buffer.get(position(tensor.begin)..position(tensor.end));
            let bytes = bytes.unwrap_or_default();
            TensorReading::of(&tensor.name, tensor.dtype.name(), &tensor.shape, bytes)
        };
        let metadata = self.metadata.iter().flatten();
        Reading::new(
            self.tensors.iter().map(tensor).collect(),
            metadata.map(|(key, value)| (Text::from(&**key), Text::from(&**value))).collect(),
        )
    }

    fn fresh_name(&self, dice: &mut Dice<'_, '_>) -> String {
        let taken = |name: &str| {
            name == "__metadata__" || self.tensors.iter().any(|tensor| tensor.name == name)
        };
        distinct(any_text(dice), taken)
    }
}

/// The smallest number of elements of a dtype that fills whole bytes.
pub(super) fn elements_in_whole_bytes(dtype: Dtype) -> u64 {
    match dtype.bits() {
        4 => 2,
        6 => 4,
        _ => 1,
    }
}

/// A dtype, a shape, and the number of bytes that they demand.
fn any_tensor(dice: &mut Dice<'_, '_>) -> (Dtype, Vec<u64>, usize) {
    let dtype = dice.pick_from(DTYPES).map_or(Dtype::U8, |row| row.dtype);
    if dice.one_in(5) {
        return (dtype, shape_of_nothing(dice, dtype), 0);
    }
    let mut shape: Vec<u64> = (0..dice.below(4)).map(|_| dice.between(1..=3)).collect();
    let unit = elements_in_whole_bytes(dtype);
    if unit > 1 {
        let at = dice.below(shape.len() + 1);
        shape.insert(at, unit);
    }
    let bits = shape.iter().product::<u64>() * dtype.bits();
    (dtype, shape, usize::try_from(bits / 8).unwrap_or(0))
}

/// A shape with a 0 in it. The other dimensions may be as great as SIZE-1 allows.
fn shape_of_nothing(dice: &mut Dice<'_, '_>, dtype: Dtype) -> Vec<u64> {
    let greatest = u64::MAX / dtype.bits();
    let mut shape = match dice.below(5) {
        0 => Vec::new(),
        1 => vec![dice.between(1..=9)],
        2 => vec![greatest],
        3 => vec![(1 << 53) + 1],
        _ => vec![1 << 32, dice.between(1..=(greatest >> 32))],
    };
    for _ in 0..=dice.below(2) {
        let at = dice.below(shape.len() + 1);
        shape.insert(at, 0);
    }
    shape
}

/// A text of up to a few characters, odd ones among them.
pub(super) fn any_text(dice: &mut Dice<'_, '_>) -> String {
    const PLAIN: [char; 8] = ['a', 'b', 'c', '.', '0', '1', '_', '/'];
    const ODD: [char; 24] = [
        '\0',
        '\u{1}',
        '\u{8}',
        '\t',
        '\n',
        '\u{c}',
        '\r',
        '\u{1f}',
        ' ',
        '"',
        '\\',
        '\u{7f}',
        '\u{80}',
        'é',
        '\u{301}',
        '\u{7ff}',
        '\u{2028}',
        '\u{d7ff}',
        '\u{e000}',
        '\u{feff}',
        '\u{ffff}',
        '\u{10000}',
        '😀',
        '\u{10ffff}',
    ];
    if dice.one_in(12) {
        return dice.pick(["__METADATA__", "__metadata__ ", "dtype", "shape", "{}"]).to_owned();
    }
    let odd = dice.one_in(3);
    (0..dice.below(7)).map(|_| if odd { dice.pick(ODD) } else { dice.pick(PLAIN) }).collect()
}

/// The text, with a number behind it if it is taken.
fn distinct(text: String, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&text) {
        return text;
    }
    // Among more candidates than there are names, one is free; the last would be in any case.
    (0..100).map(|number| format!("{text}{number}")).find(|name| !taken(name)).unwrap_or(text)
}
