//! Queries from a stream: each line by itself, or in its context.

use crate::{cli::CliError, lookup::Query, model::Context};
use std::{collections::VecDeque, io::BufRead};

/// The lines of a stream, one at a time, without their ends.
pub(super) struct Lines<R> {
    from: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    pub fn of(from: R) -> Lines<R> {
        Lines { from, number: 0 }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<String, CliError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        self.number += 1;
        match self.from.read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => return Some(Err(CliError::new(format_args!("standard input: {error}")))),
        }
        if self.number == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        if line.ends_with(b"\n") {
            line.pop();
        }
        if line.ends_with(b"\r") {
            line.pop();
        }
        let number = self.number;
        Some(
            String::from_utf8(line)
                .map_err(|_| CliError::new(format_args!("standard input:{number}: the line is not UTF-8"))),
        )
    }
}

/// Lines as one text: the neighbours of a line are the next ones before and after it that are not blank.
pub(super) struct InContext<I> {
    lines: I,
    /// What all have in common, and what stands before the first and after the last.
    around: Context,
    before: Option<String>,
    /// Read and not yet given: at most one that is not blank, or two.
    read: VecDeque<String>,
    failed: Option<CliError>,
}

impl<I: Iterator<Item = Result<String, CliError>>> InContext<I> {
    pub fn of(lines: I, around: Context) -> InContext<I> {
        let before = around.previous.clone();
        InContext { lines, around, before, read: VecDeque::new(), failed: None }
    }

    /// Reads a line more; `false` at the end, or where reading failed.
    fn read(&mut self) -> bool {
        match self.failed.is_none().then(|| self.lines.next()).flatten() {
            Some(Ok(line)) => self.read.push_back(line),
            Some(Err(error)) => self.failed = Some(error),
            None => return false,
        }
        self.failed.is_none()
    }
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

impl<I: Iterator<Item = Result<String, CliError>>> Iterator for InContext<I> {
    type Item = Result<Query, CliError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.read.is_empty() {
            self.read();
        }
        let Some(text) = self.read.pop_front() else { return self.failed.take().map(Err) };
        if is_blank(&text) {
            return Some(Ok(Query { text, context: Context::default() }));
        }
        while self.read.back().is_none_or(|line| is_blank(line)) && self.read() {}
        let next = self.read.back().filter(|line| !is_blank(line)).or(self.around.next.as_ref()).cloned();
        let previous = self.before.replace(text.clone());
        Some(Ok(Query { text, context: Context { previous, next, ..self.around.clone() } }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, around: Context) -> Vec<String> {
        InContext::of(Lines::of(text.as_bytes()), around)
            .map(|query| match query {
                Ok(Query { text, context }) => {
                    let part = |part: Option<String>| part.unwrap_or("-".into());
                    format!("{} [{text}] {}", part(context.previous), part(context.next))
                }
                Err(error) => error.message,
            })
            .collect()
    }

    #[test]
    fn lines_are_the_neighbours_of_lines() {
        let none = Context::default;
        assert_eq!(told("a\r\n\n \nb\nc", none()), ["- [a] b", "- [] -", "- [ ] -", "a [b] c", "b [c] -"]);
        assert_eq!(told("\na\n\n", none()), ["- [] -", "- [a] -", "- [] -"]);
        assert_eq!(told("", none()), Vec::<String>::new());
        let around = Context { previous: Some("x".into()), next: Some("y".into()), ..none() };
        assert_eq!(told("a\nb\n\n", around), ["x [a] b", "a [b] y", "- [] -"]);
    }

    #[test]
    fn a_broken_line_is_told_after_what_stands_before_it() {
        let bytes = b"a\nb\n\xff\nc\n";
        let found: Vec<_> = InContext::of(Lines::of(&bytes[..]), Context::default()).take(3).collect();
        assert_eq!(found[1].as_ref().unwrap().text, "b");
        assert_eq!(found[2].as_ref().unwrap_err().message, "standard input:3: the line is not UTF-8");
    }
}
