//! Files of more tensors than a person counts, and one fault deep inside them.

use crate::draft::{Draft, Tensor};
use crate::recipe::{Recipe, accepts, rejects};
use spec::Leniency::DuplicateLastWins;
use spec::RuleId::{Lay1, Lay2, Lay4, Name1};

pub(super) fn many() -> Vec<Recipe> {
    vec![
        accepts(
            "layout/many-tensors",
            "Some hundred tensors of two bytes, listed neither by name nor by offset.",
            [Lay2, Lay4],
            shuffled(250),
        ),
        row("five-hundred-and-eleven-tensors", "511", 511),
        row("five-hundred-and-twelve-tensors", "512", 512),
        row("five-hundred-and-thirteen-tensors", "513", 513),
        row("a-thousand-and-twenty-five-tensors", "1,025", 1025),
    ]
}

/// A valid file of so many tensors.
fn row(id: &str, count_text: &str, count: u64) -> Recipe {
    accepts(
        &format!("layout/{id}"),
        &format!("{count_text} tensors of two bytes, listed by offset and not by name."),
        [Lay2, Lay4, Lay1],
        Draft::of((0..count).map(scalar)),
    )
}

/// Faults between the 512th and the 513th of 513 tensors.
pub(super) fn faults_among_many() -> Vec<Recipe> {
    let twin = "layout/five-hundred-and-thirteen-tensors";
    let begin = 2 * 512;
    let with_last = |last: Tensor| Draft::of((0..512).map(scalar).chain([last]));
    // The repeated entry has no bytes of its own: it describes those of the 512th again.
    let again = Tensor::new(&name(511), "I16", &[], &[]).at(begin - 2, begin);
    let repeated = (0..512).map(scalar).chain([again, scalar(512)]);
    let last = Tensor::new(&name(511), "I16", &[], &bytes(511));
    let last_wins = (0..511).map(scalar).chain([last, scalar(512)]);
    vec![
        rejects(
            "layout/gap-among-many",
            "A byte between the 512th and the last of 513 tensors belongs to neither.",
            Lay4,
            twin,
            with_last(scalar(512).at(begin + 1, begin + 3)).insert(1024, [0xEE]),
        ),
        rejects(
            "layout/overlap-among-many",
            "The last of 513 tensors begins on the last byte of the 512th.",
            Lay2,
            twin,
            with_last(scalar(512).at(begin - 1, begin + 1)).cut_off(1),
        ),
        rejects(
            "layout/name-repeated-among-many",
            "The 512th and the 513th of 514 entries have one name and one range, and two dtypes.",
            Name1,
            twin,
            Draft::of(repeated),
        )
        .reads(DuplicateLastWins, Draft::of(last_wins)),
    ]
}

/// One of many tensors, of two bytes.
fn scalar(place: u64) -> Tensor {
    Tensor::new(&name(place), "U16", &[], &bytes(place))
}

/// A name that says nothing of the place, and is no other place's up to 1,031 places.
fn name(place: u64) -> String {
    format!("{:03x}", (place * 211) % 1031)
}

/// Two bytes that differ from place to place.
fn bytes(place: u64) -> [u8; 2] {
    [place % 251 + 1, place / 251 + 1].map(|byte| u8::try_from(byte).unwrap_or(u8::MAX))
}

/// So many tensors, with scattered names; the second half is listed first.
fn shuffled(count: u8) -> Draft {
    let name = |place: u8| format!("t{}", (u32::from(place) * 211) % 251);
    let tensor = |place| Tensor::new(&name(place), "U8", &[2], &[place + 1, 255 - place]);
    let listed: Vec<String> = (count / 2..count).map(name).collect();
    let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
    Draft::of((0..count).map(tensor)).listed(&listed)
}
