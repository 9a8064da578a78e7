//! What one worker keeps: what it has looked up.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    dev::{ResponseHead, ServiceRequest},
};
use metrics_core::OTHER;

use crate::{
    families::Families,
    labels::{Attribute, Method, Protocol},
    nested::Outer,
    options::{ExtraLabel, Options},
    routes::Routes,
    series::{ABSENT, Beginning, Combination, Combinations, Ending},
    values::{KnownValues, Place, Values},
};

/// A worker's part of the metrics. It is used by one thread, so that a request takes no lock.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) families: Arc<Families>,
    pub(crate) options: Arc<Options>,
    pub(crate) routes: Routes,
    pub(crate) outer: Outer,
    /// Whether more is measured of a request than its duration.
    pub(crate) needs_extra: bool,
    tells_protocols_apart: bool,
    /// A bit for each length that a path that is left out may have, the last one for all that are longer.
    excluded_lengths: u64,
    request_values: ExtraValues,
    response_values: ExtraValues,
}

/// The values of the labels that the user has added.
#[derive(Debug)]
struct ExtraValues {
    known: Vec<KnownValues>,
    combinations: Combinations,
}

impl Worker {
    pub(crate) fn new(families: Arc<Families>, options: Arc<Options>) -> Self {
        Self {
            routes: Routes::new(Arc::clone(&families), Arc::clone(&options)),
            outer: Outer::default(),
            needs_extra: families.need_extra(),
            excluded_lengths: options.excluded.lengths(),
            tells_protocols_apart: families.tell_protocols_apart(),
            request_values: ExtraValues::new(&families.request_values),
            response_values: ExtraValues::new(&families.response_values),
            families,
            options,
        }
    }

    /// What is known of a request when it begins, its route aside.
    #[inline]
    pub(crate) fn beginning(&self, request: &ServiceRequest) -> Beginning {
        let method = Method::of(request.method());
        let protocol = if self.tells_protocols_apart {
            Protocol::new(request.app_config().secure(), request.version())
        } else {
            Protocol::ANY
        };
        let labels = &self.options.request_labels;
        let values = self.request_values.combination(labels, |label, known| (label.read)(request, known));
        Beginning::new(method, protocol, values)
    }

    /// The values of the user's labels in a response.
    #[inline]
    pub(crate) fn response_values(&self, request: &HttpRequest, head: &ResponseHead) -> Combination {
        let labels = &self.options.response_labels;
        self.response_values.combination(labels, |label, known| (label.read)(request, head, known))
    }

    /// The texts of the values of the user's labels in a request.
    pub(crate) fn request_texts(&self, beginning: Beginning) -> Box<[Arc<str>]> {
        self.request_values.texts(&self.options.request_labels, beginning.values())
    }

    /// The texts of the values of the user's labels in a response.
    pub(crate) fn response_texts(&self, ending: Ending) -> Box<[Arc<str>]> {
        self.response_values.texts(&self.options.response_labels, ending.values())
    }

    /// The labels of the user whose values are past their limits.
    pub(crate) fn overflows(&self, beginning: Beginning, ending: Ending) -> Vec<Attribute> {
        let (requests, responses) = (&self.options.request_labels, &self.options.response_labels);
        let mut overflows = self.request_values.overflows(requests, beginning.values(), Attribute::Request);
        overflows.extend(self.response_values.overflows(responses, ending.values(), Attribute::Response));
        overflows
    }

    /// Whether a request to a path is left out, however it is routed.
    #[inline]
    pub(crate) fn leaves_out(&self, path: &str) -> bool {
        self.excluded_lengths >> path.len().min(63) & 1 != 0 && self.options.excluded.holds(path)
    }
}

impl ExtraValues {
    fn new(values: &[Arc<Values>]) -> Self {
        let known = values.iter().map(|values| KnownValues::new(Arc::clone(values))).collect();
        Self { known, combinations: Combinations::new() }
    }

    /// The number of the combination that `read` finds; zero where there are no such labels.
    #[inline]
    fn combination<R: ?Sized>(
        &self,
        labels: &[ExtraLabel<R>],
        read: impl Fn(&ExtraLabel<R>, &KnownValues) -> Option<Place>,
    ) -> Combination {
        if labels.is_empty() { 0 } else { self.read(labels, read) }
    }

    #[inline(never)]
    fn read<R: ?Sized>(
        &self,
        labels: &[ExtraLabel<R>],
        read: impl Fn(&ExtraLabel<R>, &KnownValues) -> Option<Place>,
    ) -> Combination {
        let places =
            labels.iter().zip(&self.known).map(|(label, known)| read(label, known).unwrap_or(ABSENT));
        // Few services have more than a few labels.
        let mut some = [ABSENT; 4];
        if labels.len() <= some.len() {
            some.iter_mut().zip(places).for_each(|(to, place)| *to = place);
            return self.combinations.number(some.get(..labels.len()).unwrap_or_default());
        }
        self.combinations.number(&places.collect::<Vec<_>>())
    }

    fn texts<R: ?Sized>(&self, labels: &[ExtraLabel<R>], combination: Combination) -> Box<[Arc<str>]> {
        let places = self.combinations.places(combination);
        let text = |(place, (label, known)): (&Place, (&ExtraLabel<R>, &KnownValues))| match label.finite {
            _ if *place == ABSENT => "".into(),
            Some((count, name_at)) if (*place as usize) < count => name_at(*place as usize).into(),
            Some(_) => OTHER.into(),
            None => known.text(*place),
        };
        places.iter().zip(labels.iter().zip(&self.known)).map(text).collect()
    }

    /// The labels whose values in a combination are past their limits.
    fn overflows<R: ?Sized>(
        &self,
        labels: &[ExtraLabel<R>],
        combination: Combination,
        attribute: fn(usize) -> Attribute,
    ) -> Vec<Attribute> {
        let places = self.combinations.places(combination);
        let past = |(at, place): (usize, &Place)| {
            let capped = labels.get(at).is_some_and(|label| label.finite.is_none());
            let past = self.known.get(at).is_some_and(|known| known.past_limit() == *place);
            (capped && past).then(|| attribute(at))
        };
        places.iter().enumerate().filter_map(past).collect()
    }
}
