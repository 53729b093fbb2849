//! Files too large to store, of every area: they are put together from pieces when they are asked
//! for, and long stretches of zeros are left out of the file system where it can do that.
//!
//! Digests of such files are stated here, since hashing them takes a while;
//! `stconform check --tier giants` hashes them.

use super::made_up;
use crate::consequence::Consequence;
use crate::content::{Part, Piece};
use crate::demands::Demands;
use crate::draft::Draft;
use crate::reading::{Bulk, Digest, Reading, TensorReading};
use crate::recipe::{Recipe, accepts, rejects};
use spec::Leniency::UnknownFields;
use spec::MAX_HEADER_LEN;
use spec::RuleId::{
    Ent4, Json1, Lay1, Lay2, Lay4, Lay5, Lay6, Len2, Len3, Lim1, Name1, Name2, Rd6, Sec3, Size3,
};

const ONE: &str = "layout/one-tensor";
const MOST: &str = "framing/header-at-maximum";
const TEN_THOUSAND: &str = "layout/ten-thousand-tensors";
const MILLION: u64 = 1_000_000;

pub(super) fn recipes() -> Vec<Recipe> {
    [headers(), far_offsets(), far_faults(), many(), long()].into_iter().flatten().collect()
}

/// What stands for the draft of a file that no draft makes.
fn none() -> Draft {
    Draft::default()
}

/// A file of this object, padded, and this data buffer.
fn framed(object: Vec<Piece>, data: Vec<Piece>) -> Vec<Piece> {
    let len: u64 = object.iter().map(Piece::len).sum();
    let header_len = len.next_multiple_of(8);
    let length = Piece::Bytes(header_len.to_le_bytes().to_vec());
    let padding = Piece::Repeat(b" ".to_vec(), header_len - len);
    [vec![length], object, vec![padding], data].concat()
}

fn text(text: &str) -> Piece {
    Piece::Bytes(text.as_bytes().to_vec())
}

fn zeros(count: u64) -> Piece {
    Piece::Repeat(vec![0], count)
}

