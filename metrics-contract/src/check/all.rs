//! The check of all queries.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    thread,
};

use metrics_core::testing::lock::LabelDomain;

use super::{known::Known, recordings::RecordedShapes, selectors::Problem, shape::Shape, walk::Walk};
use crate::{
    contract::Contract,
    expression::{Expression, Recording},
    finding::{Finding, Rule},
    mapped_text::MappedText,
    query::{self, MatcherOperator, Query, Selector},
    source::Sources,
};

/// Stack size of the thread that walks through queries, which may be deeply nested.
const STACK: usize = 256 << 20;

/// Checks the queries of files and returns what is wrong, sorted by place.
///
/// Files that cannot be read and queries that do not parse are findings, too.
///
/// ```
/// use metrics_contract::{Contract, Rule, SourceFile, Sources, check};
///
/// let lock = "version = 1\n[jobs]\ntype = \"gauge\"\nlabels.queue = [\"mail\"]\n".parse()?;
/// let mut sources = Sources::default();
/// sources.add(SourceFile::new("docs.md", "```promql\nsum by (queu) (jobs{queue=\"male\"})\n```\n"));
/// let rules: Vec<_> = check(&Contract::new(lock), &sources).iter().map(|finding| finding.rule).collect();
/// assert_eq!(rules, [Rule::UnknownGroupingLabel, Rule::ImpossibleValue]);
/// # Ok::<(), metrics_core::testing::lock::LockError>(())
/// ```
pub fn check(contract: &Contract, sources: &Sources) -> Vec<Finding> {
    let work = || Check::new(contract, sources).findings();
    let on_thread = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok()?;
        thread.join().ok()
    });
    // Where no thread can be had the present one has to do.
    let mut findings = on_thread.unwrap_or_else(work);
    findings.extend(sources.unreadable.iter().cloned());
    findings.sort();
    findings.dedup();
    findings
}

/// A parsed query with the text that was parsed.
struct Parsed<'a> {
    expression: &'a Expression,
    text: &'a MappedText,
    query: Query,
}

