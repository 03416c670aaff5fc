//! Which files are counterparts, told by their content alone: numbers, names, terms, addresses and lengths.
//!
//! Files of two languages that share rare words are compared (`fits`): the log-likelihood ratio of their words, per
//! word, both ways. A file that resembles many others gets less for each (cross-domain similarity local scaling,
//! Conneau et al. 2018, "Word Translation Without Parallel Data"). The best pair is linked first and out of the way of
//! the others (competitive linking, Melamed 2000, "Models of Translational Equivalence among Words"), so that of eight
//! releases of one template each finds its own. Such releases resemble one another more than the margin allows; they
//! are linked by the words that tell them apart. Files whose figures contradict (`figures`) are never linked. Links
//! join to groups of one file a language, the strongest first.

mod figures;
mod fits;
mod shelf;

use super::Evidence;
use crate::lang::Language;
use figures::contradict;
use fits::Fits;
use rayon::prelude::*;
use shelf::Shelf;
use std::{
    cmp::Ordering::Equal,
    collections::{BTreeMap, BTreeSet},
};

/// A link's margin over its neighbours, in log-likelihood per word, below which files are not counterparts.
const LEAST_MARGIN: f32 = 0.06;
/// How fast the score rises with the margin.
const SLOPE: f32 = 40.0;
/// Releases of one template: the margin over chance, per word, that a link needs instead, ...
const LEAST_OVER_CHANCE: f32 = 0.25;
/// ... and how much better it must be explained than by any other file still free, in nats over all words (odds of
/// 20 to 1).
const LEAST_LEAD: f32 = 3.0;
/// Another file fits clearly better where it explains so much more, in nats over all words.
const CLEARLY: f32 = 10.0;
/// Files said to be counterparts fit no better than chance where they stay so far below [`LEAST_MARGIN`], in nats over
/// all words: two sentences stay undecided, a page does not.
const LEAST_SHORT: f32 = 6.0;
/// With hardly any other files to compare with: the fit, per word, of files that have nothing in common, and how many
/// words it takes to say so. Of counterparts without any common name or number the lowest seen is -0.23.
const ALONE_MISFIT: f32 = -0.28;
/// The fit above which they are counterparts then; unrelated texts stay below 0.2 even where they are short.
const ALONE_FITS: f32 = 0.25;
const LEAST_WORDS: f32 = 60.0;
/// Two files of one language that share so many of their words are of one template.
const SAME_TEMPLATE: f32 = 0.5;
/// Two files of one language that share so many of their words, and all figures, are versions of one text.
const SAME_TEXT: f32 = 0.8;

/// A file by its language and its number among that language's.
pub type File = (Language, usize);

/// Files that are one text: at most one a language, by their numbers in the lists given.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub files: BTreeMap<Language, usize>,
    /// How sure, 0 to 1; for a file without counterpart, how sure it has none.
    pub score: f32,
    /// Why a file has no counterpart; `None` for groups of two and more.
    pub why: Option<Why>,
}

/// Why a file has no counterpart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// There is no file in another language.
    NoOther,
    /// No file resembles it more than chance has it.
    Unlike,
    /// The nearest file has other numbers, dates or addresses: those that stand here alone, and there alone.
    Figures { near: File, here: Vec<String>, there: Vec<String> },
    /// The nearest file fits another one better.
    Taken { near: File, by: File },
    /// It is a version of another file's text.
    SameText { other: File },
    /// The nearest file fits, but not well enough to be sure.
    Unsure { near: File },
}

/// The groups of counterparts among `texts`, each file in exactly one: those of two and more files, then files
/// without counterpart; in the order of the first language's files.
pub fn counterparts(texts: &BTreeMap<Language, Vec<String>>, evidence: &Evidence) -> Vec<Group> {
    let texts = texts.iter().map(|(l, list)| (*l, list.iter().map(String::as_str).collect())).collect();
    Collection::new(&texts, &[], evidence, &|| ()).groups()
}

