//! Which pattern a path fits, as actix would answer, from a tree of all patterns by segment.
//!
//! actix tries pattern after pattern, which costs more than all the counting. The tree has what [`listing`](crate::listing) has
//! read of them, once in each worker, and gives the same answer in one walk along the path.

use crate::{
    listing::Listed,
    segments::{End, Segment, segments, variables},
};

/// The patterns of a service.
#[derive(Debug)]
pub(crate) struct Paths {
    nodes: Vec<Node>,
    patterns: Vec<Pattern>,
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
struct Node {
    /// Sorted by length and then by text: lengths are quicker to compare, and mostly differ.
    texts: Vec<(Box<str>, usize)>,
    variable: Option<usize>,
    expressions: Vec<(regex::Regex, usize)>,
    /// For paths that end here.
    end: Vec<Rule>,
    /// For paths that go on.
    rest: Vec<Rule>,
}

/// What a path fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    /// The first rule that a path fits decides.
    order: u32,
    answer: Answer,
    variables: u8,
}

/// What the patterns say of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The pattern with this number.
    Pattern(u32),
    /// None fits.
    Nothing,
    /// Only actix can tell.
    Ask,
}

/// Whether a request that a resource takes is known to be taken by the one that its path says, as guards may choose another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sure {
    /// No other fits the path.
    Alone,
    /// No other that fits the path has so many variables.
    Variables(u8),
    No,
}

/// What has been found on the way along a path.
struct Search {
    best: Option<Rule>,
    /// Those that take requests.
    takers: [Option<Rule>; 4],
    /// Whether there were more.
    overflows: bool,
}

impl Paths {
    pub(crate) fn new(root: &Listed) -> Self {
        let mut paths = Self { nodes: vec![Node::default()], patterns: Vec::new(), rules: 0 };
        paths.add(root, 0, "", 0);
        paths
    }

    /// A tree that knows nothing.
    pub(crate) fn unknown() -> Self {
        let mut paths = Self { nodes: vec![Node::default()], patterns: Vec::new(), rules: 0 };
        paths.put(0, true, true, Answer::Ask, 0);
        paths
    }

    /// How many patterns there are.
    pub(crate) const fn patterns(&self) -> usize {
        self.patterns.len()
    }

    pub(crate) fn pattern(&self, number: u32) -> Option<&Pattern> {
        self.patterns.get(number as usize)
    }

    /// What the patterns say of a path.
    #[inline]
    pub(crate) fn find(&self, path: &str) -> (Answer, Sure) {
        let Some(path) = path.strip_prefix('/') else { return (Answer::Ask, Sure::No) };
        let mut search = Search { best: None, takers: [None; 4], overflows: false };
        self.walk(0, Some(path), &mut search);
        search.found()
    }

    fn walk(&self, node: usize, path: Option<&str>, search: &mut Search) {
        let Some(node) = self.nodes.get(node) else { return };
        let Some(path) = path else {
            return node.end.iter().for_each(|rule| search.meet(rule));
        };
        node.rest.iter().for_each(|rule| search.meet(rule));
        let (segment, left) = match path.bytes().position(|byte| byte == b'/') {
            Some(at) => (path.get(..at).unwrap_or_default(), path.get(at + 1..)),
            None => (path, None),
        };
        if let Some((_, next)) = node.place_of(segment).ok().and_then(|at| node.texts.get(at)) {
            self.walk(*next, left, search);
        }
        if let Some(next) = node.variable
            && !segment.is_empty()
        {
            self.walk(next, left, search);
        }
        for (expression, next) in &node.expressions {
            if expression.is_match(segment) {
                self.walk(*next, left, search);
            }
        }
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
    #[inline]
    fn place_of(&self, segment: &str) -> Result<usize, usize> {
        self.texts
            .binary_search_by(|(text, _)| text.len().cmp(&segment.len()).then_with(|| (**text).cmp(segment)))
    }
}

impl Search {
    #[inline]
    fn meet(&mut self, rule: &Rule) {
        if self.best.is_none_or(|best| rule.order < best.order) {
            self.best = Some(*rule);
        }
        if rule.answer == Answer::Nothing {
            return;
        }
        match self.takers.iter_mut().find(|taker| taker.is_none()) {
            Some(free) => *free = Some(*rule),
            None => self.overflows = true,
        }
    }

    #[inline]
    fn found(&self) -> (Answer, Sure) {
        let Some(best) = self.best else { return (Answer::Nothing, Sure::Alone) };
        let others = || self.takers.iter().flatten().filter(|taker| taker.answer != best.answer);
        if best.answer == Answer::Ask || self.overflows {
            return (best.answer, Sure::No);
        }
        let is_alone = others().next().is_none();
        (best.answer, if is_alone { Sure::Alone } else { told_apart(&best, others()) })
    }
}

/// Whether the best is told apart from the others by how many variables it has.
fn told_apart<'a>(best: &Rule, mut others: impl Iterator<Item = &'a Rule>) -> Sure {
    let differs = |other: &Rule| other.answer != Answer::Ask && other.variables != best.variables;
    let is_told_apart = best.answer != Answer::Nothing && others.all(differs);
    if is_told_apart { Sure::Variables(best.variables) } else { Sure::No }
}

#[cfg(test)]
mod tests;
