//! What a reader saw of its source, kept where the words are to be put in anew: which piece of the text came from
//! where, and the marks between.

use crate::text::Span;

/// The way from a text back to the source it was read from.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Trace {
    /// In order of the text; those of one block in order of the source as well.
    pub tokens: Vec<Token>,
    /// Tags of HTML that may name a language or an encoding.
    pub tags: Vec<Span>,
    /// The first token behind the last barrier.
    block: usize,
}

/// A stretch of the source and what it is in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Token {
    /// Empty for what is no text. Text as long as its source is its source, but for the kind of its white space;
    /// other text stands for its source as a whole.
    pub text: Span,
    pub source: Span,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Words(Manner),
    Open(Mark),
    Close(Mark),
    /// A code, which may stand for text: a line break for its LF.
    Alone(Mark),
    /// Between blocks: no token on one side has to do with one on the other.
    Barrier,
}

/// How words are written where these stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Html,
    /// HTML that keeps its white space.
    Preformatted,
    Markdown,
    /// Markdown in a cell of a table.
    Cell,
    /// Code in Markdown, perhaps in a cell: as they are.
    Verbatim {
        cell: bool,
    },
    /// Text of an XML part.
    Xml,
}

/// What a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A tag, which says itself what it is.
    Tag,
    Emphasis,
    Strong,
    Strike,
    Link,
    /// A link of Markdown whose words are the name of its target.
    Named,
    /// An address in angle brackets.
    Address,
    Image,
    /// An image whose words are the name of its file.
    NamedImage,
    Code,
    Note,
    Break,
    /// A content control of Word.
    Control,
    /// A field: before its result, and behind it.
    Field,
    /// The end of a paragraph that is deleted, and the beginning of the next.
    Join,
    /// How a run looks.
    Format,
}

impl Token {
    /// Each byte of the text is one of the source.
    pub fn is_plain(&self) -> bool {
        self.text.len() == self.source.len()
    }
}

impl Trace {
    pub fn push(&mut self, token: Token) {
        if let Some(last) = self.tokens[self.block..].last_mut()
            && let (What::Words(_), true) = (token.what, last.what == token.what && last.text.end == token.text.start)
        {
            // Words that follow one another, and several letters that stand for one reference.
            let follows = last.source.end == token.source.start && last.is_plain() && token.is_plain();
            if follows || last.source == token.source {
                last.text.end = token.text.end;
                last.source.end = token.source.end;
                return;
            }
        }
        self.tokens.push(token);
    }

    /// Ends a block, of whose text `length` bytes are left.
    pub fn barrier(&mut self, length: usize) {
        if self.block == self.tokens.len() {
            return;
        }
        let mut block = self.tokens.split_off(self.block);
        // What is cut off at the end of the text is no text; a mark is a mark all the same.
        block.retain(|token| token.text.start < length || !matches!(token.what, What::Words(_)));
        // White space is told of when the next word comes, behind the marks between.
        block.sort_by_key(|token| token.source.start);
        let mut at = None;
        for token in &mut block {
            if token.text.is_empty() || token.text.start >= length {
                let here = at.unwrap_or(token.text.start).min(length);
                token.text = Span::new(here, here);
                continue;
            }
            if token.text.end > length {
                if token.is_plain() {
                    token.source.end -= token.text.end - length;
                }
                token.text.end = length;
            }
            at = Some(token.text.end);
        }
        let end = block.last().map(|token| token.source.end);
        self.tokens.append(&mut block);
        if let Some(end) = end {
            let text = Span::new(length, length);
            self.tokens.push(Token { text, source: Span::new(end, end), what: What::Barrier });
        }
        self.block = self.tokens.len();
    }
}
