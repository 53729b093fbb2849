//! Reads the documents for the test `prose`: blocks of rules, generated tables, mentions of ids,
//! dumps. Every check takes text and returns complaints, so that a test can doctor the text; no
//! file is read or written here.

use spec::{
    Examination, File, LENIENCIES, Leniencies, Leniency, Limit, RULES, Rule, RuleId, Version,
    examine,
};
use std::collections::BTreeSet;

/// One block of a rule, as the text has it.
#[derive(Debug, Default)]
pub(crate) struct Block<'a> {
    pub(crate) id: &'a str,
    pub(crate) line: usize,
    pub(crate) head: &'a str,
    pub(crate) sentence: &'a str,
    pub(crate) why: String,
    pub(crate) source: String,
}

/// The blocks of the text, in its order.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    // Which of the two closing paragraphs a line goes on with, if any.
    let mut paragraph = "";
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        if let Some(id) = line.strip_prefix("#### ") {
            blocks.push(Block { id, line: number + 1, ..Block::default() });
            (paragraph, open) = ("", true);
            continue;
        }
        let Some(block) = blocks.last_mut().filter(|_| open) else { continue };
        if line.is_empty() {
            // The block ends with the paragraph that holds the source.
            open = block.source.is_empty();
        } else if let Some(sentence) = line.strip_prefix("> ") {
            block.sentence = sentence;
        } else if let Some(why) = line.strip_prefix("*Why:*") {
            block.why.push_str(why.trim());
            paragraph = "why";
        } else if let Some(source) = line.strip_prefix("*Source:*") {
            block.source.push_str(source.trim());
            paragraph = "source";
        } else {
            match paragraph {
                "why" => block.why.extend([" ", line]),
                "source" => block.source.extend([" ", line]),
                _ => block.head = line,
            }
        }
    }
    blocks
}

/// Holds the blocks of the text against the table of rules.
pub(crate) fn check_rules(text: &str) -> Vec<String> {
    let blocks = blocks(text);
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for block in &blocks {
        let Block { id, line, .. } = block;
        let mut say = |what: String| complaints.push(format!("line {line}: {id}: {what}"));
        if !seen.insert(*id) {
            say("has a second block".to_owned());
        }
        let Some(rule) = RULES.iter().find(|rule| rule.id.as_str() == *id) else {
            say("is no rule of the table".to_owned());
            continue;
        };
        let head = format!("**{}** · {} · since {}", rule.level, rule.subject, rule.since);
        if block.head != head {
            say(format!("reads `{}` where the table has `{head}`", block.head));
        }
        if block.sentence != rule.sentence {
            say(format!("reads `{}` where the table has `{}`", block.sentence, rule.sentence));
        }
        if block.why.is_empty() {
            say("has no reason (`*Why:*`)".to_owned());
        }
        if block.source.is_empty() {
            say("has no source (`*Source:*`)".to_owned());
        }
    }
    let missing = RULES.iter().filter(|rule| !seen.contains(rule.id.as_str()));
    complaints.extend(missing.map(|rule| format!("{}: has no block in the text", rule.id)));
    if complaints.is_empty() {
        let strays = blocks.iter().zip(RULES).filter(|(block, rule)| block.id != rule.id.as_str());
        complaints.extend(strays.take(1).map(|(block, rule)| {
            format!("line {}: {} stands where the table has {}", block.line, block.id, rule.id)
        }));
    }
    complaints
}

/// Finds key words in capitals outside of levels, sentences and quotation marks.
pub(crate) fn check_key_words(text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with("> ") || line.starts_with("**") {
            continue;
        }
        // Every second part of a line stands between quotation marks.
        let unquoted = line.split('"').step_by(2);
        let words = unquoted.flat_map(|part| part.split(|letter: char| !letter.is_alphabetic()));
        for word in words.filter(|word| ["MUST", "SHOULD", "MAY", "SHALL"].contains(word)) {
            complaints.push(format!("line {}: {word} outside of a rule", number + 1));
        }
    }
    complaints
}

