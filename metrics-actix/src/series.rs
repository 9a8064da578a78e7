//! The series that requests of one kind count in, looked up once by each worker.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    sync::Arc,
    time::Duration,
};

use metrics_core::{Counter, Gauge, Histogram};

use crate::{
    families::{EndingText, Families, Measure, Subject},
    labels::{Attribute, Fault, Method, Outcome, Protocol},
    preset::StatusLabel,
    routes::Route,
    values::Place,
};

/// A few values by their keys. Mostly there is one, and looking at a few is quicker than a hash.
pub(crate) type Few<K, V> = Vec<(K, V)>;

/// The number of a combination of the values that the user's labels have.
pub(crate) type Combination = u32;

/// What requests of one kind have in common when they begin, the route aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Beginning {
    pub(crate) method: Method,
    pub(crate) protocol: Protocol,
    pub(crate) values: Combination,
}

/// How requests of one kind end: the outcome and the values of the labels from the response, in one word to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    word: u64,
    outcome: Outcome,
}

impl Ending {
    #[inline]
    pub(crate) const fn new(outcome: Outcome, values: Combination) -> Self {
        let word = (values as u64) << 32 | (outcome.fault as u64) << 16 | outcome.status as u64;
        Self { word, outcome }
    }

    pub(crate) const fn values(self) -> Combination {
        (self.word >> 32) as Combination
    }
}

/// Requests of one kind.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) beginning: Beginning,
    route: Route,
    request_values: Box<[Arc<str>]>,
    in_progress: OnceCell<Box<[Gauge]>>,
    panics: OnceCell<Box<[Counter]>>,
    exits: RefCell<Few<u64, Exit>>,
}

/// Requests of one kind that end in one way.
#[derive(Debug)]
struct Exit {
    requests: Box<[Counter]>,
    durations: Box<[Histogram]>,
    first_bytes: Box<[Histogram]>,
    request_sizes: Box<[Histogram]>,
    response_sizes: Box<[Histogram]>,
    panics: Box<[Counter]>,
    /// The labels whose values were past their limits.
    overflows: Box<[Attribute]>,
}

/// What was measured of a request that has ended.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measured {
    pub(crate) duration: Duration,
    /// Where a head was given.
    pub(crate) first_byte: Option<Duration>,
    pub(crate) request_size: Option<u64>,
    pub(crate) response_size: u64,
}

/// The texts of the values of a combination, and the labels that are past their limits.
pub(crate) struct ResponseValues {
    pub(crate) texts: Box<[Arc<str>]>,
    pub(crate) overflows: Vec<Attribute>,
}

impl Entry {
    pub(crate) fn new(beginning: Beginning, route: Route, request_values: Box<[Arc<str>]>) -> Self {
        let (in_progress, panics, exits) = (OnceCell::new(), OnceCell::new(), RefCell::default());
        Self { beginning, route, request_values, in_progress, panics, exits }
    }

    fn subject<'a>(&'a self, ending: Option<EndingText<'a>>) -> Subject<'a> {
        Subject {
            endpoint: &self.route.endpoint,
            division: self.route.division,
            method: self.beginning.method,
            protocol: self.beginning.protocol,
            request_values: &self.request_values,
            ending,
        }
    }

    #[inline]
    fn gauges(&self, families: &Families) -> &[Gauge] {
        self.in_progress.get_or_init(|| {
            if families.enter_by_endpoint() {
                self.panics(families);
            }
            series(&families.in_progress, &self.subject(None))
        })
    }

    /// There before the first panic, at zero: what appears at one has not increased for a query.
    fn panics(&self, families: &Families) -> &[Counter] {
        self.panics.get_or_init(|| series(&families.panics, &self.subject(None)))
    }

    /// A request begins.
    #[inline]
    pub(crate) fn enter(&self, families: &Families) {
        self.gauges(families).iter().for_each(Gauge::inc);
    }

    /// A request that has begun here is over.
    #[inline]
    pub(crate) fn leave(&self, families: &Families) {
        self.gauges(families).iter().for_each(Gauge::dec);
    }

