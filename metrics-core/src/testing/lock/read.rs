//! Reader of lock files.

use std::{collections::BTreeSet, str::FromStr};

use super::{
    model::{LabelDomain, Lock, LockedMetric},
    tokens::{LockError, Place, Token, tokens},
};
use crate::model::MetricType;

const TYPES: [MetricType; 6] = [
    MetricType::Counter,
    MetricType::Gauge,
    MetricType::Histogram,
    MetricType::Summary,
    MetricType::Info,
    MetricType::StateSet,
];

impl FromStr for Lock {
    type Err = LockError;

    /// Reads a lock file.
    ///
    /// # Errors
    ///
    /// Returns the place and the reason if the text is none, or if it was written by a later version.
    fn from_str(text: &str) -> Result<Self, LockError> {
        Reader { tokens: tokens(text)?, at: 0 }.lock()
    }
}

/// A value after `=`.
enum Value {
    Text(String),
    Texts(BTreeSet<String>),
    Numbers(Vec<f64>),
    Limit(usize),
    Word(String),
}

struct Reader {
    tokens: Vec<(Place, Token)>,
    at: usize,
}

impl Reader {
    fn lock(mut self) -> Result<Lock, LockError> {
        let mut lock = Lock::default();
        self.version()?;
        while self.skip_empty_lines() {
            let place = self.place();
            let (name, metric) = self.metric()?;
            if lock.exposed(&name).is_some() {
                return Err(LockError::new(place, format!("`{name}` stands twice")));
            }
            lock.metrics.insert(name, metric);
        }
        Ok(lock)
    }

    fn version(&mut self) -> Result<(), LockError> {
        self.skip_empty_lines();
        let place = self.place();
        let (key, value) = self.assignment()?;
        match (key.as_slice(), value) {
            ([key], Value::Word(version)) if key == "version" && version == "1" => Ok(()),
            ([key], Value::Word(version)) if key == "version" => {
                let message = format!("version {version} of the lock file is not known; update the crate");
                Err(LockError::new(place, message))
            }
            _ => Err(LockError::new(place, "a lock file begins with `version = 1`".to_owned())),
        }
    }

    /// Reads `[name]` and the lines below it.
    fn metric(&mut self) -> Result<(String, LockedMetric), LockError> {
        let place = self.place();
        self.sign('[')?;
        let name = self.key()?;
        self.sign(']')?;
        self.line_end()?;
        let mut metric_type = None;
        let mut metric = LockedMetric::new(MetricType::Gauge);
        let mut seen = BTreeSet::new();
        while self.skip_empty_lines() && !self.is_sign('[') {
            let place = self.place();
            let (key, value) = self.assignment()?;
            let shown = key.join(".");
            if !seen.insert(key.clone()) {
                return Err(LockError::new(place, format!("`{shown}` stands twice")));
            }
            let key: Vec<_> = key.iter().map(String::as_str).collect();
            match (key.as_slice(), value) {
                (["type"], Value::Text(text)) => metric_type = Some(type_of(place, &text)?),
                (["unit"], Value::Text(unit)) => metric.unit = Some(unit),
                (["renamed_from"], Value::Text(name)) => metric.renamed_from = Some(name),
                (["labels", label], value) => {
                    metric.labels.insert((*label).to_owned(), domain(place, value)?);
                }
                (["buckets"], Value::Numbers(bounds)) => metric.buckets = bounds,
                (["native"], Value::Word(word)) if word == "true" => metric.native = true,
                (["objectives"], Value::Texts(names)) => metric.objectives = names,
                _ => return Err(LockError::new(place, format!("unknown key `{shown}`, or a wrong value"))),
            }
        }
        let metric_type =
            metric_type.ok_or_else(|| LockError::new(place, format!("`{name}` has no `type`")))?;
        Ok((name, LockedMetric { metric_type, ..metric }))
    }

    /// Reads `key = value` or `key.key = value`.
    fn assignment(&mut self) -> Result<(Vec<String>, Value), LockError> {
        let mut keys = vec![self.key()?];
        while self.is_sign('.') {
            self.at += 1;
            keys.push(self.key()?);
        }
        self.sign('=')?;
        let value = match self.next() {
            (_, Token::Text(text)) => Value::Text(text),
            (_, Token::Word(word)) => Value::Word(word),
            (_, Token::Sign('[')) => self.list()?,
            (_, Token::Sign('{')) => self.limit()?,
            (place, other) => return Err(LockError::new(place, format!("expected a value, found {other}"))),
        };
        self.line_end()?;
        Ok((keys, value))
    }