/// Every id of a rule that the text mentions: letters in capitals, a hyphen, digits.
pub(crate) fn mentioned_ids(text: &str) -> Vec<&str> {
    const OTHERS: &[&str] = &["UTF-8", "UTF-16", "SHA-256"];
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
        .filter(|word| {
            word.split_once('-').is_some_and(|(family, number)| {
                let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
                family.len() >= 2
                    && family.starts_with(|letter: char| letter.is_ascii_uppercase())
                    && family.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                    && !number.is_empty()
                    && digits(number)
            })
        })
        .filter(|word| !OTHERS.contains(word))
        .collect()
}

/// Finds mentions of rules that do not exist.
pub(crate) fn check_mentions(text: &str) -> Vec<String> {
    let unknown = |id: &&str| !RULES.iter().any(|rule| rule.id.as_str() == *id);
    let found = mentioned_ids(text).into_iter().filter(unknown);
    found.map(|id| format!("{id}: is no rule of the table")).collect()
}

/// Finds names that are called a leniency or a limit and are none.
pub(crate) fn check_names(text: &str) -> Vec<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = |kind: &str| -> Vec<String> {
        let opening = format!("{kind} `");
        let parts = line.split(opening.as_str()).skip(1);
        parts.filter_map(|part| part.split('`').next()).map(str::to_owned).collect()
    };
    let mut complaints = Vec::new();
    for name in named("leniency").into_iter().filter(|name| name.parse::<Leniency>().is_err()) {
        complaints.push(format!("`{name}`: is no leniency"));
    }
    for name in named("limit").into_iter().filter(|name| name.parse::<Limit>().is_err()) {
        complaints.push(format!("`{name}`: is no limit"));
    }
    complaints
}

/// Finds rules that a leniency relaxes and whose block does not name it.
pub(crate) fn check_leniencies(text: &str) -> Vec<String> {
    let blocks = blocks(text);
    let silent = LENIENCIES.iter().filter(|row| {
        let name = format!("`{}`", row.name);
        let mut of_rule = blocks.iter().filter(|block| block.id == row.relaxes.as_str());
        !of_rule.any(|block| block.source.contains(&name))
    });
    silent
        .map(|row| format!("{}: does not name the leniency `{}`", row.relaxes, row.name))
        .collect()
}

/// The text with a generated table replaced. `None` if the text has not exactly one place for it.
pub(crate) fn with_table(text: &str, name: &str, table: &str) -> Option<String> {
    let opening = format!("<!-- generated: {name} -->\n");
    let (before, rest) = text.split_once(&opening)?;
    let (_, after) = rest.split_once("<!-- end generated -->")?;
    let result = format!("{before}{opening}{table}<!-- end generated -->{after}");
    (!after.contains(&opening)).then_some(result)
}

/// Holds a generated table against the one in the text.
pub(crate) fn check_table(text: &str, name: &str, table: &str) -> Vec<String> {
    match with_table(text, name, table) {
        Some(fresh) if fresh == text => Vec::new(),
        Some(_) => vec![format!("the table `{name}` is stale")],
        None => vec![format!("there is not exactly one place for the table `{name}`")],
    }
}

/// A theorem of the model: its name, what it is about, and what it says in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Theorem<'a> {
    pub(crate) name: &'a str,
    pub(crate) about: &'a str,
    pub(crate) sentence: &'a str,
}

/// The theorems of a file in Coq. Each has to stand behind a comment of one line, `(* ABOUT: ... *)`.
pub(crate) fn theorems(source: &str) -> Result<Vec<Theorem<'_>>, String> {
    let mut theorems = Vec::new();
    let mut before = "";
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("Theorem ") {
            let name = rest.split([' ', ':']).next().unwrap_or_default();
            let comment = before.strip_prefix("(* ").and_then(|text| text.strip_suffix(" *)"));
            let Some((about, sentence)) = comment.and_then(|text| text.split_once(": ")) else {
                return Err(format!("no comment says in words what `{name}` says"));
            };
            theorems.push(Theorem { name, about, sentence });
        }
        before = line;
    }
    Ok(theorems)
}