    /// Counts a request that has ended.
    #[inline]
    pub(crate) fn count(
        &self,
        families: &Families,
        status: StatusLabel,
        ending: Ending,
        measured: &Measured,
        values: impl FnOnce() -> ResponseValues,
    ) {
        if let Some((_, exit)) = self.exits.borrow().iter().find(|(word, _)| *word == ending.word) {
            return exit.count(families, measured);
        }
        let exit = self.exit(families, status, ending.outcome, &values());
        exit.count(families, measured);
        self.exits.borrow_mut().push((ending.word, exit));
    }

    #[cold]
    fn exit(
        &self,
        families: &Families,
        status: StatusLabel,
        outcome: Outcome,
        values: &ResponseValues,
    ) -> Exit {
        let (status, error_type) = (families.status(status, outcome), outcome.error_type());
        let mut overflows = values.overflows.clone();
        if self.route.overflows {
            overflows.push(Attribute::Endpoint);
        }
        if *status == *metrics_core::OTHER {
            overflows.push(Attribute::Status);
        }
        let ending = EndingText { status: &status, error_type: &error_type, response_values: &values.texts };
        let subject = self.subject(Some(ending));
        let (panics, panicked) = (self.panics(families), outcome.fault == Fault::Panic);
        Exit {
            requests: series(&families.requests, &subject),
            durations: series(&families.durations, &subject),
            first_bytes: series(&families.first_bytes, &subject),
            request_sizes: series(&families.request_sizes, &subject),
            response_sizes: series(&families.response_sizes, &subject),
            panics: if panicked { panics.into() } else { Box::default() },
            overflows: overflows.into(),
        }
    }
}

impl Exit {
    #[inline]
    fn count(&self, families: &Families, measured: &Measured) {
        self.requests.iter().for_each(Counter::inc);
        self.durations.iter().for_each(|duration| duration.observe_duration(measured.duration));
        self.panics.iter().for_each(Counter::inc);
        if let Some(first_byte) = measured.first_byte {
            self.first_bytes.iter().for_each(|duration| duration.observe_duration(first_byte));
        }
        if let Some(size) = measured.request_size {
            self.request_sizes.iter().for_each(|bytes| bytes.observe(size as f64));
        }
        self.response_sizes.iter().for_each(|bytes| bytes.observe(measured.response_size as f64));
        if !self.overflows.is_empty() {
            self.note_overflows(families);
        }
    }

    #[cold]
    fn note_overflows(&self, families: &Families) {
        for attribute in &self.overflows {
            families.requests.iter().for_each(|measure| measure.note_overflow(*attribute));
            families.durations.iter().for_each(|measure| measure.note_overflow(*attribute));
        }
    }
}

fn series<M: metrics_core::Metric + metrics_core::__private::Part>(
    measures: &[Measure<M>],
    subject: &Subject<'_>,
) -> Box<[M]> {
    measures.iter().filter_map(|measure| measure.series(subject)).collect()
}

/// The combinations of values that the user's labels had, in the order in which a worker has seen them. The first has no
/// values.
#[derive(Debug)]
pub(crate) struct Combinations {
    numbers: RefCell<HashMap<Box<[Place]>, Combination>>,
    all: RefCell<Vec<Box<[Place]>>>,
}

/// The place of a value that is absent.
pub(crate) const ABSENT: Place = Place::MAX;

impl Combinations {
    pub(crate) fn new() -> Self {
        Self { numbers: RefCell::default(), all: RefCell::new(vec![Box::default()]) }
    }

    /// The number of a combination.
    pub(crate) fn number(&self, places: &[Place]) -> Combination {
        if let Some(number) = self.numbers.borrow().get(places) {
            return *number;
        }
        let mut all = self.all.borrow_mut();
        let Ok(number) = Combination::try_from(all.len()) else { return 0 };
        all.push(places.into());
        self.numbers.borrow_mut().insert(places.into(), number);
        number
    }

    /// The places of a combination.
    pub(crate) fn places(&self, number: Combination) -> Box<[Place]> {
        self.all.borrow().get(number as usize).cloned().unwrap_or_default()
    }
}
