//! Patterns of the routes that have taken requests, as one automaton that predicts the route of a path.
//!
//! All workers share what is learned. The automaton is compiled anew at most once in an [`INTERVAL`]; while it lacks a pattern,
//! nothing is predicted and actix is asked. The patterns become the regular expressions that `actix_router::ResourceDef` makes of
//! them, for the decoded path.
//!
//! A path is walked once, byte by byte, in a lazy DFA of all patterns; its last state names all that fit.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use regex_automata::{
    Anchored, MatchKind,
    hybrid::{
        BuildError, LazyStateID,
        dfa::{Cache, DFA},
    },
    nfa::thompson,
    util::{start, syntax},
};

use crate::labels::MAX_ENDPOINTS;

/// Shortest time between two compilations.
const INTERVAL: Duration = Duration::from_secs(1);

/// Limit of the memory of the compiled patterns, in bytes.
const MAX_SIZE: usize = 10 << 20;

/// Limit of the memory of one worker's states, in bytes.
const MAX_CACHE: usize = 4 << 20;

/// Patterns that all workers have learned.
#[derive(Debug)]
pub(crate) struct RouteMatcher {
    interval: Duration,
    /// Number of changes to the patterns.
    version: AtomicU64,
    learned: Mutex<Learned>,
}

#[derive(Debug, Default)]
struct Learned {
    patterns: Vec<LearnedPattern>,
    compiled: Arc<CompiledPatterns>,
    is_compiling: bool,
    compiled_at: Option<Instant>,
}

/// Pattern of a route, as actix writes it.
#[derive(Clone, Debug)]
pub(crate) struct LearnedPattern {
    pub(crate) text: Arc<str>,
    pub(crate) traits: PatternTraits,
    /// Set where its predictions were wrong and actix knows better.
    is_unreliable: bool,
}

/// Properties of a route that its pattern does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PatternTraits {
    /// The route takes all paths that begin with the pattern, as `actix_files::Files` does.
    pub(crate) is_prefix: bool,
    /// Only routes of this crate have the pattern.
    pub(crate) is_own: bool,
}

/// Automaton of all patterns of one version.
#[derive(Debug, Default)]
struct CompiledPatterns {
    version: u64,
    patterns: Vec<LearnedPattern>,
    kinds: Vec<PatternKind>,
    has_expressions: bool,
    dfa: Option<DFA>,
}

/// Use of a fitting pattern for a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PatternKind {
    /// Fits one path.
    Literal,
    /// Fits the paths that its expression matches.
    Dynamic,
    /// Fits more paths than its route takes, or its predictions were wrong: actix is asked.
    Unreliable,
}

/// One worker's copy of the automaton, with the memory that a search needs.
#[derive(Debug)]
pub(crate) struct WorkerMatcher {
    compiled: Arc<CompiledPatterns>,
    dfa: Option<(DFA, Cache)>,
}

impl RouteMatcher {
    pub(crate) fn new() -> Self {
        Self::with_interval(INTERVAL)
    }

