//! Blocks of `promql` in Markdown.

use std::sync::Arc;

use crate::{
    expression::{Expression, Owner},
    mapped_text::MappedText,
    query,
    source_file::SourceFile,
};

/// Queries of the blocks that are fenced and marked as `promql`.
pub(super) fn read(file: &Arc<SourceFile>) -> Vec<Expression> {
    let blocks = blocks(file.text());
    let queries = blocks.iter().flat_map(queries);
    let expression =
        |text| Expression { file: Arc::clone(file), owner: Owner::Document, readings: vec![text] };
    queries.map(expression).collect()
}

/// Returns the contents of the blocks.
fn blocks(text: &str) -> Vec<MappedText> {
    let mut blocks = Vec::new();
    // The fence of the block that the line is in, and whether it is of PromQL.
    let mut open: Option<(&str, Option<MappedText>)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t', '>']);
        let marks = content.trim_start_matches('`').len().min(content.trim_start_matches('~').len());
        let fence = content.get(..content.len() - marks).filter(|fence| fence.len() >= 3);
        match (&mut open, fence) {
            (Some((opening, _)), Some(fence)) if fence.starts_with(*opening) => {
                blocks.extend(open.take().and_then(|(_, block)| block));
            }
            (Some((_, Some(block))), _) => {
                block.push_part(&MappedText::verbatim(line, start), 0..line.len());
            }
            (None, Some(fence)) => {
                let language = content.trim_start_matches(['`', '~']).split_whitespace().next();
                open = Some((fence, (language == Some("promql")).then(MappedText::default)));
            }
            (Some((_, None)) | None, _) => {}
        }
        start += line.len();
    }
    blocks.extend(open.and_then(|(_, block)| block));
    blocks
}

/// Splits a block into queries: the whole is one if it parses, else its paragraphs, else lines up to one with all brackets closed.
fn queries(block: &MappedText) -> Vec<MappedText> {
    let trimmed = block.trimmed();
    if query::parse(&trimmed).is_ok() {
        return vec![trimmed];
    }
    let paragraphs = split(block, |_, line| line.trim().is_empty());
    paragraphs
        .into_iter()
        .flat_map(|paragraph| {
            if query::parse(&paragraph.trimmed()).is_ok() {
                return vec![paragraph];
            }
            let lines = split(&paragraph, |before, _| has_closed_brackets(before));
            let all_parse = lines.iter().all(|line| query::parse(&line.trimmed()).is_ok());
            // One with an error is told as a whole, unless it is one line of several queries.
            if all_parse || lines.len() > 1 { lines } else { vec![paragraph] }
        })
        .map(|query| query.trimmed())
        .filter(|query| !is_comment(query.as_str()))
        .collect()
}

/// Splits a text after the lines for which a condition on the text up to there and the line is true.
fn split(text: &MappedText, is_end: impl Fn(&str, &str) -> bool) -> Vec<MappedText> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    for line in text.as_str().split_inclusive('\n') {
        at += line.len();
        let before = text.as_str().get(start..at).unwrap_or_default();
        if is_end(before, line) {
            parts.push(text.part(start..at));
            start = at;
        }
    }
    parts.push(text.part(start..at));
    parts.retain(|part| !part.as_str().trim().is_empty());
    parts
}

fn has_closed_brackets(text: &str) -> bool {
    let count = |brackets: [char; 3]| text.matches(brackets).count();
    !is_comment(text) && count(['(', '{', '[']) == count([')', '}', ']'])
}

/// Returns whether a text has comments and blank lines alone.
fn is_comment(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || line.trim().starts_with('#'))
}