/// Whether two files are counterparts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Fits,
    Unsure,
    Misfit(Misfit),
}

/// What speaks against two files being counterparts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// `other` fits one of them, `of`, clearly better.
    Better { of: File, other: File },
    /// They explain each other no better than chance has it.
    Chance,
}

/// Files of two and more languages, compared.
pub struct Collection<'n> {
    shelves: BTreeMap<Language, Shelf>,
    fits: BTreeMap<(Language, Language), Fits>,
    named: &'n [BTreeMap<Language, usize>],
    /// The named set a file is in.
    set_of: BTreeMap<File, usize>,
}

/// Two files that fit, and how sure it is.
#[derive(Debug, Clone, Copy)]
struct Link {
    margin: f32,
    sure: f32,
    files: (File, File),
}

impl<'n> Collection<'n> {
    /// Reads and compares the files. `named` are sets that are known: their files are linked with no others, but
    /// files of languages they lack may join them. `step` is called as each pair of languages is done.
    pub fn new(
        texts: &BTreeMap<Language, Vec<&str>>,
        named: &'n [BTreeMap<Language, usize>],
        evidence: &Evidence,
        step: &(dyn Fn() + Sync),
    ) -> Collection<'n> {
        let shelf = |(l, texts): (&Language, &Vec<&str>)| (*l, Shelf::new(*l, texts, &evidence.concepts));
        let shelves: BTreeMap<Language, Shelf> = texts.par_iter().map(shelf).collect::<Vec<_>>().into_iter().collect();
        let pairs = shelves.iter().flat_map(|x| shelves.range(*x.0..).skip(1).map(move |y| (x, y)));
        let compared = pairs.collect::<Vec<_>>().into_par_iter().map(|((a, x), (b, y))| {
            let both = |set: &BTreeMap<Language, usize>| Some((*set.get(a)?, *set.get(b)?));
            let named: Vec<(usize, usize)> = named.iter().filter_map(both).collect();
            let fits = Fits::new(x, y, &named, evidence);
            step();
            ((*a, *b), fits)
        });
        let fits = compared.collect::<Vec<_>>().into_iter().collect();
        let files = named.iter().enumerate().flat_map(|(at, set)| set.iter().map(move |(l, file)| ((*l, *file), at)));
        Collection { shelves, fits, named, set_of: files.collect() }
    }

    /// The named set a file is in.
    fn set_of(&self, file: File) -> Option<&BTreeMap<Language, usize>> {
        self.set_of.get(&file).map(|at| &self.named[*at])
    }

    /// The groups of counterparts, each file in exactly one; see [`counterparts`]. Known sets come first.
    pub fn groups(&self) -> Vec<Group> {
        let mut links = Vec::new();
        let mut refused: BTreeMap<File, Why> = BTreeMap::new();
        for (languages, fits) in &self.fits {
            links.extend(self.linked(*languages, fits, &mut refused));
        }
        links.sort_by(|x, y| y.margin.total_cmp(&x.margin).then(x.files.cmp(&y.files)));
        let mut joined = Joined::new(self.named, &self.shelves);
        links.iter().for_each(|link| joined.join(link));
        let partner: BTreeMap<(File, Language), File> = links
            .iter()
            .flat_map(|l| [(l.files.0, l.files.1), (l.files.1, l.files.0)])
            .map(|(x, y)| ((x, y.0), y))
            .collect();
        let known = self.named.len();
        let mut out: Vec<(bool, Group)> = Vec::new();
        for (at, (files, sure)) in joined.groups.into_iter().enumerate().filter(|(_, (files, _))| !files.is_empty()) {
            let (score, why) = match (files.first_key_value(), files.len()) {
                (Some((language, file)), 1) if at >= known => {
                    let (score, why) = self.alone((*language, *file), &partner, &refused);
                    (score, Some(why))
                }
                _ if sure.is_empty() => (1.0, None),
                _ => (sure.iter().sum::<f32>() / sure.len() as f32, None),
            };
            out.push((at >= known, Group { files, score, why }));
        }
        out.sort_by_key(|(later, group)| {
            let first = group.files.iter().next().map(|(l, f)| (*l, *f));
            (*later, group.files.len() == 1, if *later { first } else { None })
        });
        out.into_iter().map(|(_, group)| group).collect()
    }

    /// The links between the files of two languages, best first, and into `refused` why others are not linked.
    fn linked(&self, (a, b): (Language, Language), fits: &Fits, refused: &mut BTreeMap<File, Why>) -> Vec<Link> {
        let (x, y) = (&self.shelves[&a], &self.shelves[&b]);
        let mut taken = (vec![false; x.len()], vec![false; y.len()]);
        for set in self.named {
            if let (Some(i), Some(j)) = (set.get(&a), set.get(&b)) {
                (taken.0[*i], taken.1[*j]) = (true, true);
            }
        }
        let mut columns: Vec<Vec<(u32, f32)>> = vec![Vec::new(); y.len()];
        let mut pairs: Vec<(f32, usize, usize, f32)> = Vec::new();
        for (i, row) in fits.rows.iter().enumerate() {
            for (j, fit) in row {
                columns[*j as usize].push((i as u32, *fit));
                pairs.push((fits.margin(i, *j as usize, *fit), i, *j as usize, *fit));
            }
        }
        pairs.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        let mut links = Vec::new();
        for (margin, i, j, fit) in pairs {
            let over_chance = fits.over_chance(i, j, fit);
            if taken.0[i] || taken.1[j] || (margin <= LEAST_MARGIN && over_chance <= LEAST_OVER_CHANCE) {
                continue;
            }
            let files = ((a, i), (b, j));
            if contradict(x, i, y, j) {
                for (file, near) in [files, (files.1, files.0)] {
                    refused.entry(file).or_insert_with(|| self.figures(file, near));
                }
                continue;
            }
            // By how much another file that is still free explains either one less well, over all words.
            let words = (x.side.words[i].len() + y.side.words[j].len()) as f32 / 2.0;
            let others_of_i = fits.rows[i].iter().filter(|(k, _)| *k as usize != j && !taken.1[*k as usize]);
            let others_of_j = columns[j].iter().filter(|(k, _)| *k as usize != i && !taken.0[*k as usize]);
            let others_of_i = others_of_i.filter(|(k, _)| !self.same_text((b, j), (b, *k as usize)));
            let others_of_j = others_of_j.filter(|(k, _)| !self.same_text((a, i), (a, *k as usize)));
            let rival = others_of_i.chain(others_of_j).map(|(_, fit)| *fit).fold(f32::NEG_INFINITY, f32::max);
            let lead = (fit - rival) * words;
            let of_template = over_chance > LEAST_OVER_CHANCE && lead > LEAST_LEAD;
            if margin <= LEAST_MARGIN && !of_template {
                for (file, near) in [files, (files.1, files.0)] {
                    refused.entry(file).or_insert(Why::Unsure { near });
                }
                continue;
            }
            let sure = match of_template {
                true => sure(margin)
                    .max(sure(over_chance - LEAST_OVER_CHANCE + LEAST_MARGIN).min(1.0 / (1.0 + (-lead / 2.0).exp()))),
                false => sure(margin),
            };
            (taken.0[i], taken.1[j]) = (true, true);
            links.push(Link { margin, sure, files });
        }
        links
    }

    fn contradicts(&self, x: File, y: File) -> bool {
        contradict(&self.shelves[&x.0], x.1, &self.shelves[&y.0], y.1)
    }

    /// The figures that rule out `near` as the counterpart of a file.
    fn figures(&self, file: File, near: File) -> Why {
        let of = |file: File| &self.shelves[&file.0].figures[file.1];
        let alone = |file, other| of(file).unanswered(of(other)).map(str::to_owned).collect();
        Why::Figures { near, here: alone(file, near), there: alone(near, file) }
    }

    /// Two files of one language are versions of one text.
    fn same_text(&self, a: File, b: File) -> bool {
        let shelf = &self.shelves[&a.0];
        a.0 == b.0 && shelf.figures[a.1].due == shelf.figures[b.1].due && shelf.shared(a.1, b.1) >= SAME_TEXT
    }

    /// Whether two files that are said to be counterparts may be. What fits the first one better is told first.
    pub fn verdict(&self, x: File, y: File) -> Verdict {
        let suspect = x;
        let (x, y) = if x.0 < y.0 { (x, y) } else { (y, x) };
        let compared = self.fits.get(&(x.0, y.0)).and_then(|fits| Some((fits, fits.fit(x.1, y.1)?)));
        let Some((fits, fit)) = compared else { return Verdict::Unsure };
        let (of_x, of_y) = (&self.shelves[&x.0], &self.shelves[&y.0]);
        let words = (of_x.side.words[x.1].len() + of_y.side.words[y.1].len()) as f32 / 2.0;
        if !fits::has_neighbours(of_x.len(), of_y.len()) {
            return match fit {
                fit if fit > ALONE_FITS => Verdict::Fits,
                fit if fit < ALONE_MISFIT && words >= LEAST_WORDS => Verdict::Misfit(Misfit::Chance),
                _ => Verdict::Unsure,
            };
        }
        let short = (LEAST_MARGIN - fits.margin(x.1, y.1, fit)) * words;
        match self.better(fits, (x, y), suspect, fit, words) {
            Some(better) if short > 0.0 || contradict(of_x, x.1, of_y, y.1) => Verdict::Misfit(better),
            _ if short > LEAST_SHORT => Verdict::Misfit(Misfit::Chance),
            _ if short < 0.0 => Verdict::Fits,
            _ => Verdict::Unsure,
        }
    }

    /// The file that fits `x` or `y` clearly better than these two fit each other, and has no better counterpart.
    fn better(&self, fits: &Fits, (x, y): (File, File), suspect: File, fit: f32, words: f32) -> Option<Misfit> {
        let own = |file: File, other: Language| self.set_of(file).and_then(|set| set.get(&other).copied());
        let of_x = fits.rows[x.1].iter().filter(|(k, _)| *k as usize != y.1).map(|(k, fit)| (*fit, x.1, *k as usize));
        let of_y = fits.columns[y.1].iter().map(|i| *i as usize).filter(|i| *i != x.1);
        let of_y = of_y.filter_map(|i| Some((fits.fit(i, y.1)?, i, y.1)));
        let clear = |(other, i, j): &(f32, usize, usize)| {
            if (other - fit) * words <= CLEARLY {
                return false;
            }
            let own = match *i == x.1 {
                true => own((y.0, *j), x.0).map(|i| (i, *j)),
                false => own((x.0, *i), y.0).map(|j| (*i, j)),
            };
            own.and_then(|(i, j)| fits.fit(i, j)).is_none_or(|theirs| theirs < *other)
        };
        let of_suspect = |i: usize| (i == x.1) == (suspect == x);
        let best = of_x.chain(of_y).filter(clear);
        let best = best.max_by(|a, b| (of_suspect(a.1), a.0).partial_cmp(&(of_suspect(b.1), b.0)).unwrap_or(Equal))?;
        Some(match best.1 == x.1 {
            true => Misfit::Better { of: x, other: (y.0, best.2) },
            false => Misfit::Better { of: y, other: (x.0, best.1) },
        })
    }

    /// The files of other languages this one was compared with, and their fits, as `see` takes them: file, over
    /// chance, margin.
    fn compared(&self, file: File) -> Vec<(File, f32, f32)> {
        let mut out = Vec::new();
        for ((a, b), fits) in &self.fits {
            let mut see = |near: File, i: usize, j: usize, fit: f32| {
                out.push((near, fits.over_chance(i, j, fit), fits.margin(i, j, fit)));
            };
            if *a == file.0 {
                fits.rows[file.1].iter().for_each(|(j, fit)| see((*b, *j as usize), file.1, *j as usize, *fit));
            }
            if *b == file.0 {
                let rows = fits.columns[file.1].iter().map(|i| *i as usize);
                let all = rows.filter_map(|i| Some((i, fits.fit(i, file.1)?)));
                all.for_each(|(i, fit)| see((*a, i), i, file.1, fit));
            }
        }
        out
    }

    /// How sure it is that a file has no counterpart, and why.
    fn alone(
        &self,
        file: File,
        partner: &BTreeMap<(File, Language), File>,
        refused: &BTreeMap<File, Why>,
    ) -> (f32, Why) {
        let compared = self.compared(file);
        let taken = |near: File| match self.set_of(near) {
            Some(set) => set.get(&file.0).map(|other| (file.0, *other)),
            None => partner.get(&(near, file.0)).copied(),
        };
        let free = compared.iter().filter(|(near, ..)| taken(*near).is_none());
        let score = 1.0 - free.map(|(.., margin)| sure(*margin)).fold(0.0, f32::max);
        let Some((near, ..)) = compared.iter().copied().max_by(|x, y| x.1.total_cmp(&y.1)) else {
            return (score, Why::NoOther);
        };
        let why = taken(near).and_then(|by| {
            if self.same_text(file, by) {
                return Some(Why::SameText { other: by });
            }
            let akin = self.shelves[&by.0].shared(file.1, by.1) >= SAME_TEMPLATE;
            akin.then(|| match self.contradicts(file, near) {
                true => self.figures(file, near),
                false => Why::Taken { near, by },
            })
        });
        (score, why.or_else(|| refused.get(&file).cloned()).unwrap_or(Why::Unlike))
    }
}

