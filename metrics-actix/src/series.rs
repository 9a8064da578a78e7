//! The series that requests of one kind count in, looked up once by each worker.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    fmt,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use metrics_core::{
    __private::{DynamicMetric, finish_request, observe_nanos},
    Counter, Gauge, Histogram, Metric, OTHER,
};

use crate::{
    families::{EndingText, Families, Measure, Subject},
    labels::{Attribute, Fault, Method, Outcome, Protocol},
    memo::Memo,
    routes::{Route, RouteNumber},
    values::Place,
    worker::Worker,
};

/// The number of a combination of the values that the user's labels have.
pub(crate) type Combination = u32;

/// What requests of one kind have in common when they begin, the route aside, in one word to be compared: the method, the
/// protocol and the values of the labels from the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beginning {
    word: u64,
}

impl Beginning {
    #[inline]
    pub(crate) const fn new(method: Method, protocol: Protocol, values: Combination) -> Self {
        Self { word: (values as u64) << 32 | (protocol.number() as u64) << 8 | method as u64 }
    }

    #[allow(clippy::cast_possible_truncation)] // it is put together of parts of this size
    pub(crate) fn method(self) -> Method {
        Method::numbered(self.word as u8)
    }

    #[allow(clippy::cast_possible_truncation)] // as above
    const fn protocol(self) -> Protocol {
        Protocol::numbered((self.word >> 8) as u8)
    }

    pub(crate) const fn values(self) -> Combination {
        (self.word >> 32) as Combination
    }

    /// The key of requests to a route that begin so.
    #[inline]
    pub(crate) fn key(self, route: RouteNumber) -> u128 {
        u128::from(route) << 64 | u128::from(self.word)
    }
}

/// How requests of one kind end: the outcome and the values of the labels from the response, in one word to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    word: u64,
}

impl Ending {
    #[inline]
    pub(crate) const fn new(outcome: Outcome, values: Combination) -> Self {
        let word = (values as u64) << 32 | (outcome.fault as u64) << 16 | outcome.status as u64;
        Self { word }
    }

    pub(crate) const fn status(self) -> u16 {
        self.outcome().status
    }

    #[allow(clippy::cast_possible_truncation)] // it is put together of parts of this size
    const fn outcome(self) -> Outcome {
        Outcome { status: self.word as u16, fault: Fault::ALL[(self.word >> 16) as usize & 3] }
    }

    pub(crate) const fn values(self) -> Combination {
        (self.word >> 32) as Combination
    }
}

/// Requests of one kind.
pub(crate) struct Entry {
    pub(crate) worker: Rc<Worker>,
    pub(crate) beginning: Beginning,
    pub(crate) number: RouteNumber,
    route: Route,
    request_values: Box<[Arc<str>]>,
    in_progress: OnceCell<Series<Gauge>>,
    panics: OnceCell<Box<[Counter]>>,
    /// The first way to end that was seen: it is mostly that of the next request.
    first: OnceCell<(Ending, Exit)>,
    others: RefCell<Memo<Exit>>,
    /// Where those end that are taken by another route than they are in progress under.
    elsewhere: RefCell<Memo<Rc<Self>>>,
}

/// The series that one kind of measurement counts in: mostly one, and one more where a preset is moved from to another.
#[derive(Debug)]
struct Series<M> {
    first: Option<M>,
    more: Box<[M]>,
}

impl<M> Series<M> {
    #[inline]
    fn each(&self, count: impl Fn(&M)) {
        if let Some(first) = &self.first {
            count(first);
        }
        self.more.iter().for_each(count);
    }

    /// The series, if there is one.
    #[inline]
    fn only(&self) -> Option<&M> {
        self.first.as_ref().filter(|_| self.more.is_empty())
    }
}

/// Requests of one kind that end in one way.
#[derive(Debug)]
struct Exit {
    requests: Series<Counter>,
    durations: Series<Histogram>,
    rare: Option<Box<Rare>>,
    /// The duration and the requests, if there is one of each and nothing else.
    only: Option<(Histogram, Counter)>,
}

/// What few requests count in, and few services ask for.
#[derive(Debug)]
struct Rare {
    first_bytes: Box<[Histogram]>,
    request_sizes: Box<[Histogram]>,
    response_sizes: Box<[Histogram]>,
    panics: Box<[Counter]>,
    /// The labels whose values were past their limits.
    overflows: Box<[Attribute]>,
}

/// What was measured of a request beside its duration, where it is asked for.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Where a head was given.
    pub(crate) first_byte: Option<Duration>,
    /// How many bytes of the request's body were read, if it has one.
    pub(crate) read: Option<Rc<Cell<u64>>>,
    /// How many bytes of the response's body were given.
    pub(crate) sent: u64,
}

impl Entry {
    #[cold]
    pub(crate) fn new(worker: &Rc<Worker>, number: RouteNumber, beginning: Beginning) -> Self {
        Self {
            worker: Rc::clone(worker),
            beginning,
            number,
            route: worker.routes.get(number),
            request_values: worker.request_texts(beginning),
            in_progress: OnceCell::new(),
            panics: OnceCell::new(),
            first: OnceCell::new(),
            others: RefCell::default(),
            elsewhere: RefCell::default(),
        }
    }

    /// Requests that begin as these, and are taken by another route.
    pub(crate) fn elsewhere(&self, route: RouteNumber) -> Rc<Self> {
        let key = u128::from(route);
        if let Some(entry) = self.elsewhere.borrow().get(key) {
            return Rc::clone(entry);
        }
        let entry = Rc::new(Self::new(&self.worker, route, self.beginning));
        self.elsewhere.borrow_mut().insert(key, Rc::clone(&entry));
        entry
    }

