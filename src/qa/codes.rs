//! Inline codes: the markup of a source that its translation must carry too.

use super::Pair;
use crate::{
    lang::Language,
    model::{Finding, Rule},
    rules::RuleSet,
};
use std::collections::BTreeMap;

/// For each language the codes of each segment in order, each by what tells it from others (`ph 1`); empty where a
/// file has none.
pub type Codes = BTreeMap<Language, Vec<Vec<String>>>;

pub(super) fn findings(pair: &Pair<'_>, codes: &Codes, rules: &RuleSet, out: &mut Vec<Finding>) {
    let (Some(from), Some(to)) = (codes.get(&pair.source.language), codes.get(&pair.target.language)) else { return };
    if !rules.has(Rule::InlineCodes) {
        return;
    }
    for bead in pair.beads {
        let (source, target) = (bead.side(pair.source.language), bead.side(pair.target.language));
        let Some(first) = target.first().and_then(|at| pair.target.segments.get(*at)) else { continue };
        if source.is_empty() || first.text.trim().is_empty() {
            continue;
        }
        let gather = |side: &[usize], codes: &[Vec<String>]| -> Vec<String> {
            side.iter().filter_map(|at| codes.get(*at)).flatten().cloned().collect()
        };
        let (there, here) = (gather(source, from), gather(target, to));
        let (lost, added) = (without(&there, &here), without(&here, &there));
        let message = match (lost.is_empty(), added.is_empty()) {
            (false, true) => format!("lacks inline codes of its source: {}", listed(&lost)),
            (true, false) => format!("has inline codes its source has not: {}", listed(&added)),
            (false, false) => {
                format!("has other inline codes than its source: {} for {}", listed(&added), listed(&lost))
            }
            // The same ones in another order: a closing one may stand before what it closes.
            (true, true) => continue,
        };
        out.push(pair.target.finding(Rule::InlineCodes, first.span, message));
    }
}

/// What `some` has beyond `others`, each as often as it is.
fn without(some: &[String], others: &[String]) -> Vec<String> {
    let mut left: Vec<&String> = others.iter().collect();
    let mut out = Vec::new();
    for one in some {
        match left.iter().position(|other| *other == one) {
            Some(at) => drop(left.swap_remove(at)),
            None => out.push(one.clone()),
        }
    }
    out
}

fn listed(codes: &[String]) -> String {
    codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ")
}
