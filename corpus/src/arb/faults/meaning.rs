//! Faults of offsets, sizes and layout, made in the meaning of a file (OFF-3, SIZE, LAY).

use super::Done;
use crate::arb::dice::Dice;
use crate::arb::model::{Model, Tensor, elements_in_whole_bytes};
use spec::{DTYPES, Dtype};

pub(super) fn offsets_swapped(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 1);
    let tensor = model.tensors.get_mut(at)?;
    (tensor.begin, tensor.end) = (tensor.end, tensor.begin);
    Some(())
}

pub(super) fn begin_far_beyond(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 0);
    let tensor = model.tensors.get_mut(at)?;
    tensor.begin = dice.pick([tensor.end + 1, 1 << 53, u64::MAX, u64::MAX - tensor.end]);
    Some(())
}

pub(super) fn a_shape_that_overflows(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 0);
    let tensor = model.tensors.get_mut(at)?;
    let least = u64::MAX / tensor.dtype.bits() + 1;
    let mut shape = match dice.below(6) {
        0 => vec![least],
        1 => vec![u64::MAX],
        2 => vec![least / 2, 2, 2],
        3 => vec![3, least],
        4 => vec![1 << 32, 1 << 32],
        _ => vec![1 << 32, 1 << 32, 1 << 32, 1 << 32, 1 << 32],
    };
    if dice.one_in(2) {
        // The dimensions that are not 0 overflow all the same, wherever the 0 stands.
        let at = dice.below(shape.len() + 1);
        shape.insert(at, 0);
    }
    tensor.shape = shape;
    Some(())
}

pub(super) fn a_fraction_of_a_byte(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 0);
    let tensor = model.tensors.get_mut(at)?;
    // An odd number of elements of 4 or 6 bits never fills whole bytes.
    tensor.dtype = dice.pick([Dtype::F4, Dtype::F6E2m3, Dtype::F6E3m2]);
    tensor.shape = (0..dice.below(4)).map(|_| dice.pick([1, 3, 5, 7])).collect();
    if tensor.dtype != Dtype::F4 && dice.one_in(3) {
        tensor.shape.push(2);
    }
    Some(())
}

pub(super) fn another_shape(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 0);
    let tensor = model.tensors.get_mut(at)?;
    let unit = elements_in_whole_bytes(tensor.dtype);
    let units = tensor.len() * 8 / tensor.dtype.bits() / unit;
    let other = match dice.below(3) {
        0 if units > 0 => dice.between(0..=units - 1),
        1 => u64::MAX / tensor.dtype.bits() / unit,
        _ => units + 1 + dice.between(0..=5),
    };
    tensor.shape = vec![other * unit];
    if dice.one_in(2) {
        let at = dice.below(2);
        tensor.shape.insert(at, 1);
    }
    Some(())
}

pub(super) fn another_dtype(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 1);
    let tensor = model.tensors.get_mut(at)?;
    let elements: u64 = tensor.shape.iter().product();
    let others: Vec<Dtype> = DTYPES
        .iter()
        .map(|row| row.dtype)
        .filter(|dtype| dtype.bits() != tensor.dtype.bits())
        .filter(|dtype| (dtype.bits() * elements).is_multiple_of(8))
        .collect();
    tensor.dtype = dice.pick_from(&others)?;
    Some(())
}

pub(super) fn data_cut_off(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    model.some_tensor(dice, 1);
    let left = dice.below(model.buffer.len());
    model.buffer.truncate(left);
    Some(())
}

pub(super) fn a_tensor_past_the_end(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let end = model.end();
    let len = dice.between(0..=3);
    let furthest = u64::MAX - len;
    // One of no bytes begins past the end; one of some bytes may begin right at it.
    let begin = match dice.below(4) {
        0 if len > 0 => end,
        1 => furthest,
        2 => 1 << 53,
        _ => end + 1,
    };
    model.claim(dice, vec![len], begin, begin + len);
    Some(())
}

pub(super) fn bytes_claimed_twice(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 1);
    let Tensor { begin, end, .. } = *model.tensors.get(at)?;
    // Inside one tensor, so that no tensor of no bytes comes to stand in the middle.
    let first = dice.between(begin..=end - 1);
    let last = dice.between(first + 1..=end);
    model.claim(dice, vec![last - first], first, last);
    Some(())
}

pub(super) fn neighbours_pushed_together(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 1);
    let right = if model.tensors.get(at)?.begin > 0 {
        at
    } else {
        // The first tensor has no left neighbour; one more behind the last has.
        let len = 1 + dice.below(4);
        model.push(dice, Dtype::U8, vec![u64::try_from(len).unwrap_or(0)], len);
        model.tensors.len() - 1
    };
    let Tensor { begin, end, .. } = *model.tensors.get(right)?;
    let left = model.tensors.iter().find(|tensor| tensor.end == begin && tensor.len() > 0)?;
    // By no more than the smaller of the two is long, so that nothing else is touched.
    let by = dice.between(1..=left.len().min(end - begin));
    // A tensor of no bytes between the two would come to stand in the middle of one.
    model.tensors.retain(|tensor| tensor.len() > 0 || tensor.begin != begin);
    for tensor in model.tensors.iter_mut().filter(|tensor| tensor.begin >= begin) {
        tensor.begin -= by;
        tensor.end -= by;
    }
    model.buffer.truncate(model.buffer.len().saturating_sub(usize::try_from(by).ok()?));
    Some(())
}

pub(super) fn nothing_in_the_middle(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 2);
    let Tensor { begin, end, .. } = *model.tensors.get(at)?;
    let middle = dice.between(begin + 1..=end - 1);
    model.claim(dice, vec![0], middle, middle);
    Some(())
}

pub(super) fn a_hole(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 1);
    let begin = model.tensors.get(at)?.begin;
    let by = 1 + dice.below(8);
    let filling = dice.filling(by);
    let place = usize::try_from(begin).ok()?;
    model.buffer.splice(place..place, filling);
    for tensor in &mut model.tensors {
        // A tensor of no bytes is at home on either side of the hole.
        let stays = tensor.len() == 0 && tensor.begin == begin && dice.one_in(2);
        if tensor.begin >= begin && !stays {
            tensor.begin += u64::try_from(by).ok()?;
            tensor.end += u64::try_from(by).ok()?;
        }
    }
    Some(())
}

pub(super) fn a_tensor_forgotten(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let at = model.some_tensor(dice, 1);
    let forgotten = model.tensors.remove(at);
    if !model.tensors.iter().any(|tensor| tensor.end >= forgotten.end) {
        // It was the last one: what it leaves is a hole only if something comes after it.
        model.push(dice, Dtype::U8, vec![1], 1);
    }
    Some(())
}

pub(super) fn a_hole_before_nothing(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let by = 1 + dice.below(8);
    model.buffer.extend(dice.filling(by));
    model.claim(dice, vec![0], model.end(), model.end());
    Some(())
}

pub(super) fn data_goes_on(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    let by = 1 + dice.below(9);
    model.buffer.extend(dice.filling(by));
    Some(())
}

pub(super) fn data_of_no_tensor(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    model.tensors.clear();
    data_goes_on(dice, model)
}

pub(super) fn the_last_tensor_forgotten(dice: &mut Dice<'_, '_>, model: &mut Model) -> Done {
    model.some_tensor(dice, 1);
    // Those of no bytes at the end would turn the rest into a hole.
    let end = model.end();
    model.tensors.retain(|tensor| tensor.end < end);
    Some(())
}