    /// Whether requests that end here are left out.
    #[inline]
    pub(crate) const fn is_excluded(&self) -> bool {
        self.route.excluded
    }

    fn subject<'a>(&'a self, ending: Option<EndingText<'a>>) -> Subject<'a> {
        Subject {
            endpoint: &self.route.endpoint,
            bucket_group: self.route.bucket_group,
            method: self.beginning.method(),
            protocol: self.beginning.protocol(),
            request_values: &self.request_values,
            ending,
        }
    }

    #[inline]
    fn gauges(&self) -> &Series<Gauge> {
        self.in_progress.get_or_init(|| {
            let families = &self.worker.families;
            if families.enter_by_endpoint() {
                self.panics();
            }
            Series::of(&families.in_progress, &self.subject(None))
        })
    }

    /// There before the first panic, at zero: what appears at one has not increased for a query.
    fn panics(&self) -> &[Counter] {
        self.panics.get_or_init(|| series(&self.worker.families.panics, &self.subject(None)))
    }

    /// A request begins.
    #[inline]
    pub(crate) fn enter(&self) {
        self.gauges().each(|gauge| gauge.inc());
    }

    /// A request that has begun here is over.
    #[inline]
    pub(crate) fn leave(&self) {
        self.gauges().each(|gauge| gauge.dec());
    }

    /// Ends a request that is in progress in some series, and counts it here, in few steps; `false` where there is more to do, and
    /// nothing was done.
    #[inline]
    pub(crate) fn finish_quickly(&self, entered: &Self, ending: Ending, nanos: u64) -> bool {
        match (self.first.get(), entered.in_progress.get()) {
            (Some((known, exit)), Some(in_progress)) if *known == ending => {
                exit.finish_quickly(in_progress, nanos)
            }
            _ => false,
        }
    }

    /// Counts a request that has ended.
    pub(crate) fn count(&self, ending: Ending, nanos: u64, measured: Option<&Measured>) {
        if let Some((known, exit)) = self.first.get()
            && *known == ending
        {
            return exit.count(&self.worker, nanos, measured);
        }
        let key = u128::from(ending.word);
        if let Some(exit) = self.others.borrow().get(key) {
            return exit.count(&self.worker, nanos, measured);
        }
        let exit = self.exit(ending);
        exit.count(&self.worker, nanos, measured);
        if let Err((_, exit)) = self.first.set((ending, exit)) {
            self.others.borrow_mut().insert(key, exit);
        }
    }

    #[cold]
    fn exit(&self, ending: Ending) -> Exit {
        let (worker, outcome) = (&self.worker, ending.outcome());
        let families = &worker.families;
        let (status, error_type) = (families.status(worker.options.status, outcome), outcome.error_type());
        let mut overflows = worker.overflows(self.beginning, ending);
        if self.route.overflows {
            overflows.push(Attribute::Endpoint);
        }
        if *status == *OTHER {
            overflows.push(Attribute::Status);
        }
        let response_values = &worker.response_texts(ending);
        let ending = EndingText { status: &status, error_type: &error_type, response_values };
        let subject = self.subject(Some(ending));
        let (panics, panicked) = (self.panics(), outcome.fault == Fault::Panic);
        let rare = Rare {
            first_bytes: series(&families.first_bytes, &subject),
            request_sizes: series(&families.request_sizes, &subject),
            response_sizes: series(&families.response_sizes, &subject),
            panics: if panicked { panics.into() } else { Box::default() },
            overflows: overflows.into(),
        };
        let requests = Series::of(&families.requests, &subject);
        let durations = Series::of(&families.durations, &subject);
        let only = durations.only().cloned().zip(requests.only().cloned()).filter(|_| !rare.counts());
        Exit { requests, durations, rare: rare.counts().then(|| Box::new(rare)), only }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("endpoint", &self.route.endpoint).finish_non_exhaustive()
    }
}

impl Exit {
    #[inline]
    fn finish_quickly(&self, in_progress: &Series<Gauge>, nanos: u64) -> bool {
        match (in_progress.only(), &self.only) {
            (Some(in_progress), Some((durations, requests))) => {
                finish_request(in_progress, durations, requests, nanos)
            }
            _ => false,
        }
    }

    fn count(&self, worker: &Worker, nanos: u64, measured: Option<&Measured>) {
        self.durations.each(|durations| observe_nanos(durations, nanos));
        if let Some(rare) = &self.rare {
            rare.count(&worker.families, measured.unwrap_or(&Measured::default()));
        }
        // Last, so that whoever sees a request here sees it everywhere.
        self.requests.each(|counter| counter.inc());
    }
}

impl Rare {
    /// Whether there is anything to count.
    const fn counts(&self) -> bool {
        !(self.first_bytes.is_empty()
            && self.request_sizes.is_empty()
            && self.response_sizes.is_empty()
            && self.panics.is_empty()
            && self.overflows.is_empty())
    }

    fn count(&self, families: &Families, measured: &Measured) {
        self.panics.iter().for_each(|counter| counter.inc());
        if let Some(first_byte) = measured.first_byte {
            self.first_bytes.iter().for_each(|duration| duration.observe_duration(first_byte));
        }
        let read = measured.read.as_ref().map_or(0, |read| read.get());
        self.request_sizes.iter().for_each(|bytes| bytes.observe(read as f64));
        self.response_sizes.iter().for_each(|bytes| bytes.observe(measured.sent as f64));
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

impl<M: Metric + DynamicMetric> Series<M> {
    fn of(measures: &[Measure<M>], subject: &Subject<'_>) -> Self {
        let mut all = measures.iter().filter_map(|measure| measure.series(subject));
        Self { first: all.next(), more: all.collect() }
    }
}

fn series<M: Metric + DynamicMetric>(measures: &[Measure<M>], subject: &Subject<'_>) -> Box<[M]> {
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