struct Check<'a> {
    known: Known<'a>,
    contract: &'a Contract,
    recordings: &'a [Recording],
    parsed: Vec<Parsed<'a>>,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    fn new(contract: &'a Contract, sources: &'a Sources) -> Self {
        let mut check = Self {
            known: Known::new(contract),
            contract,
            recordings: &sources.recordings,
            parsed: Vec::new(),
            findings: Vec::new(),
        };
        let of_recordings = sources.recordings.iter().map(|recording| &recording.expression);
        for expression in sources.expressions.iter().chain(of_recordings) {
            match parse(expression) {
                Ok(parsed) => check.parsed.push(parsed),
                Err(finding) => check.findings.extend(finding),
            }
        }
        check
    }

    fn findings(mut self) -> Vec<Finding> {
        let recorded = self.recorded_shapes();
        for Parsed { expression, text, query } in &self.parsed {
            let mut walk = Walk { known: &self.known, recorded: &recorded, problems: Vec::new() };
            walk.query(query);
            let finding = |Problem { rule, at, message }| {
                Finding::new(rule, &expression.file, text.origin(at), message).in_query_of(&expression.owner)
            };
            self.findings.extend(walk.problems.into_iter().map(finding));
        }
        let unused = self.unused_recordings();
        self.findings.extend(unused);
        self.findings
    }

    /// Computes the shapes of recordings, those that others read first.
    fn recorded_shapes(&self) -> RecordedShapes {
        let mut waiting: BTreeMap<&str, Vec<(&Recording, Option<&Query>)>> = BTreeMap::new();
        for recording in self.recordings {
            let parsed = self
                .parsed
                .iter()
                .find(|parsed| std::ptr::eq(parsed.expression, &raw const recording.expression));
            let query = parsed.map(|parsed| &parsed.query);
            waiting.entry(&recording.name).or_default().push((recording, query));
        }
        let mut recorded = RecordedShapes::default();
        while !waiting.is_empty() {
            let is_ready = |rules: &[(&Recording, Option<&Query>)]| {
                let reads = rules.iter().filter_map(|(_, query)| *query).flat_map(selectors);
                reads
                    .filter_map(|selector| selector.metric.as_deref())
                    .all(|name| !waiting.contains_key(name))
            };
            let ready: Vec<&str> =
                waiting.iter().filter(|(_, rules)| is_ready(rules)).map(|(name, _)| *name).collect();
            // Recordings that read each other: of these nothing is known.
            let is_circle = ready.is_empty();
            let ready = if is_circle { waiting.keys().copied().collect() } else { ready };
            for name in ready {
                for (recording, query) in waiting.remove(name).unwrap_or_default() {
                    let query = query.filter(|_| !is_circle);
                    recorded.add(name, self.recorded_shape(recording, query, &recorded));
                }
            }
        }
        recorded
    }

    fn recorded_shape(
        &self,
        recording: &Recording,
        query: Option<&Query>,
        recorded: &RecordedShapes,
    ) -> Shape {
        let mut walk = Walk { known: &self.known, recorded, problems: Vec::new() };
        let mut shape = query.map_or_else(Shape::unknown, |query| walk.query(query));
        for (label, value) in &recording.labels {
            let value = value.clone().map(|value| LabelDomain::Values(BTreeSet::from([value])));
            shape.labels.insert(label, value.unwrap_or(LabelDomain::Any));
        }
        Shape { is_scalar: false, leaves: Vec::new(), ..shape }
    }

    fn unused_recordings(&self) -> Vec<Finding> {
        let read: Vec<&Selector> = self.parsed.iter().flat_map(|parsed| selectors(&parsed.query)).collect();
        let names: BTreeSet<&str> = read.iter().filter_map(|selector| selector.metric.as_deref()).collect();
        let by_pattern = |name: &str| {
            read.iter().flat_map(|selector| &selector.matchers).any(|matcher| {
                let is_pattern = matcher.label == "__name__" && matcher.operator == MatcherOperator::Regex;
                is_pattern && matcher.condition.is_match(name)
            })
        };
        let elsewhere = |name: &str| self.contract.read_elsewhere.iter().any(|pattern| pattern.matches(name));
        let is_unused = |recording: &&Recording| {
            let name = recording.name.as_str();
            !names.contains(name) && !by_pattern(name) && !elsewhere(name)
        };
        let finding = |recording: &Recording| {
            let message = format!("no query reads the recording `{}`", recording.name);
            Finding::new(Rule::UnusedRecording, &recording.expression.file, recording.name_at, message)
                .in_query_of(&recording.expression.owner)
        };
        self.recordings.iter().filter(is_unused).map(finding).collect()
    }
}

/// Parses the first reading of an expression that is a query.
fn parse(expression: &Expression) -> Result<Parsed<'_>, Option<Finding>> {
    let mut error = None;
    for text in &expression.readings {
        match query::parse(text) {
            Ok(query) => return Ok(Parsed { expression, text, query }),
            Err(problem) => {
                error.get_or_insert_with(|| {
                    let file = Arc::clone(&expression.file);
                    let place = text.origin(problem.at);
                    Finding::new(Rule::InvalidQuery, &file, place, problem.message)
                        .in_query_of(&expression.owner)
                });
            }
        }
    }
    Err(error)
}

/// Returns the selectors of a query in the order of its text.
fn selectors(query: &Query) -> Vec<&Selector> {
    let mut found = Vec::new();
    let mut waiting = vec![query];
    while let Some(query) = waiting.pop() {
        match query {
            Query::Selector(selector) => found.push(selector),
            Query::Call { arguments, .. } => waiting.extend(arguments.iter().rev()),
            Query::Aggregation { parameter, of, .. } => {
                waiting.push(of);
                waiting.extend(parameter.as_deref());
            }
            Query::Binary { left, right, .. } => waiting.extend([&**right, &**left]),
            Query::Wrapped(query) => waiting.push(query),
            Query::Number | Query::Text(_) => {}
        }
    }
    found
}
