//! From the tree of all patterns to the states that a path goes through.
//!
//! A path may fit several patterns at once, so that it is at several nodes of the tree. A state is such a set of nodes, with what
//! the path has met on its way to them.

use std::collections::{BTreeSet, HashMap};

use regex::Regex;

use crate::{
    paths::{Choice, Found, Next, Paths, State, Sure},
    tree::{Answer, Node, Rule, Tree},
};

/// So many steps between states are worked out. Where patterns overlap so much that there are more, actix is asked.
const STEPS: usize = 1 << 15;

/// So many different expressions are told apart at one place. Where there are more, actix is asked.
const EXPRESSIONS: usize = 5;

/// Where a path is in the tree, and what it has met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Place {
    nodes: Vec<usize>,
    met: Met,
}

/// The rules that a path fits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Met {
    /// The first of them.
    best: Option<Rule>,
    /// Those that take requests, with how many variables.
    takers: BTreeSet<(Answer, u8)>,
}

struct Compiler<'a> {
    nodes: &'a [Node],
    /// The first and the last order of a rule at each node or behind it.
    orders: Vec<(u32, u32)>,
    steps: usize,
    numbers: HashMap<Place, Next>,
    /// By number.
    places: Vec<Place>,
    choices: Vec<Choice>,
    found: Vec<Found>,
    found_numbers: HashMap<(Answer, Sure), Next>,
}

/// Works out all states.
pub(crate) fn paths(tree: Tree) -> Paths {
    let mut compiler = Compiler::new(&tree.nodes);
    compiler.number(Place { nodes: vec![0], met: Met::default() });
    let mut states = Vec::new();
    while let Some(place) = compiler.places.get(states.len()).cloned() {
        states.push(compiler.state(&place));
    }
    let (choices, found) = (compiler.choices, compiler.found);
    Paths { states, choices, found, patterns: tree.patterns, unknown: Found::new(Answer::Ask, Sure::No) }
}

impl<'a> Compiler<'a> {
    fn new(nodes: &'a [Node]) -> Self {
        let mut orders = vec![(u32::MAX, 0); nodes.len()];
        // Backwards, as each node comes after that which leads to it.
        for (at, node) in nodes.iter().enumerate().rev() {
            let own = node.end.iter().chain(&node.rest).map(|rule| (rule.order, rule.order));
            let behind = node.behind().map(|next| orders[next]);
            orders[at] = around(own.chain(behind));
        }
        Self {
            nodes,
            orders,
            steps: 0,
            numbers: HashMap::new(),
            places: Vec::new(),
            choices: Vec::new(),
            found: Vec::new(),
            found_numbers: HashMap::new(),
        }
    }

    /// The state of a path that is here.
    fn state(&mut self, place: &Place) -> State {
        let nodes: Vec<&Node> = place.nodes.iter().map(|node| &self.nodes[*node]).collect();
        let end = self.found(place.met.and(nodes.iter().flat_map(|node| &node.end)).verdict());
        let met = place.met.and(nodes.iter().flat_map(|node| &node.rest));
        let texts = nodes.iter().flat_map(|node| &node.texts).map(|(text, _)| &**text);
        let texts: BTreeSet<&str> = texts.filter(|text| !text.is_empty()).collect();
        let mut expressions: Vec<&Regex> = Vec::new();
        for (expression, _) in nodes.iter().flat_map(|node| &node.expressions) {
            if expressions.iter().all(|other| other.as_str() != expression.as_str()) {
                expressions.push(expression);
            }
        }
        let ask = self.found((Answer::Ask, Sure::No));
        let steps = self.steps + texts.len() + (1 << expressions.len().min(EXPRESSIONS));
        if steps > STEPS {
            return State::new(&[], ask, ask, end);
        }
        self.steps = steps;
        let mut step = |text: &str| self.step(&nodes, &met, Some(text), |one| one.is_match(text));
        let empty = step("");
        let texts: Vec<_> = texts.into_iter().map(|text| (text, step(text))).collect();
        let other = match expressions.len() {
            0 => self.step(&nodes, &met, None, |_| false),
            count if count > EXPRESSIONS => ask,
            _ => self.choice(&nodes, &met, &expressions),
        };
        State::new(&texts, empty, other, end)
    }

