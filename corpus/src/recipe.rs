//! A recipe: how one vector is made, and what is said of it, before it is rendered.
//!
//! Every statement of a recipe is authored: nothing here asks the oracle. The lint does, later.

use crate::consequence::Consequence;
use crate::content::{Content, Piece};
use crate::demands::Demands;
use crate::draft::Draft;
use crate::folder::Folder;
use crate::id::VectorId;
use crate::provenance::Provenance;
use crate::reading::{Digest, Reading};
use crate::values::Payloads;
use crate::vector::{Outcome, Vector};
use spec::{Leniency, RuleId, Version};
use std::panic::Location;

/// One vector before it is rendered.
pub(crate) struct Recipe {
    id: String,
    summary: String,
    rules: Vec<RuleId>,
    decision: Decision,
    consequence: Option<Consequence>,
    provenance: Provenance,
    since: Version,
    twin: Option<String>,
    advises: Vec<RuleId>,
    meant: Reading,
    demands: Option<Demands>,
    lenient: Vec<(Leniency, Reading)>,
    also_needs: Vec<Leniency>,
    content: Content,
    payloads: Payloads,
    valued: bool,
}

enum Decision {
    Accept,
    Reject(RuleId),
}

/// A valid file, at home with the rules that it shows.
#[track_caller]
pub(crate) fn accepts<const COUNT: usize>(
    id: &str,
    summary: &str,
    rules: [RuleId; COUNT],
    draft: Draft,
) -> Recipe {
    Recipe::of_draft(id, summary, rules.to_vec(), Decision::Accept, draft)
}

/// A file that breaks one rule, and differs from its valid twin in that alone.
#[track_caller]
pub(crate) fn rejects(id: &str, summary: &str, rule: RuleId, twin: &str, draft: Draft) -> Recipe {
    let mut recipe = Recipe::of_draft(id, summary, vec![rule], Decision::Reject(rule), draft);
    recipe.twin = Some(twin.to_owned());
    recipe
}

/// A sharded model that breaks no MUST, at home with the rules that it shows.
#[track_caller]
pub(crate) fn accepts_model<const COUNT: usize>(
    id: &str,
    summary: &str,
    rules: [RuleId; COUNT],
    (folder, meant): (Folder, Reading),
) -> Recipe {
    let content = Content::Folder(folder);
    Recipe::new(id, summary, rules.to_vec(), Decision::Accept, meant, content)
}

/// A sharded model that breaks one rule, and differs from its valid twin in that alone.
#[track_caller]
pub(crate) fn rejects_model(
    id: &str,
    summary: &str,
    rule: RuleId,
    twin: &str,
    (folder, meant): (Folder, Reading),
) -> Recipe {
    let content = Content::Folder(folder);
    let mut recipe = Recipe::new(id, summary, vec![rule], Decision::Reject(rule), meant, content);
    recipe.twin = Some(twin.to_owned());
    recipe
}

impl Recipe {
    #[track_caller]
    fn of_draft(
        id: &str,
        summary: &str,
        rules: Vec<RuleId>,
        decision: Decision,
        draft: Draft,
    ) -> Self {
        let content = Content::Bytes(draft.to_bytes());
        let mut recipe = Self::new(id, summary, rules, decision, draft.reading(), content);
        recipe.payloads = Payloads::of(draft.payloads());
        recipe
    }

    #[track_caller]
    fn new(
        id: &str,
        summary: &str,
        rules: Vec<RuleId>,
        decision: Decision,
        meant: Reading,
        content: Content,
    ) -> Self {
        Self {
            consequence: rules.first().and_then(|rule| match decision {
                Decision::Accept => Consequence::of_failing(*rule),
                Decision::Reject(rule) => Consequence::of_accepting(rule),
            }),
            provenance: Provenance::at(Location::caller()),
            id: id.to_owned(),
            summary: summary.to_owned(),
            rules,
            decision,
            since: Version::V1_0,
            twin: None,
            advises: Vec::new(),
            meant,
            demands: None,
            lenient: Vec::new(),
            also_needs: Vec::new(),
            content,
            payloads: Payloads::default(),
            valued: false,
        }
    }

    /// The id that the vector will have.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Names further rules that the file is about.
    pub(crate) fn also<const COUNT: usize>(mut self, rules: [RuleId; COUNT]) -> Self {
        self.rules.extend(rules);
        self
    }

