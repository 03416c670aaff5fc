//! What the elements of a paragraph are for one who puts new words in: runs with their formats, and codes among them.

use crate::{
    formats::documents::trace::{Manner, Mark, Token, What},
    text::Span,
};
use std::collections::{HashMap, HashSet};

/// The tokens of a DOCX put in order: words and codes only, each code with the pieces of XML it is made of.
#[derive(Debug, Default)]
pub(in super::super) struct Layout {
    pub runs: Vec<Run>,
    pub texts: Vec<Text>,
    /// By the number of the token.
    pub details: Vec<Detail>,
    pub items: Vec<Item>,
    /// The barriers behind blocks whose elements are none of a sound paragraph's.
    pub odd: HashSet<usize>,
    /// Text boxes that are written a second time, for programs that cannot show the first: that one and the first one.
    pub twins: Vec<(Span, Span)>,
    classes: HashMap<String, usize>,
}

/// A run: a stretch of one format.
#[derive(Debug)]
pub(in super::super) struct Run {
    /// From its start tag to behind its end tag, and the start tag.
    pub span: Span,
    pub tag: Span,
    pub properties: Option<Span>,
    /// Runs of one class look alike.
    pub class: usize,
    /// Where its first and its last content begins and ends.
    pub content: Option<Span>,
}

/// An element that holds words.
#[derive(Debug)]
pub(in super::super) struct Text {
    pub tag: Span,
    pub inner: Span,
    pub end: usize,
}

/// What belongs to a token.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Detail {
    pub run: Option<usize>,
    pub text: Option<usize>,
    /// The pieces of a code among the items.
    pub items: Span,
}

/// A piece of XML: in a run of this number, or beside the runs.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Item {
    pub source: Span,
    pub run: Option<usize>,
}

/// Elements beside runs that are codes with all that is in them. Formulas are so too; what else stands around runs may
/// stand around any of them.
const WHOLE: &[&str] = &["AlternateContent", "del", "drawing", "fld", "moveFrom", "object", "pict", "t"];

/// What says something only of the words that were there.
const DROPPED: &[&str] = &["proofErr", "lastRenderedPageBreak"];

/// What stands for one character that may be written as itself.
const CHARACTERS: &[&str] = &["noBreakHyphen", "softHyphen", "sym"];

