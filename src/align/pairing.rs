//! Which files are counterparts, told by their content alone: numbers, names, terms, addresses and lengths.
//!
//! Every pair of files of two languages gets the log-likelihood ratio of their words, per word, both ways. A file
//! that resembles many others gets less for each (cross-domain similarity local scaling, Conneau et al. 2018,
//! "Word Translation Without Parallel Data"). Two files are linked when each is the other's best; links join to
//! groups of one file a language, the strongest first.

use super::{
    Evidence,
    grid::explained_whole,
    lexicon,
    links::Links,
    shares::SHARE,
    words::{Side, Vocabulary},
};
use crate::model::{Kind, Segment};
use crate::{lang::Language, text::Span};
use std::collections::BTreeMap;

/// How many neighbours tell how much a file resembles others in general.
const NEIGHBOURS: usize = 3;
/// A link's margin over its neighbours, in log-likelihood per word, below which files are not counterparts.
const LEAST_MARGIN: f32 = 0.06;
/// How fast the score rises with the margin.
const SLOPE: f32 = 40.0;
/// Standard deviation of the logarithm of two counterparts' lengths' ratio; the remarks of one office run freer
/// than sentences do.
const LENGTH_DEVIATION: f32 = 0.5;
/// What the length signal weighs beside words, per word.
const LENGTH_WEIGHT: f32 = 0.01;

/// Files that are one text: at most one a language, by their numbers in the lists given.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub files: BTreeMap<Language, usize>,
    /// How sure, 0 to 1; for a file without counterpart, how sure it has none.
    pub score: f32,
}

/// A file by its language and its number among that language's.
type File = (Language, usize);

/// The groups of counterparts among `texts`, each file in exactly one: those of two and more files, then files
/// without counterpart; in the order of the first language's files.
pub fn counterparts(texts: &BTreeMap<Language, Vec<String>>, evidence: &Evidence) -> Vec<Group> {
    let mut vocabularies: BTreeMap<Language, Vocabulary> = BTreeMap::new();
    let mut sides: BTreeMap<Language, Side> = BTreeMap::new();
    for (language, list) in texts {
        let mut vocabulary = Vocabulary::new(*language, &evidence.concepts);
        let whole: Vec<Segment> = list
            .iter()
            .map(|text| Segment { span: Span::new(0, text.len()), text: text.clone(), kind: Kind::Body, paragraph: 1 })
            .collect();
        let mut side = Side::new(whole.iter().enumerate(), &mut vocabulary);
        side.weigh(&vocabulary);
        sides.insert(*language, side);
        vocabularies.insert(*language, vocabulary);
    }
    let languages: Vec<Language> = texts.keys().copied().collect();
    let mut found: Vec<(f32, File, File)> = Vec::new();
    // The best margin of each file, linked or not.
    let mut nearest: BTreeMap<File, f32> = BTreeMap::new();
    for (at, a) in languages.iter().enumerate() {
        for b in &languages[at + 1..] {
            let margins = margins(&sides[a], &sides[b], &vocabularies[a], &vocabularies[b], evidence);
            let (best_of_a, best_of_b) = (margins.best_columns(), margins.best_rows());
            for (i, j) in best_of_a.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))) {
                let margin = margins.at(i, j);
                if best_of_b[j] == Some(i) && margin > LEAST_MARGIN {
                    found.push((margin, (*a, i), (*b, j)));
                }
                for file in [(*a, i), (*b, j)] {
                    let held = nearest.entry(file).or_insert(f32::NEG_INFINITY);
                    *held = held.max(margin);
                }
            }
        }
    }
    found.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let mut group_of: BTreeMap<File, usize> = BTreeMap::new();
    let mut groups: Vec<(BTreeMap<Language, usize>, Vec<f32>)> = Vec::new();
    for (language, side) in &sides {
        for file in 0..side.len() {
            group_of.insert((*language, file), groups.len());
            groups.push((BTreeMap::from([(*language, file)]), Vec::new()));
        }
    }
    for (margin, x, y) in found {
        let (into, from) = (group_of[&x], group_of[&y]);
        if into == from {
            groups[into].1.push(margin);
            continue;
        }
        if groups[into].0.keys().any(|language| groups[from].0.contains_key(language)) {
            continue;
        }
        let (files, margins) = std::mem::take(&mut groups[from]);
        for (language, file) in &files {
            group_of.insert((*language, *file), into);
        }
        groups[into].0.extend(files);
        groups[into].1.extend(margins);
        groups[into].1.push(margin);
    }
    let sure = |margin: f32| 1.0 / (1.0 + (-(margin - LEAST_MARGIN) * SLOPE).exp());
    let mut out: Vec<Group> = groups
        .into_iter()
        .filter(|(files, _)| !files.is_empty())
        .map(|(files, margins)| {
            let score = match margins.is_empty() {
                false => margins.iter().map(|margin| sure(*margin)).sum::<f32>() / margins.len() as f32,
                true => 1.0 - files.iter().next().and_then(|(l, f)| nearest.get(&(*l, *f))).map_or(0.0, |m| sure(*m)),
            };
            Group { files, score }
        })
        .collect();
    out.sort_by_key(|group| (group.files.len() == 1, group.files.iter().next().map(|(l, f)| (*l, *f))));
    out
}

/// How much better each pair of files fits than its neighbours do.
struct Margins {
    values: Vec<f32>,
    columns: usize,
}