/// The entry of a row of bytes.
fn entry(name: &str, len: u64, begin: u64) -> String {
    let end = begin + len;
    format!(r#""{name}":{{"dtype":"U8","shape":[{len}],"data_offsets":[{begin},{end}]}}"#)
}

fn headers() -> Vec<Recipe> {
    let padded = |header_len: u64| {
        vec![
            Piece::Bytes([&header_len.to_le_bytes()[..], b"{}"].concat()),
            Piece::Repeat(b" ".to_vec(), header_len - 2),
        ]
    };
    vec![
        accepts(MOST, "N is 100,000,000, and the header is that long.", [Len2, Len3], none())
            .on_demand(
                padded(MAX_HEADER_LEN),
                "43acde1c92ea75ca73fb8b8805fe7b0e60807767e1fbd238896d8f0b19212437",
            ),
        rejects(
            "framing/header-over-maximum",
            "N is 100,000,001, and the header is that long.",
            Len2,
            MOST,
            none(),
        )
        .on_demand(
            padded(MAX_HEADER_LEN + 1),
            "3e47d2fff6e64c406a5cc8307859fbd4405d0a6cddb190f323d6b745b9a71dac",
        ),
        accepts(
            "framing/header-at-portable-floor",
            "N is 25,000,000, the least length that every reader has to accept.",
            [Len2, Lim1],
            none(),
        )
        .on_demand(
            padded(25_000_000),
            "ca16118d22f2073d1e7736bff2cdecc5b9d54f0fa51772a5526f647573820149",
        ),
        accepts(
            "framing/header-over-portable-floor",
            "N is eight bytes more than every reader has to accept.",
            [Len2, Lim1],
            none(),
        )
        .on_demand(
            padded(25_000_008),
            "72d8108d4ffe361896c19de37a01754889d1440f37dbe63016bf96289622b0be",
        ),
    ]
}

/// A tensor of so many bytes, zero but for its ends, and eight bytes of another behind it.
fn far(id: &str, summary: &str, len: u64, digests: [&str; 2]) -> Recipe {
    let object = format!("{{{},{}}}", entry("w", len, 0), entry("b", 8, len));
    let (head, tail, behind) = (made_up("w", 8), made_up("v", 8), made_up("b", 8));
    let data =
        vec![Piece::Bytes(head), zeros(len - 16), Piece::Bytes(tail), Piece::Bytes(behind.clone())];
    let [whole, first] = digests;
    let first = TensorReading {
        name: "w".into(),
        dtype: "U8".to_owned(),
        shape: vec![len],
        sha256: Some(Digest::stated(first)),
        values: None,
    };
    let tensors = vec![first, TensorReading::of("b", "U8", &[8], &behind)];
    accepts(id, summary, [Rd6, Lay1], none())
        .also([Lim1])
        .holds(Reading::new(tensors, [].into()))
        .on_demand(framed(vec![text(&object)], data), whole)
}

fn far_offsets() -> Vec<Recipe> {
    vec![
        far(
            "layout/offset-of-two-to-the-31",
            "A tensor of 2^31 bytes, and one behind it whose offset is negative in a signed word of 32 bits.",
            1 << 31,
            [
                "11d39bd409009e0f542c39f095f7b2e25dfc4a59b9d9e542d22dda0ae43faef4",
                "325532fd4eb0e19dc744c58adb66fd3e78728bac09fcd67738fb6cf7037302ee",
            ],
        ),
        far(
            "layout/offset-of-two-to-the-32",
            "A tensor of 2^32 bytes, and one behind it whose offset is 0 in a word of 32 bits.",
            1 << 32,
            [
                "9004e446671740332e8c5a181cfcccb167cd51090667edc37fd70b7aedd24809",
                "d0cb2d9e763b175e310ccbb8eb951d03f45daa0a2ff98714421d4e515420e22b",
            ],
        ),
        far(
            "layout/offset-of-two-to-the-33",
            "A tensor of 2^33 bytes, and one behind it whose offset is 0 in a word of 33 bits.",
            1 << 33,
            [
                "63cfa45193fa2c96074d02f0e96b520d7daf9df69a4757c1d5faa00283ad0200",
                "81d04b700e49664394a08efad57ef0fce11d1e75d42156f1137eae11afe1cfff",
            ],
        ),
    ]
}

fn far_faults() -> Vec<Recipe> {
    let over = 1_u64 << 32;
    let (w, b) = (made_up("w", 8), made_up("b", 8));
    let two = |begin| text(&format!("{{{},{}}}", entry("w", 8, 0), entry("b", 8, begin)));
    vec![
        rejects(
            "layout/gap-of-two-to-the-32",
            "Between two tensors stand 2^32 bytes of nobody, so that the low 32 bits of the offsets tile.",
            Lay4,
            "layout/offset-of-two-to-the-32",
            none(),
        )
        .also([Rd6])
        .on_demand(
            framed(
                vec![two(over + 8)],
                vec![Piece::Bytes(w.clone()), zeros(over), Piece::Bytes(b.clone())],
            ),
            "cb67f36f99e2a652184651dde57a171eea074adbf8933e4bd7a883234d084087",
        ),
        rejects(
            "layout/two-to-the-32-bytes-after-last",
            "Behind the only tensor stand 2^32 bytes, so that the low 32 bits of the file's length are right.",
            Lay5,
            ONE,
            none(),
        )
        .also([Rd6])
        .on_demand(
            framed(
                vec![text(&format!("{{{}}}", entry("w", 8, 0)))],
                vec![Piece::Bytes(w.clone()), zeros(over)],
            ),
            "ffd8b7c3d3817454c0a703e24f36583597103ce12e893d2a66c6670e76eefb43",
        ),
        rejects(
            "layout/last-bytes-missing-beyond-32-bits",
            "The second tensor begins at 2^32 and ends eight bytes behind the end of the file.",
            Lay1,
            "layout/offset-of-two-to-the-32",
            none(),
        )
        .also([Rd6])
        .on_demand(
            framed(
                vec![text(&format!("{{{},{}}}", entry("w", over, 0), entry("b", 8, over)))],
                vec![Piece::Bytes(w), zeros(over - 8)],
            ),
            "accb2a36e5ad0e0b861ff110ac4694edda5caeebc6d397bfde81dc754500d3bb",
        ),
    ]
}

/// So many entries of tensors of one byte, numbered on from `first`, each with a comma behind it;
/// the offsets are the numbers, moved by `shift`.
fn entries(first: u64, shift: u64, count: u64) -> Piece {
    let text = |text: &str| Part::Text(text.to_owned());
    let number = |plus, digits| Part::Number { plus, digits };
    let parts = vec![
        text("\"t"),
        number(first, 7),
        text(r#"":{"dtype":"U8","shape":[1],"data_offsets":["#),
        number(first + shift, 1),
        text(","),
        number(first + shift + 1, 1),
        text("]},"),
    ];
    Piece::Series(parts, count)
}

/// The last entry: the name, and where its one byte stands.
fn last(name: u64, begin: u64) -> Piece {
    text(&format!("{}}}", entry(&format!("t{name:07}"), 1, begin)))
}

/// The payload of the numbered tensors, in turns of 250 bytes that all differ.
fn turns(count: u64) -> Piece {
    Piece::Repeat(made_up("turn", 250), count / 250)
}

/// The reading of so many numbered tensors.
fn numbered(count: u64) -> Vec<TensorReading> {
    let digests: Vec<Digest> =
        made_up("turn", 250).iter().map(|byte| Digest::of(&[*byte])).collect();
    let tensors = (0..count).zip(digests.iter().cycle()).map(|(number, digest)| TensorReading {
        name: format!("t{number:07}").as_str().into(),
        dtype: "U8".to_owned(),
        shape: vec![1],
        sha256: Some(*digest),
        values: None,
    });
    tensors.collect()
}

fn many() -> Vec<Recipe> {
    let ten_thousand = 10_000;
    let demands = |header_length, word_size| Demands {
        header_length,
        rank: 1,
        word_size,
        name_length: 8,
        nul_in_name: false,
        dtype: [String::from("U8")].into(),
        f4_odd_last_dim: false,
    };
    let of = |count: u64| vec![text("{"), entries(0, 0, count - 1), last(count - 1, count - 1)];
    vec![
        accepts("layout/million-tensors", "A million tensors of one byte.", [Lay2, Lay4], none())
            .also([Lim1, Sec3])
            .holds(Reading::made(
                Bulk {
                    tensor_count: MILLION,
                    sha256: Digest::stated(
                        "8e3b69293fd89999a98d0cde47b44670eb232d0ff184d90c6e1d0ec179868ced",
                    ),
                },
                || numbered(MILLION),
            ))
            .demanding(demands(68_777_792, 20))
            .on_demand(
                framed(of(MILLION), vec![turns(MILLION)]),
                "cb0e7d3c2f834de9977845c201703bd900fdd1cf8a432d557120d9eb4c71138b",
            ),
        accepts(
            TEN_THOUSAND,
            "Ten thousand tensors of one byte, of which the second half is listed first.",
            [Lay6, Lay4],
            none(),
        )
        .holds(Reading::made(
            Bulk {
                tensor_count: ten_thousand,
                sha256: Digest::stated(
                    "9f9efe45cb5c11fa44733b3ee4467e8da957ca123ba43b86d0f262d7949468c3",
                ),
            },
            || numbered(10_000),
        ))
        .demanding(demands(647_792, 14))
        .on_demand(
            framed(
                vec![text("{"), entries(5_000, 0, 5_000), entries(0, 0, 4_999), last(4_999, 4_999)],
                vec![turns(ten_thousand)],
            ),
            "3ee068ede5253157cf09d702d403266f6bae176b587cb59b96f6f43707529cef",
        ),
        rejects(
            "layout/gap-amid-ten-thousand",
            "Ten thousand tensors of one byte, and in their midst a byte of nobody.",
            Lay4,
            TEN_THOUSAND,
            none(),
        )
        .on_demand(
            framed(
                vec![
                    text("{"),
                    entries(0, 0, 5_000),
                    entries(5_000, 1, 4_999),
                    last(9_999, 10_000),
                ],
                vec![turns(ten_thousand), Piece::Bytes(vec![7])],
            ),
            "7e179420cb332c4455fbe52f8e062bf528c3b99b8200b41849026bfeb97af3b3",
        ),
        rejects(
            "layout/overlap-amid-ten-thousand",
            "Ten thousand tensors of one byte, two of which in their midst own the same one.",
            Lay2,
            TEN_THOUSAND,
            none(),
        )
        .on_demand(
            framed(
                vec![
                    text("{"),
                    entries(0, 0, 5_000),
                    text(&format!("{},", entry("u", 1, 4_999))),
                    entries(5_000, 0, 4_999),
                    last(9_999, 9_999),
                ],
                vec![turns(ten_thousand)],
            ),
            "dfd1fee61995c354d0e7be6c772f00b2dea2c5c3186fbae326c5529539ba335f",
        ),
        rejects(
            "names/twice-among-ten-thousand",
            "The name of one of ten thousand tensors again, at the end, for a byte of its own.",
            Name1,
            TEN_THOUSAND,
            none(),
        )
        .on_demand(
            framed(
                vec![text("{"), entries(0, 0, ten_thousand), last(5, ten_thousand)],
                vec![turns(ten_thousand), Piece::Bytes(vec![7])],
            ),
            "1efb0c4cd12eaade5e1c71c535fc9471774434f4f4a395e354b245518c79db49",
        ),
    ]
}

/// One tensor of four bytes, whose entry goes on with these pieces.
fn with_field(value: Vec<Piece>) -> Vec<Piece> {
    let head = r#"{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":"#;
    let object = [vec![text(head)], value, vec![text("}}")]].concat();
    framed(object, vec![Piece::Bytes(made_up("w", 4))])
}

fn long() -> Vec<Recipe> {
    let unknown = |id: &str, summary: &str, value: Vec<Piece>, sha256: &str| {
        rejects(id, summary, Ent4, ONE, super::one())
            .also([Sec3])
            .forgiven(UnknownFields)
            .consequence(Consequence::MemorySafety)
            .on_demand(with_field(value), sha256)
    };
    let name = |id: &str, summary: &str, len: usize, sha256: &str| {
        let (name, data) = ("w".repeat(len), made_up("long", 4));
        let repeated = Piece::Repeat(b"w".to_vec(), u64::try_from(len).unwrap_or(0));
        let entry = text(r#"":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#);
        let object = vec![text("{\""), repeated, entry];
        let reading = Reading::new(vec![TensorReading::of(&name, "U8", &[4], &data)], [].into());
        accepts(id, summary, [Name2], none())
            .also([Lim1, Size3])
            .holds(reading)
            .on_demand(framed(object, vec![Piece::Bytes(data)]), sha256)
    };
    let open = |count| Piece::Repeat(b"[".to_vec(), count);
    vec![
        unknown(
            "entries/unknown-ten-million-bytes",
            "An unknown field with a text of 10,000,000 bytes.",
            vec![text("\""), Piece::Repeat(b"x".to_vec(), 10_000_000), text("\"")],
            "7660f8566ebb0f987aa92a57a29d42a7f15edc714a38fb8187527b5f88d5c13a",
        ),
        unknown(
            "entries/unknown-million-numbers",
            "An unknown field with an array of a million numbers.",
            vec![text("["), Piece::Repeat(b"1,".to_vec(), MILLION - 1), text("1]")],
            "6174e43dcf3edc990f62650a00419dd0e19623bddffbd9da5d7dab786a39efbe",
        ),
        unknown(
            "entries/unknown-nested-a-million-deep",
            "An unknown field with a million arrays, one inside the other.",
            vec![open(MILLION), Piece::Repeat(b"]".to_vec(), MILLION)],
            "d790f87949e71afbbcfb8874efc08b29b59e35690693b0f9a2c1b8cd1e2f230c",
        ),
        rejects(
            "json/nesting-of-a-million-not-closed",
            "A million arrays, one inside the other, of which none is closed.",
            Json1,
            ONE,
            none(),
        )
        .also([Sec3])
        .consequence(Consequence::MemorySafety)
        .on_demand(
            framed(vec![text("{\"w\":"), open(MILLION)], Vec::new()),
            "0d920c3919e919201ff8f0194b9e258dd4129d8f1625a59a4b9222124d072b91",
        ),
        name(
            "names/length-in-sixteen-bits",
            "A name of 65,535 bytes.",
            65_535,
            "aec1bcd2319ccffba508536ffbb11652cb57400bfaac4228cdd1bd8733d67810",
        ),
        name(
            "names/length-over-sixteen-bits",
            "A name of 65,536 bytes.",
            65_536,
            "8cdce493edc1165a5280a7697023ca253a39d4b534d7d66105221300bfda5ac3",
        ),
    ]
}