fn sure(margin: f32) -> f32 {
    1.0 / (1.0 + (-(margin - LEAST_MARGIN) * SLOPE).exp())
}

/// Files joined to groups of one file a language.
struct Joined {
    of: BTreeMap<File, usize>,
    /// So many groups, the first ones, are known sets.
    known: usize,
    /// The files of each, and how sure its links are; empty where it was joined to another.
    groups: Vec<(BTreeMap<Language, usize>, Vec<f32>)>,
}

impl Joined {
    fn new(named: &[BTreeMap<Language, usize>], shelves: &BTreeMap<Language, Shelf>) -> Joined {
        let mut out = Joined { of: BTreeMap::new(), known: named.len(), groups: Vec::new() };
        for set in named {
            out.of.extend(set.iter().map(|(language, file)| ((*language, *file), out.groups.len())));
            out.groups.push((set.clone(), Vec::new()));
        }
        for (language, shelf) in shelves {
            for file in 0..shelf.len() {
                if !out.of.contains_key(&(*language, file)) {
                    out.of.insert((*language, file), out.groups.len());
                    out.groups.push((BTreeMap::from([(*language, file)]), Vec::new()));
                }
            }
        }
        out
    }

    fn join(&mut self, link: &Link) {
        let (x, y) = (self.of[&link.files.0], self.of[&link.files.1]);
        let (into, from) = (x.min(y), x.max(y));
        if into == from {
            self.groups[into].1.push(link.sure);
            return;
        }
        if from < self.known {
            return;
        }
        let taken: BTreeSet<&Language> = self.groups[into].0.keys().collect();
        if self.groups[from].0.keys().any(|language| taken.contains(language)) {
            return;
        }
        let (files, sure) = std::mem::take(&mut self.groups[from]);
        self.of.extend(files.iter().map(|(language, file)| ((*language, *file), into)));
        self.groups[into].0.extend(files);
        self.groups[into].1.extend(sure);
        self.groups[into].1.push(link.sure);
    }
}

#[cfg(test)]
mod tests;