fn margins(a: &Side, b: &Side, va: &Vocabulary, vb: &Vocabulary, evidence: &Evidence) -> Margins {
    let plain = Links::plain(va, vb);
    let known = |from: &Vocabulary, to: &Vocabulary| {
        let prior = evidence.lexicon.prior(from, to);
        lexicon::table(std::iter::empty(), from.stems.len(), &prior)
    };
    let there = plain.0.with(&known(va, vb), va, vb);
    let back = plain.1.with(&known(vb, va), vb, va);
    let forward = explained_whole(a, b, &there, SHARE);
    let backward = explained_whole(b, a, &back, SHARE);
    let (n, m) = (a.len(), b.len());
    let per_word = |value: f32, side: &Side, at: usize| value / side.words[at].len().max(1) as f32;
    let ratio = (b.length.iter().sum::<f32>() / m.max(1) as f32) / (a.length.iter().sum::<f32>() / n.max(1) as f32);
    let mut values = vec![0.0f32; n * m];
    for i in 0..n {
        for j in 0..m {
            let difference = (b.length[j] / (a.length[i] * ratio)).ln() / LENGTH_DEVIATION;
            values[i * m + j] = per_word(forward[i * m + j], b, j) + per_word(backward[j * n + i], a, i)
                - LENGTH_WEIGHT * (difference * difference / 2.0).min(10.0);
        }
    }
    // The mean of the best few beside the best one: how well a file fits where it should not.
    let usual = |of: &mut dyn Iterator<Item = f32>| {
        let mut all: Vec<f32> = of.collect();
        all.sort_unstable_by(|x, y| y.total_cmp(x));
        let neighbours: Vec<f32> = all.into_iter().skip(1).take(NEIGHBOURS).collect();
        match neighbours.is_empty() {
            true => -0.05,
            false => neighbours.iter().sum::<f32>() / neighbours.len() as f32,
        }
    };
    let rows: Vec<f32> = (0..n).map(|i| usual(&mut values[i * m..(i + 1) * m].iter().copied())).collect();
    let columns: Vec<f32> = (0..m).map(|j| usual(&mut (0..n).map(|i| values[i * m + j]))).collect();
    for i in 0..n {
        for j in 0..m {
            values[i * m + j] -= (rows[i] + columns[j]) / 2.0;
        }
    }
    Margins { values, columns: m }
}

impl Margins {
    fn at(&self, i: usize, j: usize) -> f32 {
        self.values[i * self.columns + j]
    }

    fn rows(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    fn best_columns(&self) -> Vec<Option<usize>> {
        let best = |i| (0..self.columns).max_by(|x, y| self.at(i, *x).total_cmp(&self.at(i, *y)).then(y.cmp(x)));
        (0..self.rows()).map(best).collect()
    }

    fn best_rows(&self) -> Vec<Option<usize>> {
        let best = |j| (0..self.rows()).max_by(|x, y| self.at(*x, j).total_cmp(&self.at(*y, j)).then(y.cmp(x)));
        (0..self.columns).map(best).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lists: &[(Language, &[&str])]) -> BTreeMap<Language, Vec<String>> {
        lists.iter().map(|(l, list)| (*l, list.iter().map(|t| (*t).to_owned()).collect())).collect()
    }

    fn shown(groups: &[Group]) -> Vec<String> {
        let number = |group: &Group, l| group.files.get(&l).map_or("-".to_owned(), usize::to_string);
        groups.iter().map(|g| [Language::AZ, Language::EN, Language::RU].map(|l| number(g, l)).join(" ")).collect()
    }

    #[test]
    fn files_find_their_counterparts() {
        let texts = texts(&[
            (
                Language::EN,
                &[
                    "On 12 May 2019 Vusal Huseynov met the ambassador of Georgia in Baku. 45 people took part.",
                    "The training in Ganja on 3 June was attended by 120 officers from Turkey and Moldova.",
                    "A hotline, 919, has answered 15,300 calls since January; see www.migration.gov.az.",
                ],
            ),
            (
                Language::AZ,
                &[
                    "919 qaynar xəttinə yanvardan bəri 15 300 zəng daxil olub: www.migration.gov.az.",
                    "Vüsal Hüseynov 12 may 2019-cu ildə Bakıda Gürcüstanın səfiri ilə görüşüb. 45 nəfər iştirak edib.",
                ],
            ),
            (
                Language::RU,
                &[
                    "В тренинге 3 июня в Гяндже приняли участие 120 офицеров из Турции и Молдовы.",
                    "12 мая 2019 года Вюсал Гусейнов встретился в Баку с послом Грузии. Участвовали 45 человек.",
                    "Совсем другая история о погоде, дожде и ветре над морем.",
                ],
            ),
        ]);
        let groups = counterparts(&texts, &Evidence::default());
        assert_eq!(shown(&groups), ["0 2 -", "1 0 1", "- 1 0", "- - 2"]);
        assert!(groups.iter().all(|g| (0.0..=1.0).contains(&g.score)));
    }

    #[test]
    fn one_file_each_and_none() {
        let one = texts(&[(Language::EN, &["Article 12 of the law."]), (Language::AZ, &["Qanunun 12-ci maddəsi."])]);
        assert_eq!(shown(&counterparts(&one, &Evidence::default())), ["0 0 -"]);
        let none = texts(&[(Language::EN, &["Article 12."]), (Language::AZ, &[])]);
        assert_eq!(shown(&counterparts(&none, &Evidence::default())), ["- 0 -"]);
        assert!(counterparts(&BTreeMap::new(), &Evidence::default()).is_empty());
    }
}
