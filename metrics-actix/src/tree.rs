//! All patterns of a service in a tree by segment, and what fits at each place of it.

use crate::{
    listing::Listed,
    segments::{End, Segment, segments, variables},
};

/// The patterns of a service.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Each one after that which leads to it.
    pub(crate) nodes: Vec<Node>,
    pub(crate) patterns: Vec<Pattern>,
    /// How many rules there are.
    rules: u32,
}

/// A pattern with those around it, and the name of its first resource.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) text: String,
    pub(crate) name: Option<String>,
}

/// What is known of the segments up to here.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// Where a segment leads that is a text of a pattern: sorted by text.
    pub(crate) texts: Vec<(Box<str>, usize)>,
    /// Where any segment leads but an empty one.
    pub(crate) variable: Option<usize>,
    pub(crate) expressions: Vec<(regex::Regex, usize)>,
    /// For paths that end here.
    pub(crate) end: Vec<Rule>,
    /// For paths that go on.
    pub(crate) rest: Vec<Rule>,
}

/// What a path fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Rule {
    /// The first rule that a path fits decides.
    pub(crate) order: u32,
    pub(crate) answer: Answer,
    pub(crate) variables: u8,
}

/// What the patterns say of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Answer {
    /// The pattern with this number.
    Pattern(u32),
    /// None fits.
    Nothing,
    /// Only actix can tell.
    Ask,
}

impl Tree {
    pub(crate) fn new(root: &Listed) -> Self {
        let mut tree = Self { nodes: vec![Node::default()], patterns: Vec::new(), rules: 0 };
        tree.add(root, 0, "", 0);
        tree
    }

    /// A tree that knows nothing.
    pub(crate) fn unknown() -> Self {
        let mut tree = Self { nodes: vec![Node::default()], patterns: Vec::new(), rules: 0 };
        tree.put(0, true, true, Answer::Ask, 0);
        tree
    }

    /// Adds a resource, or a scope with what is inside, behind a node.
    fn add(&mut self, listed: &Listed, node: usize, before: &str, variables_before: usize) {
        let first = listed.patterns.first().map_or("", String::as_str);
        let text = format!("{before}{first}");
        let Some(inside) = &listed.nodes else {
            // Whichever of its patterns fits, actix answers with the first.
            let answer = self.number(text, listed.name.as_deref());
            for pattern in &listed.patterns {
                let (segments, end) = segments(pattern);
                let variables = variables_before + variables(&segments) + usize::from(end == End::Tail);
                let node = self.path_to(node, segments);
                match end {
                    End::Here => self.put(node, true, listed.is_prefix, answer, variables),
                    End::Tail => self.put(node, false, true, answer, variables),
                    End::Unknown => self.put(node, true, true, Answer::Ask, 0),
                }
            }
            return;
        };
        let (segments, end) = segments(first);
        let variables = variables_before + variables(&segments);
        let node = self.path_to(node, segments);
        if end != End::Here || listed.patterns.len() > 1 || !listed.is_prefix {
            return self.put(node, true, true, Answer::Ask, 0);
        }
        for inner in inside {
            self.add(inner, node, &text, variables);
        }
        // Where a scope's pattern fits, what comes after the scope is not tried.
        self.put(node, true, true, Answer::Nothing, 0);
    }

    /// The number of a pattern. Several resources may have the same.
    fn number(&mut self, text: String, name: Option<&str>) -> Answer {
        let known = self.patterns.iter().position(|pattern| pattern.text == text);
        let number = known.unwrap_or_else(|| {
            self.patterns.push(Pattern { text, name: name.map(String::from) });
            self.patterns.len() - 1
        });
        u32::try_from(number).map_or(Answer::Ask, Answer::Pattern)
    }

    fn put(&mut self, node: usize, end: bool, rest: bool, answer: Answer, variables: usize) {
        // There are never so many that they would not fit.
        let rule = Rule { order: self.rules, answer, variables: u8::try_from(variables).unwrap_or(u8::MAX) };
        self.rules = self.rules.saturating_add(1);
        let node = &mut self.nodes[node];
        for rules in [end.then_some(&mut node.end), rest.then_some(&mut node.rest)].into_iter().flatten() {
            // Those after the first count only as others that may take a request.
            let is_new = rules.iter().all(|other| other.answer != answer);
            if rules.is_empty() || is_new && answer != Answer::Nothing {
                rules.push(rule);
            }
        }
    }

    /// The node behind these segments.
    fn path_to(&mut self, from: usize, segments: Vec<Segment>) -> usize {
        segments.into_iter().fold(from, |node, segment| match segment {
            Segment::Text(text) => self.text(node, &text),
            Segment::Variable => self.variable(node),
            Segment::Expression(expression, _) => self.expression(node, expression),
        })
    }

    fn push(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    fn text(&mut self, node: usize, text: &str) -> usize {
        match self.nodes[node].place_of(text) {
            Ok(at) => self.nodes[node].texts[at].1,
            Err(at) => {
                let next = self.push();
                self.nodes[node].texts.insert(at, (text.into(), next));
                next
            }
        }
    }

    fn variable(&mut self, node: usize) -> usize {
        if let Some(next) = self.nodes[node].variable {
            return next;
        }
        let next = self.push();
        self.nodes[node].variable = Some(next);
        next
    }

    fn expression(&mut self, node: usize, expression: regex::Regex) -> usize {
        let same = |(other, _): &&(regex::Regex, usize)| other.as_str() == expression.as_str();
        if let Some((_, next)) = self.nodes[node].expressions.iter().find(same) {
            return *next;
        }
        let next = self.push();
        self.nodes[node].expressions.push((expression, next));
        next
    }
}

impl Node {
    fn place_of(&self, text: &str) -> Result<usize, usize> {
        self.texts.binary_search_by(|(other, _)| (**other).cmp(text))
    }

    /// Where a text leads.
    pub(crate) fn behind_text(&self, text: &str) -> Option<usize> {
        self.place_of(text).ok().map(|at| self.texts[at].1)
    }

    /// All nodes to which one segment leads.
    pub(crate) fn behind(&self) -> impl Iterator<Item = usize> {
        let (texts, expressions) = (self.texts.iter(), self.expressions.iter());
        texts.map(|(_, next)| *next).chain(self.variable).chain(expressions.map(|(_, next)| *next))
    }
}