    /// Where a segment leads that is no text, by which expressions it matches.
    fn choice(&mut self, nodes: &[&Node], met: &Met, expressions: &[&Regex]) -> Next {
        let next = (0..1_usize << expressions.len()).map(|matched| {
            let is_matched = |one: &Regex| {
                let at = expressions.iter().position(|other| other.as_str() == one.as_str());
                at.is_some_and(|at| matched >> at & 1 == 1)
            };
            self.step(nodes, met, None, is_matched)
        });
        let choice =
            Choice { next: next.collect(), expressions: expressions.iter().copied().cloned().collect() };
        self.choices.push(choice);
        Next::choice(self.choices.len() - 1)
    }

    /// Where a text leads, or a segment that no text is and that is not empty.
    fn step(
        &mut self,
        nodes: &[&Node],
        met: &Met,
        text: Option<&str>,
        is_matched: impl Fn(&Regex) -> bool,
    ) -> Next {
        let mut behind: Vec<usize> = Vec::new();
        for node in nodes {
            behind.extend(text.and_then(|text| node.behind_text(text)));
            behind.extend(node.variable.filter(|_| text != Some("")));
            let matched = node.expressions.iter().filter(|(expression, _)| is_matched(expression));
            behind.extend(matched.map(|(_, next)| next));
        }
        behind.sort_unstable();
        self.number(Place { nodes: behind, met: met.clone() })
    }

    /// What is known of a path that is here: nothing more than its state, unless what comes behind makes no difference.
    fn number(&mut self, mut place: Place) -> Next {
        let (first, last) = around(place.nodes.iter().map(|node| self.orders[*node]));
        let is_sure = place.met.verdict().1 != Sure::No;
        // How far before or after all that may come a rule is makes no difference.
        match &mut place.met.best {
            Some(best) if best.order < first && !is_sure => place.nodes.clear(),
            Some(best) if best.order < first => best.order = 0,
            Some(best) if best.order > last => best.order = u32::MAX,
            _ => {}
        }
        if place.met.takers.is_empty() && place.met.best.is_some_and(|best| best.order == u32::MAX) {
            place.met.best = None;
        }
        if place.nodes.is_empty() {
            return self.found(place.met.verdict());
        }
        if let Some(known) = self.numbers.get(&place) {
            return *known;
        }
        let new = Next::state(self.places.len());
        self.places.push(place.clone());
        self.numbers.insert(place, new);
        new
    }

    fn found(&mut self, (answer, sure): (Answer, Sure)) -> Next {
        *self.found_numbers.entry((answer, sure)).or_insert_with(|| {
            self.found.push(Found::new(answer, sure));
            Next::found(self.found.len() - 1)
        })
    }
}

impl Met {
    /// With more rules.
    fn and<'a>(&self, rules: impl Iterator<Item = &'a Rule>) -> Self {
        let mut met = self.clone();
        for rule in rules {
            if met.best.is_none_or(|best| rule.order < best.order) {
                met.best = Some(*rule);
            }
            if rule.answer != Answer::Nothing {
                met.takers.insert((rule.answer, rule.variables));
            }
        }
        met
    }

    fn verdict(&self) -> (Answer, Sure) {
        let Some(best) = self.best else { return (Answer::Nothing, Sure::Alone) };
        if best.answer == Answer::Ask {
            return (best.answer, Sure::No);
        }
        let mut others = self.takers.iter().filter(|(answer, _)| *answer != best.answer).peekable();
        let sure = if others.peek().is_none() {
            Sure::Alone
        } else if best.answer != Answer::Nothing
            && others.all(|(answer, variables)| *answer != Answer::Ask && *variables != best.variables)
        {
            Sure::Variables(best.variables)
        } else {
            Sure::No
        };
        (best.answer, sure)
    }
}

/// The least of the first and the greatest of the second numbers.
fn around(all: impl Iterator<Item = (u32, u32)>) -> (u32, u32) {
    all.fold((u32::MAX, 0), |(first, last), (low, high)| (first.min(low), last.max(high)))
}