    fn with_interval(interval: Duration) -> Self {
        Self { interval, version: AtomicU64::new(0), learned: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns a pattern of a route that has taken a request. Patterns past the limit are ignored.
    pub(crate) fn learn(&self, text: &str, traits: PatternTraits) {
        let mut learned = self.lock();
        if let Some(known) = learned.patterns.iter_mut().find(|known| *known.text == *text) {
            let is_prefix = known.traits.is_prefix || traits.is_prefix;
            let is_own = known.traits.is_own && traits.is_own;
            let merged = PatternTraits { is_prefix, is_own };
            if known.traits == merged {
                return;
            }
            known.traits = merged;
        } else if learned.patterns.len() < MAX_ENDPOINTS {
            learned.patterns.push(LearnedPattern { text: text.into(), traits, is_unreliable: false });
        } else {
            return;
        }
        self.version.fetch_add(1, Relaxed);
    }

    /// Stops predictions of a pattern: actix is asked about the paths that it fits.
    pub(crate) fn distrust(&self, text: &str) {
        let mut learned = self.lock();
        let known = learned.patterns.iter_mut().find(|known| *known.text == *text && !known.is_unreliable);
        if let Some(known) = known {
            known.is_unreliable = true;
            self.version.fetch_add(1, Relaxed);
        }
    }

    /// Returns `true` if a worker's copy has all patterns.
    #[inline]
    pub(crate) fn is_current(&self, worker: &WorkerMatcher) -> bool {
        self.version.load(Relaxed) == worker.compiled.version
    }

    /// Returns a newer copy than a worker has, if there is one. It is compiled here if it is time to.
    ///
    /// A worker does not wait for another one.
    #[cold]
    pub(crate) fn newer_than(&self, worker: &WorkerMatcher, now: Instant) -> Option<WorkerMatcher> {
        let mut learned = self.learned.try_lock().ok()?;
        let version = self.version.load(Relaxed);
        let is_due =
            learned.compiled_at.is_none_or(|then| now.saturating_duration_since(then) >= self.interval);
        if learned.compiled.version != version && is_due && !learned.is_compiling {
            learned.is_compiling = true;
            let patterns = learned.patterns.clone();
            drop(learned);
            let compiled = Arc::new(CompiledPatterns::new(version, patterns));
            learned = self.lock();
            learned.compiled = compiled;
            learned.compiled_at = Some(now);
            learned.is_compiling = false;
        }
        let compiled = Arc::clone(&learned.compiled);
        drop(learned);
        (compiled.version != worker.compiled.version).then(|| WorkerMatcher::new(compiled))
    }
}

impl CompiledPatterns {
    fn new(version: u64, patterns: Vec<LearnedPattern>) -> Self {
        let parsed: Vec<_> = patterns.iter().map(|pattern| Parsed::new(&pattern.text)).collect();
        let expressions = |widened: bool| -> Vec<String> {
            let all = parsed.iter().zip(&patterns);
            all.map(|(parsed, pattern)| parsed.expression(pattern.traits.is_prefix, widened)).collect()
        };
        // An expression of a variable may be too large, or one that only another engine knows.
        let exact = compile(&expressions(false)).ok();
        let is_exact = exact.is_some();
        let dfa = exact.or_else(|| compile(&expressions(true)).ok());
        let kind = |(parsed, pattern): (&Parsed<'_>, &LearnedPattern)| {
            if pattern.is_unreliable || !parsed.is_certain || (parsed.has_expression && !is_exact) {
                PatternKind::Unreliable
            } else if parsed.is_literal() && !pattern.traits.is_prefix {
                PatternKind::Literal
            } else {
                PatternKind::Dynamic
            }
        };
        let kinds = parsed.iter().zip(&patterns).map(kind).collect();
        let has_expressions = parsed.iter().any(|parsed| parsed.has_expression);
        Self { version, patterns, kinds, has_expressions, dfa }
    }
}

fn compile(expressions: &[String]) -> Result<DFA, Box<BuildError>> {
    let config = DFA::config()
        // All patterns that fit are reported, not the first one.
        .match_kind(MatchKind::All)
        // Non-ASCII paths are not searched where it matters.
        .unicode_word_boundary(true)
        .cache_capacity(MAX_CACHE)
        .skip_cache_capacity_check(true);
    // Parts between slashes are matched as bytes: the path is valid UTF-8 anyway.
    let syntax = syntax::Config::new().utf8(false);
    let nfa = thompson::Config::new().utf8(false).nfa_size_limit(Some(MAX_SIZE));
    DFA::builder().configure(config).syntax(syntax).thompson(nfa).build_many(expressions).map_err(Box::new)
}

impl WorkerMatcher {
    /// Returns a copy without patterns.
    pub(crate) fn empty() -> Self {
        Self::new(Arc::default())
    }

    fn new(compiled: Arc<CompiledPatterns>) -> Self {
        let dfa = compiled.dfa.clone().map(|dfa| {
            let cache = dfa.create_cache();
            (dfa, cache)
        });
        Self { compiled, dfa }
    }

    /// Returns the patterns, in the order of their indices.
    pub(crate) fn patterns(&self) -> &[LearnedPattern] {
        &self.compiled.patterns
    }

    /// Returns the index of the pattern that predicts the route of a path: the only one that fits, or the literal one of several.
    #[inline]
    pub(crate) fn find(&mut self, path: &str) -> Option<usize> {
        // Without its feature `unicode` actix-web has other classes of letters and digits.
        if self.compiled.has_expressions && !path.is_ascii() {
            return None;
        }
        let (dfa, cache) = self.dfa.as_mut()?;
        let state = last_state(dfa, cache, path)?;
        let kinds = &self.compiled.kinds;
        let mut found = None;
        let fitting = dfa.match_len(cache, state);
        for at in 0..fitting {
            let index = dfa.match_pattern(cache, state, at).as_usize();
            match kinds.get(index)? {
                PatternKind::Literal => found = Some(index),
                PatternKind::Dynamic if fitting == 1 => found = Some(index),
                PatternKind::Dynamic => {}
                PatternKind::Unreliable => return None,
            }
        }
        found
    }
}

/// Walks along a path; `None` if no pattern fits.
#[inline]
fn last_state(dfa: &DFA, cache: &mut Cache, path: &str) -> Option<LazyStateID> {
    let mut state = dfa.start_state(cache, &start::Config::new().anchored(Anchored::Yes)).ok()?;
    for byte in path.bytes() {
        state = dfa.next_state(cache, state, byte).ok()?;
        if state.is_tagged() && (state.is_dead() || state.is_quit()) {
            return None;
        }
    }
    let state = dfa.next_eoi_state(cache, state).ok()?;
    state.is_match().then_some(state)
}

/// Pattern taken apart as `actix_router::ResourceDef` does.
struct Parsed<'a> {
    parts: Vec<Part<'a>>,
    has_expression: bool,
    /// Cleared where one text can mean two patterns: then it fits all that both would.
    is_certain: bool,
}

enum Part<'a> {
    Text(&'a str),
    /// `{name}`.
    Segment,
    /// `{name:expression}`.
    Expression(&'a str),
    /// `{name}*` at the end, or the rest of a pattern that is not certain.
    Anything,
}

impl<'a> Parsed<'a> {
    fn new(pattern: &'a str) -> Self {
        let mut parsed = Self { parts: Vec::new(), has_expression: false, is_certain: true };
        let mut rest = pattern;
        while let Some(open) = rest.find('{') {
            let (text, after) = rest.split_at(open);
            let has_star = !parsed.push_text(text);
            // actix refuses a brace that is not closed.
            let Some(close) = closing_brace(after).filter(|_| !has_star) else {
                return parsed.uncertain();
            };
            let (variable, after) = after.split_at(close + 1);
            let variable = &variable[1..close];
            rest = after;
            parsed.parts.push(match variable.split_once(':') {
                Some((_, expression)) => {
                    parsed.has_expression = true;
                    Part::Expression(expression)
                }
                None if rest == "*" => {
                    rest = "";
                    Part::Anything
                }
                None => Part::Segment,
            });
        }
        if parsed.push_text(rest) { parsed } else { parsed.uncertain() }
    }

    /// Adds a text up to a star, which may end the pattern of a scope or be one; returns `false` if there is a star.
    fn push_text(&mut self, text: &'a str) -> bool {
        let (text, has_star) = text.split_once('*').map_or((text, false), |(text, _)| (text, true));
        if !text.is_empty() {
            self.parts.push(Part::Text(text));
        }
        !has_star
    }

    fn uncertain(mut self) -> Self {
        self.parts.push(Part::Anything);
        self.is_certain = false;
        self
    }

    fn is_literal(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(_)))
    }