/// The name of the element a tag speaks of, without its prefix.
pub(in super::super) fn local(tag: &str) -> &str {
    let name = full(tag);
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

pub(in super::super) fn full(tag: &str) -> &str {
    let inner = tag.trim_start_matches('<').trim_start_matches('/');
    &inner[..inner.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(inner.len())]
}

/// An element beside runs is one code with all that is in it.
fn is_whole(tag: &str, name: &str) -> bool {
    WHOLE.contains(&name) || name.ends_with("Pr") || full(tag).starts_with("m:")
}

impl Layout {
    /// Puts the tokens of a document in order.
    pub fn arrange(tokens: Vec<Token>, source: &str) -> (Vec<Token>, Layout) {
        let mut layout = Layout::default();
        let mut out = Vec::with_capacity(tokens.len() / 2);
        for block in tokens.split_inclusive(|token| token.what == What::Barrier) {
            let mut paragraph = Paragraph::new(&mut layout, &mut out, source);
            for token in block {
                paragraph.take(token);
            }
            let odd = paragraph.finish();
            if odd && out.last().is_some_and(|token| token.what == What::Barrier) {
                layout.odd.insert(out.len() - 1);
            }
        }
        (out, layout)
    }

    /// The block that ends among `tokens`, the first of which has the number `first`, is not in order.
    pub fn is_odd(&self, tokens: &[Token], first: usize) -> bool {
        !self.odd.is_empty()
            && tokens
                .iter()
                .position(|token| token.what == What::Barrier)
                .is_some_and(|at| self.odd.contains(&(first + at)))
    }

    fn class(&mut self, format: String) -> usize {
        let next = self.classes.len();
        *self.classes.entry(format).or_insert(next)
    }
}

/// An element whose content is no affair of ours, and how deep we are in it.
struct Unit {
    name: String,
    start: usize,
    text: usize,
    depth: usize,
    /// The insides of the text boxes in it, in the order of their ends.
    boxes: Vec<Span>,
    open_boxes: Vec<usize>,
    /// Where the first of them begins that is there for other programs.
    fallback: Option<usize>,
}

struct Paragraph<'l, 's> {
    layout: &'l mut Layout,
    out: &'l mut Vec<Token>,
    source: &'s str,
    /// Open elements beside the runs.
    open: Vec<Around>,
    /// The paragraph's elements begun so far, and where the last one that ended did so.
    paragraphs: usize,
    ended: Option<usize>,
    run: Option<usize>,
    text: Option<usize>,
    worded: bool,
    /// In the properties of a run: how deep, and what they say.
    properties: usize,
    ignored: usize,
    format: String,
    unit: Option<Unit>,
    /// A field whose instruction is being read: its pieces, how deep fields nest in it, and where it stands in the text.
    field: Option<(Vec<Item>, usize, usize)>,
    at: usize,
    odd: bool,
}

/// An element around runs.
enum Around {
    Container,
    /// A content control, by where it begins, and where its content ends.
    Control {
        start: usize,
        entered: bool,
        left: Option<usize>,
    },
}

impl<'l, 's> Paragraph<'l, 's> {
    fn new(layout: &'l mut Layout, out: &'l mut Vec<Token>, source: &'s str) -> Paragraph<'l, 's> {
        Paragraph {
            layout,
            out,
            source,
            open: Vec::new(),
            paragraphs: 0,
            ended: None,
            run: None,
            text: None,
            worded: false,
            properties: 0,
            ignored: 0,
            format: String::new(),
            unit: None,
            field: None,
            at: 0,
            odd: false,
        }
    }

    fn take(&mut self, token: &Token) {
        self.at = token.text.start;
        match token.what {
            What::Barrier => {
                self.end_instruction();
                self.out.push(*token);
                self.layout.details.push(Detail::default());
            }
            What::Words(_) => self.words(token),
            What::Open(_) => self.element(token, false),
            What::Alone(_) => self.element(token, true),
            What::Close(_) => self.end(token),
        }
    }

    /// An instruction without an end would swallow words that come to stand behind it.
    fn end_instruction(&mut self) {
        if let Some((items, ..)) = self.field.take() {
            self.odd = true;
            self.push(Span::new(self.at, self.at), What::Alone(Mark::Field), items);
        }
    }

    /// The block's elements are not what they should be.
    fn finish(self) -> bool {
        self.odd
    }

    /// Adds a token; while an instruction is read, its pieces belong to that.
    fn push(&mut self, text: Span, what: What, items: Vec<Item>) {
        match (&mut self.field, what) {
            (Some((field, ..)), What::Alone(_)) => {
                field.extend(items);
                return;
            }
            (Some(_), _) => self.end_instruction(),
            (None, _) => {}
        }
        let source = match (items.first(), items.last()) {
            (Some(first), Some(last)) => Span::new(first.source.start, last.source.end.max(first.source.start)),
            _ => return,
        };
        let from = self.layout.items.len();
        let run = items[0].run;
        self.layout.items.extend(items);
        let items = Span::new(from, self.layout.items.len());
        self.layout.details.push(Detail { run, text: None, items });
        self.out.push(Token { text, source, what });
    }

    /// Something of the open run stands at `source`.
    fn content(&mut self, source: Span) {
        if let Some(run) = self.run {
            let content = &mut self.layout.runs[run].content;
            *content = Some(content.map_or(source, |old| Span::new(old.start, source.end)));
        }
    }

    fn words(&mut self, token: &Token) {
        if self.unit.is_some() {
            return;
        }
        let (Some(run), Some(text)) = (self.run, self.text) else {
            self.odd = true;
            return;
        };
        self.worded = true;
        self.layout.details.push(Detail { run: Some(run), text: Some(text), items: Span::default() });
        self.out.push(*token);
    }

    /// An element begins; `empty` if it is all there is of it.
    fn element(&mut self, token: &Token, empty: bool) {
        let tag = token.source.of(self.source);
        let name = local(tag);
        if let Some(unit) = &mut self.unit {
            unit.depth += usize::from(!empty);
            match name {
                "txbxContent" if !empty => unit.open_boxes.push(token.source.end),
                "Fallback" if unit.open_boxes.is_empty() => unit.fallback = Some(token.source.start),
                _ => {}
            }
            return;
        }
        if self.properties > 0 {
            self.property(token, name, empty);
        } else if self.run.is_some() {
            self.in_run(token, name, empty);
        } else {
            self.beside(token, name, empty);
        }
    }

    /// An element in a run's properties. What language it is in makes a run look no other.
    fn property(&mut self, token: &Token, name: &str, empty: bool) {
        let ignored = self.ignored > 0 || matches!(name, "lang" | "noProof");
        if !ignored {
            self.format.push_str(token.source.of(self.source));
        }
        self.properties += usize::from(!empty);
        self.ignored += usize::from(ignored && !empty);
    }

    fn in_run(&mut self, token: &Token, name: &str, empty: bool) {
        let Some(run) = self.run else { return };
        match name {
            "rPr" if self.layout.runs[run].content.is_none() => {
                self.layout.runs[run].properties = Some(token.source);
                self.properties = usize::from(!empty);
            }
            "t" if empty => {}
            "t" => {
                self.text = Some(self.layout.texts.len());
                self.worded = false;
                let inner = Span::new(token.source.end, token.source.end);
                self.layout.texts.push(Text { tag: token.source, inner, end: inner.end });
            }
            _ if empty && DROPPED.contains(&name) => {}
            "fldChar" if empty => {
                self.content(token.source);
                self.field(token.source);
            }
            _ if empty && CHARACTERS.contains(&name) && !token.text.is_empty() => {
                self.content(token.source);
                let detail = Detail { run: Some(run), text: None, items: Span::default() };
                self.layout.details.push(detail);
                self.out.push(Token { what: What::Words(Manner::Xml), ..*token });
            }
            _ if empty => {
                self.content(token.source);
                self.push(token.text, What::Alone(Mark::Tag), vec![Item { source: token.source, run: Some(run) }]);
            }
            _ => self.unit = Some(Unit { name: name.to_owned(), ..self.unit_at(token) }),
        }
    }

    fn unit_at(&self, token: &Token) -> Unit {
        Unit {
            name: String::new(),
            start: token.source.start,
            text: self.at,
            depth: 1,
            boxes: Vec::new(),
            open_boxes: Vec::new(),
            fallback: None,
        }
    }

    fn beside(&mut self, token: &Token, name: &str, empty: bool) {
        let tag = token.source.of(self.source);
        match name {
            "p" => {
                self.paragraphs += 1;
                // The paragraph before has no end: from there to here is a code.
                if let Some(start) = self.ended.take() {
                    let source = Span::new(start, token.source.end);
                    self.push(token.text, What::Open(Mark::Join), vec![Item { source, run: None }]);
                }
            }
            "r" if empty => {}
            "r" => {
                self.run = Some(self.layout.runs.len());
                self.format.clear();
                self.format.push_str(full(token.source.of(self.source)));
                let run = Run { span: token.source, tag: token.source, properties: None, class: 0, content: None };
                self.layout.runs.push(run);
            }
            "sdt" if !empty => {
                self.open.push(Around::Control { start: token.source.start, entered: false, left: None });
            }
            "sdtContent" if !empty => {
                let Some(Around::Control { start, entered, .. }) = self.open.last_mut() else {
                    self.odd = true;
                    return;
                };
                *entered = true;
                let source = Span::new(*start, token.source.end);
                self.push(token.text, What::Open(Mark::Control), vec![Item { source, run: None }]);
            }
            _ if !empty && !is_whole(tag, name) => {
                self.open.push(Around::Container);
                self.push(token.text, What::Open(Mark::Tag), vec![Item { source: token.source, run: None }]);
            }
            _ if empty && DROPPED.contains(&name) => {}
            _ if empty && name.ends_with("Pr") => self.own_properties(token.source),
            _ if empty => self.push(token.text, What::Alone(Mark::Tag), vec![Item { source: token.source, run: None }]),
            _ => self.unit = Some(Unit { name: name.to_owned(), ..self.unit_at(token) }),
        }
    }

    /// The properties of a container are one with its tag; those of the paragraph are none of our codes, unless it goes on
    /// from the one before.
    fn own_properties(&mut self, source: Span) {
        let Some(last) = self.out.last_mut().filter(|last| matches!(last.what, What::Open(_))) else { return };
        let items = self.layout.details.last().map_or(Span::default(), |detail| detail.items);
        if let Some(item) = self.layout.items[items.range()].last_mut()
            && self.source[item.source.end..source.start].trim().is_empty()
        {
            item.source.end = source.end;
            last.source.end = source.end;
        }
    }

    fn end(&mut self, token: &Token) {
        let name = local(token.source.of(self.source));
        if let Some(unit) = &mut self.unit {
            unit.depth -= 1;
            if let Some(start) = unit.open_boxes.pop_if(|_| name == "txbxContent")
                && unit.open_boxes.is_empty()
            {
                unit.boxes.push(Span::new(start, token.source.start));
            }
            if unit.depth == 0
                && let Some(unit) = self.unit.take()
            {
                self.whole(&unit, Span::new(unit.start, token.source.end), token.text.end);
            }
        } else if self.properties > 0 {
            self.properties -= 1;
            if self.properties == 0 {
                if let Some(properties) = self.run.and_then(|run| self.layout.runs[run].properties.as_mut()) {
                    properties.end = token.source.end;
                }
            } else if self.ignored > 0 {
                self.ignored -= 1;
            } else {
                self.format.push_str(token.source.of(self.source));
            }
        } else if let Some(run) = self.run {
            self.end_in_run(token, name, run);
        } else {
            self.end_beside(token, name);
        }
    }

    /// A unit has ended, which stands for the text up to `end`.
    fn whole(&mut self, unit: &Unit, source: Span, end: usize) {
        if let Some(fallback) = unit.fallback {
            let (first, second) = unit.boxes.split_at(unit.boxes.partition_point(|inner| inner.start < fallback));
            let twins = second.iter().zip(first).filter(|(a, b)| a.of(self.source) == b.of(self.source));
            self.layout.twins.extend(twins.map(|(second, first)| (*second, *first)));
        }
        match self.run {
            None if unit.name.ends_with("Pr") => return self.own_properties(source),
            None if DROPPED.contains(&&*unit.name) => return,
            None => {}
            Some(_) => self.content(source),
        }
        if self.run.is_some() && unit.name == "fldChar" {
            self.field(source);
        } else {
            let text = Span::new(unit.text, end.max(unit.text));
            self.push(text, What::Alone(Mark::Tag), vec![Item { source, run: self.run }]);
        }
    }

    fn end_in_run(&mut self, token: &Token, name: &str, run: usize) {
        if let Some(text) = self.text.filter(|_| name == "t") {
            self.text = None;
            let text = &mut self.layout.texts[text];
            text.inner.end = token.source.start.max(text.inner.start);
            text.end = token.source.end;
            let whole = Span::new(text.tag.start, text.end);
            let is_blank = text.inner.is_empty();
            if !is_blank {
                self.content(whole);
            }
            // Hidden words.
            if !is_blank && !self.worded {
                self.push(token.text, What::Alone(Mark::Tag), vec![Item { source: whole, run: Some(run) }]);
            }
        } else if name == "r" {
            let format = std::mem::take(&mut self.format);
            let class = self.layout.class(format);
            let it = &mut self.layout.runs[run];
            it.class = class;
            it.span.end = token.source.end;
            self.run = None;
        } else {
            self.odd = true;
        }
    }

    fn end_beside(&mut self, token: &Token, name: &str) {
        match (name, self.open.last_mut()) {
            ("p", _) => {
                self.odd |= !self.open.is_empty();
                self.ended = Some(token.source.start);
            }
            ("sdtContent", Some(Around::Control { left, .. })) => *left = Some(token.source.start),
            ("sdt", Some(Around::Control { start, entered, left })) => {
                let (what, start) = match (entered, left) {
                    (true, Some(left)) => (What::Close(Mark::Control), *left),
                    _ => (What::Alone(Mark::Control), *start),
                };
                self.open.pop();
                let source = Span::new(start, token.source.end);
                self.push(token.text, what, vec![Item { source, run: None }]);
            }
            (_, Some(Around::Container)) => {
                self.open.pop();
                self.push(token.text, What::Close(Mark::Tag), vec![Item { source: token.source, run: None }]);
            }
            _ => self.odd = true,
        }
    }

    /// A sign that begins, parts or ends a field.
    fn field(&mut self, source: Span) {
        let whole = source.of(self.source);
        let tag = &whole[..whole.find('>').unwrap_or(whole.len())];
        let item = Item { source, run: self.run };
        let here = Span::new(self.at, self.at);
        let kind = |wanted: &str| tag.contains(&format!("\"{wanted}\"")) || tag.contains(&format!("'{wanted}'"));
        match &mut self.field {
            None if kind("begin") => self.field = Some((vec![item], 1, self.at)),
            None if kind("end") => self.push(here, What::Close(Mark::Field), vec![item]),
            None => self.push(here, What::Alone(Mark::Field), vec![item]),
            Some((items, depth, _)) => {
                items.push(item);
                *depth += usize::from(kind("begin"));
                let parts = kind("separate") && *depth == 1;
                *depth -= usize::from(kind("end"));
                if (parts || *depth == 0)
                    && let Some((items, depth, _)) = self.field.take()
                {
                    let what = if depth == 0 { What::Alone(Mark::Field) } else { What::Open(Mark::Field) };
                    self.push(here, what, items);
                }
            }
        }
    }
}