    /// Reads the elements of a list after its bracket.
    fn list(&mut self) -> Result<Value, LockError> {
        let (mut texts, mut numbers) = (BTreeSet::new(), Vec::new());
        loop {
            while matches!(self.peek(), Token::LineEnd) && self.at + 1 < self.tokens.len() {
                self.at += 1;
            }
            match self.next() {
                (_, Token::Sign(']')) => break,
                (_, Token::Text(text)) if numbers.is_empty() => {
                    texts.insert(text);
                }
                (place, Token::Word(word)) if texts.is_empty() => {
                    let number: f64 = word
                        .parse()
                        .map_err(|_| LockError::new(place, format!("`{word}` is not a number")))?;
                    numbers.push(number);
                }
                (place, other) => {
                    return Err(LockError::new(place, format!("expected an element or `]`, found {other}")));
                }
            }
            if self.is_sign(',') {
                self.at += 1;
            }
        }
        Ok(if numbers.is_empty() { Value::Texts(texts) } else { Value::Numbers(numbers) })
    }

    /// Reads `limit = 10 }` after the brace.
    fn limit(&mut self) -> Result<Value, LockError> {
        let place = self.place();
        let key = self.key()?;
        self.sign('=')?;
        let (_, limit) = self.next();
        self.sign('}')?;
        match limit {
            Token::Word(limit) if key == "limit" => limit.parse().map(Value::Limit),
            _ => Ok(Value::Limit(0)),
        }
        .ok()
        .filter(|value| !matches!(value, Value::Limit(0)))
        .ok_or_else(|| LockError::new(place, "expected `limit = ` and a number above zero".to_owned()))
    }

    fn key(&mut self) -> Result<String, LockError> {
        match self.next() {
            (_, Token::Word(key) | Token::Text(key)) => Ok(key),
            (place, other) => Err(LockError::new(place, format!("expected a key, found {other}"))),
        }
    }

    fn sign(&mut self, sign: char) -> Result<(), LockError> {
        match self.next() {
            (_, Token::Sign(found)) if found == sign => Ok(()),
            (place, other) => Err(LockError::new(place, format!("expected `{sign}`, found {other}"))),
        }
    }

    fn line_end(&mut self) -> Result<(), LockError> {
        match self.next() {
            (_, Token::LineEnd) => Ok(()),
            (place, other) => {
                Err(LockError::new(place, format!("expected the end of the line, found {other}")))
            }
        }
    }

    fn is_sign(&self, sign: char) -> bool {
        *self.peek() == Token::Sign(sign)
    }

    /// Skips ends of lines and returns whether there is more.
    fn skip_empty_lines(&mut self) -> bool {
        while self.at < self.tokens.len() && *self.peek() == Token::LineEnd {
            self.at += 1;
        }
        self.at < self.tokens.len()
    }

    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::LineEnd, |(_, token)| token)
    }

    fn place(&self) -> Place {
        self.tokens.get(self.at).or(self.tokens.last()).map_or((1, 1), |(place, _)| *place)
    }

    fn next(&mut self) -> (Place, Token) {
        let next = (self.place(), self.peek().clone());
        self.at += 1;
        next
    }
}

fn type_of(place: Place, text: &str) -> Result<MetricType, LockError> {
    TYPES
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or_else(|| LockError::new(place, format!("unknown type `{text}`")))
}

fn domain(place: Place, value: Value) -> Result<LabelDomain, LockError> {
    match value {
        Value::Texts(values) => Ok(LabelDomain::Values(values)),
        Value::Limit(limit) => Ok(LabelDomain::Limited(limit)),
        Value::Text(text) if text == "any" => Ok(LabelDomain::Any),
        Value::Text(_) | Value::Numbers(_) | Value::Word(_) => {
            let message = "a label has a list of values, `{ limit = … }` or \"any\"".to_owned();
            Err(LockError::new(place, message))
        }
    }
}