    /// Returns the regular expression, with expressions of variables `widened` to anything if they cannot be compiled.
    fn expression(&self, is_prefix: bool, widened: bool) -> String {
        let mut expression = String::from(r"\A");
        for part in &self.parts {
            match part {
                Part::Text(text) => expression.push_str(&regex::escape(text)),
                Part::Segment => expression.push_str("(?-u:[^/]+)"),
                Part::Expression(inner) if !widened => {
                    expression.push_str("(?s-m:");
                    expression.push_str(inner);
                    expression.push(')');
                }
                Part::Expression(_) | Part::Anything => expression.push_str("(?s-u:.*)"),
            }
        }
        if is_prefix {
            expression.push_str("(?s-u:/.*)?");
        }
        expression.push_str(r"\z");
        expression
    }
}

/// Returns the place of the brace that closes the first one.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.find(|character| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return false,
        }
        depth == 0
    })
}

/// Returns a pattern without the expressions of its variables.
pub(crate) fn without_expressions(pattern: &str) -> String {
    let (mut plain, mut rest) = (String::new(), pattern);
    while let Some(open) = rest.find('{') {
        let (text, after) = rest.split_at(open);
        let Some(close) = closing_brace(after) else { break };
        let (variable, closing) = after.split_at(close);
        plain.push_str(text);
        plain.push_str(variable.split_once(':').map_or(variable, |(name, _)| name));
        rest = closing;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests;
