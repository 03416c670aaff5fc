//! SRX 1.0 and 2.0 (Segmentation Rules eXchange, LISA 2004 and 2008): break rules in groups, and which groups serve
//! which language.
//!
//! The rules are kept as written; what their patterns mean is not looked at here.

use super::{
    Event, FormatError, Source, shortened,
    xml::{Reader, escape_attribute, escape_text},
};

/// The longest pattern read, in bytes.
const LONGEST_PATTERN: usize = 1 << 20;

/// A file of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Srx {
    /// All groups whose maps match a language serve it, in the order of the maps; else the first one alone.
    pub cascade: bool,
    pub groups: Vec<Group>,
    pub maps: Vec<Map>,
}

/// `languagerule`: rules in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub rules: Vec<Rule>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// Where the file has it, from 1; 0 for one that is not from a file.
    pub line: usize,
    pub breaks: bool,
    /// Patterns of ICU's syntax; an empty one matches anywhere.
    pub before: String,
    pub after: String,
    /// Written before the rule as a comment; not read.
    pub note: String,
}

/// `languagemap`: the languages a group serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    pub line: usize,
    /// A pattern for the whole of a language's tag.
    pub pattern: String,
    pub group: String,
}

impl Srx {
    /// The rules of the groups whose maps match, in order. `matches` says whether a map does.
    pub fn chosen(&self, mut matches: impl FnMut(&Map) -> bool) -> Vec<&Rule> {
        let mut out = Vec::new();
        for map in &self.maps {
            if matches(map) {
                out.extend(self.groups.iter().filter(|group| group.name == map.group).flat_map(|group| &group.rules));
                if !self.cascade {
                    break;
                }
            }
        }
        out
    }

    /// The maps that name a group which is not there.
    pub fn astray(&self) -> impl Iterator<Item = &Map> {
        self.maps.iter().filter(|map| !self.groups.iter().any(|group| group.name == map.group))
    }
}

/// Reads an SRX file. The schema is not enforced: OmegaT's own file lacks an attribute it asks for.
///
/// # Errors
/// Where the file is not well-formed, is no SRX, or has neither rules nor maps.
pub fn read(source: Source<'_>) -> Result<Srx, FormatError> {
    let mut xml = Reader::new(source);
    let mut srx = Srx { cascade: false, groups: Vec::new(), maps: Vec::new() };
    let mut rule: Option<Rule> = None;
    let (mut is_srx, mut tables) = (false, 0);
    loop {
        match xml.next()? {
            Event::Eof => break,
            Event::Text => {}
            Event::Start => {
                let line = xml.line();
                if !is_srx {
                    if xml.local() != "srx" {
                        let what = format!("the root element is `{}`, not `srx`", shortened(xml.name()));
                        return Err(xml.error(what));
                    }
                    is_srx = true;
                    continue;
                }
                match xml.local() {
                    "header" => srx.cascade = xml.attribute("cascade").is_some_and(|value| value == "yes"),
                    "languagerule" => {
                        let name = xml.attribute("languagerulename").unwrap_or_default().to_owned();
                        srx.groups.push(Group { name, rules: Vec::new() });
                    }
                    "rule" => {
                        let breaks = xml.attribute("break").is_none_or(|value| value != "no");
                        rule = Some(Rule { line, breaks, ..Rule::default() });
                    }
                    name @ ("beforebreak" | "afterbreak") => {
                        let is_before = name == "beforebreak";
                        let pattern = xml.whole_text(LONGEST_PATTERN)?;
                        if pattern.len() > LONGEST_PATTERN {
                            return Err(xml.error("a pattern is longer than 1 MiB"));
                        }
                        if let Some(rule) = &mut rule {
                            *if is_before { &mut rule.before } else { &mut rule.after } = pattern;
                        }
                    }
                    // Version 1.0 may have several tables of maps, for whoever asks for one by name; the first serves.
                    "maprule" => tables += 1,
                    "languagemap" if tables < 2 => {
                        let value = |name| xml.attribute(name).unwrap_or_default().to_owned();
                        let (pattern, group) = (value("languagepattern"), value("languagerulename"));
                        srx.maps.push(Map { line, pattern, group });
                    }
                    _ => {}
                }
            }
            Event::End => {
                if xml.local() == "rule"
                    && let Some(group) = srx.groups.last_mut()
                {
                    group.rules.extend(rule.take());
                }
            }
        }
    }
    if srx.groups.iter().all(|group| group.rules.is_empty()) {
        return Err(FormatError::Unsuitable("the SRX file holds no rule".to_owned()));
    }
    if srx.maps.is_empty() {
        return Err(FormatError::Unsuitable(
            "the SRX file holds no `languagemap`: its rules serve no language".to_owned(),
        ));
    }
    Ok(srx)
}