    /// What goes wrong is not what the deciding rule is about at large.
    pub(crate) fn consequence(mut self, consequence: Consequence) -> Self {
        self.consequence = Some(consequence);
        self
    }

    /// The vector re-creates what this public report is about.
    pub(crate) fn report(mut self, address: &str) -> Self {
        if let Provenance::Recipe { report, .. } = &mut self.provenance {
            *report = Some(address.to_owned());
        }
        self
    }

    /// The file uses a dtype of this version, and older versions reject it for that.
    pub(crate) fn since(mut self, version: Version) -> Self {
        self.since = version;
        self
    }

    /// Recommendations that the sharded model does not follow, in the order of the table.
    pub(crate) fn advises<const COUNT: usize>(mut self, rules: [RuleId; COUNT]) -> Self {
        self.advises.extend(rules);
        self
    }

    /// The valid file that older versions accept in place of this one.
    pub(crate) fn twin(mut self, id: &str) -> Self {
        self.twin = Some(id.to_owned());
        self
    }

    /// A reader with this leniency gets what the draft was meant to hold.
    pub(crate) fn forgiven(mut self, leniency: Leniency) -> Self {
        self.lenient.push((leniency, self.meant.clone()));
        self
    }

    /// A reader with this leniency gets what this other draft holds.
    pub(crate) fn reads(mut self, leniency: Leniency, as_if: Draft) -> Self {
        self.lenient.push((leniency, as_if.reading()));
        self.payloads.add(as_if.payloads());
        self
    }

    /// One fault stands inside another: a reader must have this leniency too.
    pub(crate) fn also_needs(mut self, leniency: Leniency) -> Self {
        self.also_needs.push(leniency);
        self
    }

    /// Replaces the rendered bytes by pieces that are put together on demand; the digest is that
    /// of the whole file.
    pub(crate) fn on_demand(mut self, pieces: Vec<Piece>, sha256: &str) -> Self {
        self.content = Content::OnDemand { pieces, sha256: Digest::stated(sha256) };
        self
    }

    /// Replaces the reading of the draft, where the draft is not the file.
    pub(crate) fn holds(mut self, meant: Reading) -> Self {
        self.meant = meant;
        self
    }

    /// States what the file asks of a reader with limits, where the reading is too large to look
    /// through whenever the corpus is opened.
    pub(crate) fn demanding(mut self, demands: Demands) -> Self {
        self.demands = Some(demands);
        self
    }

    /// The values of the elements are written down beside the file.
    pub(crate) fn valued(mut self) -> Self {
        self.valued = true;
        self
    }

    /// Renders the vector.
    pub(crate) fn build(self) -> Vector {
        let accepting = matches!(self.decision, Decision::Accept);
        let is_file = !matches!(self.content, Content::Folder(_));
        Vector {
            id: VectorId::of_recipe(&self.id),
            summary: self.summary.clone(),
            outcomes: Version::ALL.map(|version| self.outcome(version)),
            rules: self.rules,
            consequence: self.consequence,
            provenance: self.provenance,
            advises: self.advises,
            twin: self.twin.as_deref().map(VectorId::of_recipe),
            demands: (accepting && is_file)
                .then(|| self.demands.unwrap_or_else(|| demands(&self.meant, &self.content))),
            reading: accepting.then_some(self.meant),
            lenient: self.lenient,
            also_needs: self.also_needs,
            tier: self.content.tier(),
            content: self.content,
            payloads: self.payloads,
            valued: self.valued,
        }
    }

    fn outcome(&self, version: Version) -> Outcome {
        match self.decision {
            _ if version < self.since => Outcome::Reject(match self.content {
                Content::Bytes(_) | Content::OnDemand { .. } => RuleId::Dt2,
                Content::Folder(_) => RuleId::Idx9,
            }),
            Decision::Accept => Outcome::Accept,
            Decision::Reject(rule) => Outcome::Reject(rule),
        }
    }
}

fn demands(reading: &Reading, content: &Content) -> Demands {
    let first = content.range(0..8);
    let header_len = first.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let data_len = content.len().saturating_sub(8).saturating_sub(header_len);
    Demands::of(reading, header_len, data_len)
}