/// The names of theorems, in code font with an underscore in them, that a text cites and that are none.
pub(crate) fn check_theorems(text: &str, theorems: &[Theorem<'_>]) -> Vec<String> {
    let cited = text.split('`').skip(1).step_by(2);
    let names = cited.filter(|word| {
        word.contains('_') && word.chars().all(|sign| matches!(sign, 'a'..='z' | '0'..='9' | '_'))
    });
    names
        .filter(|name| theorems.iter().all(|theorem| theorem.name != *name))
        .filter(|name| *name != "data_offsets" && *name != "__metadata__")
        .map(|name| format!("there is no theorem `{name}`"))
        .collect()
}

/// Holds a table of decisions against the questions from Q1 to the last one, and the rules.
pub(crate) fn check_decisions(text: &str, last: usize) -> Vec<String> {
    let mut complaints = Vec::new();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| Q"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    for number in 1..=last {
        let id = format!("Q{number}");
        match rows.iter().filter(|cells| cells.first() == Some(&id.as_str())).count() {
            1 => {}
            count => complaints.push(format!("{id}: stands in {count} rows")),
        }
    }
    if rows.len() > last {
        complaints.push(format!("{} rows for {last} questions", rows.len()));
    }
    for cells in &rows {
        let id = cells.first().unwrap_or(&"?");
        if cells.len() != 4 || cells.iter().any(|cell| cell.is_empty()) {
            complaints.push(format!("{id}: has not four cells with something in each"));
        } else if cells.last().is_none_or(|rules| mentioned_ids(rules).is_empty()) {
            complaints.push(format!("{id}: names no rule"));
        }
    }
    complaints.extend(check_mentions(text));
    complaints
}

/// Gives every dump of the text to the oracle: what it says (`valid`, or the one rule that is
/// broken) has to be so.
pub(crate) fn check_dumps(text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, part) in text.split("```hexdump ").skip(1).enumerate() {
        let Some((claim, rest)) = part.split_once('\n') else { continue };
        let body = rest.split("```").next().unwrap_or_default();
        let found = match dump_bytes(body) {
            None => "no dump".to_owned(),
            Some(bytes) => match examine(File::whole(&bytes), Version::LATEST, &Leniencies::none())
            {
                Examination::Accepted { .. } => "valid".to_owned(),
                Examination::Refused { violations, .. } => {
                    let rules: BTreeSet<RuleId> = violations.iter().map(|v| v.rule).collect();
                    rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
                }
            },
        };
        if found != claim {
            complaints.push(format!("dump {number}: says `{claim}` and is `{found}`"));
        }
    }
    complaints
}

/// The bytes of a dump; `None` if its positions or its characters are wrong.
pub(crate) fn dump_bytes(body: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for line in body.lines() {
        let (numbers, characters) = line.split_once("  |")?;
        let mut words = numbers.split_whitespace();
        if usize::from_str_radix(words.next()?, 16).ok()? != bytes.len() {
            return None;
        }
        let row = words.map(|word| u8::from_str_radix(word, 16)).collect::<Result<Vec<_>, _>>();
        let row = row.ok()?;
        let shown = |byte: &u8| if (0x20..0x7F).contains(byte) { char::from(*byte) } else { '.' };
        if characters.strip_suffix('|')? != row.iter().map(shown).collect::<String>() {
            return None;
        }
        bytes.extend(row);
    }
    Some(bytes)
}

/// The bytes of every dump of the text that is one.
pub(crate) fn dumps(text: &str) -> Vec<Vec<u8>> {
    let parts = text.split("```hexdump ").skip(1).filter_map(|part| part.split_once('\n'));
    parts.filter_map(|(_, rest)| dump_bytes(rest.split("```").next()?)).collect()
}

/// The lists of binary numbers that follow the words "have the encodings" in the text.
pub(crate) fn encodings(text: &str) -> Vec<Vec<u8>> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lists = line.split("have the encodings ").skip(1).filter_map(|part| part.split('.').next());
    lists
        .map(|list| {
            let words = list.split([' ', ',']).filter_map(|word| u8::from_str_radix(word, 2).ok());
            words.collect()
        })
        .collect()
}

/// A block as it should stand in the text.
pub(crate) fn block_of(rule: &Rule) -> String {
    format!(
        "#### {}\n\n**{}** · {} · since {}\n\n> {}\n\n*Why:* because.\n*Source:* somewhere.\n\n",
        rule.id, rule.level, rule.subject, rule.since, rule.sentence
    )
}