/// The file as SRX 2.0, valid by its schema where every group holds a rule.
pub fn write(srx: &Srx) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<srx xmlns=\"http://www.lisa.org/srx20\" version=\"2.0\">\n");
    let cascade = if srx.cascade { "yes" } else { "no" };
    out.push_str(&format!("  <header segmentsubflows=\"yes\" cascade=\"{cascade}\">\n"));
    for (kind, include) in [("start", "no"), ("end", "yes"), ("isolated", "no")] {
        out.push_str(&format!("    <formathandle type=\"{kind}\" include=\"{include}\"/>\n"));
    }
    out.push_str("  </header>\n  <body>\n    <languagerules>\n");
    for group in &srx.groups {
        out.push_str("      <languagerule languagerulename=\"");
        escape_attribute(&group.name, &mut out);
        out.push_str("\">\n");
        for rule in &group.rules {
            if !rule.note.is_empty() {
                // Two hyphens end a comment.
                out.push_str(&format!("        <!-- {} -->\n", rule.note.replace("--", "- -")));
            }
            let breaks = if rule.breaks { "yes" } else { "no" };
            out.push_str(&format!("        <rule break=\"{breaks}\">\n"));
            for (name, pattern) in [("beforebreak", &rule.before), ("afterbreak", &rule.after)] {
                out.push_str(&format!("          <{name}>"));
                escape_text(pattern, &mut out);
                out.push_str(&format!("</{name}>\n"));
            }
            out.push_str("        </rule>\n");
        }
        out.push_str("      </languagerule>\n");
    }
    out.push_str("    </languagerules>\n    <maprules>\n");
    for map in &srx.maps {
        out.push_str("      <languagemap languagepattern=\"");
        escape_attribute(&map.pattern, &mut out);
        out.push_str("\" languagerulename=\"");
        escape_attribute(&map.group, &mut out);
        out.push_str("\"/>\n");
    }
    out.push_str("    </maprules>\n  </body>\n</srx>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::open;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Srx, FormatError> {
        read(open(text.as_bytes()).unwrap().source().unwrap())
    }

    const SAMPLE: &str = r#"<?xml version="1.0"?>
<s:srx xmlns:s="http://www.lisa.org/srx20" version="2.0">
<s:header cascade="yes"/>
<s:body><s:languagerules>
<s:languagerule languagerulename="En">
<s:rule break="no"><s:beforebreak>Mr\.</s:beforebreak>
<s:afterbreak>\s&lt;</s:afterbreak></s:rule>
<s:rule><s:beforebreak>[.]</s:beforebreak></s:rule>
</s:languagerule>
<s:languagerule languagerulename="All"><s:rule break="yes"><s:afterbreak><![CDATA[\s<]]></s:afterbreak></s:rule></s:languagerule>
</s:languagerules><s:maprules>
<s:languagemap languagepattern="en.*" languagerulename="En"/>
<s:languagemap languagepattern=".*" languagerulename="All"/>
<s:languagemap languagepattern="fr" languagerulename="Fr"/>
</s:maprules></s:body></s:srx>"#;

    #[test]
    fn rules_with_their_lines() {
        let srx = parse(SAMPLE).unwrap();
        let told: Vec<_> = srx
            .chosen(|map| map.pattern != "fr")
            .into_iter()
            .map(|rule| (rule.line, rule.breaks, rule.before.as_str(), rule.after.as_str()))
            .collect();
        assert_eq!(told, [(6, false, r"Mr\.", r"\s<"), (8, true, "[.]", ""), (10, true, "", r"\s<")]);
        let astray: Vec<_> = srx.astray().map(|map| (map.line, map.group.as_str())).collect();
        assert_eq!(astray, [(14, "Fr")]);
    }

    #[test]
    fn without_cascade_the_first_map_serves() {
        let srx = parse(&SAMPLE.replace("cascade=\"yes\"", "cascade=\"no\"")).unwrap();
        assert_eq!(srx.chosen(|_| true).len(), 2);
        assert_eq!(srx.chosen(|map| map.pattern == ".*").len(), 1);
    }

    #[test]
    fn version_1_0_has_tables_of_maps() {
        let srx = parse(
            r#"<srx version="1.0"><header segmentsubflows="yes"/><body><languagerules><languagerule languagerulename="D">
            <rule break="yes"><beforebreak>x</beforebreak></rule></languagerule></languagerules><maprules>
            <maprule maprulename="one"><languagemap languagepattern="a" languagerulename="D"/></maprule>
            <maprule maprulename="two"><languagemap languagepattern="b" languagerulename="D"/></maprule>
            </maprules></body></srx>"#,
        )
        .unwrap();
        assert!(!srx.cascade);
        assert_eq!(srx.maps.len(), 1);
        assert_eq!(srx.maps[0].pattern, "a");
    }

    #[test]
    fn what_is_no_srx_is_refused() {
        assert!(parse("<tmx/>").unwrap_err().to_string().ends_with("the root element is `tmx`, not `srx`"));
        assert_eq!(parse("<srx/>").unwrap_err().to_string(), "the SRX file holds no rule");
        let unmapped = SAMPLE.replace("languagemap", "foreign");
        assert!(parse(&unmapped).unwrap_err().to_string().contains("no `languagemap`"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            rules in prop::collection::vec(("[^\u{0}-\u{1f}\u{7f}-\u{9f}\u{fffd}-\u{10ffff}]{0,12}", ".{0,5}", any::<bool>()), 1..6),
            cascade in any::<bool>(),
        ) {
            let legal = |text: &str| text.chars().filter(|c| crate::formats::source::legal(*c)).collect::<String>();
            let rules: Vec<Rule> = rules
                .into_iter()
                .map(|(before, after, breaks)| Rule {
                    line: 0,
                    breaks,
                    before: legal(&before),
                    after: legal(&after),
                    note: String::new(),
                })
                .collect();
            let srx = Srx {
                cascade,
                groups: vec![Group { name: "a <\"b\">".to_owned(), rules }],
                maps: vec![Map { line: 0, pattern: "(az|AZ).*".to_owned(), group: "a <\"b\">".to_owned() }],
            };
            let mut back = parse(&write(&srx)).unwrap();
            back.groups.iter_mut().flat_map(|group| &mut group.rules).for_each(|rule| rule.line = 0);
            back.maps.iter_mut().for_each(|map| map.line = 0);
            prop_assert_eq!(back, srx);
        }
    }
}
